//! Calls per second, counted per endpoint for a whole organization.

use std::collections::{HashMap, VecDeque};

use super::endpoints::Endpoint;

/// Five a second is reported by a third party; the vendor only names the headers.
const PER_SECOND: usize = 5;

/// What the headers of an answer say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Allowance {
    pub(super) limit: usize,
    pub(super) remaining: usize,
    /// Whole seconds; set when the call is refused.
    pub(super) retry_after: Option<u64>,
}

/// Calls of the last second.
#[derive(Debug)]
pub(crate) struct Limits {
    enforced: bool,
    recent: HashMap<(u64, Endpoint), VecDeque<i64>>,
}

impl Limits {
    pub(super) fn new(enforced: bool) -> Self {
        Self { enforced, recent: HashMap::new() }
    }

    /// Counts a call, or refuses it.
    pub(super) fn take(&mut self, organization: u64, endpoint: Endpoint, pace_ms: i64) -> Allowance {
        let mut allowance = Allowance { limit: PER_SECOND, remaining: PER_SECOND, retry_after: None };
        if !self.enforced {
            return allowance;
        }
        let recent = self.recent.entry((organization, endpoint)).or_default();
        while recent.front().is_some_and(|&at| at <= pace_ms - 1000) {
            recent.pop_front();
        }
        if recent.len() >= PER_SECOND {
            allowance.retry_after = Some(1);
        } else {
            recent.push_back(pace_ms);
        }
        allowance.remaining = PER_SECOND - recent.len();
        allowance
    }
}
