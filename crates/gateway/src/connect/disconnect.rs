//! Disconnecting an account: its state, what waits in its queue, and its tokens, which are given back to TikTok.

use domain::{
    Id,
    account::{Account, AccountState, Binding, ProviderKind, SealedTokens},
    store::{Store, StoreResult},
    workspace::Scope,
};

use super::login;
use crate::{
    keyring::Keyring,
    providers::{
        Official, Providers,
        tokens::{self, Tokens},
    },
};

/// Disconnects an account in sight: nothing is sent any more, queued replies fail visibly, the tokens of all its bindings are revoked
/// at TikTok (as far as it answers) and forgotten. `None` when there is no such account in sight. Doing it twice is fine.
///
/// # Errors
/// `Unavailable`.
pub async fn disconnect(
    store: &dyn Store,
    providers: &Providers,
    keyring: &Keyring,
    tokens: &Tokens,
    scope: &Scope,
    id: Id<Account>,
) -> StoreResult<Option<Account>> {
    let say = async |reason: &str| {
        store.set_account_state(scope, id, AccountState::Disconnected, Some(reason.to_owned())).await
    };
    // The state first: from here on the guard lets nothing new into the queue and nothing out of it.
    let Some(account) = say("Disconnected here").await? else { return Ok(None) };
    let failed = store.fail_queued(scope, id).await?;
    let mut held = Vec::new();
    for binding in login::record(store, scope, id).await?.into_iter().flat_map(|record| record.bindings) {
        if let Some(sealed) = tokens.take(scope, binding.id).await? {
            store.set_binding_trouble(scope, binding.id, "Disconnected here".to_owned()).await?;
            held.push((binding, sealed));
        }
    }
    tracing::info!(account = %id, failed, "account disconnected");
    if held.is_empty() {
        return Ok(Some(account));
    }
    let mut all = true;
    for (binding, sealed) in held {
        all &= match binding.provider {
            ProviderKind::Login => login::revoke(providers.login(), keyring, &binding, &sealed).await,
            _ => revoke(providers.official(), keyring, &binding, &sealed).await,
        };
    }
    let reason = if all {
        "Disconnected here; the permission was given back to TikTok"
    } else {
        "Disconnected here; TikTok did not confirm it, so remove the app in TikTok's settings as well"
    };
    Ok(Some(say(reason).await?.unwrap_or(account)))
}

/// True when TikTok took the permission back, or had done so before. An access token that has ended is renewed once for it:
/// the refresh token would otherwise live on.
pub(super) async fn revoke(official: &Official, keyring: &Keyring, binding: &Binding, sealed: &SealedTokens) -> bool {
    let Some(app) = official.app() else { return false };
    let Ok(access) = tokens::open_access(keyring, &binding.external_id, sealed) else { return false };
    let mut result = official.revoke(binding.workspace_id, app, &access).await;
    if result.as_ref().is_err_and(tiktok::Error::token_expired)
        && let Ok(refresh) = tokens::open_refresh(keyring, &binding.external_id, sealed)
    {
        result = match official.refresh(binding.workspace_id, app, &refresh).await {
            Ok(fresh) => official.revoke(binding.workspace_id, app, &fresh.access).await,
            // Nothing is left that could be revoked.
            Err(error) if error.needs_reauthorization() || error.token_expired() => Ok(()),
            Err(error) => Err(error),
        };
    }
    match result {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(account = %binding.account_id, %error, "TikTok did not confirm the revocation");
            false
        }
    }
}
