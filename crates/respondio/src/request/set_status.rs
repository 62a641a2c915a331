//! `POST /contact/{identifier}/conversation/status`: opens or closes a conversation.

use serde::Serialize;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::{Error, ValidationError},
    limits,
    model::{Acknowledged, Identifier},
    secret::AccessToken,
};

/// Opens or closes a contact's conversation. Made by [`Client::open_conversation`] and
/// [`Client::close_conversation`].
///
/// Source: the vendor's TypeScript SDK and MCP server, read 2026-11-20.
#[derive(Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct SetStatus {
    client: Client,
    token: AccessToken,
    contact: Identifier,
    body: Body,
}

#[derive(Clone, Serialize)]
struct Body {
    // `closed` is what is read, `close` what is written.
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
}

impl SetStatus {
    pub(crate) fn open(client: &Client, token: &AccessToken, contact: Identifier) -> Self {
        let body = Body { status: "open", category: None, summary: None };
        Self { client: client.clone(), token: token.clone(), contact, body }
    }

    pub(crate) fn close(
        client: &Client,
        token: &AccessToken,
        contact: Identifier,
        category: String,
        summary: String,
    ) -> Result<Self, Error> {
        ValidationError::check_text("category", &category, limits::CATEGORY_MAX)?;
        ValidationError::check_length("summary", &summary, limits::SUMMARY_MAX)?;
        let body = Body { status: "close", category: Some(category), summary: Some(summary) };
        Ok(Self { client: client.clone(), token: token.clone(), contact, body })
    }

    pub(crate) fn close_without_note(client: &Client, token: &AccessToken, contact: Identifier) -> Self {
        let body = Body { status: "close", category: None, summary: None };
        Self { client: client.clone(), token: token.clone(), contact, body }
    }
}

impl TryIntoRequest for SetStatus {
    fn try_into_request(self) -> Result<Request, Error> {
        let values = [self.contact.segment()];
        Ok(Request::post(self.token, "/contact/{identifier}/conversation/status", &values, &self.body))
    }
}

awaitable!(SetStatus => Acknowledged, Acknowledged::read);

// A summary retells the conversation: not shown.
impl std::fmt::Debug for SetStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SetStatus")
            .field("contact", &self.contact)
            .field("status", &self.body.status)
            .finish_non_exhaustive()
    }
}
