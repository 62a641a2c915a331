//! Looks callers up.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use domain::{
    Clock, Id,
    identity::{ApiKey, SecretHash, Session},
    store::{Store, StoreError},
    workspace::Scope,
};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use tokio::sync::broadcast;

use super::{Actor, Principal, hash_of};

/// The session cookie.
pub const SESSION_COOKIE: &str = "mg_session";
/// Prefix of an API key's secret.
pub(crate) const KEY_PREFIX: &str = "mgk_";

/// Why a caller does not get in, or not that far.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// Nothing shown.
    #[error("sign in, or send an API key as a bearer token")]
    Missing,
    /// Unknown, expired or revoked.
    #[error("the session or token is not valid (any more)")]
    Invalid,
    /// Known, but not allowed to.
    #[error("{0}")]
    Forbidden(&'static str),
    /// Can't be looked up now.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was revoked just now: its sockets must close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// A session, by the hash of its cookie.
    Session(SecretHash),
    /// An API key.
    Key(Id<ApiKey>),
}

impl Revocation {
    /// Whether it concerns `principal`.
    pub fn concerns(&self, principal: &Principal) -> bool {
        match (self, &principal.actor) {
            (Self::Session(hash), Actor::Member { session, .. }) => hash == session,
            (Self::Key(key), Actor::Key { id, .. }) => key == id,
            _ => false,
        }
    }
}

/// Turns what a caller shows into a [`Principal`]. Cloned cheaply.
#[derive(Clone)]
pub struct Authenticator {
    store: Arc<dyn Store>,
    clock: Clock,
    api_secret: Option<SecretString>,
    revocations: broadcast::Sender<Revocation>,
}

impl std::fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authenticator").finish_non_exhaustive()
    }
}

#[expect(
    clippy::wrong_self_convention,
    reason = "they tell from what the caller is known; the authenticator is who looks"
)]
impl Authenticator {
    /// Over a store; `api_secret` is the setting of that name.
    pub fn new(store: Arc<dyn Store>, clock: Clock, api_secret: Option<SecretString>) -> Self {
        let (revocations, _) = broadcast::channel(64);
        Self { store, clock, api_secret, revocations }
    }

    /// By `Authorization: Bearer …`, else by the session cookie. A bearer token that is wrong is not rescued by a cookie.
    ///
    /// # Errors
    /// [`AuthError`].
    pub async fn from_headers(&self, headers: &HeaderMap) -> Result<Principal, AuthError> {
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let text = value.to_str().map_err(|_| AuthError::Invalid)?;
            let (scheme, token) = text.split_once(' ').ok_or(AuthError::Invalid)?;
            return if scheme.eq_ignore_ascii_case("bearer") {
                self.from_token(token.trim()).await
            } else {
                Err(AuthError::Invalid)
            };
        }
        self.session(headers).await.map(member_principal)
    }

    /// By a bearer token: an API key or `API_SECRET`.
    ///
    /// # Errors
    /// [`AuthError`].
    pub async fn from_token(&self, token: &str) -> Result<Principal, AuthError> {
        if self.is_api_secret(token) {
            let workspace = self.store.default_workspace().await?.ok_or(AuthError::Invalid)?;
            return Ok(Principal { scope: Scope::all(workspace.id), workspace: workspace.id, actor: Actor::ApiSecret });
        }
        if !token.starts_with(KEY_PREFIX) {
            return Err(AuthError::Invalid);
        }
        let found = self.store.api_key_by_hash_any_workspace(&hash_of(token), self.clock.now()).await?;
        let key = found.ok_or(AuthError::Invalid)?;
        Ok(Principal {
            scope: Scope::all(key.workspace_id),
            workspace: key.workspace_id,
            actor: Actor::Key { id: key.id, name: key.name, scope: key.scope },
        })
    }

    /// The session of a browser, with the member in full.
    ///
    /// # Errors
    /// [`AuthError`].
    pub async fn session(&self, headers: &HeaderMap) -> Result<Session, AuthError> {
        let cookie = session_cookie(headers).ok_or(AuthError::Missing)?;
        self.store.session(&hash_of(cookie), self.clock.now()).await?.ok_or(AuthError::Invalid)
    }

    /// Whether a principal that got in earlier would still get in, as it is now: for long-lived sockets, since a revocation by another
    /// process is not heard here.
    ///
    /// # Errors
    /// The store's.
    pub async fn is_still_good(&self, principal: &Principal) -> Result<bool, StoreError> {
        match &principal.actor {
            Actor::Member { session, role, .. } => {
                let session = self.store.session(session, self.clock.now()).await?;
                Ok(session.is_some_and(|session| {
                    session.member.role == *role && session.member.accounts == principal.scope.accounts
                }))
            }
            Actor::Key { id, .. } => {
                Ok(self.store.api_keys(principal.workspace).await?.iter().any(|key| key.id == *id))
            }
            Actor::ApiSecret => Ok(true),
        }
    }

    /// Hashed before comparing, so that neither content nor length shows in the time taken.
    fn is_api_secret(&self, token: &str) -> bool {
        self.api_secret
            .as_ref()
            .is_some_and(|secret| Sha256::digest(secret.expose_secret()).ct_eq(&Sha256::digest(token)).into())
    }

    /// Tells everyone who listens that a session or key is no longer good.
    pub fn revoke(&self, revocation: Revocation) {
        // Nobody listening means no socket to close.
        drop(self.revocations.send(revocation));
    }

    /// Hears of revocations from now on. A listener that lags must look its principal up again.
    pub fn revoked(&self) -> broadcast::Receiver<Revocation> {
        self.revocations.subscribe()
    }
}

fn member_principal(session: Session) -> Principal {
    let member = session.member;
    Principal {
        scope: Scope { workspace: member.workspace.id, accounts: member.accounts },
        workspace: member.workspace.id,
        actor: Actor::Member { user: member.user.id, name: member.user.name, role: member.role, session: session.hash },
    }
}

/// The session cookie's value, whichever of several `Cookie` headers it is in.
fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == SESSION_COOKIE && !value.is_empty()).then_some(value))
}
