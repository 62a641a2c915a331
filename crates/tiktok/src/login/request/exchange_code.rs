//! `POST /v2/oauth/token/` with a code: the code of the callback for tokens.

use crate::{
    error::Error,
    login::{AuthCode, Client, CodeVerifier, Credentials, TokenSet},
    request::{Request, TryIntoRequest, awaitable},
};

/// Exchanges an authorization code. Made by [`Client::exchange_code`].
///
/// Failures: `invalid_grant` (code wrong, used or expired), `invalid_request` (redirect address or
/// verifier), `invalid_client` (key and secret).
/// Source: `developers.tiktok.com` "Manage user access tokens", read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct ExchangeCode {
    client: Client,
    app: Credentials,
    code: AuthCode,
    redirect_uri: String,
    verifier: Option<CodeVerifier>,
}

impl ExchangeCode {
    pub(in crate::login) fn new(client: &Client, app: &Credentials, code: AuthCode, redirect_uri: String) -> Self {
        Self { client: client.clone(), app: app.clone(), code, redirect_uri, verifier: None }
    }

    /// The verifier whose challenge the consent page was opened with: desktop and mobile apps only.
    pub fn code_verifier(mut self, verifier: &CodeVerifier) -> Self {
        self.verifier = Some(verifier.clone());
        self
    }
}

impl TryIntoRequest for ExchangeCode {
    fn try_into_request(self) -> Result<Request, Error> {
        let mut form = vec![
            ("client_key", self.app.client_key.into_string()),
            ("client_secret", self.app.client_secret.expose().to_owned()),
            ("code", self.code.expose().to_owned()),
            ("grant_type", "authorization_code".to_owned()),
            ("redirect_uri", self.redirect_uri),
        ];
        form.extend(self.verifier.map(|verifier| ("code_verifier", verifier.expose().to_owned())));
        Ok(Request::form("/v2/oauth/token/", form))
    }
}

awaitable!(ExchangeCode => TokenSet, TokenSet::read);
