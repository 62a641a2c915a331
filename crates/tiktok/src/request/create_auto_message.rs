//! `POST /business/message/auto_message/create/`: a new automatic message.

use serde::Serialize;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{AutoMessageContent, AutoMessageId, AutoMessageType, BusinessId},
    secret::AccessToken,
    wire::Fields,
};

/// Creates an automatic message; answers with its id. Made by [`Client::create_auto_message`].
///
/// TikTok reviews the words, which takes seconds to three hours; the webhook
/// `im_auto_message_audit_update` tells the outcome. One welcome message, at most
/// [`SUGGESTED_QUESTIONS_MAX`](crate::limits::SUGGESTED_QUESTIONS_MAX) suggested questions and
/// [`CHAT_PROMPTS_MAX`](crate::limits::CHAT_PROMPTS_MAX) chat prompts per account.
///
/// Failures: validation before the wire; 40002 (duplicate, one too many, refused words), 40001
/// (scope `message.list.manage`), 40105 (token). After an uncertain failure list before repeating.
/// Source: portal page 1832184584869890, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct CreateAutoMessage {
    client: Client,
    token: AccessToken,
    business_id: BusinessId,
    content: AutoMessageContent,
}

#[derive(Serialize)]
struct Body<'a> {
    business_id: &'a BusinessId,
    auto_message_type: AutoMessageType,
    #[serde(flatten)]
    content: &'a AutoMessageContent,
}

impl CreateAutoMessage {
    pub(crate) fn new(
        client: &Client,
        token: &AccessToken,
        business_id: BusinessId,
        content: AutoMessageContent,
    ) -> Self {
        Self { client: client.clone(), token: token.clone(), business_id, content }
    }
}

impl TryIntoRequest for CreateAutoMessage {
    fn try_into_request(self) -> Result<Request, Error> {
        self.content.check()?;
        let body =
            Body { business_id: &self.business_id, auto_message_type: self.content.kind(), content: &self.content };
        Ok(Request::post("/business/message/auto_message/create/", &body).authorized(self.token))
    }
}

awaitable!(CreateAutoMessage => AutoMessageId, |data| {
    Fields::of(data, "data")?.need_object("auto_message")?.need("auto_message_id")
});
