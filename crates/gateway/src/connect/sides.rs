//! The two sides of an account at TikTok and at Respond.io: taking one off again. How one is added: `connect` for TikTok's, `spaces` for
//! Respond.io's.

use domain::{
    Id,
    account::{Account, ProviderKind},
    store::StoreResult,
    workspace::Scope,
};

use super::{login, revoke};
use crate::app::App;

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
