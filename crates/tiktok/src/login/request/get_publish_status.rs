//! `POST /v2/post/publish/status/fetch/`: how far a draft has come.

use serde_json::json;

use crate::{
    error::Error,
    login::{AccessToken, Client, PublishId, PublishStatus},
    request::{Request, TryIntoRequest, awaitable},
};

/// Asks how far a draft has come. Made by [`Client::publish_status`]. 30 requests a minute per user;
/// the webhooks `post.publish.*` tell the same unasked.
///
/// Failures: `invalid_params` (unknown id), `access_token_invalid`, `rate_limit_exceeded`.
/// Source: `developers.tiktok.com` "Content Posting API", read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct GetPublishStatus {
    client: Client,
    token: AccessToken,
    id: PublishId,
}

impl GetPublishStatus {
    pub(in crate::login) fn new(client: &Client, token: &AccessToken, id: PublishId) -> Self {
        Self { client: client.clone(), token: token.clone(), id }
    }
}

impl TryIntoRequest for GetPublishStatus {
    fn try_into_request(self) -> Result<Request, Error> {
        let body = json!({ "publish_id": self.id });
        Ok(Request::post("/v2/post/publish/status/fetch/", &body).bearer(self.token))
    }
}

awaitable!(GetPublishStatus => PublishStatus, PublishStatus::read);
