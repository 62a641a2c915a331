//! An event as JSON: the same `data` on the socket and in `GET /api/v1/events`, numbered by `seq`.

use domain::{Id, Timestamp, account as da, event as de, workspace::Scope};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{Account, Comment, Conversation, Message};

/// One entry of the event log, with its subject as it is now.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Its number: grows in commit order, not dense.
    pub seq: i64,
    /// `message`, `status`, `conversation`, `account`, `removed` or `comment`; more may come, and who does not know one passes it over.
    #[serde(rename = "event")]
    #[schema(value_type = String, example = "message")]
    pub name: &'static str,
    /// The subject: a Message, Conversation, Account, Removed, `RemovedAccount` or Comment, each with this event's `seq`.
    #[schema(value_type = Object)]
    pub data: Box<RawValue>,
}

/// A message is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Removed {
    /// The event's number.
    pub seq: i64,
    /// `msg_…`.
    #[schema(value_type = String)]
    pub id: Id<domain::message::Message>,
    /// `conv_…`.
    #[schema(value_type = String)]
    pub conversation_id: Id<domain::conversation::Conversation>,
}

/// An account became part of another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RemovedAccount {
    /// The event's number.
    pub seq: i64,
    /// `acc_…`.
    #[schema(value_type = String)]
    pub account_id: Id<domain::account::Account>,
}

/// A conversation is gone: it turned out to be another one, whose messages are told anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Merged {
    seq: i64,
    /// Always null: no message is gone.
    id: Option<Id<domain::message::Message>>,
    conversation_id: Id<domain::conversation::Conversation>,
}

/// See [`Event::shared`].
#[derive(Debug, Clone)]
pub struct Apart {
    /// Whoever does not see this account
    pub other: Id<da::Account>,
    /// is told this.
    pub instead: Event,
}

#[derive(Serialize)]
struct Numbered<T> {
    seq: i64,
    #[serde(flatten)]
    subject: T,
}

impl Event {
    /// An event as whoever has `scope` may know it: it names no account that they do not see.
    ///
    /// # Errors
    /// When the subject can't be written as JSON, such as a time outside the calendar.
    pub fn seen(event: &de::Event, now: Timestamp, scope: &Scope) -> serde_json::Result<Self> {
        Self::new(event, now, |other| scope.allows(event.workspace_id, other))
    }

    /// An event serialised once for everybody; whoever sends it copies the text. Where it names another account than its own, a second
    /// text without that stands beside it, for those who do not see the other one.
    ///
    /// # Errors
    /// As [`seen`](Self::seen).
    pub fn shared(event: &de::Event, now: Timestamp) -> serde_json::Result<(Self, Option<Apart>)> {
        let other = match &event.subject {
            de::Subject::Account(record) => record.same_as,
            _ => None,
        };
        let apart = match other {
            Some(other) => Some(Apart { other, instead: Self::new(event, now, |_| false)? }),
            None => None,
        };
        Ok((Self::new(event, now, |_| true)?, apart))
    }

    /// The payload's `seq` is the event's, not its subject's: the subject may have moved on already, and a client that took the
    /// higher number as its cursor would miss events of other subjects in between.
    ///
    /// # Errors
    /// When the subject can't be written as JSON, such as a time outside the calendar.
    fn new(event: &de::Event, now: Timestamp, names: impl Fn(Id<da::Account>) -> bool) -> serde_json::Result<Self> {
        let seq = event.seq;
        let (name, data) = match &event.subject {
            de::Subject::Message(record) => {
                (de::EventKind::Message, raw(&Message { seq, ..Message::from(&**record) })?)
            }
            de::Subject::Status(record) => (de::EventKind::Status, raw(&Message { seq, ..Message::from(&**record) })?),
            de::Subject::Conversation(record) => {
                (de::EventKind::Conversation, raw(&Conversation { seq, ..Conversation::new(record, now) })?)
            }
            de::Subject::Account(account) => {
                let same_as = account.same_as.filter(|other| names(*other));
                let seen = da::AccountRecord { same_as, ..(**account).clone() };
                (de::EventKind::Account, raw(&Numbered { seq, subject: Account::from(&seen) })?)
            }
            de::Subject::AccountGone => {
                (de::EventKind::Removed, raw(&RemovedAccount { seq, account_id: event.account_id })?)
            }
            de::Subject::Removed { message_id, conversation_id } => {
                (de::EventKind::Removed, raw(&Removed { seq, id: *message_id, conversation_id: *conversation_id })?)
            }
            de::Subject::Merged { conversation_id } => {
                (de::EventKind::Removed, raw(&Merged { seq, id: None, conversation_id: *conversation_id })?)
            }
            de::Subject::Comment(record) => {
                (de::EventKind::Comment, raw(&Comment { seq, ..Comment::from(&**record) })?)
            }
        };
        Ok(Self { seq, name: name.as_str(), data })
    }
}

fn raw<T: Serialize>(value: &T) -> serde_json::Result<Box<RawValue>> {
    serde_json::value::to_raw_value(value)
}
