//! `GET /business/message/capabilities/get/`: whether pictures may be sent in a conversation.

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{BusinessId, Capabilities, ConversationId, ConversationType},
    secret::AccessToken,
};

/// Asks what a conversation allows. Made by [`Client::capabilities`].
///
/// Failures: 40002 (no such conversation id), 40001 (scope), 40105 (token).
/// Source: portal page 1836061597865986, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct GetCapabilities {
    client: Client,
    token: AccessToken,
    business_id: BusinessId,
    conversation_id: ConversationId,
    kind: ConversationType,
}

impl GetCapabilities {
    pub(crate) fn new(
        client: &Client,
        token: &AccessToken,
        business_id: BusinessId,
        conversation_id: ConversationId,
        kind: ConversationType,
    ) -> Self {
        Self { client: client.clone(), token: token.clone(), business_id, conversation_id, kind }
    }
}

impl TryIntoRequest for GetCapabilities {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::get("/business/message/capabilities/get/")
            .query_pair("business_id", self.business_id)
            .query_pair("capability_types", r#"["IMAGE_SEND"]"#)
            .query_pair("conversation_id", self.conversation_id)
            .query_pair("conversation_type", self.kind.as_str())
            .authorized(self.token))
    }
}

awaitable!(GetCapabilities => Capabilities, Capabilities::read);
