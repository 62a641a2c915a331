//! `PUT /space/tag`: changes a tag of the workspace.

use serde::Serialize;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::{Error, ValidationError},
    limits,
    model::{Acknowledged, Tag},
    secret::AccessToken,
};

/// Changes a tag. Made by [`Client::update_tag`].
///
/// Source: the vendor's TypeScript SDK, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct UpdateTag {
    client: Client,
    token: AccessToken,
    body: Body,
}

#[derive(Debug, Clone, Serialize)]
struct Body {
    #[serde(rename = "currentName")]
    current_name: String,
    #[serde(flatten)]
    tag: Tag,
}

impl UpdateTag {
    pub(crate) fn new(client: &Client, token: &AccessToken, current_name: String, tag: Tag) -> Result<Self, Error> {
        ValidationError::check_text("currentName", &current_name, limits::TAG_MAX)?;
        ValidationError::check_text("name", &tag.name, limits::TAG_MAX)?;
        Ok(Self { client: client.clone(), token: token.clone(), body: Body { current_name, tag } })
    }
}

impl TryIntoRequest for UpdateTag {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::put(self.token, "/space/tag", &[], &self.body))
    }
}

awaitable!(UpdateTag => Acknowledged, Acknowledged::read);
