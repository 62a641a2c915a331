//! Flagged comments and their answers.

use async_trait::async_trait;

use super::StoreResult;
use crate::{
    account::Account,
    clock::Timestamp,
    comment::{AnswerDraft, Comment, CommentState},
    contact::Contact,
    conversation::Conversation,
    id::Id,
    job::Job,
    outbox::Outcome,
    workspace::Scope,
};

/// A comment with everything a view shows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentRecord {
    /// The comment.
    pub comment: Comment,
    /// Who wrote it.
    pub contact: Contact,
    /// Name of the member or API key that answered.
    pub author_name: Option<String>,
    /// Where the answer stands, once TikTok has reported it.
    pub conversation_id: Option<Id<Conversation>>,
}

/// The comment that a message answers, as it stands above the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredComment {
    /// The comment.
    pub id: Id<Comment>,
    /// What it says, where TikTok told.
    pub text: Option<String>,
}

/// A place in the order of comments: (`commented_at`, `id`).
pub type CommentCursor = (Timestamp, Id<Comment>);

/// Which comments, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommentFilter {
    /// Only of this account.
    pub account: Option<Id<Account>>,
    /// Only in this state.
    pub state: Option<CommentState>,
    /// Those before this one.
    pub before: Option<CommentCursor>,
    /// 1 to 200.
    pub limit: u32,
}

/// An answer that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The comment as it is then.
    pub record: CommentRecord,
    /// False when the idempotency key was known and nothing new was taken.
    pub fresh: bool,
}

/// Comments.
#[async_trait]
pub trait Comments: Send + Sync {
    /// A page.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn comments(&self, scope: &Scope, filter: CommentFilter) -> StoreResult<Vec<CommentRecord>>;

    /// One comment.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn comment(&self, scope: &Scope, id: Id<Comment>) -> StoreResult<Option<CommentRecord>>;

    /// Checks the rules and takes an answer: comment, job and event in one transaction.
    ///
    /// # Errors
    /// `Refused` with the rule, `Unavailable`.
    async fn answer_comment(&self, scope: &Scope, draft: AnswerDraft) -> StoreResult<Answered>;

    /// Writes the attempt before the call, for whoever leased `job`; gives what to call with. `None`: do not call. An attempt of an
    /// earlier lease has become unconfirmed, or the guard refuses by now.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn begin_answer(&self, job: &Job, comment: Id<Comment>) -> StoreResult<Option<(Comment, Account)>>;

    /// Settles a begun answer; false for a stale token.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn settle_answer(&self, job: &Job, comment: Id<Comment>, outcome: Outcome) -> StoreResult<bool>;
}
