//! `POST /contact/{identifier}/tag`: puts tags on a contact.

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::{Error, ValidationError},
    limits,
    model::{Acknowledged, Identifier},
    secret::AccessToken,
};

/// Puts tags on a contact. Made by [`Client::add_tags`].
///
/// Source: the vendor's TypeScript SDK and n8n nodes, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct AddTags {
    client: Client,
    token: AccessToken,
    contact: Identifier,
    tags: Vec<String>,
}

impl AddTags {
    pub(crate) fn new(
        client: &Client,
        token: &AccessToken,
        contact: Identifier,
        tags: Vec<String>,
    ) -> Result<Self, Error> {
        check_tags(&tags)?;
        Ok(Self { client: client.clone(), token: token.clone(), contact, tags })
    }
}

/// One to ten names, none of them empty or too long.
pub(super) fn check_tags(tags: &[String]) -> Result<(), ValidationError> {
    ValidationError::check_count("tags", tags.len(), limits::TAGS_MAX)?;
    tags.iter().try_for_each(|tag| ValidationError::check_text("tag", tag, limits::TAG_MAX))
}

impl TryIntoRequest for AddTags {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::post(self.token, "/contact/{identifier}/tag", &[self.contact.segment()], &self.tags))
    }
}

awaitable!(AddTags => Acknowledged, Acknowledged::read);
