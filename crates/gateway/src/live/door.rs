//! Who comes in: runs before a socket is connected, signs it in, and sets up everything that an early packet may need.

use std::sync::{Arc, Mutex};

use axum::http::{HeaderMap, HeaderName, header};
use domain::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use socketioxide::extract::{SocketRef, State, TryData};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use super::{Live, commands};
use crate::auth::{AuthError, Authenticator, Principal, Revocation};

/// What the client passes as `auth`, nothing being the same as `{}`. Example: `{"token":"mgk_…","after":1234}`.
#[derive(Default, Deserialize)]
pub(super) struct Hello {
    /// An API key or `API_SECRET`; without it the session cookie decides.
    token: Option<String>,
    /// The highest `seq` the client has seen.
    after: Option<i64>,
}

/// A socket that was let in.
#[derive(Clone)]
pub(super) struct Guest {
    pub(super) principal: Principal,
    /// Where it left off.
    pub(super) after: Option<i64>,
    /// Cancelled when it went away.
    pub(super) gone: CancellationToken,
    /// When it last said that somebody types.
    pub(super) typed_at: Arc<Mutex<Timestamp>>,
    token: Option<SecretString>,
    /// Those that sign in, and no others.
    headers: HeaderMap,
    /// Opened before the sign-in, so that a revocation in between is heard. Taken by the feed.
    revocations: Arc<Mutex<Option<broadcast::Receiver<Revocation>>>>,
}

impl Guest {
    /// Looks the same credentials up again.
    pub(super) async fn sign_in_again(&self, auth: &Authenticator) -> Result<Principal, AuthError> {
        sign_in(auth, self.token.as_ref(), &self.headers).await
    }

    /// The ear for revocations; the feed takes it once.
    pub(super) fn take_revocations(&self) -> Option<broadcast::Receiver<Revocation>> {
        self.revocations.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    }
}

/// Why a socket is not let in: the `message` of the client's `connect_error`.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    #[error("unauthenticated")]
    Unauthenticated(#[source] AuthError),
    #[error("forbidden")]
    Forbidden,
    #[error("unavailable")]
    Unavailable(#[source] AuthError),
    #[error("invalid-parameter")]
    Malformed,
}

/// The middleware.
pub(super) async fn admit(
    socket: SocketRef,
    hello: TryData<Option<Hello>>,
    State(live): State<Live>,
) -> Result<(), Refused> {
    let hello = hello.0.map_err(|_| Refused::Malformed)?.unwrap_or_default();
    let token = hello.token.map(SecretString::from);
    let headers = credentials(&socket.req_parts().headers);
    let revocations = live.app.auth.revoked();
    let principal = sign_in(&live.app.auth, token.as_ref(), &headers).await.map_err(|error| match error {
        AuthError::Store(_) => Refused::Unavailable(error),
        AuthError::Forbidden(_) => Refused::Forbidden,
        AuthError::Missing | AuthError::Invalid => Refused::Unauthenticated(error),
    })?;
    if !principal.can_read() {
        return Err(Refused::Forbidden);
    }
    let guest = Guest {
        principal,
        after: hello.after,
        gone: CancellationToken::new(),
        typed_at: Arc::new(Mutex::new(Timestamp::ZERO)),
        token,
        headers,
        revocations: Arc::new(Mutex::new(Some(revocations))),
    };
    let gone = guest.gone.clone();
    socket.extensions.insert(guest);
    socket.on("send_message", commands::send_message);
    socket.on("typing", commands::typing);
    socket.on_disconnect(async move || gone.cancel());
    Ok(())
}

fn credentials(headers: &HeaderMap) -> HeaderMap {
    let signs_in = |name: &HeaderName| *name == header::COOKIE || *name == header::AUTHORIZATION;
    headers.iter().filter(|(name, _)| signs_in(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

async fn sign_in(
    auth: &Authenticator,
    token: Option<&SecretString>,
    headers: &HeaderMap,
) -> Result<Principal, AuthError> {
    match token {
        Some(token) => auth.from_token(token.expose_secret()).await,
        None => auth.from_headers(headers).await,
    }
}
