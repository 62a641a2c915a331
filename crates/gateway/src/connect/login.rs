//! Connecting an identity through Login Kit, making it one with the account of the same person, and taking it off again.

use domain::{
    Id, Timestamp,
    account::{Account, AccountRecord, Binding, Connect, ProviderKind, SealedTokens},
    identity::{OauthState, SecretHash},
    profile::Profile,
    store::{Store, StoreResult},
    workspace::{Scope, Workspace},
};
use tiktok::login::{AccessToken, Callback, LoginErrorCode, Scopes, UserInfo};

use super::{ConnectError, Finished, ROUND_TRIP, Return};
use crate::{
    auth::Secret,
    keyring::Keyring,
    providers::{
        Login, Providers,
        tokens::{self, Current, TokenError, Tokens},
    },
};

/// What a consent page was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The username too.
    All,
    /// No more than who it is: TikTok refuses the whole page where the app may not ask for the username.
    Basic,
}

impl Asked {
    /// As the state of a round trip keeps it.
    const fn kind(self) -> &'static str {
        match self {
            Self::All => "login",
            Self::Basic => "login-basic",
        }
    }

    /// Back from [`kind`](Self::kind).
    pub(super) fn of(kind: &str) -> Option<Self> {
        [Self::All, Self::Basic].into_iter().find(|asked| asked.kind() == kind)
    }
}

/// Begins a round trip and gives the address of Login Kit's consent page.
///
/// # Errors
/// `NoLoginApp`, `Store`, or `Tiktok` when a configured address does not fit.
pub async fn begin(
    store: &dyn Store,
    login: &Login,
    workspace: Id<Workspace>,
    session: SecretHash,
    redirect_uri: &str,
    asked: Asked,
    now: Timestamp,
) -> Result<String, ConnectError> {
    let app = login.app().ok_or(ConnectError::NoLoginApp)?;
    let secret = Secret::generate("");
    let (kind, expires_at) = (asked.kind().to_owned(), now.plus(ROUND_TRIP));
    let state = OauthState { workspace_id: workspace, session, kind, expires_at };
    store.create_oauth_state(secret.hash(), state).await.map_err(ConnectError::Store)?;
    Ok(login.consent_page(app, redirect_uri, secret.expose(), asked == Asked::All)?)
}

/// Ends a round trip whose state was taken. An app that may not ask for the username sends the browser round once more.
pub(super) async fn finish(
    store: &dyn Store,
    login: &Login,
    keyring: &Keyring,
    back: Return<'_>,
    (workspace, asked): (Id<Workspace>, Asked),
    now: Timestamp,
) -> Result<Finished, ConnectError> {
    let code = match Callback::parse(back.query).map_err(|_| ConnectError::State)? {
        Callback::Granted { code, .. } => code,
        Callback::Denied { error: LoginErrorCode::InvalidScope, .. } if asked == Asked::All => {
            tracing::info!("the Login Kit app may not ask for the username; asking without it");
            let (session, redirect_uri) = (back.session, back.redirect_uri);
            let page = begin(store, login, workspace, session, redirect_uri, Asked::Basic, now).await?;
            return Ok(Finished::AskAgain(page));
        }
        Callback::Denied { error: LoginErrorCode::InvalidScope, .. } => return Err(ConnectError::Scope),
        _ => return Err(ConnectError::Denied),
    };
    let app = login.app().ok_or(ConnectError::NoLoginApp)?;
    let identity = login.exchange(app, code, back.redirect_uri).await?;
    let Profile { username, display_name, avatar_url } = identity.user.map(profile).unwrap_or_default();
    let connect = Connect {
        provider: ProviderKind::Login,
        tokens: Some(tokens::seal(keyring, &identity.open_id, &identity.tokens, now, 1)),
        external_id: identity.open_id,
        username,
        display_name,
        avatar_url,
        scopes: identity.scopes,
    };
    let account = store.connect_account(workspace, connect).await?;
    tracing::info!(account = %account.id, "identity connected");
    Ok(Finished::Connected(account.id))
}

fn profile(user: UserInfo) -> Profile {
    let UserInfo { username, display_name, avatar_url, .. } = user;
    Profile { username, display_name, avatar_url }
}

/// Asks Login Kit who an identity is now and keeps that: the address of a picture ends after a while, and names change.
///
/// # Errors
/// [`TokenError`].
pub async fn look_again(
    store: &dyn Store,
    login: &Login,
    tokens: &Tokens,
    binding: &Binding,
) -> Result<(), TokenError> {
    let told = profile(ask(login, tokens, binding).await?);
    Ok(store.set_profile(&Scope::all(binding.workspace_id), binding.id, told).await?)
}

/// What Login Kit tells of an identity, asked with a token that it accepts: renewed once if need be.
///
/// # Errors
/// [`TokenError`].
pub async fn ask(login: &Login, tokens: &Tokens, binding: &Binding) -> Result<UserInfo, TokenError> {
    let granted = Scopes::parse(&binding.scopes.join(","));
    let Current { access, version } = tokens.identity(binding).await?;
    let ask = async |token: &AccessToken| login.user(token, &granted).await;
    let renewed = match ask(&access).await {
        Err(error) if error.token_expired() => tokens.renewed_identity(binding, version).await?,
        other => return other.map_err(TokenError::Refresh),
    };
    let told = ask(&renewed.access).await;
    told.map_err(|error| if error.token_expired() { TokenError::Reauthorize } else { TokenError::Refresh(error) })
}

/// Takes the identity off an account in sight that carries messages, and gives the permission back. `None` when there is no such
/// account; true when TikTok confirmed it, or there was nothing to give back.
///
/// # Errors
/// `Unavailable`.
pub async fn disconnect_identity(
    store: &dyn Store,
    providers: &Providers,
    keyring: &Keyring,
    tokens: &Tokens,
    scope: &Scope,
    record: &AccountRecord,
) -> StoreResult<bool> {
    let beside = |binding: &&Binding| binding.provider == ProviderKind::Login && !binding.sends;
    let Some(binding) = record.bindings.iter().find(beside) else { return Ok(true) };
    let sealed = tokens.take(scope, binding.id).await?;
    store.remove_binding(scope, binding.id).await?;
    tracing::info!(account = %record.account.id, "identity disconnected");
    match sealed {
        Some(sealed) => Ok(revoke(providers.login(), keyring, binding, &sealed).await),
        None => Ok(true),
    }
}

/// One account in sight with what stands beside it.
///
/// # Errors
/// `Unavailable`.
pub async fn record(store: &dyn Store, scope: &Scope, id: Id<Account>) -> StoreResult<Option<AccountRecord>> {
    Ok(store.account_records(scope).await?.into_iter().find(|record| record.account.id == id))
}

/// True when TikTok took the permission back, or had done so before. An access token lives for two hours, so it is renewed once
/// for it: the refresh token would otherwise live on.
pub(super) async fn revoke(login: &Login, keyring: &Keyring, binding: &Binding, sealed: &SealedTokens) -> bool {
    let Some(app) = login.app() else { return false };
    let external_id = binding.external_id.as_str();
    let Ok(access) = tokens::open_login_access(keyring, external_id, sealed) else { return false };
    let mut result = login.revoke(app, &access).await;
    if result.is_err()
        && let Ok(refresh) = tokens::open_login_refresh(keyring, external_id, sealed)
    {
        result = match login.refresh(app, &refresh).await {
            Ok(fresh) => login.revoke(app, &fresh.access_token).await,
            // Nothing is left that could be revoked.
            Err(error) if error.needs_reauthorization() || error.token_expired() => Ok(()),
            Err(error) => Err(error),
        };
    }
    if let Err(error) = &result {
        tracing::warn!(account = %binding.account_id, %error, "TikTok did not confirm the revocation of an identity");
    }
    result.is_ok()
}
