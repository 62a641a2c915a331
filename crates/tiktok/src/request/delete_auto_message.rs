//! `POST /business/message/auto_message/delete/`: one suggested question or chat prompt away.

use serde_json::json;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::{Error, ValidationError},
    model::{AutoMessageId, AutoMessageType, BusinessId},
    secret::AccessToken,
};

/// Deletes a suggested question or a chat prompt. Made by [`Client::delete_auto_message`]. A welcome
/// message can only be switched off.
///
/// Failures: validation before the wire for another kind; 40007 (already gone), 40001 (scope
/// `message.list.manage`), 40105 (token).
/// Source: portal page 1832184630106386, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct DeleteAutoMessage {
    client: Client,
    token: AccessToken,
    business_id: BusinessId,
    kind: AutoMessageType,
    id: AutoMessageId,
}

impl DeleteAutoMessage {
    pub(crate) fn new(
        client: &Client,
        token: &AccessToken,
        business_id: BusinessId,
        kind: AutoMessageType,
        id: AutoMessageId,
    ) -> Self {
        Self { client: client.clone(), token: token.clone(), business_id, kind, id }
    }
}

impl TryIntoRequest for DeleteAutoMessage {
    fn try_into_request(self) -> Result<Request, Error> {
        if !matches!(self.kind, AutoMessageType::SuggestedQuestion | AutoMessageType::ChatPrompt) {
            let (field, allowed) = ("auto_message_type", "SUGGESTED_QUESTION or CHAT_PROMPT");
            return Err(Error::from(ValidationError::NotAllowed { field, allowed }));
        }
        let body = json!({
            "business_id": self.business_id,
            "auto_message_type": self.kind,
            "auto_message_id": self.id,
        });
        Ok(Request::post("/business/message/auto_message/delete/", &body).authorized(self.token))
    }
}

awaitable!(DeleteAutoMessage => (), |_| Ok(()));
