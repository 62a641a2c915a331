//! `POST /tt_user/oauth2/revoke/`: gives the account holder's permission back.

use serde_json::json;

use super::{Request, TryIntoRequest, awaitable};
use crate::{client::Client, error::Error, oauth::AppCredentials, secret::AccessToken};

/// Revokes the tokens of one account. Made by [`Client::revoke_token`].
///
/// Failures: 40105 (already dead, which is as good), 40101 (app id and secret). Repeating is harmless.
/// Source: portal page 1833997665030145, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct RevokeToken {
    client: Client,
    app: AppCredentials,
    token: AccessToken,
}

impl RevokeToken {
    pub(crate) fn new(client: &Client, app: &AppCredentials, token: &AccessToken) -> Self {
        Self { client: client.clone(), app: app.clone(), token: token.clone() }
    }
}

impl TryIntoRequest for RevokeToken {
    fn try_into_request(self) -> Result<Request, Error> {
        let body = json!({
            "client_id": self.app.app_id,
            "client_secret": self.app.secret.expose(),
            "access_token": self.token.expose(),
        });
        Ok(Request::post("/tt_user/oauth2/revoke/", &body))
    }
}

awaitable!(RevokeToken => (), |_| Ok(()));
