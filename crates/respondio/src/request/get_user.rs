//! `GET /space/user/{id}`: one user.

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{User, UserId},
    secret::AccessToken,
};

/// Reads a user. Made by [`Client::user`].
///
/// Source: the vendor's TypeScript SDK, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct GetUser {
    client: Client,
    token: AccessToken,
    user: UserId,
}

impl GetUser {
    pub(crate) fn new(client: &Client, token: &AccessToken, user: UserId) -> Self {
        Self { client: client.clone(), token: token.clone(), user }
    }
}

impl TryIntoRequest for GetUser {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::get(self.token, "/space/user/{id}", &[self.user.to_string()]))
    }
}

awaitable!(GetUser => User, User::read);
