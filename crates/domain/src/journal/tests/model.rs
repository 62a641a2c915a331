//! The smallest store: maps, loaded by the same rule as the real ones (rows named by the use case, and the tail).

use std::{collections::BTreeMap, time::Duration};

use crate::{
    Clock, Id, IdGenerator, Timestamp,
    account::{Account, AccountState, ProviderKind},
    contact::{Channel, Contact},
    content::Content,
    conversation::Conversation,
    event::{EventKind, NewEvent},
    failure::{Failure, FailureKind},
    inbound::{Inbound, InboundContent, InboundCustomer, InboundMessage, InboundRead, Source},
    journal::{self, Begun, Change, Working},
    ledger::RuleSet,
    message::{Author, Direction, Message, MessageState, Priority},
    outbox::{CheckOutcome, LEASE, Lease, OutboxRow, Outcome, Phase},
    reply::Draft,
    store::StoreError,
};

pub(super) const T0: Timestamp = Timestamp::from_secs(1_790_000_000);
const ACCOUNT: Id<Account> = Id::from_raw(7);

pub(super) struct Model {
    pub(super) clock: Clock,
    ids: IdGenerator,
    pub(super) account: Account,
    contacts: BTreeMap<Id<Contact>, Contact>,
    conversations: BTreeMap<Id<Conversation>, Conversation>,
    pub(super) messages: BTreeMap<Id<Message>, Message>,
    pub(super) outbox: BTreeMap<Id<Message>, OutboxRow>,
    pub(super) events: Vec<NewEvent>,
    pub(super) conversations_written: usize,
    tokens: i64,
}

impl Model {
    pub(super) fn new() -> Self {
        let ids = IdGenerator::without_lease();
        ids.grant(1, Timestamp::MAX);
        let account = Account {
            id: ACCOUNT,
            workspace_id: Id::from_raw(1),
            binding: Id::from_raw(3),
            provider: ProviderKind::Official,
            external_id: "biz".into(),
            username: None,
            display_name: None,
            avatar_url: None,
            state: AccountState::Active,
            state_reason: None,
            rule_set: RuleSet::Strict,
            scopes: Vec::new(),
            connected_at: T0,
            token_expires_at: None,
            last_delivery_at: None,
            history: None,
            both_since: None,
        };
        Self {
            clock: Clock::manual(T0),
            ids,
            account,
            contacts: BTreeMap::new(),
            conversations: BTreeMap::new(),
            messages: BTreeMap::new(),
            outbox: BTreeMap::new(),
            events: Vec::new(),
            conversations_written: 0,
            tokens: 0,
        }
    }

    fn run<T>(
        &mut self,
        named: &[Id<Message>],
        keys: &[&str],
        by_id: bool,
        act: impl FnOnce(&mut Working<'_>) -> T,
    ) -> T {
        let mut working = Working::new(self.clock.now(), &self.ids);
        working.add_account(self.account.clone());
        self.contacts.values().for_each(|row| working.add_contact(row.clone()));
        for row in self.conversations.values() {
            working.add_conversation(row.clone());
            self.tail(row, by_id).into_iter().for_each(|message| working.add_message(message));
        }
        for message in self.messages.values() {
            if named.contains(&message.id) || message.external_id.as_deref().is_some_and(|id| keys.contains(&id)) {
                working.add_message(message.clone());
            }
        }
        self.outbox.values().for_each(|row| working.add_outbox(row.clone()));
        let answer = act(&mut working);
        let changes = working.into_changes();
        self.write(changes);
        answer
    }

    fn tail(&self, conversation: &Conversation, by_id: bool) -> Vec<Message> {
        let since = conversation.ledger.last_incoming_at.min(conversation.read_up_to);
        let mut all: Vec<_> =
            self.messages.values().filter(|message| message.conversation_id == conversation.id).collect();
        all.sort_by_key(|message| std::cmp::Reverse((message.sent_at, message.id)));
        let newest: Vec<_> = all.iter().take(if by_id { 3 } else { 0 }).map(|message| message.id).collect();
        all.into_iter()
            .filter(|message| {
                let waits =
                    matches!(message.state, MessageState::Queued | MessageState::Sending | MessageState::Unconfirmed);
                let recent = since.is_none_or(|since| message.sent_at > since);
                message.direction == Direction::Outgoing && (recent || waits) || newest.contains(&message.id)
            })
            .cloned()
            .collect()
    }

    fn write(&mut self, changes: journal::Changes) {
        for account in changes.accounts {
            self.account = account;
        }
        for change in changes.contacts {
            self.contacts.insert(change.row().id, change.row().clone());
        }
        self.conversations_written += changes.conversations.len();
        for change in changes.conversations {
            self.conversations.insert(change.row().id, change.row().clone());
        }
        for id in changes.removed_messages {
            assert!(self.messages.remove(&id).is_some(), "removed a message that is not there");
        }
        for id in changes.cleared_external_ids {
            if let Some(message) = self.messages.get_mut(&id) {
                message.external_id = None;
            }
        }
        for change in changes.messages {
            let row = change.row().clone();
            match &change {
                Change::Insert(_) => {
                    assert!(!self.messages.contains_key(&row.id), "inserted twice");
                }
                Change::Update(_) => assert!(self.messages.contains_key(&row.id), "updated a row that is not there"),
            }
            let taken = row.external_id.is_some()
                && self.messages.values().any(|other| other.id != row.id && other.external_id == row.external_id);
            assert!(!taken, "the unique key (account, external_id) is broken");
            self.messages.insert(row.id, row);
        }
        for row in changes.outbox {
            self.outbox.insert(row.message_id, row);
        }
        for id in changes.removed_outbox {
            self.outbox.remove(&id);
        }
        self.events.extend(changes.events);
    }

    pub(super) fn report(&mut self, item: &Inbound) {
        let keys = journal::item_keys(item).messages;
        self.run(&[], &keys, false, |working| {
            journal::apply(working, ACCOUNT, ProviderKind::Official, item, journal::Told::Webhook)
        })
        .expect("a lease is held");
    }

    pub(super) fn conversation(&self) -> &Conversation {
        self.conversations.values().next().expect("a conversation was reported")
    }

    pub(super) fn queue(&mut self, body: &str) -> Result<Id<Message>, StoreError> {
        self.queue_with(body, None, false)
    }

    pub(super) fn queue_with(
        &mut self,
        body: &str,
        key: Option<&str>,
        send_anyway: bool,
    ) -> Result<Id<Message>, StoreError> {
        self.queue_content(Content::Text { body: body.into() }, key, send_anyway)
    }

    pub(super) fn queue_content(
        &mut self,
        content: Content,
        key: Option<&str>,
        send_anyway: bool,
    ) -> Result<Id<Message>, StoreError> {
        let conversation_id = self.conversation().id;
        let known =
            self.messages.values().find(|message| key.is_some() && message.idempotency_key.as_deref() == key).cloned();
        let draft = Draft {
            conversation_id,
            content,
            quoted_external_id: None,
            author: Author::ApiKey { id: None },
            idempotency_key: key.map(Into::into),
            send_anyway,
            priority: Priority::Normal,
        };
        self.run(&[], &[], true, |working| journal::queue_reply(working, draft, known.as_ref())).map(|(id, _)| id)
    }

    /// Leases the head of the queue, as a store's claim does.
    pub(super) fn claim(&mut self) -> Option<(Id<Message>, i64)> {
        let now = self.clock.now();
        let in_line = self.outbox.values().filter(|row| row.phase != Phase::Hold);
        let head = in_line.min_by_key(|row| (row.queued_at, row.message_id))?;
        if head.due_at > now || head.lease.is_some_and(|lease| lease.until > now) {
            return None;
        }
        let id = head.message_id;
        self.tokens += 1;
        let token = self.tokens;
        let row = self.outbox.get_mut(&id).expect("just seen");
        row.lease = Some(Lease { token, until: now.plus(LEASE) });
        Some((id, token))
    }

    pub(super) fn begin(&mut self, (id, token): (Id<Message>, i64)) -> Begun {
        self.run(&[id], &[], true, |working| journal::begin(working, id, token, ProviderKind::Official))
            .expect("a lease is held")
    }

    pub(super) fn settle(&mut self, (id, token): (Id<Message>, i64), outcome: Outcome) -> bool {
        let key = if let Outcome::Sent { external_id } = &outcome { external_id.clone() } else { String::new() };
        self.run(&[id], &[&key], true, |working| journal::settle(working, id, token, outcome, 0.0))
            .expect("a lease is held")
    }

    pub(super) fn settle_check(&mut self, (id, token): (Id<Message>, i64), outcome: CheckOutcome) -> bool {
        self.run(&[id], &[], true, |working| journal::settle_check(working, id, token, outcome))
    }

    pub(super) fn lose(&mut self, id: Id<Message>) {
        self.run(&[id], &[], true, |working| journal::lose(working, id));
    }

    pub(super) fn retry(&mut self, id: Id<Message>, send_anyway: bool) -> Result<(), StoreError> {
        self.run(&[id], &[], true, |working| journal::retry(working, id, send_anyway))
    }

    pub(super) fn recheck(&mut self, id: Id<Message>) -> Result<(), StoreError> {
        self.run(&[id], &[], true, |working| journal::recheck(working, id))
    }

    pub(super) fn discard(&mut self, id: Id<Message>) -> Result<(), StoreError> {
        self.run(&[id], &[], true, |working| journal::discard(working, id))
    }

    pub(super) fn fail_queued(&mut self) -> u32 {
        self.run(&[], &[], true, |working| journal::fail_queued(working, ACCOUNT))
    }

    /// Queues, claims and begins: an attempt is in flight.
    pub(super) fn in_flight(&mut self, body: &str) -> (Id<Message>, i64) {
        self.content_in_flight(Content::Text { body: body.into() })
    }

    pub(super) fn content_in_flight(&mut self, content: Content) -> (Id<Message>, i64) {
        self.queue_content(content, None, false).expect("the guard allows it");
        let claimed = self.claim().expect("it is due");
        assert_eq!(self.begin(claimed), Begun::Go);
        claimed
    }

    pub(super) fn state(&self, id: Id<Message>) -> MessageState {
        self.messages[&id].state
    }

    pub(super) fn outgoing(&self) -> Vec<&Message> {
        self.messages.values().filter(|message| message.direction == Direction::Outgoing).collect()
    }

    pub(super) fn events_of(&self, kind: EventKind) -> usize {
        self.events.iter().filter(|event| event.kind == kind).count()
    }

    pub(super) fn advance(&self, secs: u64) {
        self.clock.advance(Duration::from_secs(secs));
    }
}

pub(super) fn customer() -> InboundCustomer {
    InboundCustomer {
        channel: Channel::Tiktok,
        external_id: "nong.mali+/==".into(),
        username: Some("nong.mali.demo".into()),
        display_name: None,
        avatar_url: None,
        is_follower: None,
    }
}

fn message(id: &str, direction: Direction, source: Source, at: Timestamp, body: &str) -> Inbound {
    message_of(id, direction, source, at, InboundContent::Text(body.into()))
}

fn message_of(id: &str, direction: Direction, source: Source, at: Timestamp, content: InboundContent) -> Inbound {
    Inbound::Message(InboundMessage {
        conversation_external_id: "c+/==".into(),
        external_id: id.into(),
        platform_id: None,
        direction,
        customer: customer(),
        source,
        sent_at: at,
        content,
        quoted_external_id: None,
    })
}

pub(super) fn incoming(id: &str, at: Timestamp) -> Inbound {
    message(id, Direction::Incoming, Source::App, at, "hello")
}

/// The same message, from a customer who tells a display name.
pub(super) fn renamed(id: &str, at: Timestamp, name: &str) -> Inbound {
    let Inbound::Message(mut report) = incoming(id, at) else { unreachable!("a message was made") };
    report.customer.display_name = Some(name.into());
    Inbound::Message(report)
}

pub(super) fn echo(id: &str, at: Timestamp, body: &str) -> Inbound {
    message(id, Direction::Outgoing, Source::Api, at, body)
}

pub(super) fn echo_of(id: &str, at: Timestamp, content: InboundContent) -> Inbound {
    message_of(id, Direction::Outgoing, Source::Api, at, content)
}

pub(super) fn incoming_of(id: &str, at: Timestamp, content: InboundContent) -> Inbound {
    message_of(id, Direction::Incoming, Source::App, at, content)
}

pub(super) fn from_app(id: &str, at: Timestamp) -> Inbound {
    message(id, Direction::Outgoing, Source::App, at, "from the app")
}

pub(super) fn read(up_to: Timestamp) -> Inbound {
    Inbound::Read(InboundRead { conversation_external_id: "c+/==".into(), customer: customer(), up_to })
}

pub(super) fn at(secs: u64) -> Timestamp {
    T0.plus(Duration::from_secs(secs))
}

pub(super) fn failure(kind: FailureKind) -> Failure {
    Failure { kind, detail: "invented".into(), code: None, request_id: None, at: T0, cause: None }
}

pub(super) fn sent(id: &str) -> Outcome {
    Outcome::Sent { external_id: id.into() }
}

pub(super) fn lost() -> Outcome {
    Outcome::Unknown { failure: failure(FailureKind::Timeout) }
}
