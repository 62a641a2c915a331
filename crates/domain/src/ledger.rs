//! TikTok's 48-hour window and its ten messages, computed from what was said. Order of arrival does not matter.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// How long a business may answer after a customer's message. TikTok API for Business, send page, read 2026-11-20.
pub const WINDOW: Duration = Duration::from_hours(48);
/// How many messages fit into one window by the strict reading.
pub const QUOTA: u32 = 10;

/// Which of TikTok's two descriptions guards an account (they disagree; TikTok's own answer, 40064, decides in the end).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum RuleSet {
    /// Ten messages within 48 h of the customer's last message; each customer message starts anew.
    #[default]
    Strict,
    /// No window at all: providers that are not TikTok.
    Unlimited,
}

/// What a conversation remembers of the rules. All three are facts of the journal, so any order of arrival gives the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ledger {
    /// The provider's time of the customer's newest message.
    pub last_incoming_at: Option<Timestamp>,
    /// Business messages after it: sent, on their way or unconfirmed, by whoever; failed ones do not count.
    pub spent: u32,
    /// When TikTok last refused by its message rules (40064); counts until the customer writes again.
    pub blocked_at: Option<Timestamp>,
}

/// Whether a reply may leave now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowState {
    /// Yes.
    Open,
    /// The 48 h are over.
    Closed,
    /// Ten were sent, or TikTok refused.
    Spent,
    /// The customer has not written yet.
    None,
}

/// The rules as a person sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// See [`WindowState`].
    pub state: WindowState,
    /// When the window closes or closed; `None` without one.
    pub closes_at: Option<Timestamp>,
    /// Messages left, 0 to [`QUOTA`]; 0 unless open.
    pub quota_left: u32,
}

impl Ledger {
    /// The window as of `now` under `rules`.
    pub fn window(&self, now: Timestamp, rules: RuleSet) -> Window {
        if rules == RuleSet::Unlimited {
            return Window { state: WindowState::Open, closes_at: None, quota_left: QUOTA };
        }
        let Some(last) = self.last_incoming_at else {
            return Window { state: WindowState::None, closes_at: None, quota_left: 0 };
        };
        let closes_at = last.plus(WINDOW);
        let blocked = self.blocked_at.is_some_and(|at| at >= last);
        let left = if blocked { 0 } else { QUOTA.saturating_sub(self.spent) };
        let state = match (now >= closes_at, left) {
            (true, _) => WindowState::Closed,
            (false, 0) => WindowState::Spent,
            (false, _) => WindowState::Open,
        };
        Window { state, closes_at: Some(closes_at), quota_left: if state == WindowState::Open { left } else { 0 } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Timestamp = Timestamp::from_secs(1_790_000_000);

    fn ledger(spent: u32) -> Ledger {
        Ledger { last_incoming_at: Some(T0), spent, blocked_at: None }
    }

    #[test]
    fn open_until_the_last_millisecond() {
        let last = Timestamp::from_millis(T0.plus(WINDOW).as_millis() - 1);
        assert_eq!(ledger(3).window(last, RuleSet::Strict).state, WindowState::Open);
        assert_eq!(ledger(3).window(last, RuleSet::Strict).quota_left, 7);
        assert_eq!(ledger(3).window(T0.plus(WINDOW), RuleSet::Strict).state, WindowState::Closed);
    }

    #[test]
    fn ten_and_no_more() {
        assert_eq!(ledger(9).window(T0, RuleSet::Strict).quota_left, 1);
        assert_eq!(ledger(10).window(T0, RuleSet::Strict).state, WindowState::Spent);
        assert_eq!(ledger(12).window(T0, RuleSet::Strict).quota_left, 0);
    }

    #[test]
    fn a_refusal_counts_until_the_customer_writes() {
        let mut ledger = Ledger { blocked_at: Some(T0), ..ledger(1) };
        assert_eq!(ledger.window(T0, RuleSet::Strict).state, WindowState::Spent);
        ledger.last_incoming_at = Some(Timestamp::from_millis(T0.as_millis() + 1));
        assert_eq!(ledger.window(T0, RuleSet::Strict).state, WindowState::Open);
    }

    #[test]
    fn nobody_wrote_yet() {
        assert_eq!(Ledger::default().window(T0, RuleSet::Strict).state, WindowState::None);
        assert_eq!(Ledger::default().window(T0, RuleSet::Unlimited).state, WindowState::Open);
    }
}
