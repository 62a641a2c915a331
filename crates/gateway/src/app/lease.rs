//! Holds a node number, without which nothing may be written: leased at start, renewed while the process lives, given back at its end.

use std::{sync::Arc, time::Duration};

use domain::{
    Clock, IdGenerator, Timestamp,
    store::{NodeLease, Store, StoreResult},
};
use tokio_util::sync::CancellationToken;

use crate::timer;

/// How often a lease of 60 seconds is renewed: two may fail.
const RENEW_EVERY: Duration = Duration::from_secs(20);
/// How soon after a failure it is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(2);

/// A held node number. Whoever drops it without [`Holder::renew_until`] leaves the number taken for a minute.
pub struct Holder {
    store: Arc<dyn Store>,
    ids: Arc<IdGenerator>,
    clock: Clock,
    lease: NodeLease,
}

impl std::fmt::Debug for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Holder").field("node", &self.lease.node).finish_non_exhaustive()
    }
}

impl Holder {
    /// Leases a number and lets ids be made.
    ///
    /// # Errors
    /// `Unavailable`, also when all numbers are taken.
    pub async fn take(store: Arc<dyn Store>, ids: Arc<IdGenerator>, clock: Clock) -> StoreResult<Self> {
        let lease = store.lease_node().await?;
        let holder = Self { store, ids, clock, lease };
        holder.grant();
        Ok(holder)
    }

    /// A manual clock may jump past the end of a lease at any line of a test, and nobody else shares its database.
    fn grant(&self) {
        let until = if self.clock.moved().is_some() { Timestamp::MAX } else { self.lease.until };
        self.ids.grant(self.lease.node, until);
    }

    /// Renews until `end`, then gives the number back. A lost lease stops all writing at once and is replaced by a new one: the ids made
    /// so far stay unique, because the generator refuses from the moment its lease ends.
    pub async fn renew_until(mut self, end: CancellationToken) {
        let mut wait = RENEW_EVERY;
        loop {
            tokio::select! {
                biased;
                () = end.cancelled() => break,
                () = timer::sleep(&self.clock, wait) => {}
            }
            wait = match self.renew().await {
                Ok(()) => RENEW_EVERY,
                Err(error) => {
                    tracing::warn!(error = &error as &(dyn std::error::Error + 'static), "node lease not renewed");
                    TRY_AGAIN
                }
            };
        }
        self.ids.revoke();
        if let Err(error) = self.store.release_node(self.lease).await {
            // It ends by itself in a minute.
            tracing::debug!(error = &error as &(dyn std::error::Error + 'static), "node lease not given back");
        }
    }

    async fn renew(&mut self) -> StoreResult<()> {
        if let Some(lease) = self.store.renew_node(self.lease).await? {
            self.lease = lease;
        } else {
            tracing::warn!(node = self.lease.node, "node lease lost, taking another");
            self.ids.revoke();
            self.lease = self.store.lease_node().await?;
        }
        self.grant();
        Ok(())
    }
}
