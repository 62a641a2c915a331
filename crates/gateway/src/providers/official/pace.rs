//! One budget for every call of the app: TikTok counts calls per second and refuses what is above. Called by the methods of
//! [`Official`](super::Official) before each call. Time is the machine's here, whatever clock a test holds: TikTok's is.

use std::{num::NonZeroU32, time::Duration};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{Mutex, watch};

/// How urgent a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// A person or a reply waits for it.
    Now,
    /// A job; it lets everything pass that is waited for.
    Later,
}

/// Hands out turns.
#[derive(Debug)]
pub(super) struct Pace {
    budget: DefaultDirectRateLimiter,
    urgent: watch::Sender<usize>,
    later: Mutex<()>,
}

impl Pace {
    /// At most `per_second` calls in any second. They are spread evenly: a budget that may be spent at once would allow nearly
    /// twice as many in the second around it.
    pub(super) fn new(per_second: u32) -> Self {
        let gaps = per_second.saturating_sub(1).max(1);
        let quota = Quota::with_period(Duration::from_secs(1) / gaps)
            .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
            .allow_burst(NonZeroU32::MIN);
        Self { budget: RateLimiter::direct(quota), urgent: watch::Sender::new(0), later: Mutex::new(()) }
    }

    /// Waits until a call may leave.
    pub(super) async fn turn(&self, turn: Turn) {
        match turn {
            Turn::Now => {
                let _waiting = Waiting::new(&self.urgent);
                self.budget.until_ready().await;
            }
            Turn::Later => {
                // One at a time, so that at most one job's call is ahead of one that becomes urgent meanwhile.
                let _first = self.later.lock().await;
                // The sender lives as long as we do, so this can't fail.
                drop(self.urgent.subscribe().wait_for(|waiting| *waiting == 0).await);
                self.budget.until_ready().await;
            }
        }
    }
}

/// An urgent call that waits; counted until it leaves or is given up.
struct Waiting<'p>(&'p watch::Sender<usize>);

impl<'p> Waiting<'p> {
    fn new(urgent: &'p watch::Sender<usize>) -> Self {
        urgent.send_modify(|waiting| *waiting += 1);
        Self(urgent)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|waiting| *waiting -= 1);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt as _, poll};

    use super::*;

    #[tokio::test]
    async fn what_is_urgent_goes_first() {
        let pace = Pace::new(10);
        assert!(pace.turn(Turn::Later).now_or_never().is_some(), "nobody waits");
        let mut urgent = Box::pin(pace.turn(Turn::Now));
        let mut job = Box::pin(pace.turn(Turn::Later));
        assert!(poll!(&mut urgent).is_pending(), "the budget of this moment is spent");
        assert!(poll!(&mut job).is_pending());
        let first = tokio::select! {
            biased;
            () = &mut job => "job",
            () = &mut urgent => "urgent",
        };
        assert_eq!(first, "urgent");
        drop(urgent);
        job.await;
    }

    #[tokio::test]
    async fn an_urgent_call_that_is_given_up_holds_nobody_back() {
        let pace = Pace::new(10);
        pace.turn(Turn::Now).await;
        let mut urgent = Box::pin(pace.turn(Turn::Now));
        assert!(poll!(&mut urgent).is_pending());
        drop(urgent);
        pace.turn(Turn::Later).await;
    }
}
