//! `POST /contact/{identifier}/comment`: an internal note on a contact.

use serde_json::json;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::{Error, ValidationError},
    limits,
    model::{Comment, Identifier},
    secret::AccessToken,
};

/// Adds a comment, which the contact does not see. Made by [`Client::add_comment`].
///
/// Source: the vendor's TypeScript SDK and n8n nodes, read 2026-11-20.
#[derive(Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct AddComment {
    client: Client,
    token: AccessToken,
    contact: Identifier,
    text: String,
}

impl AddComment {
    pub(crate) fn new(client: &Client, token: &AccessToken, contact: Identifier, text: String) -> Result<Self, Error> {
        ValidationError::check_text("text", &text, limits::COMMENT_MAX)?;
        Ok(Self { client: client.clone(), token: token.clone(), contact, text })
    }
}

impl TryIntoRequest for AddComment {
    fn try_into_request(self) -> Result<Request, Error> {
        let body = json!({"text": self.text});
        Ok(Request::post(self.token, "/contact/{identifier}/comment", &[self.contact.segment()], &body))
    }
}

awaitable!(AddComment => Comment, Comment::read);

impl std::fmt::Debug for AddComment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AddComment").field("contact", &self.contact).finish_non_exhaustive()
    }
}
