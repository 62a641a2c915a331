//! A conversation as JSON: a list row, its head, and the counts beside the list.

use std::collections::BTreeMap;

use domain::{
    Id, Timestamp, conversation as dconv, ledger, message as dm,
    store::{ConversationCounts, ConversationRecord},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Direction, MessageStatus, Provider};

/// Characters of the last message that a list row gets.
const PREVIEW_CHARS: usize = 140;

/// One customer talking with one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    /// `conv_…`.
    #[schema(value_type = String, example = "conv_00jx3k5t8g002")]
    pub id: Id<dconv::Conversation>,
    /// The event that last changed it; of two payloads of one conversation the higher is the newer.
    pub seq: i64,
    /// `acc_…`.
    #[schema(value_type = String)]
    pub account_id: Id<domain::account::Account>,
    /// The provider's id; accepted wherever ours is. TikTok's hold `+`, `/` and `=`.
    pub provider_conversation_id: String,
    /// The side through which replies leave here whatever the account's choice is; null goes by the account's.
    #[schema(required)]
    pub sender: Option<Provider>,
    /// The customer.
    pub contact: Contact,
    /// Where it stands in the team's work.
    pub status: ConversationStatus,
    /// Who takes care of it.
    #[schema(required)]
    pub assignee: Option<Assignee>,
    /// Who answers.
    pub mode: Mode,
    /// A message request: the business has never answered.
    pub request: bool,
    /// Customer messages since a member last looked.
    pub unread: u32,
    /// The newest message.
    #[schema(required)]
    pub last_message: Option<LastMessage>,
    /// What lists are sorted by.
    #[schema(value_type = String, format = DateTime)]
    pub last_activity_at: Timestamp,
    /// TikTok's rules as of now.
    pub window: Window,
    /// Whether pictures can be sent here; null until TikTok was asked.
    #[schema(required)]
    pub image_send: Option<bool>,
    /// The customer has read everything up to here.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub read_up_to: Option<Timestamp>,
}

/// The customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// `ctc_…`.
    #[schema(value_type = String)]
    pub id: Id<domain::contact::Contact>,
    /// Handle without `@`.
    #[schema(required)]
    pub username: Option<String>,
    /// Shown name; null until known.
    #[schema(required)]
    pub display_name: Option<String>,
    /// Address of the picture; null until known.
    #[schema(required)]
    pub avatar_url: Option<String>,
    /// Whether they follow the business.
    #[schema(required)]
    pub is_follower: Option<bool>,
}

/// A member who takes care of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Assignee {
    /// `usr_…`.
    #[schema(value_type = String)]
    pub id: Id<domain::identity::User>,
    /// Their name.
    pub name: String,
}

/// What a list row shows of the newest message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LastMessage {
    /// `msg_…`.
    #[schema(value_type = String)]
    pub id: Id<dm::Message>,
    /// From the customer, or to them.
    pub direction: Direction,
    /// The content's type, such as `text` or `image`.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: &'static str,
    /// At most 140 characters of its words; empty where it has none.
    pub preview: String,
    /// The provider's time.
    #[schema(value_type = String, format = DateTime)]
    pub timestamp: Timestamp,
    /// Where it stands.
    pub status: MessageStatus,
}

/// TikTok's 48 hours and its quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Window {
    /// Whether a reply may leave.
    pub state: WindowState,
    /// When it closes or closed; null without one.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub closes_at: Option<Timestamp>,
    /// Messages left; null when nothing limits them.
    #[schema(required)]
    pub quota_left: Option<u32>,
    /// Messages there are in all: ten, or three once the 48 hours are over; null when nothing limits them.
    #[schema(required)]
    pub quota_limit: Option<u32>,
}

/// Whether a reply may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WindowState {
    /// Yes.
    Open,
    /// The 48 hours are over, but by the account's rules a few may still leave.
    Grace,
    /// The 48 hours are over.
    Closed,
    /// All were sent, or TikTok refused.
    Spent,
    /// The customer has not written yet.
    None,
}

/// Where a conversation stands in the team's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConversationStatus {
    /// Wants an answer, or may.
    Open,
    /// Out of sight until later.
    Snoozed,
    /// Done; opens again when the customer writes.
    Closed,
}

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// People.
    Human,
    /// A bot.
    Bot,
    /// A bot that was told to wait.
    Paused,
}

/// How many open conversations each view holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// All.
    pub all: u64,
    /// Assigned to the caller.
    pub mine: u64,
    /// Assigned to nobody.
    pub unassigned: u64,
    /// Window closes within 12 hours.
    pub closing: u64,
    /// Message requests.
    pub requests: u64,
    /// With a failed or unconfirmed reply.
    pub failed: u64,
    /// Per account id.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub accounts: BTreeMap<Id<domain::account::Account>, u64>,
}

impl Conversation {
    /// The record as of `now`, which decides the window.
    pub fn new(record: &ConversationRecord, now: Timestamp) -> Self {
        let conversation = &record.conversation;
        let window = conversation.ledger.window(now, record.rule_set);
        Self {
            id: conversation.id,
            seq: conversation.seq,
            account_id: conversation.account_id,
            provider_conversation_id: conversation.external_id.clone(),
            sender: conversation.sender.map(Into::into),
            contact: Contact::from(&record.contact),
            status: conversation.status.into(),
            assignee: conversation
                .assignee
                .map(|id| Assignee { id, name: record.assignee_name.clone().unwrap_or_default() }),
            mode: conversation.mode.into(),
            request: conversation.request,
            unread: conversation.unread,
            last_message: record
                .last_message
                .as_ref()
                .map(|message| LastMessage::new(message, conversation.read_up_to)),
            last_activity_at: conversation.last_activity_at,
            window: Window {
                state: window.state.into(),
                closes_at: window.closes_at,
                quota_left: window.quota_left,
                quota_limit: window.quota_limit,
            },
            image_send: conversation.image_send,
            read_up_to: conversation.read_up_to,
        }
    }
}

impl From<&domain::contact::Contact> for Contact {
    fn from(contact: &domain::contact::Contact) -> Self {
        Self {
            id: contact.id,
            username: contact.username.clone(),
            display_name: contact.display_name.clone(),
            avatar_url: contact.avatar_url.clone(),
            is_follower: contact.is_follower,
        }
    }
}

impl LastMessage {
    fn new(message: &dm::Message, read_up_to: Option<Timestamp>) -> Self {
        Self {
            id: message.id,
            direction: message.direction.into(),
            kind: message.content.type_name(),
            preview: preview(message.content.words()),
            timestamp: message.sent_at,
            status: MessageStatus::new(message, read_up_to),
        }
    }
}

/// The first [`PREVIEW_CHARS`] characters; the last one is an ellipsis where words were left out.
fn preview(words: &str) -> String {
    if words.chars().nth(PREVIEW_CHARS).is_none() {
        return words.to_owned();
    }
    words.chars().take(PREVIEW_CHARS - 1).chain(['…']).collect()
}

impl From<ConversationCounts> for Counts {
    fn from(counts: ConversationCounts) -> Self {
        let ConversationCounts { all, mine, unassigned, closing, requests, failed, accounts } = counts;
        Self { all, mine, unassigned, closing, requests, failed, accounts }
    }
}

impl From<ledger::WindowState> for WindowState {
    fn from(state: ledger::WindowState) -> Self {
        match state {
            ledger::WindowState::Open => Self::Open,
            ledger::WindowState::Grace => Self::Grace,
            ledger::WindowState::Closed => Self::Closed,
            ledger::WindowState::Spent => Self::Spent,
            ledger::WindowState::None => Self::None,
        }
    }
}

impl From<dconv::ConversationStatus> for ConversationStatus {
    fn from(status: dconv::ConversationStatus) -> Self {
        match status {
            dconv::ConversationStatus::Open => Self::Open,
            dconv::ConversationStatus::Snoozed => Self::Snoozed,
            dconv::ConversationStatus::Closed => Self::Closed,
        }
    }
}

impl From<ConversationStatus> for dconv::ConversationStatus {
    fn from(status: ConversationStatus) -> Self {
        match status {
            ConversationStatus::Open => Self::Open,
            ConversationStatus::Snoozed => Self::Snoozed,
            ConversationStatus::Closed => Self::Closed,
        }
    }
}

impl From<dconv::Mode> for Mode {
    fn from(mode: dconv::Mode) -> Self {
        match mode {
            dconv::Mode::Human => Self::Human,
            dconv::Mode::Bot => Self::Bot,
            dconv::Mode::Paused => Self::Paused,
        }
    }
}

impl From<Mode> for dconv::Mode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Human => Self::Human,
            Mode::Bot => Self::Bot,
            Mode::Paused => Self::Paused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn previews_are_cut_at_characters() {
        assert_eq!(preview("สวัสดี"), "สวัสดี");
        assert_eq!(preview(&"ก".repeat(140)), "ก".repeat(140));
        let cut = preview(&"😊".repeat(141));
        assert_eq!(cut.chars().count(), 140);
        assert!(cut.ends_with('…'));
    }
}
