//! `GET /contact/{identifier}/message/{messageId}`: one message with its history.

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{Identifier, Message, MessageId},
    secret::AccessToken,
};

/// Reads a message, above all to see how a send ended. Made by [`Client::message`].
///
/// Source: the vendor's TypeScript SDK, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct GetMessage {
    client: Client,
    token: AccessToken,
    contact: Identifier,
    message: MessageId,
}

impl GetMessage {
    pub(crate) fn new(client: &Client, token: &AccessToken, contact: Identifier, message: MessageId) -> Self {
        Self { client: client.clone(), token: token.clone(), contact, message }
    }
}

impl TryIntoRequest for GetMessage {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::get(
            self.token,
            "/contact/{identifier}/message/{messageId}",
            &[self.contact.segment(), self.message.to_string()],
        ))
    }
}

awaitable!(GetMessage => Message, |value| Message::read(value, None));
