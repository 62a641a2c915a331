//! `GET /space/custom_field/{id}`: one custom field.

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{CustomField, CustomFieldId},
    secret::AccessToken,
};

/// Reads a custom field. Made by [`Client::custom_field`].
///
/// Source: the vendor's TypeScript SDK, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct GetCustomField {
    client: Client,
    token: AccessToken,
    field: CustomFieldId,
}

impl GetCustomField {
    pub(crate) fn new(client: &Client, token: &AccessToken, field: CustomFieldId) -> Self {
        Self { client: client.clone(), token: token.clone(), field }
    }
}

impl TryIntoRequest for GetCustomField {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::get(self.token, "/space/custom_field/{id}", &[self.field.to_string()]))
    }
}

awaitable!(GetCustomField => CustomField, CustomField::read);
