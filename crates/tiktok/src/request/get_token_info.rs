//! `POST /tt_user/token_info/get/`: whose token it is and what it allows.

use serde_json::json;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{AppId, TokenInfo},
    secret::AccessToken,
};

/// Reads what TikTok knows about an access token. Made by [`Client::token_info`].
///
/// Failures: 40105 (token expired or revoked).
/// Source: portal, account-holder token pages next to 1833997665030145, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct GetTokenInfo {
    client: Client,
    app_id: AppId,
    token: AccessToken,
}

impl GetTokenInfo {
    pub(crate) fn new(client: &Client, app_id: AppId, token: &AccessToken) -> Self {
        Self { client: client.clone(), app_id, token: token.clone() }
    }
}

impl TryIntoRequest for GetTokenInfo {
    fn try_into_request(self) -> Result<Request, Error> {
        let body = json!({ "app_id": self.app_id, "access_token": self.token.expose() });
        Ok(Request::post("/tt_user/token_info/get/", &body))
    }
}

awaitable!(GetTokenInfo => TokenInfo, TokenInfo::read);
