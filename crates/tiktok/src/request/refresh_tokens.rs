//! `POST /tt_user/oauth2/refresh_token/`: fresh tokens before the old ones end.

use serde_json::json;

use super::{Request, TryIntoRequest, awaitable};
use crate::{client::Client, error::Error, model::TokenSet, oauth::AppCredentials, secret::RefreshToken};

/// Refreshes the tokens of one account. Made by [`Client::refresh_tokens`].
///
/// The refresh token may change: store the answer before using it, and never refresh the same
/// account twice at a time. After an uncertain failure the old token may already be dead.
/// Failures: 40103, 40107 (refresh token expired or invalid: authorize anew).
/// Source: portal page 1833997679342594, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct RefreshTokens {
    client: Client,
    app: AppCredentials,
    token: RefreshToken,
}

impl RefreshTokens {
    pub(crate) fn new(client: &Client, app: &AppCredentials, token: &RefreshToken) -> Self {
        Self { client: client.clone(), app: app.clone(), token: token.clone() }
    }
}

impl TryIntoRequest for RefreshTokens {
    fn try_into_request(self) -> Result<Request, Error> {
        let body = json!({
            "client_id": self.app.app_id,
            "client_secret": self.app.secret.expose(),
            "grant_type": "refresh_token",
            "refresh_token": self.token.expose(),
        });
        Ok(Request::post("/tt_user/oauth2/refresh_token/", &body))
    }
}

awaitable!(RefreshTokens => TokenSet, TokenSet::read);
