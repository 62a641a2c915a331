//! Outbox rows, media rows and reactions.

use domain::{
    Id, Timestamp,
    media::Media,
    message::Reaction,
    outbox::{Lease, OutboxRow, Phase},
};

use super::value::{from_json, from_word, unsigned};
use crate::error::Fault;

/// An outbox row.
#[derive(Debug)]
pub(crate) struct OutboxRowRow {
    pub(crate) message_id: i64,
    pub(crate) workspace_id: i64,
    pub(crate) account_id: i64,
    pub(crate) conversation_id: i64,
    pub(crate) queued_at: i64,
    pub(crate) due_at: i64,
    pub(crate) phase: String,
    pub(crate) attempts: i64,
    pub(crate) lease_token: Option<i64>,
    pub(crate) lease_until: Option<i64>,
    pub(crate) begun: bool,
}

macro_rules! outbox_rows {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::rows::OutboxRowRow,
            "SELECT o.message_id, o.workspace_id, o.account_id, o.conversation_id, o.queued_at, o.due_at, o.phase, o.attempts,
            o.lease_token, o.lease_until, o.begun FROM outbox o " + $rest
            $(, $argument)*
        )
    };
}
pub(crate) use outbox_rows;

/// As the database keeps a phase.
pub(crate) const fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Send => "send",
        Phase::Check => "check",
        Phase::Hold => "hold",
    }
}

impl TryFrom<OutboxRowRow> for OutboxRow {
    type Error = Fault;

    fn try_from(row: OutboxRowRow) -> Result<Self, Fault> {
        Ok(Self {
            message_id: Id::from_raw(row.message_id),
            workspace_id: Id::from_raw(row.workspace_id),
            account_id: Id::from_raw(row.account_id),
            conversation_id: Id::from_raw(row.conversation_id),
            queued_at: Timestamp::from_millis(row.queued_at),
            due_at: Timestamp::from_millis(row.due_at),
            phase: match row.phase.as_str() {
                "send" => Phase::Send,
                "check" => Phase::Check,
                "hold" => Phase::Hold,
                _ => return Err(Fault::corrupt("outbox.phase", "an unknown word")),
            },
            attempts: unsigned("outbox.attempts", row.attempts)?,
            lease: row
                .lease_token
                .zip(row.lease_until)
                .map(|(token, until)| Lease { token, until: Timestamp::from_millis(until) }),
            begun: row.begun,
        })
    }
}

/// A media row.
#[derive(Debug)]
pub(crate) struct MediaRow {
    pub(crate) id: i64,
    pub(crate) workspace_id: i64,
    pub(crate) conversation_id: Option<i64>,
    pub(crate) origin: String,
    pub(crate) state: String,
    pub(crate) mime: Option<String>,
    pub(crate) width: Option<i64>,
    pub(crate) height: Option<i64>,
    pub(crate) size: Option<i64>,
    pub(crate) created_at: i64,
}

macro_rules! media_rows {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::rows::MediaRow,
            "SELECT d.id, d.workspace_id, d.conversation_id, d.origin, d.state, d.mime, d.width, d.height, d.size, d.created_at
            FROM media d " + $rest
            $(, $argument)*
        )
    };
}
pub(crate) use media_rows;

impl TryFrom<MediaRow> for Media {
    type Error = Fault;

    fn try_from(row: MediaRow) -> Result<Self, Fault> {
        Ok(Self {
            id: Id::from_raw(row.id),
            workspace_id: Id::from_raw(row.workspace_id),
            conversation_id: row.conversation_id.map(Id::from_raw),
            origin: from_json("media.origin", &row.origin)?,
            state: from_word("media.state", &row.state)?,
            mime: row.mime,
            width: row.width.map(|value| unsigned("media.width", value)).transpose()?,
            height: row.height.map(|value| unsigned("media.height", value)).transpose()?,
            size: row.size.map(|value| unsigned("media.size", value)).transpose()?,
            created_at: Timestamp::from_millis(row.created_at),
        })
    }
}

/// A reaction, with the account it belongs to.
#[derive(Debug)]
pub(crate) struct ReactionRow {
    pub(crate) account_id: i64,
    pub(crate) message_external_id: String,
    pub(crate) reacted_by: String,
    pub(crate) reaction_key: String,
    pub(crate) image_url: Option<String>,
    pub(crate) by_customer: bool,
    pub(crate) added: bool,
    pub(crate) reacted_at: i64,
}

impl From<ReactionRow> for Reaction {
    fn from(row: ReactionRow) -> Self {
        Self {
            message_external_id: row.message_external_id,
            by: row.reacted_by,
            key: row.reaction_key,
            image_url: row.image_url,
            by_customer: row.by_customer,
            added: row.added,
            at: Timestamp::from_millis(row.reacted_at),
        }
    }
}
