//! `POST /v2/oauth/revoke/`: gives the user's permission back.

use crate::{
    error::Error,
    login::{AccessToken, Client, Credentials},
    request::{Request, TryIntoRequest, awaitable},
};

/// Revokes the tokens of one user. Made by [`Client::revoke_token`]. TikTok answers with nothing.
///
/// Failures: `invalid_grant` or `access_token_invalid` (already dead, which is as good),
/// `invalid_client`. Repeating is harmless.
/// Source: `developers.tiktok.com` "Manage user access tokens", read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct RevokeToken {
    client: Client,
    app: Credentials,
    token: AccessToken,
}

impl RevokeToken {
    pub(in crate::login) fn new(client: &Client, app: &Credentials, token: &AccessToken) -> Self {
        Self { client: client.clone(), app: app.clone(), token: token.clone() }
    }
}

impl TryIntoRequest for RevokeToken {
    fn try_into_request(self) -> Result<Request, Error> {
        let form = vec![
            ("client_key", self.app.client_key.into_string()),
            ("client_secret", self.app.client_secret.expose().to_owned()),
            ("token", self.token.expose().to_owned()),
        ];
        Ok(Request::form("/v2/oauth/revoke/", form))
    }
}

awaitable!(RevokeToken => (), |_| Ok(()));
