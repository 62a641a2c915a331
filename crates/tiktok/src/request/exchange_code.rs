//! `POST /tt_user/oauth2/token/`: the code of the callback for tokens.

use serde_json::json;

use super::{Request, TryIntoRequest, awaitable};
use crate::{client::Client, error::Error, model::TokenSet, oauth::AppCredentials, secret::AuthCode};

/// Exchanges an authorization code. Made by [`Client::exchange_code`].
///
/// Failures: 40110 (code invalid, used or older than ten minutes), 40101 (app id and secret).
/// Compare the granted scopes: users can untick them.
/// Source: portal page 1833997638479041, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct ExchangeCode {
    client: Client,
    app: AppCredentials,
    code: AuthCode,
    redirect_uri: String,
}

impl ExchangeCode {
    pub(crate) fn new(client: &Client, app: &AppCredentials, code: AuthCode, redirect_uri: String) -> Self {
        Self { client: client.clone(), app: app.clone(), code, redirect_uri }
    }
}

impl TryIntoRequest for ExchangeCode {
    fn try_into_request(self) -> Result<Request, Error> {
        let body = json!({
            "client_id": self.app.app_id,
            "client_secret": self.app.secret.expose(),
            "grant_type": "authorization_code",
            "auth_code": self.code.expose(),
            "redirect_uri": self.redirect_uri,
        });
        Ok(Request::post("/tt_user/oauth2/token/", &body))
    }
}

awaitable!(ExchangeCode => TokenSet, TokenSet::read);
