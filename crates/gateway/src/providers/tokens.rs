//! OAuth tokens at rest and in use: sealed with the account named as associated data, refreshed by one caller at a time.
//! `connect` seals and opens them; workers ask [`Tokens`] for one that works.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{
    Clock, Id, Timestamp,
    account::{Account, AccountState, SealedTokens},
    store::{Store, StoreError},
    workspace::Scope,
};
use tiktok::{AccessToken, RefreshToken};

use super::{NewTokens, Official};
use crate::keyring::{Keyring, OpenError};

/// Why there is no token that works.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The account has none (any more).
    #[error("the account has no tokens")]
    None,
    /// The authorization is over: a person must connect the account again.
    #[error("TikTok's authorization of the account is over")]
    Reauthorize,
    /// No app is configured to refresh them with.
    #[error("TIKTOK_APP_ID and TIKTOK_APP_SECRET are needed to refresh tokens")]
    NoApp,
    /// They can't be read.
    #[error("the stored tokens can't be opened")]
    Sealed(#[from] OpenError),
    /// TikTok did not refresh them this time.
    #[error("the tokens could not be refreshed")]
    Refresh(#[source] tiktok::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl TokenError {
    /// Whether trying again may help.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Refresh(error) => error.is_retryable() || error.outcome_uncertain(),
            Self::Store(error) => error.is_temporary(),
            Self::None | Self::Reauthorize | Self::NoApp | Self::Sealed(_) => false,
        }
    }
}

/// An access token, with the version of the pair it belongs to.
#[derive(Debug, Clone)]
pub struct Current {
    /// For calls.
    pub access: AccessToken,
    /// For [`Tokens::renewed`]: whose refresh is asked for.
    pub version: i64,
}

/// Seals a fresh pair for the account with this provider id.
pub fn seal(keyring: &Keyring, external_id: &str, tokens: &NewTokens, now: Timestamp, version: i64) -> SealedTokens {
    SealedTokens {
        access: keyring.seal(tokens.access.expose().as_bytes(), &place(external_id, "access")),
        refresh: keyring.seal(tokens.refresh.expose().as_bytes(), &place(external_id, "refresh")),
        access_expires_at: now.plus(tokens.access_lives),
        refresh_expires_at: now.plus(tokens.refresh_lives),
        version,
    }
}

/// Opens the access token of a sealed pair.
///
/// # Errors
/// [`OpenError`].
pub fn open_access(keyring: &Keyring, external_id: &str, sealed: &SealedTokens) -> Result<AccessToken, OpenError> {
    open(keyring, &sealed.access, &place(external_id, "access")).map(AccessToken::new)
}

/// Opens the refresh token of a sealed pair.
///
/// # Errors
/// [`OpenError`].
pub fn open_refresh(keyring: &Keyring, external_id: &str, sealed: &SealedTokens) -> Result<RefreshToken, OpenError> {
    open(keyring, &sealed.refresh, &place(external_id, "refresh")).map(RefreshToken::new)
}

fn open(keyring: &Keyring, sealed: &[u8], place: &str) -> Result<String, OpenError> {
    let plain = keyring.open(sealed, place)?;
    std::str::from_utf8(&plain).map(str::to_owned).map_err(|_| OpenError::Damaged)
}

/// Row and column. The provider's id stands for the row: it is known before the row is.
fn place(external_id: &str, column: &str) -> String {
    format!("token/official/{external_id}/{column}")
}

type Locks = Mutex<HashMap<Id<Account>, Arc<tokio::sync::Mutex<()>>>>;

/// Gives workers tokens that work.
pub struct Tokens {
    store: Arc<dyn Store>,
    keyring: Arc<Keyring>,
    clock: Clock,
    official: Arc<Official>,
    locks: Locks,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

impl Tokens {
    /// Over these parts.
    pub fn new(store: Arc<dyn Store>, keyring: Arc<Keyring>, clock: Clock, official: Arc<Official>) -> Self {
        Self { store, keyring, clock, official, locks: Locks::default() }
    }

    /// The account's access token, refreshed first when it has ended.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn current(&self, account: &Account) -> Result<Current, TokenError> {
        let sealed = self.sealed(account).await?;
        if sealed.access_expires_at <= self.clock.now() {
            return self.renewed(account, sealed.version).await;
        }
        self.opened(account, &sealed)
    }

    /// A token newer than `version`: whoever comes first refreshes, the others get what came of it.
    ///
    /// # Errors
    /// [`TokenError`]; `Reauthorize` has set the account to "reconnect".
    pub async fn renewed(&self, account: &Account, version: i64) -> Result<Current, TokenError> {
        let lock = self.lock_of(account.id);
        let _turn = lock.lock().await;
        let sealed = self.sealed(account).await?;
        if sealed.version != version {
            return self.opened(account, &sealed);
        }
        let app = self.official.app().ok_or(TokenError::NoApp)?;
        let external_id = account.external_id.as_str();
        let refresh = open_refresh(&self.keyring, external_id, &sealed)?;
        let fresh = match self.official.refresh(account.workspace_id, app, &refresh).await {
            Ok(fresh) => fresh,
            Err(error) if error.needs_reauthorization() || error.token_expired() => {
                return self.refused(account, version).await;
            }
            Err(error) => return Err(TokenError::Refresh(error)),
        };
        // Stored before it is used: the old refresh token may be dead by now.
        let next = seal(&self.keyring, external_id, &fresh, self.clock.now(), version + 1);
        let scope = Scope::all(account.workspace_id);
        if self.store.replace_tokens(&scope, account.id, next).await? {
            return Ok(Current { access: fresh.access, version: version + 1 });
        }
        // Another process was faster; its pair stands.
        let sealed = self.sealed(account).await?;
        self.opened(account, &sealed)
    }

    /// The refresh token is dead. If another process has refreshed in the meantime that is why, and its pair is good.
    async fn refused(&self, account: &Account, version: i64) -> Result<Current, TokenError> {
        let sealed = self.sealed(account).await?;
        if sealed.version != version {
            return self.opened(account, &sealed);
        }
        self.ask_to_reconnect(account, "TikTok no longer accepts this account's authorization; connect it again")
            .await?;
        Err(TokenError::Reauthorize)
    }

    /// Says on the account that a person must connect it again. A disconnected one stays disconnected.
    ///
    /// # Errors
    /// `Store`.
    pub async fn ask_to_reconnect(&self, account: &Account, reason: &str) -> Result<(), TokenError> {
        let scope = Scope::all(account.workspace_id);
        let state = self.store.account(&scope, account.id).await?.map(|account| account.state);
        if !matches!(state, None | Some(AccountState::Disconnected | AccountState::Reconnect)) {
            self.store.set_account_state(&scope, account.id, AccountState::Reconnect, Some(reason.to_owned())).await?;
        }
        Ok(())
    }

    async fn sealed(&self, account: &Account) -> Result<SealedTokens, TokenError> {
        let scope = Scope::all(account.workspace_id);
        self.store.tokens(&scope, account.id).await?.ok_or(TokenError::None)
    }

    fn opened(&self, account: &Account, sealed: &SealedTokens) -> Result<Current, TokenError> {
        let access = open_access(&self.keyring, &account.external_id, sealed)?;
        Ok(Current { access, version: sealed.version })
    }

    fn lock_of(&self, account: Id<Account>) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(locks.entry(account).or_default())
    }
}
