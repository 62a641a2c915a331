//! Who comes in: runs before a socket is connected, signs it in, and sets up everything that an early packet may need.

use std::sync::{Arc, Mutex};

use domain::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use socketioxide::extract::{SocketRef, State, TryData};
use tokio_util::sync::CancellationToken;

use super::{
    Live, commands,
    guest::{Credentials, Guest},
};
use crate::auth::AuthError;

/// What the client passes as `auth`, nothing being the same as `{}`. Example: `{"token":"mgk_…","after":1234}`.
#[derive(Default, Deserialize)]
pub(super) struct Hello {
    /// An API key or `API_SECRET`; without it the session cookie decides.
    token: Option<String>,
    /// The highest `seq` the client has seen.
    after: Option<i64>,
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
    let credentials = Credentials::new(hello.token.map(SecretString::from), &socket.req_parts().headers);
    let revocations = live.app.auth.revoked();
    let principal = credentials.sign_in(&live.app.auth).await.map_err(|error| match error {
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
        credentials,
        revocations: Arc::new(Mutex::new(Some(revocations))),
    };
    let gone = guest.gone.clone();
    socket.extensions.insert(guest);
    socket.on("send_message", commands::send_message);
    socket.on("typing", commands::typing);
    socket.on_disconnect(async move || gone.cancel());
    Ok(())
}
