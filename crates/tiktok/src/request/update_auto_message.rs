//! `POST /business/message/auto_message/update/`: other words for an automatic message.

use serde::Serialize;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{AutoMessageContent, AutoMessageId, AutoMessageType, BusinessId},
    secret::AccessToken,
    wire::Fields,
};

/// Changes the words of an automatic message; answers with its id, which may be a new one: an edited
/// welcome message is deleted and created. Made by [`Client::update_auto_message`].
///
/// Not possible while the message is [`Reviewing`](crate::model::AuditStatus::Reviewing); the new
/// words are reviewed again.
///
/// Failures: validation before the wire; 40002 (being reviewed, duplicate, refused words), 40007 (no
/// such message), 40001 (scope `message.list.manage`), 40105 (token). Repeating is harmless.
/// Source: portal page 1832184596566017, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct UpdateAutoMessage {
    client: Client,
    token: AccessToken,
    business_id: BusinessId,
    auto_message_id: AutoMessageId,
    content: AutoMessageContent,
}

#[derive(Serialize)]
struct Body<'a> {
    business_id: &'a BusinessId,
    auto_message_type: AutoMessageType,
    auto_message_id: &'a AutoMessageId,
    #[serde(flatten)]
    content: &'a AutoMessageContent,
}

impl UpdateAutoMessage {
    pub(crate) fn new(
        client: &Client,
        token: &AccessToken,
        business_id: BusinessId,
        auto_message_id: AutoMessageId,
        content: AutoMessageContent,
    ) -> Self {
        Self { client: client.clone(), token: token.clone(), business_id, auto_message_id, content }
    }
}

impl TryIntoRequest for UpdateAutoMessage {
    fn try_into_request(self) -> Result<Request, Error> {
        self.content.check()?;
        let body = Body {
            business_id: &self.business_id,
            auto_message_type: self.content.kind(),
            auto_message_id: &self.auto_message_id,
            content: &self.content,
        };
        Ok(Request::post("/business/message/auto_message/update/", &body).authorized(self.token))
    }
}

awaitable!(UpdateAutoMessage => AutoMessageId, |data| {
    Fields::of(data, "data")?.need_object("auto_message")?.need("auto_message_id")
});
