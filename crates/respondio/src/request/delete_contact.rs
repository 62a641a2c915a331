//! `DELETE /contact/{identifier}`: removes a contact.

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{Acknowledged, Identifier},
    secret::AccessToken,
};

/// Removes a contact with its messages. Made by [`Client::delete_contact`].
///
/// Source: the vendor's TypeScript SDK, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct DeleteContact {
    client: Client,
    token: AccessToken,
    contact: Identifier,
}

impl DeleteContact {
    pub(crate) fn new(client: &Client, token: &AccessToken, contact: Identifier) -> Self {
        Self { client: client.clone(), token: token.clone(), contact }
    }
}

impl TryIntoRequest for DeleteContact {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::delete(self.token, "/contact/{identifier}", &[self.contact.segment()]))
    }
}

awaitable!(DeleteContact => Acknowledged, Acknowledged::read);
