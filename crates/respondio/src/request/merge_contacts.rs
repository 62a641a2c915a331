//! `POST /contact/merge`: makes one contact of two.

use serde::Serialize;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{Acknowledged, ContactFields, ContactId},
    secret::AccessToken,
};

/// Makes one contact of two; afterwards it has the channels of both. Made by
/// [`Client::merge_contacts`].
///
/// Source: the vendor's TypeScript SDK, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct MergeContacts {
    client: Client,
    token: AccessToken,
    body: Body,
}

#[derive(Debug, Clone, Serialize)]
struct Body {
    #[serde(rename = "contactIds")]
    contact_ids: [ContactId; 2],
    #[serde(flatten)]
    fields: ContactFields,
}

impl MergeContacts {
    pub(crate) fn new(client: &Client, token: &AccessToken, keep: ContactId, other: ContactId) -> Self {
        let body = Body { contact_ids: [keep, other], fields: ContactFields::default() };
        Self { client: client.clone(), token: token.clone(), body }
    }

    /// Fields of the contact that remains. Default those it has.
    pub fn fields(mut self, fields: ContactFields) -> Self {
        self.body.fields = fields;
        self
    }
}

impl TryIntoRequest for MergeContacts {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::post(self.token, "/contact/merge", &[], &self.body))
    }
}

awaitable!(MergeContacts => Acknowledged, Acknowledged::read);
