//! `PUT /contact/{identifier}`: changes a contact.

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{Acknowledged, ContactFields, Identifier},
    secret::AccessToken,
};

/// Changes the named fields of a contact. Made by [`Client::update_contact`].
///
/// Source: the vendor's TypeScript SDK, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct UpdateContact {
    client: Client,
    token: AccessToken,
    contact: Identifier,
    fields: ContactFields,
}

impl UpdateContact {
    pub(crate) fn new(client: &Client, token: &AccessToken, contact: Identifier, fields: ContactFields) -> Self {
        Self { client: client.clone(), token: token.clone(), contact, fields }
    }
}

impl TryIntoRequest for UpdateContact {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::put(self.token, "/contact/{identifier}", &[self.contact.segment()], &self.fields))
    }
}

awaitable!(UpdateContact => Acknowledged, Acknowledged::read);
