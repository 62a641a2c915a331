//! Sealing and opening of token pairs, with the binding's id at its provider and the column as associated data.

use std::time::Duration;

use domain::{
    Timestamp,
    account::{ProviderKind, SealedTokens},
};
use secrecy::{ExposeSecret, SecretString};
use tiktok::{AccessToken, RefreshToken, login};

use crate::{
    keyring::{Keyring, OpenError},
    providers::NewTokens,
};

/// A fresh pair of either platform, on its way to be sealed.
#[derive(Debug, Clone)]
pub struct Fresh {
    pub(super) provider: ProviderKind,
    pub(super) access: SecretString,
    access_lives: Duration,
    refresh: SecretString,
    refresh_lives: Duration,
}

impl From<&NewTokens> for Fresh {
    fn from(tokens: &NewTokens) -> Self {
        Self {
            provider: ProviderKind::Official,
            access: tokens.access.expose().into(),
            access_lives: tokens.access_lives,
            refresh: tokens.refresh.expose().into(),
            refresh_lives: tokens.refresh_lives,
        }
    }
}

impl From<&login::TokenSet> for Fresh {
    fn from(tokens: &login::TokenSet) -> Self {
        Self {
            provider: ProviderKind::Login,
            access: tokens.access_token.expose().into(),
            access_lives: tokens.expires_in,
            refresh: tokens.refresh_token.expose().into(),
            refresh_lives: tokens.refresh_token_expires_in,
        }
    }
}

/// Seals a fresh pair for the account with this provider id.
pub fn seal(
    keyring: &Keyring,
    external_id: &str,
    tokens: impl Into<Fresh>,
    now: Timestamp,
    version: i64,
) -> SealedTokens {
    let Fresh { provider, access, access_lives, refresh, refresh_lives } = tokens.into();
    let sealed = |secret: &SecretString, column| {
        keyring.seal(secret.expose_secret().as_bytes(), &place(provider, external_id, column))
    };
    SealedTokens {
        access: sealed(&access, "access"),
        refresh: sealed(&refresh, "refresh"),
        access_expires_at: now.plus(access_lives),
        refresh_expires_at: now.plus(refresh_lives),
        version,
    }
}

/// Opens the access token of a sealed pair.
///
/// # Errors
/// [`OpenError`].
pub fn open_access(keyring: &Keyring, external_id: &str, sealed: &SealedTokens) -> Result<AccessToken, OpenError> {
    open(keyring, &sealed.access, &place(ProviderKind::Official, external_id, "access")).map(AccessToken::new)
}

/// Opens the refresh token of a sealed pair.
///
/// # Errors
/// [`OpenError`].
pub fn open_refresh(keyring: &Keyring, external_id: &str, sealed: &SealedTokens) -> Result<RefreshToken, OpenError> {
    open(keyring, &sealed.refresh, &place(ProviderKind::Official, external_id, "refresh")).map(RefreshToken::new)
}

/// Opens the access token of a sealed pair of Login Kit.
///
/// # Errors
/// [`OpenError`].
pub fn open_login_access(
    keyring: &Keyring,
    external_id: &str,
    sealed: &SealedTokens,
) -> Result<login::AccessToken, OpenError> {
    open(keyring, &sealed.access, &place(ProviderKind::Login, external_id, "access")).map(login::AccessToken::new)
}

/// Opens the refresh token of a sealed pair of Login Kit.
///
/// # Errors
/// [`OpenError`].
pub fn open_login_refresh(
    keyring: &Keyring,
    external_id: &str,
    sealed: &SealedTokens,
) -> Result<login::RefreshToken, OpenError> {
    open(keyring, &sealed.refresh, &place(ProviderKind::Login, external_id, "refresh")).map(login::RefreshToken::new)
}

fn open(keyring: &Keyring, sealed: &[u8], place: &str) -> Result<String, OpenError> {
    let plain = keyring.open(sealed, place)?;
    std::str::from_utf8(&plain).map(str::to_owned).map_err(|_| OpenError::Damaged)
}

/// Row and column. The provider's id stands for the row: it is known before the row is.
fn place(provider: ProviderKind, external_id: &str, column: &str) -> String {
    let provider = if provider == ProviderKind::Login { "login" } else { "official" };
    format!("token/{provider}/{external_id}/{column}")
}
