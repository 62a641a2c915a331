//! `POST /contact/{identifier}/lifecycle/update`: puts a contact into a stage.

use serde_json::json;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{Acknowledged, Identifier},
    secret::AccessToken,
};

/// Puts a contact into a lifecycle stage, or into none. Made by [`Client::set_lifecycle`].
///
/// Source: the vendor's TypeScript SDK and n8n nodes, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct SetLifecycle {
    client: Client,
    token: AccessToken,
    contact: Identifier,
    stage: Option<String>,
}

impl SetLifecycle {
    pub(crate) fn new(client: &Client, token: &AccessToken, contact: Identifier, stage: Option<String>) -> Self {
        Self { client: client.clone(), token: token.clone(), contact, stage }
    }
}

impl TryIntoRequest for SetLifecycle {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::post(
            self.token,
            "/contact/{identifier}/lifecycle/update",
            &[self.contact.segment()],
            &json!({"name": self.stage}),
        ))
    }
}

awaitable!(SetLifecycle => Acknowledged, Acknowledged::read);
