//! One message, in either direction.

use serde::{Deserialize, Serialize};

use crate::{
    account::{Account, ProviderKind},
    clock::Timestamp,
    content::Content,
    conversation::Conversation,
    failure::{Failure, FailureKind},
    id::{Entity, Id},
    workspace::Workspace,
};

/// From the customer, or to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The customer wrote it.
    Incoming,
    /// The business side wrote it, here or elsewhere.
    Outgoing,
}

/// Where a message stands. "Seen" is not a state: it follows from the conversation's `read_up_to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// Incoming, stored.
    Received,
    /// Waits for its turn.
    Queued,
    /// An attempt is on its way.
    Sending,
    /// The provider has it.
    Sent,
    /// The provider does not have it.
    Failed,
    /// Nobody knows: the answer was lost.
    Unconfirmed,
}

impl MessageState {
    /// As stores keep it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Unconfirmed => "unconfirmed",
        }
    }

    /// Back from [`as_str`](Self::as_str).
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Received, Self::Queued, Self::Sending, Self::Sent, Self::Failed, Self::Unconfirmed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// Who wrote a message. Kept as JSON, such as `{"kind":"agent","id":"usr_…"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Author {
    /// The contact.
    Customer,
    /// A member, in the dashboard.
    Agent {
        /// Which one.
        id: Id<crate::identity::User>,
    },
    /// A program, with a key of ours. `None` for the `API_SECRET` of the configuration.
    ApiKey {
        /// Which one.
        id: Option<Id<crate::identity::ApiKey>>,
    },
    /// One of our rules.
    Rule,
    /// A bot.
    Bot,
    /// TikTok's automatic message.
    AutoMessage,
    /// A person in TikTok's app or on its web page.
    TiktokApp,
    /// Another program that uses the provider's API.
    OtherApi,
}

impl Author {
    /// Whether no person stands behind it: one of our rules, or a bot. Such a message never goes against the guard, and never
    /// takes the last slots of a window from people.
    pub const fn is_automatic(&self) -> bool {
        matches!(self, Self::Rule | Self::Bot)
    }
}

/// What a message may spend. See [`RESERVED`](crate::reply::RESERVED).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Any slot.
    #[default]
    Normal,
    /// No slot that a person may need: it is held until the customer writes again.
    Low,
}

/// A message. Its place in the conversation is (`sent_at`, `id`).
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "facts that do not depend on one another, each a column")]
pub struct Message {
    /// Printed `msg_…`.
    pub id: Id<Self>,
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// The business side.
    pub account_id: Id<Account>,
    /// Where it belongs.
    pub conversation_id: Id<Conversation>,
    /// See [`Direction`].
    pub direction: Direction,
    /// See [`Author`].
    pub author: Author,
    /// See [`Content`].
    pub content: Content,
    /// Whose name `external_id` is. Without one: the side that it was tried through last, or will be.
    pub provider: ProviderKind,
    /// The provider's id, unique per account and provider; `None` until it has one.
    pub external_id: Option<String>,
    /// Not certain whose report is whose. With an `external_id`: it was guessed from an echo of equal content, and the send answer
    /// confirms or corrects it. Without one: an earlier attempt's answer was lost, so its echo may still come.
    pub provisional: bool,
    /// The provider reported it in a webhook or a list, so `sent_at` is the provider's time.
    pub reported: bool,
    /// See [`MessageState`].
    pub state: MessageState,
    /// Why it failed, is unconfirmed, or waits.
    pub failure: Option<Failure>,
    /// The provider's time; ours until the provider told.
    pub sent_at: Timestamp,
    /// When we stored it.
    pub created_at: Timestamp,
    /// The provider's id of the quoted message.
    pub quoted_external_id: Option<String>,
    /// The caller's key: the same key gives the same message.
    pub idempotency_key: Option<String>,
    /// A person decided to send it against the guard.
    pub send_anyway: bool,
    /// See [`Priority`].
    pub priority: Priority,
    /// When the next attempt is due, while it waits.
    pub next_attempt_at: Option<Timestamp>,
    /// Filed as history: nobody was told of it. A webhook about it clears this.
    pub filed: bool,
    /// The event that last changed it.
    pub seq: i64,
}

impl Entity for Message {
    const PREFIX: &'static str = "msg";
}

impl Message {
    /// Whether it spends quota: everything of the business side that TikTok has or may have, and what waits with a slot.
    pub fn spends_quota(&self) -> bool {
        self.direction == Direction::Outgoing && self.state != MessageState::Failed && !self.is_held()
    }

    /// Whether it waits without a slot, so that people have the last ones.
    pub fn is_held(&self) -> bool {
        let held = |failure: &Failure| failure.kind == FailureKind::Held;
        self.state == MessageState::Queued && self.failure.as_ref().is_some_and(held)
    }

    /// Whether an echo of equal content may be this message: it left, is leaving, or waits to leave a second time after an
    /// answer was lost; and no answer named it yet.
    pub fn awaits_echo(&self) -> bool {
        let left = match self.state {
            MessageState::Sending | MessageState::Unconfirmed => true,
            MessageState::Queued => self.provisional,
            _ => false,
        };
        left && self.external_id.is_none()
    }

    /// The time before which no echo of it was made: its attempt's, or, when an earlier one may still be heard of, its own.
    pub fn echoes_since(&self) -> Timestamp {
        if self.state == MessageState::Queued { self.created_at } else { self.sent_at }
    }
}

/// One reaction to a message; the newest operation by (`message`, `by`, `key`) wins, so order of arrival does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The provider's id of the message reacted to, which may arrive later than the reaction.
    pub message_external_id: String,
    /// The provider's id of who reacted.
    pub by: String,
    /// The emoji itself, or the address of the picture: what tells two reactions apart.
    pub key: String,
    /// Set for a picture.
    pub image_url: Option<String>,
    /// Whether the customer reacted (else the business).
    pub by_customer: bool,
    /// Added, or taken back.
    pub added: bool,
    /// The provider's time.
    pub at: Timestamp,
}
