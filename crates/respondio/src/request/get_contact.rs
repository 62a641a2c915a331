//! `GET /contact/{identifier}`: one contact.

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{Contact, Identifier},
    secret::AccessToken,
};

/// Reads a contact. Made by [`Client::contact`].
///
/// Source: the vendor's TypeScript SDK, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct GetContact {
    client: Client,
    token: AccessToken,
    contact: Identifier,
}

impl GetContact {
    pub(crate) fn new(client: &Client, token: &AccessToken, contact: Identifier) -> Self {
        Self { client: client.clone(), token: token.clone(), contact }
    }
}

impl TryIntoRequest for GetContact {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::get(self.token, "/contact/{identifier}", &[self.contact.segment()]))
    }
}

awaitable!(GetContact => Contact, Contact::read);
