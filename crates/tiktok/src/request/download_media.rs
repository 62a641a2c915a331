//! `POST /business/message/media/download/`: where a received picture or video can be fetched.

use serde::Serialize;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{BusinessId, ConversationId, DownloadUrl, MediaId, MediaType, MessageId},
    secret::AccessToken,
};

/// Asks for a download address, good for 24 hours. Made by [`Client::download_media`].
///
/// Failures: 40007 (message or media gone), 40002 (ids that do not belong together), 40105 (token).
/// Source: portal page 1832184455450626, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct DownloadMedia {
    pub(crate) client: Client,
    pub(crate) token: AccessToken,
    pub(crate) business_id: BusinessId,
    pub(crate) conversation_id: ConversationId,
    pub(crate) message_id: MessageId,
    pub(crate) media_id: MediaId,
    pub(crate) media_type: MediaType,
}

#[derive(Serialize)]
struct Body<'a> {
    business_id: &'a BusinessId,
    conversation_id: &'a ConversationId,
    message_id: &'a MessageId,
    media_id: &'a MediaId,
    media_type: &'a MediaType,
}

impl TryIntoRequest for DownloadMedia {
    fn try_into_request(self) -> Result<Request, Error> {
        let body = Body {
            business_id: &self.business_id,
            conversation_id: &self.conversation_id,
            message_id: &self.message_id,
            media_id: &self.media_id,
            media_type: &self.media_type,
        };
        Ok(Request::post("/business/message/media/download/", &body).authorized(self.token))
    }
}

awaitable!(DownloadMedia => DownloadUrl, DownloadUrl::read);
