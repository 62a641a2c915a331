//! Comments.

use domain::{
    Id, Timestamp,
    comment::{Comment, CommentState},
};

use super::value::from_json;
use crate::error::Fault;

/// A comment.
#[derive(Debug)]
pub(crate) struct CommentRow {
    pub(crate) id: i64,
    pub(crate) workspace_id: i64,
    pub(crate) account_id: i64,
    pub(crate) contact_id: i64,
    pub(crate) external_id: String,
    pub(crate) text: Option<String>,
    pub(crate) commented_at: i64,
    pub(crate) state: String,
    pub(crate) answer: Option<String>,
    pub(crate) message_external_id: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) seq: i64,
}

macro_rules! comment_rows {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::rows::CommentRow,
            "SELECT q.id, q.workspace_id, q.account_id, q.contact_id, q.external_id, q.text, q.commented_at, q.state, q.answer,
            q.message_external_id, q.created_at, q.seq FROM " + $rest
            $(, $argument)*
        )
    };
}
pub(crate) use comment_rows;

impl TryFrom<CommentRow> for Comment {
    type Error = Fault;

    fn try_from(row: CommentRow) -> Result<Self, Fault> {
        Ok(Self {
            id: Id::from_raw(row.id),
            workspace_id: Id::from_raw(row.workspace_id),
            account_id: Id::from_raw(row.account_id),
            contact_id: Id::from_raw(row.contact_id),
            external_id: row.external_id,
            text: row.text,
            commented_at: Timestamp::from_millis(row.commented_at),
            state: CommentState::parse(&row.state).ok_or_else(|| Fault::corrupt("comment.state", "an unknown word"))?,
            answer: row.answer.as_deref().map(|text| from_json("comment.answer", text)).transpose()?,
            message_external_id: row.message_external_id,
            created_at: Timestamp::from_millis(row.created_at),
            seq: row.seq,
        })
    }
}
