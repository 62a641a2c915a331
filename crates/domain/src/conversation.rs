//! One customer talking with one account.

use serde::{Deserialize, Serialize};

use crate::{
    account::{Account, ProviderKind},
    clock::Timestamp,
    contact::Contact,
    id::{Entity, Id},
    identity::User,
    ledger::Ledger,
    message::Message,
    workspace::Workspace,
};

/// Where a conversation stands in the team's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum ConversationStatus {
    /// Wants an answer, or may.
    #[default]
    Open,
    /// Out of sight until later.
    Snoozed,
    /// Done; opens again when the customer writes.
    Closed,
}

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// People.
    #[default]
    Human,
    /// A bot.
    Bot,
    /// A bot that was told to wait.
    Paused,
}

/// A conversation, with the sums that a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// Printed `conv_…`.
    pub id: Id<Self>,
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// The business side.
    pub account_id: Id<Account>,
    /// The customer's side.
    pub contact_id: Id<Contact>,
    /// Whose name `external_id` is.
    pub provider: ProviderKind,
    /// The provider's id, unique per account and provider; TikTok's hold `+`, `/` and `=`.
    pub external_id: String,
    /// The side that sends here whatever the account's choice is.
    pub sender: Option<ProviderKind>,
    /// See [`ConversationStatus`].
    pub status: ConversationStatus,
    /// Who takes care of it.
    pub assignee: Option<Id<User>>,
    /// See [`Mode`].
    pub mode: Mode,
    /// A message request: the business has never answered (TikTok's `STRANGER`).
    pub request: bool,
    /// Customer messages since a member last looked.
    pub unread: u32,
    /// The newest message by (`sent_at`, `id`); `None` while only a receipt or a referral is known: not listed then.
    pub last_message_id: Option<Id<Message>>,
    /// Its `sent_at`; what lists are sorted by.
    pub last_activity_at: Timestamp,
    /// Window and quota.
    pub ledger: Ledger,
    /// A reply after the customer's last message failed or is unconfirmed.
    pub trouble: bool,
    /// The customer has read everything up to here.
    pub read_up_to: Option<Timestamp>,
    /// Whether pictures can be sent here; `None` until TikTok was asked.
    pub image_send: Option<bool>,
    /// When we first heard of it.
    pub created_at: Timestamp,
    /// The event that last changed it.
    pub seq: i64,
}

impl Entity for Conversation {
    const PREFIX: &'static str = "conv";
}
