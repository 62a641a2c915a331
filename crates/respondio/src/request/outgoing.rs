//! Contents of a message as they are sent. `send_message.rs` makes them.

use serde::Serialize;
use serde_json::Value;

use crate::{
    error::ValidationError,
    limits,
    model::{AttachmentKind, MessageTag},
};

/// An email to send.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Email {
    /// The words.
    pub text: String,
    /// The subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Addresses that get a copy.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<String>,
    /// Addresses that get a copy the others do not see.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bcc: Vec<String>,
    /// The message it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to_message_id: Option<u64>,
    /// Files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<EmailAttachment>,
}

/// A file of an email.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EmailAttachment {
    /// What kind.
    #[serde(rename = "type")]
    pub kind: AttachmentKind,
    /// Where Respond.io fetches it.
    pub url: String,
    /// Name of the file. Example `invoice.pdf`.
    pub file_name: String,
}

/// A message template approved by `WhatsApp` or Facebook.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderTemplate {
    /// Its name.
    pub name: String,
    /// Its language. Example `en_US`.
    pub language_code: String,
    /// Its filled-in parts, in the platform's own JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub components: Option<Value>,
}

#[derive(Clone, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Content {
    Text {
        text: String,
        #[serde(rename = "messageTag", skip_serializing_if = "Option::is_none")]
        message_tag: Option<MessageTag>,
    },
    Attachment {
        attachment: File,
    },
    QuickReply {
        title: String,
        replies: Vec<String>,
    },
    CustomPayload {
        payload: Value,
    },
    Email(Email),
    WhatsappTemplate {
        template: ProviderTemplate,
    },
    FacebookTemplate {
        template: ProviderTemplate,
    },
}

#[derive(Clone, Serialize)]
pub(super) struct File {
    #[serde(rename = "type")]
    kind: AttachmentKind,
    url: String,
}

/// Where Respond.io begins to read a variable, as in `{{$contact.name}}`.
const VARIABLE: &str = "{{$";

impl Content {
    /// Words without variables.
    pub(super) fn words(text: String) -> Result<Self, ValidationError> {
        if text.contains(VARIABLE) {
            return Err(ValidationError::Variable { field: "message.text" });
        }
        Self::text(text)
    }

    /// Words in which the server may put variables.
    pub(super) fn text(text: String) -> Result<Self, ValidationError> {
        not_empty("message.text", &text)?;
        Ok(Self::Text { text, message_tag: None })
    }

    pub(super) fn attachment(kind: AttachmentKind, url: String) -> Result<Self, ValidationError> {
        ValidationError::check_address("message.attachment.url", &url)?;
        Ok(Self::Attachment { attachment: File { kind, url } })
    }

    pub(super) fn quick_reply(title: String, replies: Vec<String>) -> Result<Self, ValidationError> {
        not_empty("message.title", &title)?;
        ValidationError::check_count("message.replies", replies.len(), limits::QUICK_REPLIES_MAX)?;
        Ok(Self::QuickReply { title, replies })
    }

    pub(super) fn email(email: Email) -> Result<Self, ValidationError> {
        not_empty("message.text", &email.text)?;
        let addresses = email.attachments.iter().map(|file| &file.url);
        addresses.into_iter().try_for_each(|url| ValidationError::check_address("message.attachments.url", url))?;
        Ok(Self::Email(email))
    }
}

fn not_empty(field: &'static str, text: &str) -> Result<(), ValidationError> {
    if text.is_empty() { Err(ValidationError::Empty { field }) } else { Ok(()) }
}
