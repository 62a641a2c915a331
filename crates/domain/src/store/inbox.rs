//! What people read: conversations, messages, counts; and the little that a click changes.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{AnsweredComment, StoreResult};
use crate::{
    account::Account,
    clock::Timestamp,
    contact::Contact,
    conversation::{Conversation, ConversationStatus, Mode},
    id::Id,
    identity::User,
    ledger::RuleSet,
    media::Media,
    message::{Message, Reaction},
    referral::Referral,
    workspace::Scope,
};

/// A message with everything a view shows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRecord {
    /// The message.
    pub message: Message,
    /// The customer of its conversation.
    pub contact: Contact,
    /// Name of the member or API key that wrote it.
    pub author_name: Option<String>,
    /// The media row of its content.
    pub media: Option<Media>,
    /// Reactions that stand (not taken back), oldest first.
    pub reactions: Vec<Reaction>,
    /// The quoted message, where we have it.
    pub quoted: Option<Id<Message>>,
    /// The comment that it answers.
    pub comment: Option<AnsweredComment>,
    /// The conversation's read mark: an outgoing message up to here is seen.
    pub read_up_to: Option<Timestamp>,
    /// How often it was tried to send it, all tries counted; 0 for an incoming one.
    pub attempts: u32,
}

/// A conversation with everything a list row shows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationRecord {
    /// The conversation.
    pub conversation: Conversation,
    /// The customer.
    pub contact: Contact,
    /// The account's rules.
    pub rule_set: RuleSet,
    /// The assignee's name.
    pub assignee_name: Option<String>,
    /// The newest message.
    pub last_message: Option<Message>,
}

/// Which conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// All.
    #[default]
    All,
    /// Assigned to this member.
    Mine(Id<User>),
    /// Assigned to nobody.
    Unassigned,
    /// Window open at `now` and closing within 12 hours.
    ClosingSoon,
    /// Message requests.
    Requests,
    /// With a failed or unconfirmed message newer than the customer's last one.
    Failed,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    /// `last_activity_at`, newest first.
    #[default]
    Newest,
    /// The customer's last message, oldest first: who has waited longest.
    Waiting,
    /// Window that closes first, first; those without an open window last.
    ClosingFirst,
}

/// A list of conversations. Paged by keyset: `after` is the last item of the page before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationFilter {
    /// See [`View`].
    pub view: View,
    /// `None` for every status.
    pub status: Option<ConversationStatus>,
    /// Only of this account.
    pub account: Option<Id<Account>>,
    /// Only those that this source led to, by [`ReferralSource::key`](crate::referral::ReferralSource::key).
    pub referral: Option<String>,
    /// See [`Sort`].
    pub sort: Sort,
    /// The sort value (ms) and id of the last item of the page before.
    pub after: Option<(i64, Id<Conversation>)>,
    /// 1 to 200.
    pub limit: u32,
    /// What "open" and "closing" are measured against.
    pub now: Timestamp,
}

impl ConversationFilter {
    /// The value that [`Sort`] orders by, of one conversation: what goes into a cursor. Smaller comes first for all but `Newest`.
    pub fn sort_value(&self, conversation: &Conversation) -> i64 {
        match self.sort {
            Sort::Newest => conversation.last_activity_at.as_millis(),
            Sort::Waiting | Sort::ClosingFirst => {
                let last = conversation.ledger.last_incoming_at.map_or(i64::MAX, Timestamp::as_millis);
                let closed = self.sort == Sort::ClosingFirst && last <= self.window_start();
                if closed { i64::MAX } else { last }
            }
        }
    }

    /// Windows opened at or before this (ms) are closed at `now`.
    pub fn window_start(&self) -> i64 {
        self.now.minus(crate::ledger::WINDOW).as_millis()
    }
}

/// How many open conversations each view holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConversationCounts {
    /// [`View::All`].
    pub all: u64,
    /// [`View::Mine`].
    pub mine: u64,
    /// [`View::Unassigned`].
    pub unassigned: u64,
    /// [`View::ClosingSoon`].
    pub closing: u64,
    /// [`View::Requests`].
    pub requests: u64,
    /// [`View::Failed`].
    pub failed: u64,
    /// Per account.
    pub accounts: BTreeMap<Id<Account>, u64>,
}

/// A way in, with where it led.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferralRecord {
    /// The conversation it led to.
    pub conversation_id: Id<Conversation>,
    /// The account of that conversation.
    pub account_id: Id<Account>,
    /// See [`Referral`].
    pub referral: Referral,
    /// When the same source led to the same conversation for the first time, however many are listed.
    pub first_at: Timestamp,
}

/// How a customer came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Referrals {
    /// To the conversation asked for, newest first.
    pub here: Vec<ReferralRecord>,
    /// The same contact, to other conversations in sight, newest first.
    pub elsewhere: Vec<ReferralRecord>,
}

/// What a click changes; `None` leaves as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConversationPatch {
    /// See [`ConversationStatus`].
    pub status: Option<ConversationStatus>,
    /// `Some(None)` unassigns. The user must be a member of the workspace.
    #[expect(clippy::option_option, reason = "a patch tells 'leave it' from 'nobody'")]
    pub assignee: Option<Option<Id<User>>>,
    /// See [`Mode`].
    pub mode: Option<Mode>,
    /// A member has looked: `unread` becomes 0.
    pub read: bool,
}

/// A place in an order of messages: (`sent_at`, `id`).
pub type MessageCursor = (Timestamp, Id<Message>);

/// Which saved messages, over all conversations, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChatFilter {
    /// Only of this account.
    pub account: Option<Id<Account>>,
    /// Only of this conversation.
    pub conversation: Option<Id<Conversation>>,
    /// From this time on, inclusive.
    pub since: Option<Timestamp>,
}

/// Sums of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Contacts.
    pub contacts: u64,
    /// Messages.
    pub messages: u64,
    /// Conversations.
    pub conversations: u64,
}

/// Reading.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// A page of conversations.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn conversations(&self, scope: &Scope, filter: &ConversationFilter) -> StoreResult<Vec<ConversationRecord>>;

    /// Counts of open conversations; `me` for [`View::Mine`].
    ///
    /// # Errors
    /// `Unavailable`.
    async fn conversation_counts(
        &self,
        scope: &Scope,
        me: Option<Id<User>>,
        now: Timestamp,
    ) -> StoreResult<ConversationCounts>;

    /// One conversation.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn conversation(&self, scope: &Scope, id: Id<Conversation>) -> StoreResult<Option<ConversationRecord>>;

    /// Our id of the provider's conversation id, if in sight.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn conversation_by_external_id(
        &self,
        scope: &Scope,
        external_id: &str,
    ) -> StoreResult<Option<Id<Conversation>>>;

    /// Changes a conversation and writes its event. `None` when there is none in sight.
    ///
    /// # Errors
    /// `Unavailable`, or `Conflict` for an assignee who is no member.
    async fn patch_conversation(
        &self,
        scope: &Scope,
        id: Id<Conversation>,
        patch: ConversationPatch,
    ) -> StoreResult<Option<ConversationRecord>>;

    /// A page of one conversation, newest first, before a place (exclusive). Caller checks that the conversation is in sight by the answer `None`.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn messages(
        &self,
        scope: &Scope,
        conversation: Id<Conversation>,
        before: Option<MessageCursor>,
        limit: u32,
    ) -> StoreResult<Option<Vec<MessageRecord>>>;

    /// One message.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn message(&self, scope: &Scope, id: Id<Message>) -> StoreResult<Option<MessageRecord>>;

    /// How the customer of a conversation came to it, and to others; at most `limit` of each. `None` when it is not in sight.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn referrals(
        &self,
        scope: &Scope,
        conversation: Id<Conversation>,
        limit: u32,
    ) -> StoreResult<Option<Referrals>>;

    /// Saved messages over all conversations, oldest first, after a place (exclusive).
    ///
    /// # Errors
    /// `Unavailable`.
    async fn chats(
        &self,
        scope: &Scope,
        filter: ChatFilter,
        after: Option<MessageCursor>,
        limit: u32,
    ) -> StoreResult<Vec<MessageRecord>>;

    /// Sums.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn totals(&self, scope: &Scope) -> StoreResult<Totals>;

    /// What content/list and the capability call told about a conversation: names, avatar, whether pictures can be sent.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn describe_conversation(
        &self,
        scope: &Scope,
        id: Id<Conversation>,
        contact: ContactFacts,
        image_send: Option<bool>,
    ) -> StoreResult<()>;
}

/// What is newly known of a contact; `None` leaves as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContactFacts {
    /// Handle.
    pub username: Option<String>,
    /// Shown name.
    pub display_name: Option<String>,
    /// Address of the picture.
    pub avatar_url: Option<String>,
    /// Follows the business.
    pub is_follower: Option<bool>,
}
