//! `POST /v2/oauth/token/` with a refresh token: fresh tokens before the old ones end.

use crate::{
    error::Error,
    login::{Client, Credentials, RefreshToken, TokenSet},
    request::{Request, TryIntoRequest, awaitable},
};

/// Refreshes the tokens of one user. Made by [`Client::refresh_tokens`].
///
/// The refresh token changes and the old one stops working: store the answer before using it, and
/// never refresh the same user twice at a time.
/// Failures: `invalid_grant` (expired or replaced: sign in anew), `invalid_client`.
/// Source: `developers.tiktok.com` "Manage user access tokens", read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct RefreshTokens {
    client: Client,
    app: Credentials,
    token: RefreshToken,
}

impl RefreshTokens {
    pub(in crate::login) fn new(client: &Client, app: &Credentials, token: &RefreshToken) -> Self {
        Self { client: client.clone(), app: app.clone(), token: token.clone() }
    }
}

impl TryIntoRequest for RefreshTokens {
    fn try_into_request(self) -> Result<Request, Error> {
        let form = vec![
            ("client_key", self.app.client_key.into_string()),
            ("client_secret", self.app.client_secret.expose().to_owned()),
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", self.token.expose().to_owned()),
        ];
        Ok(Request::form("/v2/oauth/token/", form))
    }
}

awaitable!(RefreshTokens => TokenSet, TokenSet::read);
