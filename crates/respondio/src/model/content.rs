//! What a message says, one variant per attested type.
//! Whatever does not fit a variant becomes `Other` with the raw JSON: nothing is dropped.

use serde_json::Value;

use super::{Attachment, string_enum::string_enum};
use crate::wire::{FieldError, Fields};

string_enum! {
    /// Permission to write on Facebook and Instagram outside 24 hours. Means nothing on TikTok.
    MessageTag {
        /// News of an account.
        AccountUpdate = "ACCOUNT_UPDATE",
        /// News of a purchase.
        PostPurchaseUpdate = "POST_PURCHASE_UPDATE",
        /// News of an appointment.
        ConfirmedEventUpdate = "CONFIRMED_EVENT_UPDATE",
    }
}

/// The content of a message.
///
/// Source: the vendor's TypeScript SDK and n8n trigger, read 2026-11-20.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum MessageContent {
    /// Plain text; may be empty.
    Text {
        /// The words.
        text: String,
        /// Permission it was sent under.
        tag: Option<MessageTag>,
    },
    /// A picture, video, recording or file.
    Attachment(Attachment),
    /// A shared TikTok post. Its inner shape is not published.
    Post {
        /// Address of the post, if one was found.
        url: Option<String>,
        /// The whole content as received.
        raw: Value,
    },
    /// A question with answers to tap; outgoing.
    QuickReply {
        /// The question.
        title: String,
        /// The answers.
        replies: Vec<String>,
    },
    /// An email.
    Email {
        /// The words.
        text: String,
        /// The subject.
        subject: Option<String>,
    },
    /// The platform sent something Respond.io cannot show.
    Unsupported,
    /// A type without a variant here, a future one, or a known one in an unexpected shape.
    Other {
        /// The type as sent. Example `location`; empty if there was none.
        type_name: String,
        /// The whole content as received.
        raw: Value,
    },
}

impl MessageContent {
    /// The words, if it has any.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text { text, .. } | Self::Email { text, .. } => Some(text),
            Self::QuickReply { title, .. } => Some(title),
            _ => None,
        }
    }

    /// The content of a message; absent content is an empty `Other`.
    pub(super) fn read(value: Option<&Value>) -> Self {
        let raw = value.cloned().unwrap_or(Value::Null);
        let fields = Fields::of(&raw, "message").ok();
        let type_name = fields.and_then(|fields| fields.text("type")).unwrap_or_default();
        let known = fields.map(|fields| Self::known(&type_name.to_ascii_lowercase(), fields, &raw));
        match known {
            Some(Ok(Some(content))) => content,
            _ => Self::Other { type_name, raw },
        }
    }

    fn known(type_name: &str, fields: Fields<'_>, raw: &Value) -> Result<Option<Self>, FieldError> {
        Ok(Some(match type_name {
            "text" => Self::Text { text: fields.need_text("text")?, tag: fields.filled("messageTag") },
            "attachment" => Self::Attachment(Attachment::read(fields.need_object("attachment")?)?),
            "post" => Self::Post { url: fields.object("post").unwrap_or(fields).filled("url"), raw: raw.clone() },
            "quick_reply" => Self::QuickReply { title: fields.need_text("title")?, replies: fields.texts("replies") },
            // The n8n nodes write the words as `message`.
            "email" => Self::Email {
                text: fields.text("text").or_else(|| fields.text("message")).ok_or(FieldError("text"))?,
                subject: fields.filled("subject"),
            },
            "unsupported" => Self::Unsupported,
            _ => return Ok(None),
        }))
    }
}
