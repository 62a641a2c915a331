//! Calls per second, counted per endpoint for a whole organization.

use std::collections::HashMap;
use std::time::Duration;

use super::endpoints::Endpoint;
use crate::pace::Turns;

/// Five a second is reported by a third party; the vendor only names the headers.
const PER_SECOND: usize = 5;

/// What the headers of an answer say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Allowance {
    pub(super) limit: usize,
    pub(super) remaining: usize,
    /// Whole seconds; set when the call is refused.
    pub(super) retry_after: Option<u64>,
    /// How long the call has to wait for its turn.
    pub(super) wait: Duration,
}

/// Calls of the last second.
#[derive(Debug)]
pub(crate) struct Limits {
    enforced: bool,
    turns: HashMap<(u64, Endpoint), Turns>,
}

impl Limits {
    pub(super) fn new(enforced: bool) -> Self {
        Self { enforced, turns: HashMap::new() }
    }

    /// Counts a call, or refuses it.
    pub(super) fn take(&mut self, organization: u64, endpoint: Endpoint, pace_ms: i64, may_wait: bool) -> Allowance {
        let mut allowance =
            Allowance { limit: PER_SECOND, remaining: PER_SECOND, retry_after: None, wait: Duration::ZERO };
        if !self.enforced {
            return allowance;
        }
        let turns = self.turns.entry((organization, endpoint)).or_default();
        match turns.take(PER_SECOND, pace_ms, may_wait) {
            Some(wait) => allowance.wait = wait,
            None => allowance.retry_after = Some(1),
        }
        allowance.remaining = PER_SECOND.saturating_sub(turns.len());
        allowance
    }
}
