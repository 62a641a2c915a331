//! `POST /contact/{identifier}/message`: sends a message of any type, once.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::{
    Request, TryIntoRequest, awaitable,
    outgoing::{Content, Email, ProviderTemplate},
};
use crate::{
    client::Client,
    error::Error,
    model::{AttachmentKind, ChannelId, Identifier, MessageTag, Sent},
    secret::AccessToken,
};

/// A message without a content. Made by [`Client::send_message`].
///
/// Source: the vendor's TypeScript SDK, MCP server and n8n nodes, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "name a content, then await"]
pub struct MessageDraft {
    client: Client,
    token: AccessToken,
    contact: Identifier,
    channel: Option<ChannelId>,
}

/// A finished text message; can still carry a tag.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct SendText {
    client: Client,
    message: SendMessage,
}

/// A finished message. Awaiting it sends it, once; a success means *taken*, not delivered.
///
/// Failures: 400, 401, 404, 429, 449, and those after which the message may have been sent: see
/// [`Error::outcome_uncertain`]. Respond.io has no idempotency key, so never repeat an uncertain send
/// blindly: look for it in the message list, outgoing and from `api`.
#[derive(Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct SendMessage {
    client: Client,
    token: AccessToken,
    contact: Identifier,
    body: Body,
}

#[derive(Clone, Serialize)]
struct Body {
    #[serde(rename = "channelId", skip_serializing_if = "Option::is_none")]
    channel: Option<ChannelId>,
    message: Content,
}

impl MessageDraft {
    pub(crate) fn new(client: &Client, token: &AccessToken, contact: Identifier) -> Self {
        Self { client: client.clone(), token: token.clone(), contact, channel: None }
    }

    /// Through this channel. Default the one the contact last used, which is the wrong one as soon as
    /// a contact has several.
    pub fn channel(mut self, channel: impl Into<ChannelId>) -> Self {
        self.channel = Some(channel.into());
        self
    }

    /// A text, word for word.
    ///
    /// # Errors
    /// A text that is empty, or holds `{{$`: the server would replace `{{$contact.name}}` and its like
    /// by their values; if that is meant, use [`Self::text_with_variables`].
    pub fn text(self, text: impl Into<String>) -> Result<SendText, Error> {
        let content = Content::words(text.into())?;
        Ok(self.finish_text(content))
    }

    /// A text in which the server replaces variables such as `{{$contact.name}}`. Not for words that
    /// people typed.
    ///
    /// # Errors
    /// A text that is empty.
    pub fn text_with_variables(self, text: impl Into<String>) -> Result<SendText, Error> {
        let content = Content::text(text.into())?;
        Ok(self.finish_text(content))
    }

    /// A picture, video, recording or file, which Respond.io fetches: there is no upload. TikTok takes
    /// pictures only.
    ///
    /// # Errors
    /// An address that is not http or https.
    pub fn attachment(self, kind: AttachmentKind, url: impl Into<String>) -> Result<SendMessage, Error> {
        let content = Content::attachment(kind, url.into())?;
        Ok(self.finish(content))
    }

    /// A question with one to ten answers to tap. Not documented for TikTok.
    ///
    /// # Errors
    /// An empty question, no answer, or more than ten.
    pub fn quick_reply<T: Into<String>>(
        self,
        title: impl Into<String>,
        replies: impl IntoIterator<Item = T>,
    ) -> Result<SendMessage, Error> {
        let content = Content::quick_reply(title.into(), replies.into_iter().map(Into::into).collect())?;
        Ok(self.finish(content))
    }

    /// A message in the platform's own JSON.
    pub fn custom_payload(self, payload: Value) -> SendMessage {
        self.finish(Content::CustomPayload { payload })
    }

    /// An email.
    ///
    /// # Errors
    /// An empty text, or a file whose address is not http or https.
    pub fn email(self, email: Email) -> Result<SendMessage, Error> {
        let content = Content::email(email)?;
        Ok(self.finish(content))
    }

    /// A template of `WhatsApp`.
    pub fn whatsapp_template(self, template: ProviderTemplate) -> SendMessage {
        self.finish(Content::WhatsappTemplate { template })
    }

    /// A template of Facebook; in the n8n nodes only.
    pub fn facebook_template(self, template: ProviderTemplate) -> SendMessage {
        self.finish(Content::FacebookTemplate { template })
    }

    fn finish_text(self, content: Content) -> SendText {
        SendText { client: self.client.clone(), message: self.finish(content) }
    }

    fn finish(self, message: Content) -> SendMessage {
        let body = Body { channel: self.channel, message };
        SendMessage { client: self.client, token: self.token, contact: self.contact, body }
    }
}

impl SendText {
    /// Permission to write on Facebook or Instagram outside 24 hours.
    pub fn tag(mut self, tag: MessageTag) -> Self {
        if let Content::Text { message_tag, .. } = &mut self.message.body.message {
            *message_tag = Some(tag);
        }
        self
    }
}

impl From<SendText> for SendMessage {
    fn from(text: SendText) -> Self {
        text.message
    }
}

impl TryIntoRequest for SendMessage {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::post(self.token, "/contact/{identifier}/message", &[self.contact.segment()], &self.body))
    }
}

impl TryIntoRequest for SendText {
    fn try_into_request(self) -> Result<Request, Error> {
        self.message.try_into_request()
    }
}

awaitable!(SendMessage => Sent, Sent::read);
awaitable!(SendText => Sent, Sent::read);

impl fmt::Debug for SendMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The words of the message are nobody's business but the recipient's.
        f.debug_struct("SendMessage").field("contact", &self.contact).finish_non_exhaustive()
    }
}
