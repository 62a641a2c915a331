//! What a webhook says, one variant per attested event. Types only; `read.rs` fills them.

use serde_json::Value;

use crate::model::{Assignee, Channel, ContactId, Message, SenderSource};

/// What happened. All times are milliseconds since 1970.
///
/// Source: `respond.io/help` "Webhooks", a tested webhook library and two integrators, read
/// 2026-11-20.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// `message.received`: a contact wrote.
    MessageReceived(Box<MessageReport>),
    /// `message.sent`: something went to a contact, by a user, a program or the platform's own app.
    /// It may come before the answer of the send it tells of, and may tell that it failed.
    MessageSent(Box<MessageReport>),
    /// `contact.created`: a contact was made.
    ContactCreated,
    /// `contact.updated`: fields or tags of a contact changed.
    ContactUpdated,
    /// `contact.assignee.updated`: a contact was assigned.
    ContactAssigneeUpdated,
    /// `contact.lifecycle.updated`: a contact is in another stage.
    ContactLifecycleUpdated(LifecycleChange),
    /// `conversation.opened`: a conversation was opened.
    ConversationOpened(Box<ConversationReport>),
    /// `conversation.closed`: a conversation was closed.
    ConversationClosed(Box<ConversationReport>),
    /// An event this version does not know. Take it and ignore it.
    Unknown {
        /// The whole body as received.
        raw: Value,
    },
    /// A known event whose body could not be read.
    Unreadable {
        /// The whole body as received.
        raw: Value,
        /// What was wrong; never quotes the body.
        why: String,
    },
}

/// A message and the channel it went through.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MessageReport {
    /// The message.
    pub message: Message,
    /// Its contact, from the message or from beside it.
    pub contact_id: Option<ContactId>,
    /// The channel.
    pub channel: Option<Channel>,
}

/// From one lifecycle stage to another.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LifecycleChange {
    /// The stage now; `None` for none.
    pub lifecycle: Option<String>,
    /// The stage before.
    pub old_lifecycle: Option<String>,
}

/// A conversation that was opened or closed; an opened one has little of this.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConversationReport {
    /// The category it was closed with.
    pub category: Option<String>,
    /// The summary it was closed with.
    pub summary: Option<String>,
    /// When it was opened.
    pub opened_ms: Option<i64>,
    /// What opened it: normally the contact.
    pub opened_by: Option<SenderSource>,
    /// When it was closed.
    pub closed_ms: Option<i64>,
    /// Who closed it.
    pub closed_by: Option<Assignee>,
    /// What closed it.
    pub closed_by_source: Option<SenderSource>,
    /// How long the first answer took, as sent; its unit is not documented.
    pub first_response_time: Option<i64>,
    /// How long it was open, as sent; its unit is not documented.
    pub resolution_time: Option<i64>,
    /// Messages of the contact.
    pub incoming_count: Option<i64>,
    /// Messages to the contact.
    pub outgoing_count: Option<i64>,
    /// Name of the team it was assigned to.
    pub assignee_team: Option<String>,
    /// When it was last assigned.
    pub last_assignment_ms: Option<i64>,
}
