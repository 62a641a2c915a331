//! `GET /business/message/content/list/`: the 20 newest messages of a conversation.

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{BusinessId, ConversationId, History},
    secret::AccessToken,
};

/// Lists the newest messages and the participants of a conversation. Made by
/// [`Client::list_messages`]. There is no paging and no time range.
///
/// Failures: 40002 (no such conversation id), 40007 (gone), 40001 (scope `message.list.read`), 40105
/// (token), 40100 (rate).
/// Source: portal page 1832184425841170, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct ListMessages {
    client: Client,
    token: AccessToken,
    business_id: BusinessId,
    conversation_id: ConversationId,
}

impl ListMessages {
    pub(crate) fn new(
        client: &Client,
        token: &AccessToken,
        business_id: BusinessId,
        conversation_id: ConversationId,
    ) -> Self {
        Self { client: client.clone(), token: token.clone(), business_id, conversation_id }
    }
}

impl TryIntoRequest for ListMessages {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::get("/business/message/content/list/")
            .query_pair("business_id", self.business_id)
            .query_pair("conversation_id", self.conversation_id)
            .authorized(self.token))
    }
}

awaitable!(ListMessages => History, History::read);
