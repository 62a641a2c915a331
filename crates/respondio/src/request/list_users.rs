//! `GET /space/user`: the users of the workspace.

use super::{Paging, Request, TryIntoRequest, awaitable, paged};
use crate::{
    client::Client,
    error::Error,
    model::{Page, User},
    secret::AccessToken,
};

/// Lists the users. Made by [`Client::list_users`]. With a limit of 1 it is the cheapest proof that a
/// token works.
///
/// Source: the vendor's TypeScript SDK and n8n nodes, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct ListUsers {
    client: Client,
    token: AccessToken,
    paging: Paging,
}

impl ListUsers {
    pub(crate) fn new(client: &Client, token: &AccessToken) -> Self {
        Self { client: client.clone(), token: token.clone(), paging: Paging::default() }
    }
}

impl TryIntoRequest for ListUsers {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(self.paging.apply(Request::get(self.token, "/space/user", &[])))
    }
}

paged!(ListUsers);
awaitable!(ListUsers => Page<User>, |value| Page::read(value, User::read));
