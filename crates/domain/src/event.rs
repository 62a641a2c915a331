//! The one list of things the dashboard can learn, numbered by `seq` in commit order.
//!
//! A row names its subject; whoever reads joins the subject as it is then. So an event repeats no words of a person,
//! and a reader that is late sees the newest state.

use serde::{Deserialize, Serialize};

use crate::{
    account::{Account, AccountRecord},
    clock::Timestamp,
    comment::Comment,
    conversation::Conversation,
    id::Id,
    message::Message,
    store::{CommentRecord, ConversationRecord, MessageRecord},
    workspace::Workspace,
};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A message is new.
    Message,
    /// A known message changed.
    Status,
    /// A conversation is new or changed.
    Conversation,
    /// An account is new or changed.
    Account,
    /// A message is gone or, where none is named, a conversation that turned out to be another one or, where that is not either, an
    /// account.
    Removed,
    /// A flagged comment is new or changed.
    Comment,
}

impl EventKind {
    /// As stores keep it and sockets name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Status => "status",
            Self::Conversation => "conversation",
            Self::Account => "account",
            Self::Removed => "removed",
            Self::Comment => "comment",
        }
    }

    /// Back from [`as_str`](Self::as_str).
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Message, Self::Status, Self::Conversation, Self::Account, Self::Removed, Self::Comment]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// An event on its way into the log; the store gives it its `seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewEvent {
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// The account it belongs to.
    pub account_id: Id<Account>,
    /// See [`EventKind`].
    pub kind: EventKind,
    /// Set for everything but accounts and comments.
    pub conversation_id: Option<Id<Conversation>>,
    /// Set for messages.
    pub message_id: Option<Id<Message>>,
    /// Set for comments.
    pub comment_id: Option<Id<Comment>>,
}

/// An event with its subject as it is now. A subject that is gone in the meantime is left out by the store.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its number: grows in commit order, not dense.
    pub seq: i64,
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// The account it belongs to.
    pub account_id: Id<Account>,
    /// When it was written.
    pub at: Timestamp,
    /// See [`Subject`].
    pub subject: Subject,
}

/// What an event is about.
#[derive(Debug, Clone)]
pub enum Subject {
    /// New.
    Message(Box<MessageRecord>),
    /// Changed.
    Status(Box<MessageRecord>),
    /// New or changed.
    Conversation(Box<ConversationRecord>),
    /// New or changed.
    Account(Box<AccountRecord>),
    /// Gone.
    Removed {
        /// The message.
        message_id: Id<Message>,
        /// Where it was.
        conversation_id: Id<Conversation>,
    },
    /// An account became part of another one.
    AccountGone,
    /// Gone: it turned out to be another conversation, which tells for itself what moved there.
    Merged {
        /// The one that is gone.
        conversation_id: Id<Conversation>,
    },
    /// New or changed.
    Comment(Box<CommentRecord>),
}
