//! A tag of the workspace, to be made or changed.

use serde::Serialize;

/// A tag. There is no call that lists them.
///
/// Source: the vendor's TypeScript SDK, read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tag {
    /// Name, at most 255 long. Example `gw-new`.
    pub name: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Colour. Example `#FF5733`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color_code: Option<String>,
    /// Picture. Example `🌹`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emoji: Option<String>,
}

impl Tag {
    /// A tag with a name and nothing else.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), description: None, color_code: None, emoji: None }
    }
}
