//! A flagged comment as JSON, the same on REST and on sockets.

use domain::{Id, Timestamp, comment as dc, store::CommentRecord};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Author, Contact, Failure};

/// A comment that TikTok takes for an interest to buy. It may be answered by one direct message, for 48 hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Comment {
    /// `cmt_…`.
    #[schema(value_type = String, example = "cmt_00jx3k5t8g002")]
    pub id: Id<dc::Comment>,
    /// The event that last changed it; of two payloads of one comment the higher is the newer.
    pub seq: i64,
    /// `acc_…`: under whose post it stands.
    #[schema(value_type = String)]
    pub account_id: Id<domain::account::Account>,
    /// TikTok's id of it.
    pub provider_comment_id: String,
    /// Who wrote it.
    pub contact: Contact,
    /// What it says; null where TikTok did not tell.
    #[schema(required)]
    pub text: Option<String>,
    /// TikTok's time.
    #[schema(value_type = String, format = DateTime)]
    pub timestamp: Timestamp,
    /// From then on TikTok refuses an answer.
    #[schema(value_type = String, format = DateTime)]
    pub answerable_until: Timestamp,
    /// Where it stands.
    pub state: CommentState,
    /// The answer, whatever became of it; null while open.
    #[schema(required)]
    pub answer: Option<CommentAnswer>,
    /// `conv_…`: where the answer stands, once TikTok has reported it.
    #[schema(value_type = Option<String>, required)]
    pub conversation_id: Option<Id<domain::conversation::Conversation>>,
    /// When we stored it.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// The direct message that answers a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CommentAnswer {
    /// The words.
    pub text: String,
    /// Who gave it.
    pub author: Author,
    /// When it was given.
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
    /// Why it failed, is unconfirmed or waits.
    #[schema(required)]
    pub failure: Option<Failure>,
}

/// Where a comment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CommentState {
    /// Nobody answered it here.
    Open,
    /// An answer waits or is on its way.
    Answering,
    /// TikTok has the answer.
    Answered,
    /// TikTok does not have it.
    Failed,
    /// Nobody knows: TikTok's answer was lost.
    Unconfirmed,
}

/// The comment that a message answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnsweredComment {
    /// `cmt_…`.
    #[schema(value_type = String)]
    pub id: Id<dc::Comment>,
    /// What it says; null where TikTok did not tell.
    #[schema(required)]
    pub text: Option<String>,
}

impl From<&domain::store::AnsweredComment> for AnsweredComment {
    fn from(comment: &domain::store::AnsweredComment) -> Self {
        Self { id: comment.id, text: comment.text.clone() }
    }
}

impl From<&CommentRecord> for Comment {
    fn from(record: &CommentRecord) -> Self {
        let comment = &record.comment;
        Self {
            id: comment.id,
            seq: comment.seq,
            account_id: comment.account_id,
            provider_comment_id: comment.external_id.clone(),
            contact: Contact::from(&record.contact),
            text: comment.text.clone(),
            timestamp: comment.commented_at,
            answerable_until: comment.answerable_until(),
            state: comment.state.into(),
            answer: comment.answer.as_ref().map(|answer| CommentAnswer {
                text: answer.text.clone(),
                author: Author::new(&answer.author, record.author_name.as_ref()),
                asked_at: answer.asked_at,
                failure: answer.failure.as_ref().map(Failure::from),
            }),
            conversation_id: record.conversation_id,
            created_at: comment.created_at,
        }
    }
}

impl From<dc::CommentState> for CommentState {
    fn from(state: dc::CommentState) -> Self {
        match state {
            dc::CommentState::Open => Self::Open,
            dc::CommentState::Answering => Self::Answering,
            dc::CommentState::Answered => Self::Answered,
            dc::CommentState::Failed => Self::Failed,
            dc::CommentState::Unconfirmed => Self::Unconfirmed,
        }
    }
}

impl From<CommentState> for dc::CommentState {
    fn from(state: CommentState) -> Self {
        match state {
            CommentState::Open => Self::Open,
            CommentState::Answering => Self::Answering,
            CommentState::Answered => Self::Answered,
            CommentState::Failed => Self::Failed,
            CommentState::Unconfirmed => Self::Unconfirmed,
        }
    }
}
