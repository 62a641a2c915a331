//! `POST /contact/create_or_update/{identifier}`: makes a contact or changes it.

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{Acknowledged, ContactFields, Identifier},
    secret::AccessToken,
};

/// Makes a contact, or changes the one there is. Made by [`Client::create_or_update_contact`].
///
/// Source: the vendor's TypeScript SDK, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct UpsertContact {
    client: Client,
    token: AccessToken,
    contact: Identifier,
    fields: ContactFields,
}

impl UpsertContact {
    pub(crate) fn new(client: &Client, token: &AccessToken, contact: Identifier, fields: ContactFields) -> Self {
        Self { client: client.clone(), token: token.clone(), contact, fields }
    }
}

impl TryIntoRequest for UpsertContact {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::post(self.token, "/contact/create_or_update/{identifier}", &[self.contact.segment()], &self.fields))
    }
}

awaitable!(UpsertContact => Acknowledged, Acknowledged::read);
