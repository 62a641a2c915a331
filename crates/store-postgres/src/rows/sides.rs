//! Names that further sides give, as the database has them.

use domain::{
    Id, Timestamp,
    journal::{ConversationName, MessageName},
};

use super::value::from_word;
use crate::error::Fault;

/// What a side calls a conversation.
#[derive(Debug)]
pub(crate) struct ConversationNameRow {
    pub(crate) workspace_id: i64,
    pub(crate) account_id: i64,
    pub(crate) provider: String,
    pub(crate) external_id: String,
    pub(crate) conversation_id: i64,
    pub(crate) guessed: bool,
}

macro_rules! conversation_name_rows {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::rows::ConversationNameRow,
            "SELECT n.workspace_id, n.account_id, n.provider, n.external_id, n.conversation_id, n.guessed FROM conversation_name n " + $rest
            $(, $argument)*
        )
    };
}
pub(crate) use conversation_name_rows;

impl TryFrom<ConversationNameRow> for ConversationName {
    type Error = Fault;

    fn try_from(row: ConversationNameRow) -> Result<Self, Fault> {
        Ok(Self {
            workspace_id: Id::from_raw(row.workspace_id),
            account_id: Id::from_raw(row.account_id),
            provider: from_word("conversation_name.provider", &row.provider)?,
            external_id: row.external_id,
            conversation_id: Id::from_raw(row.conversation_id),
            guessed: row.guessed,
        })
    }
}

/// What a side calls a message.
#[derive(Debug)]
pub(crate) struct MessageNameRow {
    pub(crate) workspace_id: i64,
    pub(crate) account_id: i64,
    pub(crate) provider: String,
    pub(crate) external_id: String,
    pub(crate) message_id: i64,
    pub(crate) platform_id: Option<String>,
    pub(crate) told_at: i64,
    pub(crate) guessed: bool,
}

macro_rules! message_name_rows {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::rows::MessageNameRow,
            "SELECT n.workspace_id, n.account_id, n.provider, n.external_id, n.message_id, n.platform_id, n.told_at, n.guessed
            FROM message_name n " + $rest
            $(, $argument)*
        )
    };
}
pub(crate) use message_name_rows;

impl TryFrom<MessageNameRow> for MessageName {
    type Error = Fault;

    fn try_from(row: MessageNameRow) -> Result<Self, Fault> {
        Ok(Self {
            workspace_id: Id::from_raw(row.workspace_id),
            account_id: Id::from_raw(row.account_id),
            provider: from_word("message_name.provider", &row.provider)?,
            external_id: row.external_id,
            message_id: Id::from_raw(row.message_id),
            platform_id: row.platform_id,
            told_at: Timestamp::from_millis(row.told_at),
            guessed: row.guessed,
        })
    }
}
