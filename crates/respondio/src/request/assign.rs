//! `POST /contact/{identifier}/conversation/assignee`: who answers a contact.

use serde::Serialize;
use serde_json::json;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{Acknowledged, Identifier, UserId},
    secret::AccessToken,
};

/// Who shall answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum AssignTo {
    /// A user by id.
    User(UserId),
    /// A user by email address.
    Email(String),
    /// Nobody.
    Nobody,
}

/// Assigns a contact's conversation. Made by [`Client::assign`].
///
/// Source: the vendor's TypeScript SDK and n8n nodes, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct Assign {
    client: Client,
    token: AccessToken,
    contact: Identifier,
    assignee: AssignTo,
}

impl Assign {
    pub(crate) fn new(client: &Client, token: &AccessToken, contact: Identifier, assignee: AssignTo) -> Self {
        Self { client: client.clone(), token: token.clone(), contact, assignee }
    }
}

impl From<UserId> for AssignTo {
    fn from(user: UserId) -> Self {
        Self::User(user)
    }
}

impl TryIntoRequest for Assign {
    fn try_into_request(self) -> Result<Request, Error> {
        let body = json!({"assignee": self.assignee});
        let values = [self.contact.segment()];
        Ok(Request::post(self.token, "/contact/{identifier}/conversation/assignee", &values, &body))
    }
}

awaitable!(Assign => Acknowledged, Acknowledged::read);
