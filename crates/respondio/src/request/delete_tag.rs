//! `DELETE /space/tag`: removes a tag from the workspace.

use serde_json::json;

use super::{Request, TryIntoRequest, awaitable};
use crate::{client::Client, error::Error, model::Acknowledged, secret::AccessToken};

/// Removes a tag from the workspace and from all contacts. Made by [`Client::delete_tag`].
///
/// Source: the vendor's TypeScript SDK, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct DeleteTag {
    client: Client,
    token: AccessToken,
    name: String,
}

impl DeleteTag {
    pub(crate) fn new(client: &Client, token: &AccessToken, name: String) -> Self {
        Self { client: client.clone(), token: token.clone(), name }
    }
}

impl TryIntoRequest for DeleteTag {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::delete(self.token, "/space/tag", &[]).json(&json!({"name": self.name})))
    }
}

awaitable!(DeleteTag => Acknowledged, Acknowledged::read);
