//! OAuth tokens at rest and in use: sealed with the binding named as associated data, refreshed by one caller at a time.
//! `connect` seals and opens them; workers ask [`Tokens`] for one that works.

mod seal;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{
    Clock, Id,
    account::{Account, AccountState, Binding, ProviderKind, SealedTokens},
    store::{Store, StoreError, StoreResult},
    workspace::{Scope, Workspace},
};
use secrecy::ExposeSecret;
use tiktok::{AccessToken, login};

pub use seal::{Fresh, open_access, open_login_access, open_login_refresh, open_refresh, seal};

use super::Providers;
use crate::keyring::{Keyring, OpenError};

/// States in which TikTok was thought to accept the authorization.
const CONNECTED: &[AccountState] = &[AccountState::Active, AccountState::Paused, AccountState::Expiring];

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
    /// The same for Login Kit.
    #[error("TIKTOK_CLIENT_KEY and TIKTOK_CLIENT_SECRET are needed to refresh tokens")]
    NoLoginApp,
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
            Self::None | Self::Reauthorize | Self::NoApp | Self::NoLoginApp | Self::Sealed(_) => false,
        }
    }
}

/// An access token, with the version of the pair it belongs to.
#[derive(Debug, Clone)]
pub struct Current<T = AccessToken> {
    /// For calls.
    pub access: T,
    /// For [`Tokens::renewed`]: whose refresh is asked for.
    pub version: i64,
}

/// Whose tokens.
#[derive(Debug, Clone, Copy)]
struct Holder<'a> {
    workspace: Id<Workspace>,
    binding: Id<Binding>,
    provider: ProviderKind,
    external_id: &'a str,
}

impl<'a> From<&'a Account> for Holder<'a> {
    fn from(account: &'a Account) -> Self {
        let Account { workspace_id: workspace, binding, provider, external_id, .. } = account;
        Self { workspace: *workspace, binding: *binding, provider: *provider, external_id }
    }
}

impl<'a> From<&'a Binding> for Holder<'a> {
    fn from(binding: &'a Binding) -> Self {
        let Binding { workspace_id: workspace, id, provider, external_id, .. } = binding;
        Self { workspace: *workspace, binding: *id, provider: *provider, external_id }
    }
}

type Locks = Mutex<HashMap<Id<Binding>, Arc<tokio::sync::Mutex<()>>>>;

/// Gives workers tokens that work.
pub struct Tokens {
    store: Arc<dyn Store>,
    keyring: Arc<Keyring>,
    clock: Clock,
    providers: Providers,
    locks: Locks,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

impl Tokens {
    /// Over these parts.
    pub fn new(store: Arc<dyn Store>, keyring: Arc<Keyring>, clock: Clock, providers: Providers) -> Self {
        Self { store, keyring, clock, providers, locks: Locks::default() }
    }

    /// The access token of an account at the API for Business, refreshed first when it has ended.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn current(&self, account: &Account) -> Result<Current, TokenError> {
        let sealed = self.alive(account.into()).await?;
        self.opened(account, &sealed)
    }

    /// A token newer than `version`: whoever comes first refreshes, the others get what came of it.
    ///
    /// # Errors
    /// [`TokenError`]; `Reauthorize` has set the account to "reconnect".
    pub async fn renewed(&self, account: &Account, version: i64) -> Result<Current, TokenError> {
        let sealed = self.renew(account.into(), version).await?;
        self.opened(account, &sealed)
    }

    /// The access token of an identity at Login Kit, refreshed first when it has ended.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn identity(&self, binding: &Binding) -> Result<Current<login::AccessToken>, TokenError> {
        let sealed = self.alive(binding.into()).await?;
        self.opened_identity(binding, &sealed)
    }

    /// The same, newer than `version`.
    ///
    /// # Errors
    /// [`TokenError`]; `Reauthorize` has said so on the account.
    pub async fn renewed_identity(
        &self,
        binding: &Binding,
        version: i64,
    ) -> Result<Current<login::AccessToken>, TokenError> {
        let sealed = self.renew(binding.into(), version).await?;
        self.opened_identity(binding, &sealed)
    }

    /// Refreshes whatever pair a binding has, and gives the one that stands then.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn refresh(&self, binding: &Binding) -> Result<SealedTokens, TokenError> {
        let holder = Holder::from(binding);
        let version = self.sealed(holder).await?.version;
        self.renew(holder, version).await
    }

    async fn alive(&self, holder: Holder<'_>) -> Result<SealedTokens, TokenError> {
        let sealed = self.sealed(holder).await?;
        if sealed.access_expires_at <= self.clock.now() {
            return self.renew(holder, sealed.version).await;
        }
        Ok(sealed)
    }

    async fn renew(&self, holder: Holder<'_>, version: i64) -> Result<SealedTokens, TokenError> {
        let lock = self.lock_of(holder.binding);
        let _turn = lock.lock().await;
        let sealed = self.sealed(holder).await?;
        if sealed.version != version {
            return Ok(sealed);
        }
        let fresh = match self.ask(holder, &sealed).await {
            Err(TokenError::Refresh(error)) if error.needs_reauthorization() || error.token_expired() => {
                return self.refused(holder, version).await;
            }
            other => other?,
        };
        // Stored before it is used: the old refresh token may be dead by now.
        let next = seal(&self.keyring, holder.external_id, fresh.clone(), self.clock.now(), version + 1);
        let scope = Scope::all(holder.workspace);
        if self.store.replace_tokens(&scope, holder.binding, next.clone()).await? {
            return Ok(next);
        }
        match self.sealed(holder).await {
            // Disconnected by another process meanwhile: what it gave back was the old pair.
            Err(TokenError::None) => {
                self.give_back(holder, &fresh).await;
                Err(TokenError::None)
            }
            // Another process was faster; its pair stands.
            other => other,
        }
    }

    /// Takes the pair out of the store, so that it can be given back. Waits for a refresh that is under way: its pair is the one that lives.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn take(&self, scope: &Scope, binding: Id<Binding>) -> StoreResult<Option<SealedTokens>> {
        let lock = self.lock_of(binding);
        let _turn = lock.lock().await;
        let sealed = self.store.tokens(scope, binding).await?;
        self.store.forget_tokens(scope, binding).await?;
        Ok(sealed)
    }

    /// Gives back a pair that nobody keeps.
    async fn give_back(&self, holder: Holder<'_>, fresh: &Fresh) {
        let access = fresh.access.expose_secret();
        let (official, login) = (self.providers.official(), self.providers.login());
        let given = match (fresh.provider, official.app(), login.app()) {
            (ProviderKind::Login, _, Some(app)) => login.revoke(app, &login::AccessToken::new(access)).await,
            (ProviderKind::Official, Some(app), _) => {
                official.revoke(holder.workspace, app, &AccessToken::new(access)).await
            }
            _ => Ok(()),
        };
        if let Err(error) = given {
            tracing::warn!(binding = %holder.binding, %error, "a pair that nobody keeps could not be given back");
        }
    }

    /// Asks the platform that gave the pair for a new one.
    async fn ask(&self, holder: Holder<'_>, sealed: &SealedTokens) -> Result<Fresh, TokenError> {
        match holder.provider {
            ProviderKind::Official => {
                let official = self.providers.official();
                let app = official.app().ok_or(TokenError::NoApp)?;
                let refresh = open_refresh(&self.keyring, holder.external_id, sealed)?;
                let fresh = official.refresh(holder.workspace, app, &refresh).await.map_err(TokenError::Refresh)?;
                Ok((&fresh).into())
            }
            ProviderKind::Login => {
                let login = self.providers.login();
                let app = login.app().ok_or(TokenError::NoLoginApp)?;
                let refresh = open_login_refresh(&self.keyring, holder.external_id, sealed)?;
                let fresh = login.refresh(app, &refresh).await.map_err(TokenError::Refresh)?;
                Ok((&fresh).into())
            }
            ProviderKind::Respondio | ProviderKind::Thirdparty => Err(TokenError::None),
        }
    }

    /// The refresh token is dead. If another process has refreshed in the meantime that is why, and its pair is good.
    async fn refused(&self, holder: Holder<'_>, version: i64) -> Result<SealedTokens, TokenError> {
        let sealed = self.sealed(holder).await?;
        if sealed.version != version {
            return Ok(sealed);
        }
        let reason = "TikTok no longer accepts this account's authorization; connect it again";
        self.say_over(holder, reason).await?;
        Err(TokenError::Reauthorize)
    }

    /// Says on the account that a person must connect it again. A disconnected one stays disconnected.
    ///
    /// # Errors
    /// `Store`.
    pub async fn ask_to_reconnect(&self, account: &Account, reason: &str) -> Result<(), TokenError> {
        self.say_over(account.into(), reason).await
    }

    /// An identity beside messages has a word of its own: these go on.
    async fn say_over(&self, holder: Holder<'_>, reason: &str) -> Result<(), TokenError> {
        let scope = Scope::all(holder.workspace);
        let Some(binding) = self.store.binding(&scope, holder.binding).await? else { return Ok(()) };
        if binding.sends {
            let (to, reason) = (AccountState::Reconnect, Some(reason.to_owned()));
            self.store.move_account_state(&scope, binding.account_id, CONNECTED, to, reason).await?;
        } else {
            self.store.set_binding_trouble(&scope, binding.id, reason.to_owned()).await?;
        }
        Ok(())
    }

    async fn sealed(&self, holder: Holder<'_>) -> Result<SealedTokens, TokenError> {
        let scope = Scope::all(holder.workspace);
        self.store.tokens(&scope, holder.binding).await?.ok_or(TokenError::None)
    }

    fn opened(&self, account: &Account, sealed: &SealedTokens) -> Result<Current, TokenError> {
        let access = open_access(&self.keyring, &account.external_id, sealed)?;
        Ok(Current { access, version: sealed.version })
    }

    fn opened_identity(
        &self,
        binding: &Binding,
        sealed: &SealedTokens,
    ) -> Result<Current<login::AccessToken>, TokenError> {
        let access = open_login_access(&self.keyring, &binding.external_id, sealed)?;
        Ok(Current { access, version: sealed.version })
    }

    fn lock_of(&self, binding: Id<Binding>) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(locks.entry(binding).or_default())
    }
}
