//! `GET /business/message/conversation/list/`: the conversations of the last 90 days, at most 100.

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::{Error, ValidationError},
    limits,
    model::{BusinessId, ConversationPage, ConversationType},
    secret::AccessToken,
};

/// Lists conversations. Made by [`Client::list_conversations`].
///
/// A full picture needs two calls, [`ConversationType::Stranger`] and [`ConversationType::Single`].
/// Failures: validation before the wire; 40001 (scope `message.list.read`, region), 40105 (token),
/// 40100 (rate).
/// Source: portal page 1832184415059970, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct ListConversations {
    client: Client,
    token: AccessToken,
    business_id: BusinessId,
    kind: ConversationType,
    limit: Option<u32>,
    cursor: Option<i64>,
}

impl ListConversations {
    pub(crate) fn new(client: &Client, token: &AccessToken, business_id: BusinessId, kind: ConversationType) -> Self {
        let (client, token) = (client.clone(), token.clone());
        Self { client, token, business_id, kind, limit: None, cursor: None }
    }

    /// Conversations per page, 1–100. Default 100.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`](crate::ErrorKind::Validation) outside that range.
    pub fn limit(mut self, limit: u32) -> Result<Self, Error> {
        ValidationError::check_count("limit", limit as usize, 1, limits::CONVERSATIONS_PAGE_MAX as usize)?;
        self.limit = Some(limit);
        Ok(self)
    }

    /// Where to continue: [`ConversationPage::next_cursor`] of the page before. Default the start.
    pub fn cursor(mut self, cursor: i64) -> Self {
        self.cursor = Some(cursor);
        self
    }
}

impl TryIntoRequest for ListConversations {
    fn try_into_request(self) -> Result<Request, Error> {
        let mut request = Request::get("/business/message/conversation/list/")
            .query_pair("business_id", self.business_id)
            .query_pair("conversation_type", self.kind.as_str());
        if let Some(limit) = self.limit {
            request = request.query_pair("limit", limit.to_string());
        }
        if let Some(cursor) = self.cursor {
            request = request.query_pair("cursor", cursor.to_string());
        }
        Ok(request.authorized(self.token))
    }
}

awaitable!(ListConversations => ConversationPage, ConversationPage::read);
