//! `POST /business/message/auto_message/sort/`: the order of the chat prompts.

use serde_json::json;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::{Error, ValidationError},
    limits,
    model::{AutoMessageId, AutoMessageType, BusinessId},
    secret::AccessToken,
};

/// Puts the chat prompts in an order, all of them named. Made by [`Client::sort_chat_prompts`]. No
/// other kind has an order.
///
/// Failures: validation before the wire; 40002 (a prompt missing or unknown), 40001 (scope
/// `message.list.manage`), 40105 (token). Repeating is harmless.
/// Source: portal page 1832184641212433, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct SortChatPrompts {
    client: Client,
    token: AccessToken,
    business_id: BusinessId,
    order: Vec<AutoMessageId>,
}

impl SortChatPrompts {
    pub(crate) fn new(
        client: &Client,
        token: &AccessToken,
        business_id: BusinessId,
        order: Vec<AutoMessageId>,
    ) -> Result<Self, Error> {
        ValidationError::check_count("auto_message_ids", order.len(), 1, limits::CHAT_PROMPTS_MAX)?;
        Ok(Self { client: client.clone(), token: token.clone(), business_id, order })
    }
}

impl TryIntoRequest for SortChatPrompts {
    fn try_into_request(self) -> Result<Request, Error> {
        let body = json!({
            "business_id": self.business_id,
            "auto_message_type": AutoMessageType::ChatPrompt,
            "auto_message_ids": self.order,
        });
        Ok(Request::post("/business/message/auto_message/sort/", &body).authorized(self.token))
    }
}

awaitable!(SortChatPrompts => (), |_| Ok(()));
