//! `POST /business/message/direct_reply/update/`: Comment-to-Message on or off.

use serde_json::json;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{BusinessId, OperationStatus},
    secret::AccessToken,
};

/// Switches Comment-to-Message. Made by [`Client::set_comment_to_message`].
///
/// While it is on, TikTok reports promising comments as `im_receive_high_intent_comment`, and each
/// may be answered once by [`comment_reply`](super::MessageDraft::comment_reply). Only for accounts
/// registered in Vietnam, Indonesia or Thailand.
///
/// Failures: 40001 (country, scope), 40105 (token). Repeating is harmless.
/// Source: portal page 1843697551083522, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct SetCommentToMessage {
    client: Client,
    token: AccessToken,
    business_id: BusinessId,
    status: OperationStatus,
}

impl SetCommentToMessage {
    pub(crate) fn new(client: &Client, token: &AccessToken, business_id: BusinessId, status: OperationStatus) -> Self {
        Self { client: client.clone(), token: token.clone(), business_id, status }
    }
}

impl TryIntoRequest for SetCommentToMessage {
    fn try_into_request(self) -> Result<Request, Error> {
        let body = json!({
            "business_id": self.business_id,
            "direct_reply_type": "COMMENT_TO_MESSAGE",
            "operation_status": self.status,
        });
        Ok(Request::post("/business/message/direct_reply/update/", &body).authorized(self.token))
    }
}

awaitable!(SetCommentToMessage => (), |_| Ok(()));
