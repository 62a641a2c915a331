//! `POST /business/message/send/`: text, picture, shared post, card, typing, read mark, and the
//! direct answer to a comment. The types lead from recipient to content, so that a combination
//! TikTok refuses cannot be written.

use std::fmt;

use serde::Serialize;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::{Error, ValidationError},
    limits,
    model::{BusinessId, CommentId, ConversationId, MediaId, MessageId, PostId, Sent, Template, TemplateStyle},
    secret::AccessToken,
};

const PATH: &str = "/business/message/send/";

/// A message without a recipient. Made by [`Client::send_message`].
///
/// Source: portal page 1832184403754242, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "name a recipient and a content, then await"]
pub struct MessageDraft {
    client: Client,
    token: AccessToken,
    business_id: BusinessId,
}

/// A message with a recipient but no content.
#[derive(Debug, Clone)]
#[must_use = "name a content, then await"]
pub struct ConversationDraft {
    draft: MessageDraft,
    conversation_id: ConversationId,
}

/// An answer to a comment, still without words.
#[derive(Debug, Clone)]
#[must_use = "give it a text, then await"]
pub struct CommentDraft {
    draft: MessageDraft,
    comment_id: CommentId,
}

/// A finished text message; can still quote an earlier one.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct SendText {
    client: Client,
    message: SendMessage,
}

/// A finished message. Awaiting it sends it, once.
///
/// Failures: 40064 (direct-message rules), 40105 (token), 40100 (rate), 40002 (parameter), and
/// those after which the message may have been sent: see [`Error::outcome_uncertain`]. TikTok has
/// no idempotency key, so never repeat an uncertain send blindly: look for its `im_send_msg` echo
/// or in the content list.
#[derive(Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct SendMessage {
    client: Client,
    token: AccessToken,
    body: Body,
}

impl MessageDraft {
    pub(crate) fn new(client: &Client, token: &AccessToken, business_id: BusinessId) -> Self {
        Self { client: client.clone(), token: token.clone(), business_id }
    }

    /// Into an existing conversation.
    pub fn conversation(self, conversation: impl Into<ConversationId>) -> ConversationDraft {
        ConversationDraft { draft: self, conversation_id: conversation.into() }
    }

    /// To the author of a comment reported by `im_receive_high_intent_comment`: the only way to
    /// write first. Within 48 h of a first-level comment that nobody has answered by message.
    pub fn comment_reply(self, comment: impl Into<CommentId>) -> CommentDraft {
        CommentDraft { draft: self, comment_id: comment.into() }
    }

    fn message(self, target: Target, content: Content) -> SendMessage {
        let body = Body { business_id: self.business_id, target, content, quote: None };
        SendMessage { client: self.client, token: self.token, body }
    }
}

impl ConversationDraft {
    /// A text of at most 6,000 characters.
    ///
    /// # Errors
    /// A text that is empty or too long.
    pub fn text(self, text: impl Into<String>) -> Result<SendText, Error> {
        let content = Content::text(text.into())?;
        let client = self.draft.client.clone();
        Ok(SendText { client, message: self.message(content) })
    }

    /// A picture uploaded with [`Client::upload_image`].
    pub fn image(self, media: impl Into<MediaId>) -> SendMessage {
        self.message(Content::Image { image: Image { media_id: media.into() } })
    }

    /// One of the account's own posts.
    pub fn share_post(self, post: impl Into<PostId>) -> SendMessage {
        self.message(Content::SharePost { share_post: SharePost { item_id: post.into() } })
    }

    /// A card with buttons.
    pub fn template(self, template: Template) -> SendMessage {
        self.message(Content::Template { template: template.into() })
    }

    /// Shows "typing" to the user for 5 seconds. Does not count against the quota.
    pub fn typing(self) -> SendMessage {
        self.message(Content::SenderAction { sender_action: "TYPING" })
    }

    /// Shows the user that the whole conversation was read.
    pub fn mark_read(self) -> SendMessage {
        self.message(Content::SenderAction { sender_action: "MARK_READ" })
    }

    fn message(self, content: Content) -> SendMessage {
        let recipient = self.conversation_id;
        self.draft.message(Target::Conversation { recipient_type: "CONVERSATION", recipient }, content)
    }
}

impl CommentDraft {
    /// A text of at most 6,000 characters.
    ///
    /// # Errors
    /// A text that is empty or too long.
    pub fn text(self, text: impl Into<String>) -> Result<SendMessage, Error> {
        let content = Content::text(text.into())?;
        let comment_reply = CommentReply { comment_id: self.comment_id };
        let direct_reply = DirectReply { reply_type: "COMMENT_REPLY", comment_reply };
        Ok(self.draft.message(Target::Comment { direct_reply }, content))
    }
}

impl SendText {
    /// Quotes an earlier text, picture or shared post of the conversation.
    pub fn quote(mut self, message: impl Into<MessageId>) -> Self {
        self.message.body.quote = Some(Quote { referenced_message_id: message.into() });
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
        Ok(Request::post(PATH, &self.body).authorized(self.token))
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
        f.debug_struct("SendMessage").field("business_id", &self.body.business_id).finish_non_exhaustive()
    }
}

#[derive(Clone, Serialize)]
struct Body {
    business_id: BusinessId,
    #[serde(flatten)]
    target: Target,
    #[serde(flatten)]
    content: Content,
    #[serde(rename = "referenced_message_info", skip_serializing_if = "Option::is_none")]
    quote: Option<Quote>,
}

#[derive(Clone, Serialize)]
#[serde(untagged)]
enum Target {
    Conversation { recipient_type: &'static str, recipient: ConversationId },
    Comment { direct_reply: DirectReply },
}

#[derive(Clone, Serialize)]
#[serde(tag = "message_type", rename_all = "SCREAMING_SNAKE_CASE")]
enum Content {
    Text { text: Text },
    Image { image: Image },
    SharePost { share_post: SharePost },
    Template { template: Card },
    SenderAction { sender_action: &'static str },
}

#[derive(Clone, Serialize)]
struct Text {
    body: String,
}

#[derive(Clone, Serialize)]
struct Image {
    media_id: MediaId,
}

#[derive(Clone, Serialize)]
struct SharePost {
    item_id: PostId,
}

#[derive(Clone, Serialize)]
struct Card {
    #[serde(rename = "type")]
    style: TemplateStyle,
    title: String,
    buttons: Vec<Button>,
}

#[derive(Clone, Serialize)]
struct Button {
    #[serde(rename = "type")]
    kind: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

#[derive(Clone, Serialize)]
struct Quote {
    referenced_message_id: MessageId,
}

#[derive(Clone, Serialize)]
struct DirectReply {
    reply_type: &'static str,
    comment_reply: CommentReply,
}

#[derive(Clone, Serialize)]
struct CommentReply {
    comment_id: CommentId,
}

impl Content {
    fn text(body: String) -> Result<Self, ValidationError> {
        ValidationError::check_text("text.body", &body, limits::TEXT_MAX)?;
        Ok(Self::Text { text: Text { body } })
    }
}

impl From<Template> for Card {
    fn from(template: Template) -> Self {
        let buttons = template.buttons.into_iter();
        Self {
            style: template.style,
            title: template.title,
            buttons: buttons.map(|button| Button { kind: "REPLY", title: button.title, id: button.id }).collect(),
        }
    }
}
