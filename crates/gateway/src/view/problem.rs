//! The shape of every error answer (RFC 9457), for the API document. `http::problem` makes them.

use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong: `application/problem+json`. Further members depend on the type, such as `closedAt` of `window-closed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// An address, stable and unique per kind, such as `https://message-gateway.dev/problems/window-closed`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in plain words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This case in plain words.
    pub detail: String,
    /// Of `provider-refused`, `provider-unavailable` and what else TikTok answered with: what exactly, as in a message's failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Who can mend it.
    #[serde(rename = "fixedBy", skip_serializing_if = "Option::is_none")]
    pub fixed_by: Option<super::FixedBy>,
    /// What they do, as one plain sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The request's id, for the logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
}
