//! `POST /space/custom_field`: makes a custom field.

use serde::Serialize;
use serde_json::Value;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::{Error, ValidationError},
    limits,
    model::DataType,
    secret::AccessToken,
};

/// Makes a custom field. Made by [`Client::create_custom_field`]. The shape of its answer is not
/// attested: it is given as received.
///
/// Source: the vendor's TypeScript SDK, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct CreateCustomField {
    client: Client,
    token: AccessToken,
    body: Body,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    slug: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    data_type: DataType,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_values: Option<Vec<String>>,
}

impl CreateCustomField {
    pub(crate) fn new(client: &Client, token: &AccessToken, name: String, data_type: DataType) -> Result<Self, Error> {
        ValidationError::check_text("name", &name, limits::TAG_MAX)?;
        let body = Body { name, slug: None, description: None, data_type, allowed_values: None };
        Ok(Self { client: client.clone(), token: token.clone(), body })
    }

    /// Name in filters. Default what Respond.io makes of the name.
    pub fn slug(mut self, slug: impl Into<String>) -> Self {
        self.body.slug = Some(slug.into());
        self
    }

    /// What it is for.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.body.description = Some(description.into());
        self
    }

    /// The values of a list.
    pub fn allowed_values<T: Into<String>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.body.allowed_values = Some(values.into_iter().map(Into::into).collect());
        self
    }
}

impl TryIntoRequest for CreateCustomField {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::post(self.token, "/space/custom_field", &[], &self.body))
    }
}

awaitable!(CreateCustomField => Value, |value| Ok(value.clone()));
