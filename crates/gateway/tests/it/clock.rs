//! The clock that a test moves by hand, as the simulator reads it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use domain::{Clock, Timestamp};
use tokio::time::Instant;

/// The simulator's view of the test's clock. It goes on delivering by itself, as it does for people.
#[derive(Debug)]
pub(crate) struct SharedClock {
    clock: Clock,
    begun: Instant,
    ahead: Arc<AtomicI64>,
    by_hand: bool,
}

impl SharedClock {
    /// `by_hand`: calls per second are counted by the test's clock too.
    pub(crate) fn new(clock: Clock, ahead: Arc<AtomicI64>, by_hand: bool) -> Self {
        Self { clock, begun: Instant::now(), ahead, by_hand }
    }
}

impl simulator::Clock for SharedClock {
    fn now_ms(&self) -> i64 {
        self.clock.now().as_millis()
    }

    fn set_ms(&self, ms: i64) {
        self.clock.set(Timestamp::from_millis(ms));
    }

    /// What TikTok signs and dates its answers with.
    fn wall_ms(&self) -> i64 {
        self.now_ms() + self.ahead.load(Ordering::Relaxed)
    }

    /// TikTok's calls per second are counted in real seconds; Respond.io's, where hours of calls are tested, by the test's clock.
    fn pace_ms(&self) -> i64 {
        if self.by_hand {
            return self.now_ms();
        }
        i64::try_from(self.begun.elapsed().as_millis()).unwrap()
    }
}
