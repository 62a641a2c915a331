//! What a use case changed: whole rows, to be written in the order of the fields.

use super::working::{ConversationName, MergedConversation, MessageName};
use crate::{
    account::{Account, ProviderKind},
    clock::Timestamp,
    comment::Comment,
    contact::Contact,
    conversation::Conversation,
    event::NewEvent,
    id::Id,
    job::NewJob,
    media::Media,
    message::{Message, Reaction},
    outbox::{Attempt, OutboxRow},
    referral::Referral,
    withheld::NewWithheld,
    workspace::Workspace,
};

/// A whole row to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change<T> {
    /// It is new.
    Insert(T),
    /// It is there and replaced by id.
    Update(T),
}

impl<T> Change<T> {
    /// The row.
    pub const fn row(&self) -> &T {
        match self {
            Self::Insert(row) | Self::Update(row) => row,
        }
    }
}

/// Everything to write, in this order. Rows of one kind are sorted by id, so that two writers lock in the same order.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Replaced by id; never inserted here.
    pub accounts: Vec<Account>,
    /// Authorizations of bindings beside the sending one that are over.
    pub troubles: Vec<NewTrouble>,
    /// Inserts may meet the same contact from another process: then the existing row wins and the use case runs again.
    pub contacts: Vec<Change<Contact>>,
    /// The same.
    pub comments: Vec<Change<Comment>>,
    /// The same.
    pub conversations: Vec<Change<Conversation>>,
    /// Of the conversations above, those that are named anew: their provider and its id are written too.
    pub renamed_conversations: Vec<Id<Conversation>>,
    /// Conversations that are others: messages, queue, media and referrals move, then they are deleted, and their contacts if nothing
    /// else is theirs.
    pub merged_conversations: Vec<MergedConversation>,
    /// Upserts by (account, provider, the provider's id).
    pub conversation_names: Vec<ConversationName>,
    /// Messages, with their queue rows and media, that go to other conversations.
    pub moved_messages: Vec<(Id<Message>, Id<Conversation>)>,
    /// Messages to delete, before any other message is written.
    pub removed_messages: Vec<Id<Message>>,
    /// Messages whose `external_id` moves to another row: set it to null before the updates, or the unique key is in the way.
    pub cleared_external_ids: Vec<Id<Message>>,
    /// Rows to write.
    pub messages: Vec<Change<Message>>,
    /// Upserts by (account, provider, the provider's id), after the messages.
    pub message_names: Vec<MessageName>,
    /// New rows.
    pub media: Vec<Media>,
    /// Upserts by (account, message, by, key); an older `at` than the stored one changes nothing.
    pub reactions: Vec<(Id<Workspace>, Id<Account>, Reaction)>,
    /// Stand-ins whose time is told now: delete them before the new ones are written.
    pub removed_referrals: Vec<ReferralKey>,
    /// Inserts by (conversation, source, at).
    pub referrals: Vec<NewReferral>,
    /// Inserts by (account, at); a known one changes nothing.
    pub withheld: Vec<NewWithheld>,
    /// Upserts by message.
    pub outbox: Vec<OutboxRow>,
    /// Deletes by message.
    pub removed_outbox: Vec<Id<Message>>,
    /// New attempts.
    pub attempts: Vec<Attempt>,
    /// Settled attempts, by (message, token): outcome, code, time.
    pub settled_attempts: Vec<SettledAttempt>,
    /// New jobs; equal waiting ones are one.
    pub jobs: Vec<NewJob>,
    /// In order. The store numbers them last and writes the number to the named message's, conversation's or comment's `seq` too.
    pub events: Vec<NewEvent>,
}

impl Changes {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        let Self {
            accounts,
            troubles,
            contacts,
            comments,
            conversations,
            renamed_conversations,
            merged_conversations,
            conversation_names,
            moved_messages,
            removed_messages,
            cleared_external_ids,
            messages,
            message_names,
            media,
            reactions,
            removed_referrals,
            referrals,
            withheld,
            outbox,
            removed_outbox,
            attempts,
            settled_attempts,
            jobs,
            events,
        } = self;
        accounts.is_empty()
            && troubles.is_empty()
            && contacts.is_empty()
            && comments.is_empty()
            && conversations.is_empty()
            && renamed_conversations.is_empty()
            && merged_conversations.is_empty()
            && conversation_names.is_empty()
            && moved_messages.is_empty()
            && removed_messages.is_empty()
            && cleared_external_ids.is_empty()
            && messages.is_empty()
            && message_names.is_empty()
            && media.is_empty()
            && reactions.is_empty()
            && removed_referrals.is_empty()
            && referrals.is_empty()
            && withheld.is_empty()
            && outbox.is_empty()
            && removed_outbox.is_empty()
            && attempts.is_empty()
            && settled_attempts.is_empty()
            && jobs.is_empty()
            && events.is_empty()
    }
}

/// Why the authorization of a binding that does not send is over. Of no effect on one that sends, or that was connected later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTrouble {
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// Whose binding.
    pub account_id: Id<Account>,
    /// Which of its bindings.
    pub provider: ProviderKind,
    /// In plain words.
    pub reason: String,
    /// When it was told.
    pub at: Timestamp,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledAttempt {
    /// The message.
    pub message_id: Id<Message>,
    /// The lease it was begun under.
    pub token: i64,
    /// When.
    pub at: Timestamp,
    /// `sent`, `retry`, `refused` or `unknown`.
    pub outcome: &'static str,
    /// The provider's code.
    pub code: Option<i64>,
}

/// An ad or a link that led the customer here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReferral {
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// The conversation it led to.
    pub conversation_id: Id<Conversation>,
    /// See [`Referral`].
    pub referral: Referral,
}

/// What makes a referral unique.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReferralKey {
    /// The conversation it led to.
    pub conversation_id: Id<Conversation>,
    /// See [`ReferralSource::key`](crate::referral::ReferralSource::key).
    pub source: String,
    /// See [`Referral::at`].
    pub at: Timestamp,
}
