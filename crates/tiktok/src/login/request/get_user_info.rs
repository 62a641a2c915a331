//! `GET /v2/user/info/`: who signed in.

use crate::{
    error::Error,
    login::{AccessToken, Client, Scopes, UserField, UserInfo},
    request::{Request, TryIntoRequest, awaitable},
};

/// Reads the user. Made by [`Client::user_info`].
///
/// Failures: `scope_not_authorized` and `scope_permission_missed` (a field whose permission was not
/// granted), `access_token_invalid`, `rate_limit_exceeded`.
/// Source: `developers.tiktok.com` "Get user info", read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct GetUserInfo {
    client: Client,
    token: AccessToken,
    fields: Vec<UserField>,
}

impl GetUserInfo {
    pub(in crate::login) fn new(client: &Client, token: &AccessToken) -> Self {
        Self { client: client.clone(), token: token.clone(), fields: UserField::BASIC.to_vec() }
    }

    /// Which fields to ask for. Default [`UserField::BASIC`].
    pub fn fields(mut self, fields: impl IntoIterator<Item = UserField>) -> Self {
        self.fields = fields.into_iter().collect();
        self
    }

    /// All fields that these permissions allow, and no other.
    pub fn granted(self, scopes: &Scopes) -> Self {
        self.fields(UserField::granted(scopes))
    }
}

impl TryIntoRequest for GetUserInfo {
    fn try_into_request(self) -> Result<Request, Error> {
        let fields: Vec<_> = self.fields.iter().map(UserField::as_str).collect();
        Ok(Request::get("/v2/user/info/").query_pair("fields", fields.join(",")).bearer(self.token))
    }
}

awaitable!(GetUserInfo => UserInfo, UserInfo::read);
