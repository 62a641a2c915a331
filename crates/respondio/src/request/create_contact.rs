//! `POST /contact/{identifier}`: makes a contact by email or phone.

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::{Error, ValidationError},
    model::{Acknowledged, ContactFields, Identifier},
    secret::AccessToken,
};

/// Makes a contact. Made by [`Client::create_contact`]. Failures: 409 if it exists.
///
/// A contact of TikTok cannot be made: it writes first.
/// Source: the vendor's TypeScript SDK, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct CreateContact {
    client: Client,
    token: AccessToken,
    contact: Identifier,
    fields: ContactFields,
}

impl CreateContact {
    pub(crate) fn new(
        client: &Client,
        token: &AccessToken,
        contact: Identifier,
        fields: ContactFields,
    ) -> Result<Self, Error> {
        if matches!(contact, Identifier::Id(_)) {
            return Err(Error::from(ValidationError::ContactById));
        }
        if fields.first_name.as_ref().is_none_or(String::is_empty) {
            return Err(Error::from(ValidationError::Empty { field: "firstName" }));
        }
        Ok(Self { client: client.clone(), token: token.clone(), contact, fields })
    }
}

impl TryIntoRequest for CreateContact {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::post(self.token, "/contact/{identifier}", &[self.contact.segment()], &self.fields))
    }
}

awaitable!(CreateContact => Acknowledged, Acknowledged::read);
