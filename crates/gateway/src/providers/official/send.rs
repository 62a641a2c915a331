//! One reply on its way to TikTok. Never repeats anything: what a failure means is decided by `failure`.

use bytes::Bytes;
use domain::{
    account::Account,
    content::{TemplateButton, TemplateStyle},
};
use tiktok::{AccessToken, Error, model};

use super::{Official, Stage, Turn};

/// A reply with everything that sending it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parcel {
    /// Words.
    Text {
        /// The words.
        body: String,
        /// TikTok's id of the message they quote.
        quote: Option<String>,
    },
    /// A picture's bytes; uploaded right before it is sent.
    Image(Bytes),
    /// One of the account's own posts.
    SharedPost(String),
    /// A question card.
    Template {
        /// Buttons or text links.
        style: TemplateStyle,
        /// The question.
        title: String,
        /// The answers.
        buttons: Vec<TemplateButton>,
    },
}

/// A send that failed, and how far it had come.
#[derive(Debug)]
pub struct SendError {
    /// What TikTok or the network said.
    pub error: Error,
    /// Whether the message may have left.
    pub stage: Stage,
}

impl Official {
    /// Sends a reply and gives TikTok's id of it; `None` when TikTok confirmed it without naming one. `leaving` is called
    /// right before the message itself leaves: from there on, a lost answer is a message that may have arrived.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn send(
        &self,
        token: &AccessToken,
        account: &Account,
        conversation: &str,
        parcel: &Parcel,
        leaving: impl FnOnce() + Send,
    ) -> Result<Option<String>, SendError> {
        let before = |error| SendError { error, stage: Stage::Before };
        let business = account.external_id.as_str();
        let draft = self.client.send_message(token, business).conversation(conversation);
        let message = match parcel {
            Parcel::Text { body, quote } => {
                let text = draft.text(body).map_err(before)?;
                match quote {
                    Some(quoted) => text.quote(quoted.as_str()).into(),
                    None => text.into(),
                }
            }
            Parcel::SharedPost(post) => draft.share_post(post.as_str()),
            Parcel::Template { style, title, buttons } => draft.template(card(*style, title, buttons).map_err(before)?),
            Parcel::Image(bytes) => {
                let upload =
                    self.client.upload_image(token, business, file_name(bytes), bytes.clone()).map_err(before)?;
                let uploaded = self.call(account.workspace_id, Turn::Now, upload).await.map_err(before)?;
                draft.image(uploaded.media_id)
            }
        };
        let departure = async {
            leaving();
            message.await
        };
        let sent = self.call(account.workspace_id, Turn::Now, departure).await;
        let sent = sent.map_err(|error| SendError { error, stage: Stage::Sending })?;
        Ok(sent.message_id.map(model::MessageId::into_string))
    }
}

impl Official {
    /// Answers a comment by the one direct message that TikTok allows, as [`send`](Self::send) sends a reply.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn answer_comment(
        &self,
        token: &AccessToken,
        account: &Account,
        comment: &str,
        text: &str,
        leaving: impl FnOnce() + Send,
    ) -> Result<Option<String>, SendError> {
        let draft = self.client.send_message(token, account.external_id.as_str()).comment_reply(comment);
        let message = draft.text(text).map_err(|error| SendError { error, stage: Stage::Before })?;
        let departure = async {
            leaving();
            message.await
        };
        let sent = self.call(account.workspace_id, Turn::Now, departure).await;
        let sent = sent.map_err(|error| SendError { error, stage: Stage::Sending })?;
        Ok(sent.message_id.map(model::MessageId::into_string))
    }
}

fn card(style: TemplateStyle, title: &str, buttons: &[TemplateButton]) -> Result<model::Template, Error> {
    let buttons = buttons.iter().map(|button| {
        let made = model::TemplateButton::new(&button.title);
        match &button.id {
            Some(id) => made.id(id),
            None => made,
        }
    });
    let made = match style {
        TemplateStyle::Button => model::Template::button_card(title, buttons),
        TemplateStyle::Link => model::Template::link_card(title, buttons),
    };
    made.map_err(Error::from)
}

/// TikTok wants a name with the file; customers never see it.
fn file_name(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(b"\x89PNG") { "picture.png" } else { "picture.jpg" }
}
