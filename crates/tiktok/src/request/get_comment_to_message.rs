//! `GET /business/message/direct_reply/get/`: whether Comment-to-Message is on.

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{BusinessId, CommentToMessage},
    secret::AccessToken,
};

/// Reads whether Comment-to-Message is on. Made by [`Client::comment_to_message`].
///
/// Failures: 40001 (country, scope), 40105 (token).
/// Source: portal page 1843697576682497, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct GetCommentToMessage {
    client: Client,
    token: AccessToken,
    business_id: BusinessId,
}

impl GetCommentToMessage {
    pub(crate) fn new(client: &Client, token: &AccessToken, business_id: BusinessId) -> Self {
        Self { client: client.clone(), token: token.clone(), business_id }
    }
}

impl TryIntoRequest for GetCommentToMessage {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::get("/business/message/direct_reply/get/")
            .query_pair("business_id", self.business_id)
            .query_pair("direct_reply_type", "COMMENT_TO_MESSAGE")
            .authorized(self.token))
    }
}

awaitable!(GetCommentToMessage => CommentToMessage, CommentToMessage::read);
