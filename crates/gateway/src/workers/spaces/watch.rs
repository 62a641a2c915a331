//! Asks one space what is new, for as long as it is ours to ask: lists, and what contacts say, a few calls at a time.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::{
    Clock, Timestamp,
    account::{Account, AccountState},
    inbound::InboundCustomer,
    space::{Space, SpaceLease},
    store::{Store, StoreResult},
};
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use tokio_util::sync::CancellationToken;

use super::{
    back::{BackReading, Wanted},
    due::{Due, KEEP_EVERY, List},
    read::{Read, ReadError, Reading},
    schedule::{LIVE, RECONCILING, Schedule},
};
use crate::{
    providers::respondio::{Line, Lines, customer, refusal},
    timer,
};

/// Contacts that are read at the same time: a call takes longer than the pause between two.
const READERS: usize = 3;
/// A webhook as long ago as this does not say any more that webhooks come.
const PUSHES_FOR: Duration = Duration::from_hours(24);
/// Pause before a space is watched again after the database failed.
const PAUSE: Duration = Duration::from_secs(5);
/// Longest pause while Respond.io or the database fails.
const PAUSE_MAX: Duration = Duration::from_mins(1);

/// What watching needs.
#[derive(Clone)]
pub(super) struct Watcher {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Clock,
    pub(super) lines: Arc<Lines>,
    pub(super) stop: CancellationToken,
}

/// A space as it is watched.
pub(super) struct Watched {
    pub(super) space: Space,
    line: Line,
    pub(super) lease: SpaceLease,
    accounts: Arc<HashMap<String, Account>>,
}

impl Watched {
    /// Whether the whole history is wanted, as far as that is known without asking.
    const fn wanted(&self) -> Wanted {
        if self.space.history_asked_at.is_some() { Wanted::Asked } else { Wanted::No }
    }
}

/// Contacts as a list shows them.
type Contacts = Vec<(u64, InboundCustomer)>;
/// A reading that is under way, with whose it is.
type Readings<'w> = FuturesUnordered<BoxFuture<'w, (u64, Result<Read, ReadError>)>>;

impl Watcher {
    /// Watches until stopped, until another process does, or until there is nothing to watch; then the right is given back.
    pub(super) async fn run(self, space: Space, lease: SpaceLease) {
        let id = space.id;
        if let Err(error) = self.watch(space, lease).await {
            tracing::warn!(space = %id, error = &error as &(dyn std::error::Error + 'static), "a space could not be watched");
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = timer::sleep(&self.clock, PAUSE) => {}
            }
        }
        if let Err(error) = self.store.release_space(lease).await {
            // It ends by itself in a minute.
            tracing::debug!(space = %id, error = &error as &(dyn std::error::Error + 'static), "the right was not given back");
        }
    }

    async fn watch(&self, space: Space, lease: SpaceLease) -> StoreResult<()> {
        let Some(mut watched) = self.look(&space, lease).await? else { return Ok(()) };
        let now = self.clock.now();
        let mut schedule = Schedule::new(self.store.marks(space.id).await?, now);
        let mut due = Due::new(watched.wanted(), now);
        tracing::info!(space = %space.id, accounts = watched.accounts.len(), "a Respond.io workspace is watched");
        loop {
            match self.round(&watched, &mut schedule, &mut due).await? {
                Round::Look => {}
                Round::End => return Ok(()),
            }
            let Some(next) = self.look(&watched.space, lease).await? else { return Ok(()) };
            if next.accounts.keys().any(|channel| !watched.accounts.contains_key(channel)) {
                // An account that is new here: what its contacts said has to be read from the beginning.
                schedule = Schedule::new(self.store.marks(space.id).await?, self.clock.now());
                due = Due::new(next.wanted(), self.clock.now());
            }
            watched = next;
            due.keep = self.clock.now().plus(KEEP_EVERY);
            if watched.wanted() != Wanted::No && due.back.wanted == Wanted::No {
                // Whoever is there to be read back is to be known soon.
                (due.back.wanted, due.whole_list) = (Wanted::Asked, self.clock.now());
            }
            due.back.idle = false;
        }
    }

    /// The space as it is now, if it is still ours to watch and anything hangs on it.
    async fn look(&self, space: &Space, lease: SpaceLease) -> StoreResult<Option<Watched>> {
        let _at_work = self.lines.respondio().at_work();
        let Some(lease) = self.store.lease_space(space.id, Some(lease.token)).await? else { return Ok(None) };
        let all = self.store.spaces(space.workspace_id).await?;
        let Some(space) = all.into_iter().find(|one| one.id == space.id) else { return Ok(None) };
        let Ok(line) = self.lines.to(&space) else { return Ok(None) };
        let accounts = self.store.accounts_of_space(space.workspace_id, space.id).await?;
        let connected = accounts.into_iter().filter(|account| account.state != AccountState::Disconnected);
        let accounts: HashMap<_, _> = connected.map(|account| (account.external_id.clone(), account)).collect();
        if accounts.is_empty() {
            return Ok(None);
        }
        Ok(Some(Watched { space, line, lease, accounts: Arc::new(accounts) }))
    }

    /// Lists and reads until it is time to look whether anything has changed.
    async fn round(&self, watched: &Watched, schedule: &mut Schedule, due: &mut Due) -> StoreResult<Round> {
        let respondio = self.lines.respondio();
        schedule.rhythm = if self.pushes(watched) { RECONCILING } else { LIVE };
        let mut readings: Readings<'_> = FuturesUnordered::new();
        // At most one.
        let mut listing: FuturesUnordered<BoxFuture<'_, (List, Result<Contacts, respondio::Error>)>> =
            FuturesUnordered::new();
        // The same.
        let mut backwards: FuturesUnordered<BackReading<'_>> = FuturesUnordered::new();
        let generation = respondio.generation();
        loop {
            let news = respondio.news();
            tokio::pin!(news);
            // Armed before looking, so that news in between wake us.
            news.as_mut().enable();
            let now = self.clock.now();
            // What is under way is finished first, nothing new is begun.
            let ends = now >= due.keep;
            if ends && readings.is_empty() && listing.is_empty() && backwards.is_empty() {
                return Ok(Round::Look);
            }
            for contact in respondio.take_news(watched.space.id) {
                schedule.look_at(contact, now);
            }
            let awake = !ends && now >= due.rests_until;
            if awake && listing.is_empty() {
                listing.extend(due.list(now).map(|list| self.list(watched, list).boxed()));
            }
            let careful = watched.line.is_careful();
            let room = if careful { 1 } else { READERS };
            while awake && readings.len() < room {
                let Some(contact) = schedule.next(now) else { break };
                readings.push(self.read(watched, schedule, contact, now).boxed());
            }
            let busy = readings.len() >= room;
            self.tell_listed(watched, schedule, &mut due.back).await?;
            if awake && !careful && backwards.is_empty() {
                backwards.extend(self.look_back(watched, schedule, &mut due.back, busy, now).await?);
            }
            let back_at = if careful || !backwards.is_empty() { None } else { due.back.due_at(busy) };
            let wake = (!ends).then(|| due.wake(schedule, now, listing.is_empty(), !busy, back_at));
            let woken = async {
                match wake {
                    Some(at) => timer::sleep_until(&self.clock, at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = self.stop.cancelled() => return Ok(Round::End),
                Some((list, listed)) = listing.next(), if !listing.is_empty() => {
                    if self.listed(watched, schedule, due, list, listed).await? == Round::End {
                        return Ok(Round::End);
                    }
                }
                Some((contact, read)) = readings.next(), if !readings.is_empty() => {
                    if self.was_read(watched, schedule, due, contact, read).await? == Round::End {
                        return Ok(Round::End);
                    }
                }
                Some((contact, read)) = backwards.next(), if !backwards.is_empty() => {
                    if self.was_read_back(watched, &mut due.back, contact, read).await? == Round::End {
                        return Ok(Round::End);
                    }
                }
                () = &mut news => {
                    // Of a contact, or of the spaces themselves.
                    if respondio.generation() != generation {
                        due.keep = self.clock.now();
                    }
                }
                () = woken => {}
            }
        }
    }

    /// Whether webhooks tell of most, so that asking is only to be sure.
    fn pushes(&self, watched: &Watched) -> bool {
        let now = self.clock.now();
        let verified = watched.accounts.keys().any(|channel| self.lines.respondio().can_verify(channel));
        verified && watched.space.pushed_at.is_some_and(|at| now.since(at) < PUSHES_FOR)
    }

    /// All pages of a list.
    async fn list(&self, watched: &Watched, list: List) -> (List, Result<Contacts, respondio::Error>) {
        let mut all = Vec::new();
        let mut cursor = None;
        loop {
            let page = self.lines.respondio().contacts(&watched.line, list == List::Open, cursor.take()).await;
            let page = match page {
                Ok(page) => page,
                Err(error) => return (list, Err(error)),
            };
            let contacts = page.value.items.iter();
            all.extend(contacts.map(|contact| (contact.id.get(), customer(contact.id.get(), Some(contact)))));
            match page.value.next_cursor() {
                Some(next) => cursor = Some(next.clone()),
                None => return (list, Ok(all)),
            }
        }
    }

    async fn listed(
        &self,
        watched: &Watched,
        schedule: &mut Schedule,
        due: &mut Due,
        list: List,
        listed: Result<Contacts, respondio::Error>,
    ) -> StoreResult<Round> {
        let now = self.clock.now();
        let contacts = match listed {
            Ok(contacts) => contacts,
            Err(error) => return self.failed(watched, due, &ReadError::List(error)).await,
        };
        due.failures = 0;
        // A list of many pages takes as many calls; it is read in the same measure more seldom.
        let pages = u32::try_from(contacts.len() / respondio::limits::PAGE_MAX as usize + 1).unwrap_or(u32::MAX);
        match list {
            List::Open => {
                due.open_list = now.plus(schedule.rhythm.open_list.saturating_mul(pages));
                schedule.listed_open(contacts, now);
            }
            List::Whole => {
                due.whole_list = now.plus(schedule.rhythm.whole_list.saturating_mul(pages));
                schedule.listed_whole(contacts, now);
                self.forget_gone(watched, schedule).await?;
                due.back.listed();
            }
        }
        Ok(Round::Look)
    }

    fn read<'w>(
        &'w self,
        watched: &'w Watched,
        schedule: &Schedule,
        contact: u64,
        now: Timestamp,
    ) -> impl Future<Output = (u64, Result<Read, ReadError>)> + Send + use<'w> {
        let entry = schedule.entry(contact);
        let (known, mark) = (entry.and_then(|entry| entry.customer.clone()), entry.and_then(|entry| entry.mark));
        let look = entry.map_or(0, |entry| entry.look);
        let reading = self.reading(watched, now);
        async move { (contact, reading.read(contact, known, mark, look).await) }
    }

    pub(super) fn reading<'w>(&'w self, watched: &'w Watched, now: Timestamp) -> Reading<'w> {
        Reading {
            store: &*self.store,
            respondio: self.lines.respondio(),
            line: &watched.line,
            lease: watched.lease,
            accounts: &watched.accounts,
            now,
        }
    }

    async fn was_read(
        &self,
        watched: &Watched,
        schedule: &mut Schedule,
        due: &mut Due,
        contact: u64,
        read: Result<Read, ReadError>,
    ) -> StoreResult<Round> {
        let now = self.clock.now();
        match read {
            Ok(Read::To(mark, look)) => {
                due.failures = 0;
                due.back.idle &= schedule.entry(contact).is_some_and(|entry| entry.mark.is_some());
                schedule.read(contact, mark, look, now);
            }
            Ok(Read::Gone) => {
                schedule.gone(contact);
                self.forget_gone(watched, schedule).await?;
            }
            Ok(Read::Lost) => return Ok(Round::End),
            Err(error) => {
                schedule.unread(contact, now);
                if self.failed(watched, due, &error).await? == Round::Look {
                    return self.first_read_failed(watched, schedule, contact, &error).await;
                }
                return Ok(Round::End);
            }
        }
        Ok(Round::Look)
    }

    /// A token that is refused ends it; everything else passes, and is tried again after a pause that grows.
    async fn failed(&self, watched: &Watched, due: &mut Due, error: &ReadError) -> StoreResult<Round> {
        if self.is_refused(watched, error).await? {
            return Ok(Round::End);
        }
        let routine = matches!(error, ReadError::Respondio(error) | ReadError::List(error) if error.is_rate_limited());
        let space = watched.space.id;
        let cause = error as &(dyn std::error::Error + 'static);
        if routine {
            tracing::debug!(%space, error = cause, "Respond.io asks for patience");
            return Ok(Round::Look);
        }
        tracing::warn!(%space, error = cause, failures = due.failures, "Respond.io could not be asked");
        due.failures += 1;
        let pause = Duration::from_secs(1).saturating_mul(1 << due.failures.min(6)).min(PAUSE_MAX);
        due.rests_until = self.clock.now().plus(pause);
        Ok(Round::Look)
    }

    /// Whether a person has to do something; then it is written down what.
    pub(super) async fn is_refused(&self, watched: &Watched, error: &ReadError) -> StoreResult<bool> {
        let refused = match error {
            // What may not be read of one contact says nothing of the others; a plan without API refuses the lists as well.
            ReadError::Respondio(error) if error.is_forbidden() => None,
            ReadError::Respondio(error) | ReadError::List(error) => refusal(error),
            ReadError::Store(_) => None,
        };
        let Some(reason) = refused else { return Ok(false) };
        self.lines.refused(&watched.space, reason).await?;
        Ok(true)
    }
}

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Round {
    /// Yes.
    Look,
    /// There is nothing to watch any more, or not by us.
    End,
}
