//! Reads what a contact and the business said since the last time, and hands it to the journal: pages from the newest down to what is
//! known, so that bursts and outages lose nothing. Reading twice changes nothing; the mark is written last.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

use domain::{
    Timestamp,
    account::{Account, ProviderKind},
    delivery::NewDelivery,
    history::PastConversation,
    inbound::{Inbound, InboundConversation, InboundCustomer},
    space::{Mark, SpaceLease},
    store::{Store, StoreError},
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::back::back_to;
use crate::providers::{
    Turn,
    respondio::{Line, MessagePage, Respondio, Told, customer},
};

/// Messages are read again that are younger than the mark or older by this: late ids, and states that change.
const OVERLAP: Duration = Duration::from_mins(1);
/// Messages of a page that is read again and again.
const PAGE: u32 = 20;
/// Messages of a page when there are many to read.
pub(super) const LONG_PAGE: u32 = respondio::limits::MESSAGES_PAGE;
/// So much of what was said before an account was connected is filed, and everything since. The rest is for [`back`](super::back).
const HISTORY: usize = 200;
/// What is still not told after this will not be.
const TOLD_WITHIN: Duration = Duration::from_hours(24);

/// What reading one contact needs.
pub(super) struct Reading<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) respondio: &'a Respondio,
    pub(super) line: &'a Line,
    pub(super) lease: SpaceLease,
    /// Connected accounts by their channel.
    pub(super) accounts: &'a HashMap<String, Account>,
    pub(super) now: Timestamp,
}

/// How a reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    /// Read this far; the newest page looked like this.
    To(Mark, u64),
    /// There is no such contact any more.
    Gone,
    /// Another process asks this space by now.
    Lost,
}

/// Why a contact, or the list of them, was not read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    #[error(transparent)]
    Respondio(#[from] respondio::Error),
    #[error(transparent)]
    List(respondio::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Reading<'_> {
    /// Reads `contact` from its mark on; without one, all there is to file.
    pub(super) async fn read(
        &self,
        contact: u64,
        known: Option<InboundCustomer>,
        mark: Option<Mark>,
        look: u64,
    ) -> Result<Read, ReadError> {
        let customer = known.unwrap_or_else(|| customer(contact, None));
        let mut told: Vec<Told> = Vec::new();
        let mut newest_look = 0;
        let mut cursor = None;
        // The last one is held to the end: what is in hand includes what becomes of it.
        let (_held, back) = loop {
            let limit = if mark.is_some() && cursor.is_none() { PAGE } else { LONG_PAGE };
            let page = self.respondio.messages(self.line, contact, limit, cursor.take(), Turn::Later).await;
            let page = match page {
                Err(error) if error.is_not_found() => return Ok(Read::Gone),
                other => other?,
            };
            if told.is_empty() {
                newest_look = look_of(&page.value, &customer);
                if let Some(mark) = mark.filter(|_| newest_look == look) {
                    return Ok(Read::To(mark, look));
                }
            }
            told.extend(self.told(&page.value, contact, &customer));
            let next = page.value.next_cursor().cloned();
            if next.is_none() || self.reaches_back(&told, mark) {
                break (page, back_to(next.as_ref()));
            }
            cursor = next;
        };
        told.sort_by_key(|one| one.id);
        told.dedup_by_key(|one| one.id);
        self.keep_riddles(contact, &told, mark).await?;
        self.apply(contact, &customer, &told, mark).await?;
        let next = self.next_mark(contact, &told, mark);
        // Later readings say nothing of how far back the first one went.
        let back = mark.is_none().then_some(back);
        if mark != Some(next) && !self.store.set_mark(self.lease, next, back).await? {
            return Ok(Read::Lost);
        }
        Ok(Read::To(next, newest_look))
    }

    /// What a page says.
    pub(super) fn told(&self, page: &MessagePage, contact: u64, customer: &InboundCustomer) -> Vec<Told> {
        for odd in &page.unreadable {
            metrics::counter!("respondio_unreadable_total").increment(1);
            tracing::warn!(bytes = odd.to_string().len(), "a listed message of Respond.io could not be read");
        }
        let told = |message| crate::providers::respondio::told(message, contact, customer, self.now);
        page.items.iter().filter_map(told).collect()
    }

    /// Whether the pages so far hold everything that may be new.
    fn reaches_back(&self, told: &[Told], mark: Option<Mark>) -> bool {
        let Some(oldest) = told.iter().map(|one| one.id).min() else { return true };
        if let Some(mark) = mark {
            return oldest <= floor_of(&mark);
        }
        let since = self.accounts.values().map(|account| account.connected_at).min();
        let before = told.iter().map(|one| one.sent_at).min();
        told.len() >= HISTORY && before.zip(since).is_some_and(|(before, since)| before < since)
    }

    /// Hands over what was said. Without a mark it is filed.
    pub(super) async fn apply(
        &self,
        contact: u64,
        customer: &InboundCustomer,
        told: &[Told],
        mark: Option<Mark>,
    ) -> Result<(), ReadError> {
        for (channel, account) in self.accounts {
            let of_channel = told.iter().filter(|one| self.is_of(one, channel));
            let Some(mark) = mark else {
                let items: Vec<Inbound> = of_channel.flat_map(|one| whole(one, true)).collect();
                if !items.is_empty() {
                    self.file(account, contact, customer, items).await?;
                }
                continue;
            };
            let from = floor_of(&mark);
            // They may be called otherwise by now, whether or not they said anything.
            let news = Inbound::Customer(first(contact, customer));
            let items = of_channel.flat_map(|one| whole(one, one.id > from || one.pending)).chain([news]).collect();
            self.store.apply(ProviderKind::Respondio, channel.clone(), items).await?;
        }
        Ok(())
    }

    /// The first time: what was said before the account was connected is history, what was said since is news.
    async fn file(
        &self,
        account: &Account,
        contact: u64,
        customer: &InboundCustomer,
        items: Vec<Inbound>,
    ) -> Result<(), StoreError> {
        let items = std::iter::once(Inbound::Conversation(first(contact, customer))).chain(items).collect();
        let past = PastConversation {
            provider: ProviderKind::Respondio,
            external_id: contact.to_string(),
            request: false,
            image_send: None,
            items,
        };
        self.store.file_conversation(account.workspace_id, account.id, past).await.map(drop)
    }

    /// A message without a channel belongs to the only account there is.
    fn is_of(&self, one: &Told, channel: &str) -> bool {
        one.channel.as_deref().map_or(self.accounts.len() == 1, |of| of == channel)
    }

    /// What nobody understands is kept as Respond.io said it, in the shape of its webhooks, so that it can be read again later.
    pub(super) async fn keep_riddles(&self, contact: u64, told: &[Told], mark: Option<Mark>) -> Result<(), ReadError> {
        let known = mark.map_or(0, |mark| mark.up_to);
        for one in told.iter().filter(|one| one.id > known) {
            let (Some((why, raw)), Inbound::Message(message)) = (&one.riddle, &one.message) else { continue };
            let Some(channel) = self.accounts.keys().find(|channel| self.is_of(one, channel)) else { continue };
            let incoming = message.direction == domain::message::Direction::Incoming;
            let (event, traffic) =
                if incoming { ("message.received", "incoming") } else { ("message.sent", "outgoing") };
            let body = json!({
                "event_type": event,
                "contact": {"id": contact},
                "message": {"messageId": one.id, "contactId": contact, "channelId": one.channel, "traffic": traffic, "message": raw},
            })
            .to_string();
            let whole: [u8; 32] = Sha256::digest(body.as_bytes()).into();
            let mut digest = [0; 16];
            digest.copy_from_slice(&whole[..16]);
            let delivery = NewDelivery {
                provider: ProviderKind::Respondio,
                account_external_id: Some(channel.clone()),
                event: event.to_owned(),
                body: body.into(),
                digest,
                received_at: self.now,
                late: false,
                items: Vec::new(),
                unsupported: Some(why.clone()),
            };
            self.store.ingest(delivery).await?;
        }
        Ok(())
    }

    fn next_mark(&self, contact: u64, told: &[Told], mark: Option<Mark>) -> Mark {
        let waits = |one: &&Told| one.pending && self.now.since(one.sent_at) < TOLD_WITHIN;
        let newest = told.iter().map(|one| one.id).max().unwrap_or_default();
        let here = told.iter().any(|one| self.accounts.keys().any(|channel| self.is_of(one, channel)));
        Mark {
            contact,
            up_to: newest.max(mark.map_or(0, |mark| mark.up_to)),
            pending: told.iter().filter(waits).map(|one| one.id).min(),
            ours: here || told.is_empty() || mark.is_some_and(|mark| mark.ours),
        }
    }
}

fn first(contact: u64, customer: &InboundCustomer) -> InboundConversation {
    InboundConversation { conversation_external_id: contact.to_string(), customer: customer.clone() }
}

/// A message and what became of it; only the latter of one that is known.
fn whole(one: &Told, with_message: bool) -> impl Iterator<Item = Inbound> {
    with_message.then(|| one.message.clone()).into_iter().chain(one.undelivered.clone())
}

/// Up to here nothing new is expected.
fn floor_of(mark: &Mark) -> u64 {
    let overlap = u64::try_from(OVERLAP.as_micros()).unwrap_or(u64::MAX);
    // Before what is not told whole yet.
    let pending = mark.pending.map_or(u64::MAX, |id| id.saturating_sub(1));
    mark.up_to.saturating_sub(overlap).min(pending)
}

/// What a page looks like: which messages, how far each got, whether their files are there, and what the contact is called. Not the
/// address of its picture, which may be another one each time.
fn look_of(page: &MessagePage, customer: &InboundCustomer) -> u64 {
    let mut hasher = DefaultHasher::new();
    customer.display_name.hash(&mut hasher);
    for message in &page.items {
        (message.message_id.get(), message.status.len(), message.state().map(ToString::to_string)).hash(&mut hasher);
        std::mem::discriminant(&message.content).hash(&mut hasher);
        if let respondio::model::MessageContent::Attachment(file) = &message.content {
            (file.is_pending, &file.url).hash(&mut hasher);
        }
    }
    page.unreadable.len().hash(&mut hasher);
    // 0 is "never looked".
    hasher.finish().max(1)
}
