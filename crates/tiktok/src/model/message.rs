//! One direct message, from a webhook or from the content list, and the answer to a send.
//! Decoded here once for both, because the two differ only in field names and letter case.

use serde_json::Value;

use super::{
    AutoMessageType, BusinessId, ConversationId, Customer, MessageContent, MessageId, Parties, Reaction,
    string_enum::string_enum,
};
use crate::wire::{FieldError, Fields};

string_enum! {
    /// Where a message was written (`message_tag.source`).
    MessageSource {
        /// In the TikTok app.
        App = "APP",
        /// On TikTok's website or in the Business Center.
        Web = "WEB",
        /// Through the API, by this or another app.
        Api = "API",
        /// By TikTok's servers or bots, such as automatic messages.
        Others = "OTHERS",
        /// TikTok does not know.
        UnknownSource = "UNKNOWN_SOURCE",
    }
}

/// Which way a message went, seen from the business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the TikTok user to the business.
    Incoming,
    /// From the business to the TikTok user.
    Outgoing,
}

/// One direct message.
///
/// Source: portal pages 1832190670631937 (webhook) and 1832184425841170 (content list), read
/// 2026-11-20.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[expect(clippy::struct_field_names, reason = "the name on the wire")]
pub struct Message {
    /// The conversation it belongs to.
    pub conversation_id: ConversationId,
    /// Its id, unique within the business account.
    pub message_id: MessageId,
    /// When it was sent, in milliseconds since 1970.
    pub timestamp_ms: i64,
    /// Who wrote to whom.
    pub parties: Parties,
    /// What it says.
    pub content: MessageContent,
    /// The earlier message it quotes.
    pub quoted_message_id: Option<MessageId>,
    /// The card button whose tap produced it.
    pub reply: Option<ReplyPayload>,
    /// Set when TikTok sent it automatically for the business.
    pub auto_message_type: Option<AutoMessageType>,
    /// Where it was written.
    pub source: Option<MessageSource>,
    /// 0 is a normal conversation; TikTok documents no other value.
    pub scene_type: Option<i64>,
    /// Whether the user follows the business.
    pub is_follower: Option<bool>,
    /// Reactions to it. Filled by the content list only; webhooks send a message of its own.
    pub reactions: Vec<Reaction>,
    /// The direction the event name claims; `None` in the content list. A last resort: ask
    /// [`Self::direction`].
    pub announced: Option<Direction>,
}

/// Which card button was tapped (`reply_source_payload`).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplyPayload {
    /// A message related to the tap; TikTok does not say clearly which.
    pub message_id: Option<MessageId>,
    /// The button id you gave the card. Example `opt_book_table`.
    pub button_id: Option<String>,
}

/// The answer to a send.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sent {
    /// Id of the message, the same as in its later `im_send_msg` echo. `None` for typing and
    /// mark-read, which TikTok answers with an empty id.
    pub message_id: Option<MessageId>,
}

impl Message {
    /// Which way the message went: by the ids against the business account, then by the roles,
    /// then by the event name. `None` only for a sparse entry of the content list.
    pub fn direction(&self, business: &BusinessId) -> Option<Direction> {
        self.parties.direction(business).or(self.announced)
    }

    /// The user's side of the message, if the direction is known.
    pub fn customer(&self, business: &BusinessId) -> Option<Customer> {
        self.direction(business).map(|direction| self.parties.customer(direction))
    }

    pub(crate) fn read(value: &Value, announced: Option<Direction>) -> Result<Self, FieldError> {
        let fields = Fields::of(value, "content")?;
        let message_id: MessageId = fields.need("message_id")?;
        let reactions = fields.list("reactions").iter();
        Ok(Self {
            conversation_id: fields.need("conversation_id")?,
            timestamp_ms: fields.need_millis("timestamp")?,
            parties: Parties::read(fields),
            content: MessageContent::read(value, fields),
            quoted_message_id: fields
                .object("referenced_message_info")
                .and_then(|info| info.filled("referenced_message_id")),
            reply: fields.object("reply_source_payload").map(ReplyPayload::read),
            auto_message_type: fields.filled("auto_message_type"),
            source: fields.object("message_tag").and_then(|tag| tag.filled("source")),
            scene_type: fields.integer("scene_type"),
            is_follower: fields.flag("is_follower"),
            reactions: reactions.filter_map(|reaction| Reaction::read(reaction, Some(&message_id)).ok()).collect(),
            announced,
            message_id,
        })
    }
}

impl ReplyPayload {
    fn read(fields: Fields<'_>) -> Self {
        Self { message_id: fields.filled("reply_source_msg_id"), button_id: fields.filled("reply_source_unique_id") }
    }
}

impl Sent {
    pub(crate) fn read(data: &Value) -> Result<Self, FieldError> {
        let data = Fields::of(data, "data")?;
        // `data.message_id` is reported too; a send is not to become uncertain over that.
        let message = data.object("message").unwrap_or(data);
        // Typing and mark-read answer with "", but a missing field is not an answer to a send.
        let message_id: String = message.need_text("message_id")?;
        Ok(Self { message_id: Some(message_id).filter(|id| !id.is_empty()).map(MessageId::from) })
    }
}
