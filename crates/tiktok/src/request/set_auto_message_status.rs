//! `POST /business/message/auto_message/status/update/`: a kind of automatic message on or off.

use serde_json::json;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{AutoMessageType, BusinessId, OperationStatus},
    secret::AccessToken,
};

/// Switches **all** automatic messages of one kind. Made by [`Client::set_auto_message_status`].
///
/// TikTok's page can be read to mean that switching on puts existing prompts out of use; read the
/// list afterwards. Keyword answers have no API.
///
/// Failures: validation before the wire for a kind without an API; 40001 (scope
/// `message.list.manage`), 40105 (token). Repeating is harmless.
/// Source: portal page 1832184607786242, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct SetAutoMessageStatus {
    client: Client,
    token: AccessToken,
    business_id: BusinessId,
    kind: AutoMessageType,
    status: OperationStatus,
}

impl SetAutoMessageStatus {
    pub(crate) fn new(
        client: &Client,
        token: &AccessToken,
        business_id: BusinessId,
        kind: AutoMessageType,
        status: OperationStatus,
    ) -> Self {
        Self { client: client.clone(), token: token.clone(), business_id, kind, status }
    }
}

impl TryIntoRequest for SetAutoMessageStatus {
    fn try_into_request(self) -> Result<Request, Error> {
        self.kind.check_managed()?;
        let body = json!({
            "business_id": self.business_id,
            "auto_message_type": self.kind,
            "operation_status": self.status,
        });
        Ok(Request::post("/business/message/auto_message/status/update/", &body).authorized(self.token))
    }
}

awaitable!(SetAutoMessageStatus => (), |_| Ok(()));
