//! `DELETE /contact/{identifier}/tag`: takes tags off a contact. The names are in the body.

use super::{Request, TryIntoRequest, add_tags::check_tags, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{Acknowledged, Identifier},
    secret::AccessToken,
};

/// Takes tags off a contact. Made by [`Client::remove_tags`].
///
/// Source: the vendor's TypeScript SDK and n8n nodes, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct RemoveTags {
    client: Client,
    token: AccessToken,
    contact: Identifier,
    tags: Vec<String>,
}

impl RemoveTags {
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

impl TryIntoRequest for RemoveTags {
    fn try_into_request(self) -> Result<Request, Error> {
        let request = Request::delete(self.token, "/contact/{identifier}/tag", &[self.contact.segment()]);
        Ok(request.json(&self.tags))
    }
}

awaitable!(RemoveTags => Acknowledged, Acknowledged::read);
