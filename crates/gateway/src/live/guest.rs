//! Who a socket belongs to: made at the door, kept with the socket.

use std::sync::{Arc, Mutex};

use axum::http::{HeaderMap, HeaderName, header};
use domain::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::auth::{AuthError, Authenticator, Principal, Revocation};

/// Whoever was let in.
#[derive(Clone)]
pub(super) struct Guest {
    pub(super) principal: Principal,
    /// Looked up again while it stays.
    pub(super) credentials: Credentials,
    /// Where it left off.
    pub(super) after: Option<i64>,
    /// Cancelled when it went away.
    pub(super) gone: CancellationToken,
    /// When it last said that somebody types.
    pub(super) typed_at: Arc<Mutex<Timestamp>>,
    /// Opened before the sign-in, so that a revocation in between is heard. Taken by the feed.
    pub(super) revocations: Arc<Mutex<Option<broadcast::Receiver<Revocation>>>>,
}

impl Guest {
    /// The ear for revocations; the feed takes it once.
    pub(super) fn take_revocations(&self) -> Option<broadcast::Receiver<Revocation>> {
        self.revocations.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    }
}

/// What a socket signs in with.
#[derive(Clone)]
pub(super) struct Credentials {
    token: Option<SecretString>,
    /// Those that sign in, and no others.
    headers: HeaderMap,
}

impl Credentials {
    pub(super) fn new(token: Option<SecretString>, headers: &HeaderMap) -> Self {
        let signs_in = |name: &HeaderName| *name == header::COOKIE || *name == header::AUTHORIZATION;
        let headers = headers.iter().filter(|(name, _)| signs_in(name));
        Self { token, headers: headers.map(|(name, value)| (name.clone(), value.clone())).collect() }
    }

    pub(super) async fn sign_in(&self, auth: &Authenticator) -> Result<Principal, AuthError> {
        match &self.token {
            Some(token) => auth.from_token(token.expose_secret()).await,
            None => auth.from_headers(&self.headers).await,
        }
    }
}
