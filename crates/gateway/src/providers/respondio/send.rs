//! One reply on its way through Respond.io. Never repeats anything: what a failure means is decided by `failure`.

use respondio::{
    Error,
    model::{AttachmentKind, ChannelId, ContactId},
    request::SendMessage,
};
use url::Url;

use super::{Endpoint, Line, Respondio, Turn, translate};
use crate::providers::Stage;

/// A reply with everything that sending it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// Words; none of them is read as a variable.
    Text(String),
    /// A picture, at an address that Respond.io can fetch: it has no upload.
    Picture(Url),
}

impl Respondio {
    /// Sends a reply to a contact through a channel, and gives the id of the message. It is taken then, not delivered: how it ended
    /// stands in the message list. `leaving` is called right before it leaves: from there on a lost answer is a message that may
    /// have arrived.
    ///
    /// # Errors
    /// Respond.io's, and how far the attempt had come.
    pub async fn send(
        &self,
        line: &Line,
        channel: u64,
        contact: u64,
        delivery: &Delivery,
        leaving: impl FnOnce() + Send,
    ) -> Result<String, (Error, Stage)> {
        let before = |error| (error, Stage::Before);
        let contact = ContactId::new(contact);
        // Always named: by itself it would be the channel that the contact used last.
        let draft = self.client.send_message(&line.token, contact).channel(ChannelId::new(channel));
        let message: SendMessage = match delivery {
            Delivery::Text(body) => draft.text(translate::guarded(body)).map_err(before)?.into(),
            Delivery::Picture(url) => draft.attachment(AttachmentKind::Image, url.as_str()).map_err(before)?,
        };
        let departure = async {
            leaving();
            message.await
        };
        let sent = self.call(line, Endpoint::Send, Turn::Now, departure).await;
        let sent = sent.map_err(|error| (error, Stage::Sending))?;
        self.look_at(line.space, contact.get());
        Ok(translate::message_id(contact, sent.value.message_id))
    }
}
