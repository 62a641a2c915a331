//! One budget of calls for each space: Respond.io counts them per endpoint, and its content delivery network keeps callers out that
//! are too quick for it. Sends have a count of their own, so no poll ever takes a send's place.
//!
//! The limit is nowhere promised; 5 a second and endpoint is reported. One less is used, less after a refusal, and never more than
//! the headers say. Time is the clock's that was passed in, so that hours of calls are tested in seconds.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::{Clock, Timestamp};
use respondio::{Answer as Answered, Error, RateLimit, limits};
use tokio::sync::Notify;

use crate::{
    providers::pace::{Answer, Pace, Time, Turn},
    timer,
};

/// Requests a second and endpoint, as reported.
const PER_SECOND: u32 = limits::REQUESTS_PER_SECOND + 1;
/// So many calls are made one by one after a web page answered in the API's place …
const CAREFUL_CALLS: u32 = 60;
/// … and no closer together than this, as an integrator found to be slow enough.
const CAREFUL_GAP: Duration = Duration::from_secs(2);
/// How long an endpoint rests whose count is used up.
const SPENT: Duration = Duration::from_secs(1);
/// Longest time for which everything rests, whatever is asked.
const REST_MAX: Duration = Duration::from_mins(5);

/// What is counted by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// `contact/list`.
    Contacts,
    /// `contact/…/message/list`.
    Messages,
    /// `contact/…/message`.
    Send,
    /// `space/channel`.
    Channels,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Budget {
    clock: Clock,
    paces: [Pace<()>; 4],
    gate: Mutex<Gate>,
    moved: Notify,
}

#[derive(Debug, Default)]
struct Gate {
    /// Nothing leaves before.
    closed_until: Option<Timestamp>,
    /// Calls still to be made one by one.
    careful: u32,
    in_hand: u32,
    /// Those who wait at the gate and are waited for.
    urgent: u32,
}

/// A call in hand, or what is done with its answer. The next careful one leaves when it is dropped.
#[derive(Debug)]
pub(super) struct InHand {
    budget: Arc<Budget>,
    endpoint: Endpoint,
    left: crate::providers::pace::Left,
}

impl Budget {
    pub(super) fn new(clock: &Clock) -> Self {
        let pace = || Pace::new(PER_SECOND, Time::of(clock));
        Self {
            clock: clock.clone(),
            paces: [pace(), pace(), pace(), pace()],
            gate: Mutex::default(),
            moved: Notify::new(),
        }
    }

    /// Waits until a call may leave, and counts it.
    pub(super) async fn turn(self: &Arc<Self>, endpoint: Endpoint, turn: Turn) -> InHand {
        let left = self.pace(endpoint).turn((), turn).await;
        let _urgent = (turn == Turn::Now).then(|| Urgent::join(self));
        loop {
            let moved = self.moved.notified();
            tokio::pin!(moved);
            // Armed before looking, so that a move in between wakes us.
            moved.as_mut().enable();
            let opens = match self.look(turn) {
                Look::Go => return InHand { budget: Arc::clone(self), endpoint, left },
                Look::At(opens) => Some(opens),
                Look::Behind => None,
            };
            let opened = async {
                match opens {
                    Some(at) => timer::sleep_until(&self.clock, at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = moved => {}
                () = opened => {}
            }
        }
    }

    fn look(&self, turn: Turn) -> Look {
        let now = self.clock.now();
        let mut gate = self.gate();
        if let Some(until) = gate.closed_until {
            if now < until {
                return Look::At(until);
            }
            gate.closed_until = None;
        }
        if gate.careful > 0 {
            if gate.in_hand > 0 || (turn == Turn::Later && gate.urgent > 0) {
                return Look::Behind;
            }
            gate.careful -= 1;
            gate.closed_until = Some(now.plus(CAREFUL_GAP));
        }
        gate.in_hand += 1;
        Look::Go
    }

    /// Whether nothing is in hand and nothing that waits could leave now.
    pub(super) fn is_idle(&self) -> bool {
        let closed = {
            let gate = self.gate();
            if gate.in_hand > 0 {
                return false;
            }
            gate.closed_until.is_some_and(|until| self.clock.now() < until)
        };
        closed || !self.paces.iter().any(Pace::is_due)
    }

    /// Whether calls are made one by one, because the network did not want them faster.
    pub(super) fn is_careful(&self) -> bool {
        let gate = self.gate();
        gate.careful > 0 || gate.closed_until.is_some_and(|until| self.clock.now() < until)
    }

    const fn pace(&self, endpoint: Endpoint) -> &Pace<()> {
        &self.paces[endpoint as usize]
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The network keeps callers out: everything rests, and goes on slowly.
    fn keep_out(&self, pause: Duration) {
        let mut gate = self.gate();
        gate.closed_until = gate.closed_until.max(Some(self.clock.now().plus(pause.min(REST_MAX))));
        gate.careful = CAREFUL_CALLS;
    }
}

impl InHand {
    /// Learns from what came of the call.
    pub(super) fn learn<T>(&self, outcome: &Result<Answered<T>, Error>) {
        let pace = self.budget.pace(self.endpoint);
        let told = match outcome {
            Ok(answer) => Some(answer.rate_limit),
            Err(error) => error.rate_limit(),
        };
        if let Some(RateLimit { limit: Some(limit), .. }) = told {
            pace.at_most(limit);
        }
        let answer = answer_of(outcome);
        let learned = pace.learn(self.left, answer);
        match outcome {
            Ok(answer) if answer.rate_limit.is_spent() => pace.rest(SPENT),
            Err(error) if error.is_blocked() => {
                metrics::counter!("respondio_blocked_total").increment(1);
                tracing::warn!(status = error.status(), "Respond.io's network keeps us out; resting, then one by one");
                self.budget.keep_out(error.retry_after().unwrap_or(limits::BLOCKED_COOL_DOWN));
            }
            _ => {}
        }
        if matches!(answer, Answer::TooFrequent { .. }) {
            metrics::counter!("respondio_too_frequent_total").increment(1);
            if learned.cut {
                let per_second = learned.per_second;
                tracing::info!(endpoint = ?self.endpoint, per_second, "Respond.io is called too often; slower from now on");
            }
        }
    }
}

fn answer_of<T>(outcome: &Result<Answered<T>, Error>) -> Answer {
    match outcome {
        Ok(_) => Answer::Taken,
        Err(error) if error.is_rate_limited() => Answer::TooFrequent { retry_after: error.retry_after() },
        Err(error) if error.is_blocked() => Answer::Silent,
        // A refusal for another reason was looked at, so it was within the limit.
        Err(error) if error.status().is_some_and(|status| (400..500).contains(&status)) => Answer::Taken,
        Err(_) => Answer::Silent,
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        self.budget.gate().in_hand -= 1;
        self.budget.moved.notify_waiters();
    }
}

enum Look {
    Go,
    At(Timestamp),
    Behind,
}

/// Somebody waits at the gate and is waited for.
struct Urgent<'b>(&'b Budget);

impl<'b> Urgent<'b> {
    fn join(budget: &'b Budget) -> Self {
        budget.gate().urgent += 1;
        Self(budget)
    }
}

impl Drop for Urgent<'_> {
    fn drop(&mut self) {
        self.0.gate().urgent -= 1;
        self.0.moved.notify_waiters();
    }
}
