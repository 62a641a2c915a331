//! Tokens of a connected account: the answers of the OAuth calls.

use std::time::Duration;

use serde_json::Value;

use super::{AppId, BusinessId};
use crate::{
    oauth::Scopes,
    secret::{AccessToken, RefreshToken},
    wire::{FieldError, Fields},
};

/// A fresh pair of tokens. Store the refresh token every time: it may have changed.
///
/// Source: portal pages 1833997638479041 and 1833997679342594, read 2026-11-20.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TokenSet {
    /// For the calls of the next day.
    pub access_token: AccessToken,
    /// How long the access token is good, from now. Example 86,400 s.
    pub expires_in: Duration,
    /// For the next refresh.
    pub refresh_token: RefreshToken,
    /// How long the refresh token is good, from now. A refresh does not restart the year.
    pub refresh_token_expires_in: Duration,
    /// The connected account.
    pub open_id: BusinessId,
    /// What the account holder granted; users can untick scopes, so compare.
    pub scopes: Scopes,
}

/// What TikTok knows about an access token.
///
/// Source: portal page 1833997665030145 and its neighbours, read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenInfo {
    /// The app it was made for.
    pub app_id: Option<AppId>,
    /// The account it stands for (`creator_id`).
    pub business_id: BusinessId,
    /// What it allows.
    pub scopes: Scopes,
}

impl TokenSet {
    pub(crate) fn read(data: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(data, "data")?;
        Ok(Self {
            access_token: fields.need("access_token")?,
            expires_in: seconds(fields, ["expires_in", "access_token_expire_in"])?,
            refresh_token: fields.need("refresh_token")?,
            // The second name is in circulation, and a pair of tokens is too dear to lose over it.
            refresh_token_expires_in: seconds(fields, ["refresh_token_expires_in", "refresh_token_expire_in"])?,
            open_id: fields.need("open_id")?,
            scopes: Scopes::parse(&fields.text("scope").unwrap_or_default()),
        })
    }
}

impl TokenInfo {
    pub(crate) fn read(data: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(data, "data")?;
        Ok(Self {
            app_id: fields.filled("app_id"),
            business_id: fields.need("creator_id")?,
            scopes: Scopes::parse(&fields.text("scope").unwrap_or_default()),
        })
    }
}

/// The first of `names` that holds a number of seconds.
pub(crate) fn seconds<const N: usize>(fields: Fields<'_>, names: [&'static str; N]) -> Result<Duration, FieldError> {
    let read = |name| fields.integer(name).and_then(|seconds| u64::try_from(seconds).ok());
    names.into_iter().find_map(read).map(Duration::from_secs).ok_or(FieldError(names[0]))
}
