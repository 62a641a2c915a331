//! The two sides of an account at TikTok and at Respond.io: adding TikTok's, and taking one off again. How Respond.io's is added:
//! `spaces`.

use domain::{
    Id,
    account::{Account, ProviderKind},
    store::{Store, StoreError, StoreResult},
    workspace::Scope,
};
use tiktok::oauth::AppCredentials;

use super::{ConnectError, disconnect::revoke, login};
use crate::{
    app::App,
    providers::{Granted, Official},
};

/// Adds the TikTok account of a grant to an account in sight. Where an identity tells whose account that is, it must be the same.
///
/// # Errors
/// `OtherUsername`, and the permission is given back; `OtherAccount`; `State` when the account is gone; `Store`.
pub(super) async fn add_tiktok(
    store: &dyn Store,
    official: &Official,
    app: &AppCredentials,
    scope: &Scope,
    id: Id<Account>,
    granted: &Granted,
) -> Result<(), ConnectError> {
    let known = store.account_by_external_id_any_workspace(ProviderKind::Official, &granted.open_id).await?;
    // What is here already is the same account, whatever it is called by now.
    if known.is_none() && is_another(store, scope, id, granted).await? {
        if let Err(error) = official.revoke(scope.workspace, app, &granted.tokens.access).await {
            tracing::warn!(%error, "the token of an account with another username could not be revoked");
        }
        return Err(ConnectError::OtherUsername);
    }
    let added = store.add_side(scope, id, ProviderKind::Official, &granted.open_id).await;
    let added = added.map_err(|error| match error {
        StoreError::Conflict { .. } => ConnectError::OtherAccount,
        other => ConnectError::Store(other),
    })?;
    added.map(drop).ok_or(ConnectError::State)
}

/// Whether the account's identity has another username than the grant.
async fn is_another(store: &dyn Store, scope: &Scope, id: Id<Account>, granted: &Granted) -> StoreResult<bool> {
    let record = login::record(store, scope, id).await?;
    let identity =
        record.into_iter().flat_map(|record| record.bindings).find(|one| one.provider == ProviderKind::Login);
    let known = identity.and_then(|binding| binding.profile.username);
    Ok(known.zip(granted.username.as_ref()).is_some_and(|(one, other)| one.to_lowercase() != other.to_lowercase()))
}

/// Takes a side off an account in sight and gives its permission back, as far as TikTok answers. `None` when there is no such account.
///
/// # Errors
/// `Conflict` for the side that sends; `Unavailable`.
pub async fn remove(app: &App, scope: &Scope, id: Id<Account>, provider: ProviderKind) -> StoreResult<Option<Account>> {
    let record = login::record(&*app.store, scope, id).await?;
    let bindings = record.into_iter().flat_map(|record| record.bindings);
    let binding = bindings.into_iter().find(|one| one.provider == provider && !one.sends);
    let sealed = match &binding {
        Some(binding) => app.tokens.take(scope, binding.id).await?,
        None => None,
    };
    let left = app.store.remove_side(scope, id, provider).await?;
    if let (Some(binding), Some(sealed), ProviderKind::Official) = (binding, sealed, provider) {
        revoke(app.providers.official(), &app.keyring, &binding, &sealed).await;
    }
    app.providers.respondio().spaces_changed();
    tracing::info!(account = %id, provider = ?provider, "a side of the account is gone");
    Ok(left)
}
