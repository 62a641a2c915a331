//! A socket that was let in, and how it is written to.

use std::time::Duration;

use socketioxide::{SendError, SocketError, extract::SocketRef};

use super::{Live, guest::Guest};

/// A full connection buffer is tried again after this: socketioxide does not tell when there is room.
const FULL_PAUSE: Duration = Duration::from_millis(20);
/// A client that takes nothing for this long is sent away.
const STUCK: Duration = Duration::from_secs(20);

/// Why a socket's feed ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The client went.
    Gone,
    /// Its queue overflowed, or it takes nothing.
    Behind,
    /// Its session or key is no longer good.
    Revoked,
    /// The event log can't be read; it comes back and tries again.
    Unavailable,
    /// A payload could not be written.
    Broken,
}

/// A socket with who it is.
pub(super) struct Client {
    pub(super) live: Live,
    pub(super) socket: SocketRef,
    pub(super) guest: Guest,
}

impl Client {
    /// Sends one packet, waiting for room in the connection's buffer.
    pub(super) async fn emit<T: serde::Serialize + ?Sized>(&self, event: &'static str, data: &T) -> Result<(), End> {
        let sending = async {
            loop {
                match self.socket.emit(event, data) {
                    Ok(()) => return Ok(()),
                    Err(SendError::Socket(SocketError::InternalChannelFull)) => tokio::time::sleep(FULL_PAUSE).await,
                    Err(SendError::Socket(SocketError::Closed)) => return Err(End::Gone),
                    Err(SendError::Serialize(_)) => return Err(End::Broken),
                }
            }
        };
        tokio::time::timeout(STUCK, sending).await.unwrap_or(Err(End::Behind))
    }

    /// Disconnects. A full buffer refuses even that, so it is tried until there is room or the connection is gone.
    pub(super) async fn send_away(&self) {
        while self.socket.connected() {
            if self.socket.clone().disconnect().is_ok() {
                return;
            }
            tokio::select! {
                () = self.guest.gone.cancelled() => return,
                () = tokio::time::sleep(FULL_PAUSE) => {}
            }
        }
    }
}
