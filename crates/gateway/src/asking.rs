//! Asking TikTok about one account while a person waits for the answer. Used by `automation` and `posts`.

use std::time::Duration;

use domain::{
    Id,
    account::{Account, AccountState, ProviderKind},
    store::{Store, StoreError},
    workspace::Scope,
};
use futures_util::future::BoxFuture;

use crate::providers::{
    At, Official, Providers,
    tokens::{TokenError, Tokens},
};

/// Seconds that a person waits for TikTok's limit of calls rather than being told of it.
const WAITS: u32 = 3;

/// Why TikTok was not asked, or did not do it.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// There is no such account in sight.
    #[error("there is no such account")]
    NotFound,
    /// The account is bound to another provider, which has nothing like it.
    #[error("only an account that is connected to TikTok itself has this")]
    NotAtTiktok,
    /// The account is not connected: TikTok can't be asked.
    #[error("the account is not connected; connect it again")]
    Disconnected,
    /// TikTok did not do it.
    #[error(transparent)]
    Tiktok(#[from] tiktok::Error),
    /// There is no token to ask with.
    #[error(transparent)]
    Token(TokenError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<TokenError> for AskError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::None | TokenError::Reauthorize => Self::Disconnected,
            TokenError::Refresh(error) => Self::Tiktok(error),
            TokenError::Store(error) => Self::Store(error),
            other @ (TokenError::NoApp | TokenError::NoLoginApp | TokenError::Sealed(_)) => Self::Token(other),
        }
    }
}

/// One account in sight that is connected to TikTok itself.
pub struct Asking<'a> {
    /// TikTok.
    pub official: &'a Official,
    /// The account.
    pub account: Account,
    tokens: &'a Tokens,
}

impl std::fmt::Debug for Asking<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asking").field("account", &self.account.id).finish_non_exhaustive()
    }
}

impl<'a> Asking<'a> {
    /// About this account.
    ///
    /// # Errors
    /// `NotFound`, `NotAtTiktok` or `Store`.
    pub async fn about(
        store: &dyn Store,
        providers: &'a Providers,
        tokens: &'a Tokens,
        scope: &Scope,
        id: Id<Account>,
    ) -> Result<Self, AskError> {
        let account = store.account_through(scope, id, ProviderKind::Official).await?.ok_or(AskError::NotFound)?;
        if account.provider != ProviderKind::Official {
            return Err(AskError::NotAtTiktok);
        }
        Ok(Self { official: providers.official(), tokens, account })
    }

    /// Calls TikTok with the account's token: once more with a fresh one if that was dead, and again a second later while the app
    /// calls too often, three times at most. Neither time was anything done.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn call<'c, T>(
        &'c self,
        ask: impl Fn(At<'c>) -> BoxFuture<'c, Result<T, tiktok::Error>> + Sync,
    ) -> Result<T, AskError> {
        let account = &self.account;
        if account.state == AccountState::Disconnected {
            return Err(AskError::Disconnected);
        }
        let mut current = self.tokens.current(account).await?;
        let (mut renewed, mut waited) = (false, 0);
        loop {
            match ask(At { account, token: current.access.clone() }).await {
                Err(error) if error.token_expired() && !renewed => {
                    renewed = true;
                    current = self.tokens.renewed(account, current.version).await?;
                }
                // It was not carried out. The next turn comes later now: the budget has learned.
                Err(error) if is_over_in_a_second(&error) && waited < WAITS => waited += 1,
                other => return Ok(other?),
            }
        }
    }
}

/// TikTok's limit of calls per second was met: a person waits that long, not for those of a minute or a day.
fn is_over_in_a_second(error: &tiktok::Error) -> bool {
    error.is_rate_limited() && error.retry_after().is_some_and(|pause| pause <= Duration::from_secs(1))
}
