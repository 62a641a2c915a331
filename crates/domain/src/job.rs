//! Small durable jobs: names, media, token refresh, answers to comments. Messages have the outbox.

use serde::{Deserialize, Serialize};

use crate::{
    account::{Account, Binding},
    clock::Timestamp,
    comment::Comment,
    conversation::Conversation,
    id::{Entity, Id},
    media::Media,
    workspace::Workspace,
};

/// What to do. Kept as JSON; equal tasks that still wait are one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum Task {
    /// Copy a picture, video or sticker to our own store.
    FetchMedia {
        /// Which.
        media: Id<Media>,
    },
    /// Ask for names, avatar and whether pictures can be sent.
    DescribeConversation {
        /// Which.
        conversation: Id<Conversation>,
    },
    /// Tell the customer that their messages were looked at, as TikTok's own app does.
    MarkRead {
        /// Which.
        conversation: Id<Conversation>,
    },
    /// Refresh a binding's tokens before they end.
    RefreshTokens {
        /// Whose.
        binding: Id<Binding>,
    },
    /// Read both lists of conversations and file what they show.
    FileHistory {
        /// Whose.
        account: Id<Account>,
    },
    /// File one listed conversation.
    FileConversation {
        /// Whose.
        account: Id<Account>,
        /// The provider's id.
        external_id: String,
    },
    /// Look through the lists for a message that the provider withholds.
    FindWithheld {
        /// To whom it was written.
        account: Id<Account>,
        /// The provider's time of it.
        at: Timestamp,
    },
    /// Send the answer to a comment, at most once: its attempt is written before the call.
    AnswerComment {
        /// Which.
        comment: Id<Comment>,
    },
}

/// A task on its way into the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// What to do.
    pub task: Task,
    /// Not before.
    pub due_at: Timestamp,
    /// After everything else that is due: history waits for what happens now.
    pub later: bool,
}

/// A claimed job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Printed `job_…`.
    pub id: Id<Self>,
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// What to do.
    pub task: Task,
    /// Tries before this one.
    pub attempts: u32,
    /// Fences, as in the outbox.
    pub token: i64,
}

impl Entity for Job {
    const PREFIX: &'static str = "job";
}

/// What became of a job. The outcome carries the decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobOutcome {
    /// Done: the row goes.
    Done,
    /// Again, not before.
    Retry {
        /// When.
        due_at: Timestamp,
        /// Why, for people; holds no words of customers and no secrets.
        error: String,
    },
    /// Given up: the row stays, listed, for a person.
    Failed {
        /// Why.
        error: String,
    },
}
