//! One task per connected socket: catches it up, then passes on what the tail hands out, until it goes, falls behind or is revoked.

use std::time::Duration;

use socketioxide::extract::{SocketRef, State};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::{
    Live,
    catch_up::catch_up,
    client::{Client, End},
    guest::Guest,
    hub::{Parcel, Ticket},
};
use crate::{
    auth::{AuthError, Revocation},
    timer,
};

/// Sessions end, and another process may revoke: whoever stays is looked up again this often.
const LOOK_AGAIN: Duration = Duration::from_mins(1);

/// The connect handler: from here on the socket can be written to.
pub(super) async fn connected(socket: SocketRef, State(live): State<Live>) {
    let Some(guest) = socket.extensions.get::<Guest>() else { return };
    let lifecycle = live.app.lifecycle.clone();
    let client = Client { live, socket, guest };
    lifecycle.spawn("socket", async move { client.run().await });
}

impl Client {
    async fn run(self) {
        let Some(mut revocations) = self.guest.take_revocations() else { return };
        let closing = self.live.app.lifecycle.token();
        let end = tokio::select! {
            biased;
            () = self.guest.gone.cancelled() => End::Gone,
            // Everyone is closed at once, see `end_at_shutdown`.
            () = closing.cancelled() => End::Gone,
            () = self.revoked(&mut revocations) => End::Revoked,
            end = self.serve() => end,
        };
        tracing::debug!(?end, "socket feed ended");
        if end != End::Gone {
            self.send_away().await;
        }
    }

    async fn serve(&self) -> End {
        match catch_up(self).await {
            Ok((ticket, cursor)) => self.pass_on(ticket, cursor).await,
            Err(end) => end,
        }
    }

    /// Live: everything in the queue that the catching up did not bring already.
    async fn pass_on(&self, mut ticket: Ticket, cursor: i64) -> End {
        loop {
            let parcel = tokio::select! {
                biased;
                () = ticket.behind.cancelled() => return End::Behind,
                parcel = ticket.queue.recv() => parcel,
            };
            let passed = match parcel {
                Some(Parcel::Event(event)) if event.seq <= cursor => Ok(()),
                Some(Parcel::Event(event)) => {
                    tokio::select! {
                        () = ticket.behind.cancelled() => Err(End::Behind),
                        sent = self.emit(event.name, &event.data) => sent,
                    }
                }
                Some(Parcel::Typing(hint)) => self.emit("typing", &hint).await,
                None => Err(End::Gone),
            };
            if let Err(end) = passed {
                return end;
            }
        }
    }

    /// Ends when the session or key is revoked here, has ended, or was revoked by another process.
    async fn revoked(&self, revocations: &mut Receiver<Revocation>) {
        loop {
            let look = tokio::select! {
                heard = revocations.recv() => match heard {
                    Ok(revocation) if revocation.concerns(&self.guest.principal) => return,
                    Ok(_) => false,
                    Err(RecvError::Lagged(_)) => true,
                    Err(RecvError::Closed) => return,
                },
                () = timer::sleep(&self.live.app.clock, LOOK_AGAIN) => true,
            };
            if look && self.lost_its_rights().await {
                return;
            }
        }
    }

    /// Also when the rights have changed: it comes back with the new ones. A store that can't answer changes nothing.
    async fn lost_its_rights(&self) -> bool {
        match self.guest.credentials.sign_in(&self.live.app.auth).await {
            Ok(principal) => {
                principal.scope != self.guest.principal.scope || principal.actor != self.guest.principal.actor
            }
            Err(AuthError::Store(_)) => false,
            Err(AuthError::Missing | AuthError::Invalid | AuthError::Forbidden(_)) => true,
        }
    }
}
