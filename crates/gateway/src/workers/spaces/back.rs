//! Reads what contacts said before the newest that is filed anyway, once a person asked for the whole history: page by page down to the
//! oldest, one page at a time, in the pauses of asking what is new. A page is filed before it is written down that it was read, so an
//! end at any moment costs one page that is read again, and nothing is here twice.

use std::time::Duration;

use domain::{
    Timestamp,
    inbound::InboundCustomer,
    space::Back,
    store::{StoreError, StoreResult},
};
use futures_util::{FutureExt, future::BoxFuture};
use respondio::model::Cursor;

use super::{
    read::{LONG_PAGE, ReadError, Reading},
    schedule::Schedule,
    watch::{Round, Watched, Watcher},
};
use crate::providers::{Turn, respondio::customer};

/// So long there may always be somebody to ask what is new. Then one page is read all the same, of some twenty calls, so that a lively
/// space gets its history as well.
const AT_LEAST: Duration = Duration::from_secs(5);
/// Longest pause while reading back fails.
const PAUSE_MAX: Duration = Duration::from_mins(1);

/// Where the reading stands.
#[derive(Debug)]
pub(super) struct Backwards {
    pub(super) wanted: Wanted,
    /// Nobody is left, as far as is known.
    pub(super) idle: bool,
    /// The contact that is read, or who comes after it.
    from: u64,
    read_at: Timestamp,
    /// Nothing before: something fails.
    rests_until: Timestamp,
    failures: u32,
}

/// Whether somebody wants it, and what is known of who there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Nobody asked.
    No,
    /// There may be contacts that nobody has found yet.
    Asked,
    /// All contacts were listed since.
    Listed,
    /// … and each was read, or can't be: it is written down.
    Told,
}

/// A page being read, with whose it is. False: another process asks this space by now.
pub(super) type BackReading<'w> = BoxFuture<'w, (u64, Result<bool, ReadError>)>;

impl Backwards {
    /// At the beginning.
    pub(super) const fn new(wanted: Wanted, now: Timestamp) -> Self {
        Self { wanted, idle: false, from: 0, read_at: now, rests_until: Timestamp::ZERO, failures: 0 }
    }

    /// When a page may be read; `busy` while somebody waits to be asked what is new. `None` when there is none.
    pub(super) fn due_at(&self, busy: bool) -> Option<Timestamp> {
        let turn = if busy { self.read_at.plus(AT_LEAST) } else { Timestamp::ZERO };
        (self.wanted != Wanted::No && !self.idle).then(|| turn.max(self.rests_until))
    }

    /// All contacts were listed.
    pub(super) fn listed(&mut self) {
        if self.wanted == Wanted::Asked {
            self.wanted = Wanted::Listed;
        }
    }

    fn was_read(&mut self, now: Timestamp) {
        (self.read_at, self.failures) = (now, 0);
    }

    /// The next contact goes first, after a pause that grows.
    fn failed(&mut self, contact: u64, now: Timestamp) {
        self.failures += 1;
        let pause = Duration::from_secs(1).saturating_mul(1 << self.failures.min(6)).min(PAUSE_MAX);
        (self.from, self.read_at, self.rests_until) = (contact.saturating_add(1), now, now.plus(pause));
    }
}

impl Watcher {
    /// The next page, if it is time to read one.
    pub(super) async fn look_back<'w>(
        &'w self,
        watched: &'w Watched,
        schedule: &Schedule,
        back: &mut Backwards,
        busy: bool,
        now: Timestamp,
    ) -> StoreResult<Option<BackReading<'w>>> {
        if back.due_at(busy).is_none_or(|at| at > now) {
            return Ok(None);
        }
        let _at_work = self.lines.respondio().at_work();
        let space = watched.space.id;
        let mut next = self.store.next_back(space, back.from).await?;
        if next.is_none() && back.from > 0 {
            // Those before it that could not be read.
            back.from = 0;
            next = self.store.next_back(space, 0).await?;
        }
        let Some((contact, reached)) = next else {
            back.idle = true;
            return Ok(None);
        };
        back.from = contact;
        let known = schedule.entry(contact).and_then(|entry| entry.customer.clone());
        let reading = self.reading(watched, now);
        Ok(Some(async move { (contact, reading.read_back(contact, known, reached).await) }.boxed()))
    }

    /// What came of a page.
    pub(super) async fn was_read_back(
        &self,
        watched: &Watched,
        back: &mut Backwards,
        contact: u64,
        read: Result<bool, ReadError>,
    ) -> StoreResult<Round> {
        let now = self.clock.now();
        match read {
            Ok(true) => back.was_read(now),
            Ok(false) => return Ok(Round::End),
            // The budget has learned from it.
            Err(ReadError::Respondio(error)) if error.is_rate_limited() => {}
            Err(error) => {
                if self.is_refused(watched, &error).await? {
                    return Ok(Round::End);
                }
                warn(watched, &error, back.failures);
                back.failed(contact, now);
                return self.read_failed(watched, contact, &error).await;
            }
        }
        Ok(Round::Look)
    }

    /// Writes down, once, that every contact there is was found.
    pub(super) async fn tell_listed(
        &self,
        watched: &Watched,
        schedule: &Schedule,
        back: &mut Backwards,
    ) -> StoreResult<()> {
        if back.wanted != Wanted::Listed {
            return Ok(());
        }
        let Some(contacts) = schedule.all_known() else { return Ok(()) };
        let _at_work = self.lines.respondio().at_work();
        if self.store.history_listed(watched.lease, contacts).await? {
            back.wanted = Wanted::Told;
        }
        Ok(())
    }
}

fn warn(watched: &Watched, error: &ReadError, failures: u32) {
    let (space, cause) = (watched.space.id, error as &(dyn std::error::Error + 'static));
    tracing::warn!(%space, error = cause, failures, "what a contact said before could not be read");
}

impl Reading<'_> {
    /// Files the page below what is here. False: the right to ask the space was lost.
    async fn read_back(&self, contact: u64, known: Option<InboundCustomer>, reached: Back) -> Result<bool, ReadError> {
        let customer = known.unwrap_or_else(|| customer(contact, None));
        let cursor = match reached {
            Back::Newest => None,
            Back::Down { cursor } => Some(Cursor::new(cursor)),
            Back::Whole => return Ok(true),
        };
        let page = match self.respondio.messages(self.line, contact, LONG_PAGE, cursor, Turn::Later).await {
            // There is no such contact any more.
            Err(error) if error.is_not_found() => return Ok(self.reached(contact, Back::Whole).await?),
            page => page?,
        };
        let mut told = self.told(&page.value, contact, &customer);
        told.sort_by_key(|one| one.id);
        self.keep_riddles(contact, &told, None).await?;
        self.apply(contact, &customer, &told, None).await?;
        Ok(self.reached(contact, back_to(page.value.next_cursor())).await?)
    }

    async fn reached(&self, contact: u64, back: Back) -> Result<bool, StoreError> {
        self.store.set_back(self.lease, contact, back).await
    }
}

/// How far back it was read when the next page would be this one.
pub(super) fn back_to(next: Option<&Cursor>) -> Back {
    next.map_or(Back::Whole, |cursor| Back::Down { cursor: cursor.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_790_000_000);

    #[test]
    fn who_is_lively_comes_first_but_not_for_ever() {
        let mut back = Backwards::new(Wanted::Asked, NOW);
        assert_eq!(back.due_at(false), Some(Timestamp::ZERO), "at once, when nobody waits");
        assert_eq!(back.due_at(true), Some(NOW.plus(AT_LEAST)));
        back.was_read(NOW.plus(AT_LEAST));
        assert_eq!(back.due_at(true), Some(NOW.plus(AT_LEAST * 2)));
        back.idle = true;
        assert_eq!(back.due_at(false), None, "nobody is left");
        assert_eq!(Backwards::new(Wanted::No, NOW).due_at(false), None, "nobody asked");
    }

    #[test]
    fn one_that_cannot_be_read_lets_the_others_go_ahead() {
        let mut back = Backwards::new(Wanted::Asked, NOW);
        back.failed(7, NOW);
        assert_eq!((back.from, back.due_at(false)), (8, Some(NOW.plus(Duration::from_secs(2)))));
        for _ in 0..20 {
            back.failed(7, NOW);
        }
        assert_eq!(back.due_at(false), Some(NOW.plus(PAUSE_MAX)));
        back.was_read(NOW.plus(PAUSE_MAX));
        back.failed(9, NOW);
        assert_eq!(back.due_at(false), Some(NOW.plus(Duration::from_secs(2))), "from the beginning");
    }
}
