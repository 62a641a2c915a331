//! `GET /business/message/auto_message/get/`: the automatic messages of one kind.

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{AutoMessageId, AutoMessageType, AutoMessages, BusinessId},
    secret::AccessToken,
};

/// Reads the automatic messages of one kind with their review. Made by [`Client::auto_messages`].
///
/// The page names POST in its method line and GET in its samples; working clients use GET.
///
/// Failures: validation before the wire for a kind without an API; 40001 (scope
/// `message.list.manage`), 40105 (token).
/// Source: portal page 1832184619749377, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct ListAutoMessages {
    client: Client,
    token: AccessToken,
    business_id: BusinessId,
    kind: AutoMessageType,
    id: Option<AutoMessageId>,
}

impl ListAutoMessages {
    pub(crate) fn new(client: &Client, token: &AccessToken, business_id: BusinessId, kind: AutoMessageType) -> Self {
        Self { client: client.clone(), token: token.clone(), business_id, kind, id: None }
    }

    /// Only this one. Default all of the kind.
    pub fn id(mut self, id: impl Into<AutoMessageId>) -> Self {
        self.id = Some(id.into());
        self
    }
}

impl TryIntoRequest for ListAutoMessages {
    fn try_into_request(self) -> Result<Request, Error> {
        self.kind.check_managed()?;
        let mut request = Request::get("/business/message/auto_message/get/")
            .query_pair("business_id", self.business_id)
            .query_pair("auto_message_type", self.kind.as_str());
        if let Some(id) = self.id {
            request = request.query_pair("auto_message_id", id);
        }
        Ok(request.authorized(self.token))
    }
}

awaitable!(ListAutoMessages => AutoMessages, AutoMessages::read);
