//! Tokens of a signed-in user.

use std::time::Duration;

use serde_json::Value;

use super::{AccessToken, OpenId, RefreshToken, Scopes};
use crate::{
    model::seconds,
    wire::{FieldError, Fields},
};

/// A fresh pair of tokens. Store the refresh token every time: the old one stops working.
///
/// The lifetimes changed in November 2026 (24 h and 365 days became 2 h and 180 days); trust the
/// numbers here, not the documentation.
///
/// Source: `developers.tiktok.com` "Manage user access tokens", read 2026-11-20.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TokenSet {
    /// For the calls of the next hours.
    pub access_token: AccessToken,
    /// How long the access token is good, from now. Example 7,200 s.
    pub expires_in: Duration,
    /// For the next refresh.
    pub refresh_token: RefreshToken,
    /// How long the refresh token is good, from now. Example 15,552,000 s.
    pub refresh_token_expires_in: Duration,
    /// The user, as this app sees them.
    pub open_id: OpenId,
    /// What the user granted.
    pub scopes: Scopes,
}

impl TokenSet {
    pub(super) fn read(answer: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(answer, "answer")?;
        Ok(Self {
            access_token: fields.need("access_token")?,
            expires_in: seconds(fields, ["expires_in"])?,
            refresh_token: fields.need("refresh_token")?,
            refresh_token_expires_in: seconds(fields, ["refresh_expires_in", "refresh_token_expires_in"])?,
            open_id: fields.need("open_id")?,
            scopes: Scopes::parse(&fields.text("scope").unwrap_or_default()),
        })
    }
}
