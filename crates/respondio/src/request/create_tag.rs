//! `POST /space/tag`: makes a tag in the workspace.

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::{Error, ValidationError},
    limits,
    model::{Acknowledged, Tag},
    secret::AccessToken,
};

/// Makes a tag. Made by [`Client::create_tag`].
///
/// Source: the vendor's TypeScript SDK, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct CreateTag {
    client: Client,
    token: AccessToken,
    tag: Tag,
}

impl CreateTag {
    pub(crate) fn new(client: &Client, token: &AccessToken, tag: Tag) -> Result<Self, Error> {
        ValidationError::check_text("name", &tag.name, limits::TAG_MAX)?;
        Ok(Self { client: client.clone(), token: token.clone(), tag })
    }
}

impl TryIntoRequest for CreateTag {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::post(self.token, "/space/tag", &[], &self.tag))
    }
}

awaitable!(CreateTag => Acknowledged, Acknowledged::read);
