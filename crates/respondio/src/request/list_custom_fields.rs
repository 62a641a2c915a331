//! `GET /space/custom_field`: the custom fields.

use super::{Paging, Request, TryIntoRequest, awaitable, paged};
use crate::{
    client::Client,
    error::Error,
    model::{CustomField, Page},
    secret::AccessToken,
};

/// Lists the custom fields. Made by [`Client::list_custom_fields`].
///
/// Source: the vendor's TypeScript SDK and n8n nodes, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct ListCustomFields {
    client: Client,
    token: AccessToken,
    paging: Paging,
}

impl ListCustomFields {
    pub(crate) fn new(client: &Client, token: &AccessToken) -> Self {
        Self { client: client.clone(), token: token.clone(), paging: Paging::default() }
    }
}

impl TryIntoRequest for ListCustomFields {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(self.paging.apply(Request::get(self.token, "/space/custom_field", &[])))
    }
}

paged!(ListCustomFields);
awaitable!(ListCustomFields => Page<CustomField>, |value| Page::read(value, CustomField::read));
