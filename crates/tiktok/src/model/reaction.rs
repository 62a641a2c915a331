//! An emoji put on a message or taken off again.
//! Webhooks send reactions as messages of their own; the content list hangs them on the message.

use serde_json::Value;

use super::{MessageId, UserId, string_enum::string_enum};
use crate::wire::{FieldError, Fields};

string_enum! {
    /// Whether a reaction was added or taken back.
    ReactionOperation {
        /// Added, or present in the content list.
        Add = "ADD",
        /// Taken back.
        Remove = "REMOVE",
    }
}

string_enum! {
    /// What a reaction consists of.
    ReactionType {
        /// A Unicode emoji.
        Emoji = "EMOJI",
        /// A picture made from the user's avatar.
        AiEmoji = "AI_EMOJI",
    }
}

/// One reaction.
///
/// Source: portal pages 1832190670631937 and 1832184425841170, read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reaction {
    /// Added or taken back; always `Add` in the content list.
    pub operation: ReactionOperation,
    /// Unicode emoji or picture.
    pub kind: ReactionType,
    /// The emoji. Example `❤️`.
    pub emoji: Option<String>,
    /// Address of the picture, good for 30 days.
    pub image_url: Option<String>,
    /// Who reacted, as `unique_identifier` or business id.
    pub by: Option<UserId>,
    /// When, in milliseconds since 1970.
    pub timestamp_ms: Option<i64>,
    /// The message reacted to.
    pub message_id: MessageId,
}

impl Reaction {
    /// `on`: the message that carries the reaction, when the payload does not name one.
    pub(crate) fn read(value: &Value, on: Option<&MessageId>) -> Result<Self, FieldError> {
        let fields = Fields::of(value, "reaction")?;
        let named = fields.filled("original_msg_id").or_else(|| on.cloned());
        Ok(Self {
            operation: fields.filled("operation").unwrap_or(ReactionOperation::Add),
            kind: fields.filled("type").unwrap_or(ReactionType::Emoji),
            emoji: fields.filled("emoji"),
            image_url: fields.filled("ai_emoji_url"),
            by: fields.filled("unique_identifier"),
            timestamp_ms: fields.millis("timestamp"),
            message_id: named.ok_or(FieldError("original_msg_id"))?,
        })
    }
}
