//! The loop that the outbox and the jobs share: look what is due, claim it, work on it, wait for news or for the clock.

use std::{future::Future, sync::Arc, time::Duration};

use domain::{
    Clock, Timestamp,
    store::{Store, StoreResult},
};
use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio_util::sync::CancellationToken;

use crate::timer;

/// Pause after the database failed, or when something due could not be claimed (somebody else holds it).
const PAUSE: Duration = Duration::from_secs(1);

/// A queue in the store.
pub(super) trait Queue: Send + Sync {
    /// A claimed piece of work.
    type Item: Send;
    /// For logs.
    const NAME: &'static str;

    /// When the next piece is due.
    fn next_due(&self) -> impl Future<Output = StoreResult<Option<Timestamp>>> + Send;
    /// Leases up to `limit` due pieces.
    fn claim(&self, limit: u32) -> impl Future<Output = StoreResult<Vec<Self::Item>>> + Send;
    /// Does one piece and settles it.
    fn work(&self, item: Self::Item) -> impl Future<Output = StoreResult<()>> + Send;
}

/// What the loop needs.
#[derive(Clone)]
pub(super) struct Runner {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Clock,
    pub(super) stop: CancellationToken,
}

/// What a look at the queue found.
struct Look<T> {
    items: Vec<T>,
    next: Option<Timestamp>,
}

impl Runner {
    /// Runs until stopped; what is in hand then is finished, nothing new is taken.
    pub(super) async fn run<Q: Queue>(self, queue: Q, at_once: usize) {
        let mut running = FuturesUnordered::new();
        loop {
            // Armed before looking, so that a change in between wakes us.
            let changed = self.store.changed();
            let mut next = None;
            let has_room = running.len() < at_once && !self.stop.is_cancelled();
            if has_room {
                let look = self.look(&queue, at_once - running.len());
                let (look, any_done) = beside::<Q, _>(&mut running, look).await;
                next = look.next;
                running.extend(look.items.into_iter().map(|item| queue.work(item)));
                if any_done {
                    // There is more room than was asked for.
                    continue;
                }
            }
            if self.stop.is_cancelled() && running.is_empty() {
                return;
            }
            let due = async {
                match next {
                    Some(at) => timer::sleep_until(&self.clock, at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = self.stop.cancelled(), if !self.stop.is_cancelled() => {}
                Some(done) = running.next(), if !running.is_empty() => note::<Q>(done),
                () = changed, if has_room => {}
                () = due, if has_room => {}
            }
        }
    }

    /// Reads before it claims: a claim is a write, and most changes are none of this queue's.
    async fn look<Q: Queue>(&self, queue: &Q, room: usize) -> Look<Q::Item> {
        let now = self.clock.now();
        let nothing = |next| Look { items: Vec::new(), next };
        let found = async {
            let next = queue.next_due().await?;
            if next.is_none_or(|due| due > now) {
                return Ok(nothing(next));
            }
            let items = queue.claim(u32::try_from(room).unwrap_or(u32::MAX)).await?;
            if items.len() == room {
                // No room is left; the next look follows when a piece is done.
                return Ok(Look { items, next: None });
            }
            let next = queue.next_due().await?.map(|due| if due <= now { now.plus(PAUSE) } else { due });
            Ok(Look { items, next })
        };
        found.await.unwrap_or_else(|error: domain::store::StoreError| {
            tracing::warn!(
                queue = Q::NAME,
                error = &error as &(dyn std::error::Error + 'static),
                "the queue could not be read"
            );
            nothing(Some(now.plus(PAUSE)))
        })
    }
}

/// Waits for `work` while what is under way goes on: it may hold, or be the next to get, what `work` waits for, such as a connection.
/// Also tells whether any of it was done.
async fn beside<Q: Queue, T>(
    running: &mut FuturesUnordered<impl Future<Output = StoreResult<()>>>,
    work: impl Future<Output = T>,
) -> (T, bool) {
    tokio::pin!(work);
    let mut any_done = false;
    loop {
        tokio::select! {
            done = &mut work => return (done, any_done),
            Some(done) = running.next(), if !running.is_empty() => {
                note::<Q>(done);
                any_done = true;
            }
        }
    }
}

fn note<Q: Queue>(done: StoreResult<()>) {
    if let Err(error) = done {
        let error = &error as &(dyn std::error::Error + 'static);
        tracing::warn!(queue = Q::NAME, error, "could not be settled; the lease will expire");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use domain::IdGenerator;
    use tokio::sync::Semaphore;

    use super::*;

    /// Pieces and looks that share one permit, as replies and claims share the database's connections.
    struct Narrow {
        permits: Semaphore,
        waiting: Mutex<u32>,
        done: Mutex<u32>,
        stop: CancellationToken,
    }

    const PIECES: u32 = 40;

    impl Queue for Narrow {
        type Item = ();
        const NAME: &'static str = "narrow";

        async fn next_due(&self) -> StoreResult<Option<Timestamp>> {
            let _permit = self.permits.acquire().await;
            tokio::task::yield_now().await;
            Ok((*self.waiting.lock().unwrap() > 0).then_some(Timestamp::ZERO))
        }

        async fn claim(&self, limit: u32) -> StoreResult<Vec<()>> {
            let _permit = self.permits.acquire().await;
            let mut waiting = self.waiting.lock().unwrap();
            let claimed = limit.min(*waiting).min(3);
            *waiting -= claimed;
            Ok(vec![(); claimed as usize])
        }

        async fn work(&self, (): ()) -> StoreResult<()> {
            for _ in 0..3 {
                let _permit = self.permits.acquire().await;
                tokio::task::yield_now().await;
            }
            let mut done = self.done.lock().unwrap();
            *done += 1;
            if *done == PIECES {
                self.stop.cancel();
            }
            Ok(())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn looking_does_not_stop_what_is_under_way() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::system();
        let ids = Arc::new(IdGenerator::without_lease());
        let store = store_sqlite::SqliteStore::open(&folder.path().join("gateway.db"), clock.clone(), ids).unwrap();
        let stop = CancellationToken::new();
        let queue =
            Narrow { permits: Semaphore::new(1), waiting: Mutex::new(PIECES), done: Mutex::new(0), stop: stop.clone() };
        // Ends when all are done; a look that waits for a piece which nobody goes on with would wait for ever.
        let run = Runner { store: Arc::new(store), clock, stop }.run(queue, 8);
        assert!(tokio::time::timeout(Duration::from_hours(1), run).await.is_ok(), "it is stuck");
    }
}
