//! One budget for all calls of one kind: a platform counts them per second, whoever they are for, and refuses what is above.
//! A provider waits here before each call and tells what came of it.
//!
//! It is ours because it is the product's own promise – no workspace waits for another's queue, nothing waits for a job – and
//! because the limit must be learned: several processes and other programs share it. A token bucket from a library knows neither
//! whose call waits nor what was answered. Whose turn it is and how fast turns come is decided by `rota` and `rate`, which are
//! plain functions; here is only the waiting.

mod rate;
mod rota;

use std::{
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::{Clock, Timestamp};
use tokio::{sync::Notify, time::Instant};

pub(super) use rate::Answer;
pub use rota::Turn;

use self::{
    rate::Rate,
    rota::{Rota, Ticket},
};
use crate::timer;

/// By which time calls are counted.
#[derive(Debug)]
pub(super) enum Time {
    /// The machine's, whatever clock a test holds: for a platform that counts in its own seconds.
    Machine(Instant),
    /// The clock that was passed in, from this moment on: where hours of calls are tested in seconds.
    Given(Clock, Timestamp),
}

impl Time {
    /// The machine's, from now on.
    pub(super) fn machine() -> Self {
        Self::Machine(Instant::now())
    }

    /// This clock's, from now on.
    pub(super) fn of(clock: &Clock) -> Self {
        Self::Given(clock.clone(), clock.now())
    }

    fn elapsed(&self) -> Duration {
        match self {
            Self::Machine(begun) => begun.elapsed(),
            Self::Given(clock, begun) => clock.now().since(*begun),
        }
    }

    async fn sleep_until(&self, at: Duration) {
        match self {
            Self::Machine(begun) => tokio::time::sleep_until(*begun + at).await,
            Self::Given(clock, begun) => timer::sleep_until(clock, begun.plus(at)).await,
        }
    }
}

/// Hands out turns; `K` names whose call it is.
#[derive(Debug)]
pub(super) struct Pace<K> {
    time: Time,
    state: Mutex<State<K>>,
    /// Told whenever another call may have become the next.
    moved: Notify,
}

#[derive(Debug)]
struct State<K> {
    rate: Rate,
    rota: Rota<K>,
}

/// When a call left; for [`Pace::learn`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Left(Duration);

/// What an answer has taught.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Learned {
    /// The rate was cut.
    pub(super) cut: bool,
    /// Calls a second that leave from now on.
    pub(super) per_second: f64,
}

impl<K: Copy + Eq + Hash> Pace<K> {
    /// At most `per_second` calls in any second.
    pub(super) fn new(per_second: u32, time: Time) -> Self {
        let state = State { rate: Rate::new(per_second), rota: Rota::new() };
        Self { time, state: Mutex::new(state), moved: Notify::new() }
    }

    /// Waits until a call for `of` may leave, and counts it. Whoever stops waiting has not called; whoever waits must be
    /// polled, because nobody is let past.
    pub(super) async fn turn(&self, of: K, turn: Turn) -> Left {
        let mut seat = Seat::take(self, of, turn);
        loop {
            let moved = self.moved.notified();
            tokio::pin!(moved);
            // Armed before looking, so that a move in between wakes us.
            moved.as_mut().enable();
            let due = match seat.look() {
                Look::Go(left) => return left,
                Look::Next(at) => Some(at),
                Look::Behind => None,
            };
            let due = async {
                match due {
                    Some(at) => self.time.sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = moved => {}
                () = due => {}
            }
        }
    }

    /// A turn for a call that nobody needs, at once or not at all: only while nobody waits and there is plenty left.
    pub(super) fn spare(&self) -> Option<Left> {
        let mut state = self.state();
        let now = self.time.elapsed();
        let free = state.rota.head().is_none() && state.rate.is_idle(now);
        free.then(|| {
            state.rate.depart(now);
            Left(now)
        })
    }

    /// Learns from what came of a call.
    pub(super) fn learn(&self, left: Left, answer: Answer) -> Learned {
        let now = self.time.elapsed();
        let mut state = self.state();
        Learned { cut: state.rate.learn(left.0, now, answer), per_second: state.rate.per_second() }
    }

    /// No more than `limit` calls in any second from now on, as the platform itself says.
    pub(super) fn at_most(&self, limit: u32) {
        self.state().rate.at_most(limit);
    }

    /// Nothing leaves for so long.
    pub(super) fn rest(&self, pause: Duration) {
        let until = self.time.elapsed() + pause;
        self.state().rate.rest_until(until);
    }

    /// Whether somebody waits who could leave now.
    pub(super) fn is_due(&self) -> bool {
        let now = self.time.elapsed();
        let state = self.state();
        state.rota.head().is_some() && state.rate.ready_at() <= now
    }

    fn state(&self) -> MutexGuard<'_, State<K>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a waiting call sees.
enum Look {
    /// Its turn has come and is taken.
    Go(Left),
    /// It is the next, from this moment on.
    Next(Duration),
    /// Another one is.
    Behind,
}

/// A place in the rota; given up when dropped before its turn.
struct Seat<'p, K: Copy + Eq + Hash> {
    pace: &'p Pace<K>,
    of: K,
    turn: Turn,
    ticket: Ticket,
    waits: bool,
}

impl<'p, K: Copy + Eq + Hash> Seat<'p, K> {
    fn take(pace: &'p Pace<K>, of: K, turn: Turn) -> Self {
        let ticket = pace.state().rota.join(of, turn);
        Self { pace, of, turn, ticket, waits: true }
    }

    fn look(&mut self) -> Look {
        let mut state = self.pace.state();
        if state.rota.head() != Some(self.ticket) {
            return Look::Behind;
        }
        let (now, ready) = (self.pace.time.elapsed(), state.rate.ready_at());
        if now < ready {
            return Look::Next(ready);
        }
        state.rota.take();
        state.rate.depart(now);
        self.waits = false;
        self.pace.moved.notify_waiters();
        Look::Go(Left(now))
    }
}

impl<K: Copy + Eq + Hash> Drop for Seat<'_, K> {
    fn drop(&mut self) {
        if self.waits {
            self.pace.state().rota.leave(self.of, self.turn, self.ticket);
            self.pace.moved.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{Id, workspace::Workspace};
    use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, poll, stream::FuturesUnordered};

    use super::*;

    const BUSY: Id<Workspace> = Id::from_raw(1);
    const QUIET: Id<Workspace> = Id::from_raw(2);

    /// Lets all wait from now on, in this order, and gives the order in which they leave.
    async fn order<'p>(
        pace: &'p Pace<Id<Workspace>>,
        calls: impl IntoIterator<Item = (&'p str, Id<Workspace>, Turn)>,
    ) -> Vec<&'p str> {
        let waiting: FuturesUnordered<BoxFuture<'p, &'p str>> = FuturesUnordered::new();
        for (name, workspace, turn) in calls {
            let mut one = async move { pace.turn(workspace, turn).await }.map(move |_| name).boxed();
            assert!(poll!(&mut one).is_pending(), "{name} waits");
            waiting.push(one);
        }
        waiting.collect().await
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_leaves_at_once_and_the_others_evenly() {
        let pace = Pace::new(10, Time::machine());
        let begun = Instant::now();
        let mut left = Vec::new();
        for _ in 0..10 {
            pace.turn(QUIET, Turn::Now).await;
            left.push(begun.elapsed());
        }
        assert_eq!(left[0], Duration::ZERO);
        let second = Duration::from_secs(1);
        assert!(left.windows(2).all(|pair| pair[1] >= pair[0] + second / 10), "{left:?}");
        assert!(left[9] < second * 11 / 10, "{left:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn workspaces_take_turns_and_what_is_urgent_goes_first() {
        let pace = Pace::new(10, Time::machine());
        pace.turn(BUSY, Turn::Now).await;
        let mut calls = vec![("job", QUIET, Turn::Later)];
        calls.extend(std::iter::repeat_n(("busy", BUSY, Turn::Now), 100));
        calls.push(("quiet", QUIET, Turn::Now));
        let order = order(&pace, calls).await;
        assert_eq!(order.iter().position(|name| *name == "quiet"), Some(1));
        assert_eq!(order.last(), Some(&"job"));
        assert_eq!(order.len(), 102);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_is_given_up_holds_nobody_back() {
        let pace = Pace::new(10, Time::machine());
        pace.turn(BUSY, Turn::Now).await;
        let mut urgent = Box::pin(pace.turn(BUSY, Turn::Now));
        let mut job = Box::pin(pace.turn(QUIET, Turn::Later));
        assert!(poll!(&mut urgent).is_pending() && poll!(&mut job).is_pending());
        drop(urgent);
        job.await;
        assert!(pace.state().rota.head().is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_makes_everybody_wait_and_go_slower() {
        let pace = Pace::new(10, Time::machine());
        let left = pace.turn(BUSY, Turn::Now).await;
        let begun = Instant::now();
        let mut waiting = Box::pin(pace.turn(QUIET, Turn::Now));
        assert!(poll!(&mut waiting).is_pending(), "it waits for the moment that was right before the refusal");
        pace.learn(left, Answer::TooFrequent { retry_after: Some(Duration::from_secs(5)) });
        waiting.await;
        assert!(begun.elapsed() >= Duration::from_secs(5));
        let before = Instant::now();
        pace.turn(QUIET, Turn::Now).await;
        assert!(before.elapsed() >= Duration::from_millis(222), "{:?}", before.elapsed());
    }
}
