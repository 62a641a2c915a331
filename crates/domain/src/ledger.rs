//! TikTok's 48-hour window and its quota, computed from what was said. Order of arrival does not matter.
//!
//! TikTok's pages describe the rules twice and differently; both readings are here, and each account has one of them. Whatever
//! they say, TikTok's own answer (40064) decides in the end.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// How long a business may answer after a customer's message. TikTok API for Business, send page, read 2026-11-20.
pub const WINDOW: Duration = Duration::from_hours(48);
/// How many messages fit into one window: in the strict reading always, in the guide's until the customer has replied.
pub const QUOTA: u32 = 10;
/// How many more the guide allows once 48 hours of silence have passed. TikTok's messaging-limits guide, as quoted by others,
/// read 2026-11-20: "at most 3 more until the user writes". Not confirmed on the wire.
pub const GRACE: u32 = 3;

/// Which of TikTok's two descriptions guards an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum RuleSet {
    /// The send page: ten messages within 48 h of the customer's last message; each customer message starts anew.
    #[default]
    Strict,
    /// The messaging-limits guide: ten within 48 h until the customer has replied to the business; after a reply as many as one
    /// likes for 48 h, and three more after that.
    Guide,
    /// No window at all: providers that are not TikTok.
    Unlimited,
}

/// What a conversation remembers of the rules: facts of the journal, so any order of arrival gives the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ledger {
    /// The provider's time of the customer's newest message.
    pub last_incoming_at: Option<Timestamp>,
    /// The provider's time of the first business message it reported; a customer message after it is a reply.
    pub first_outgoing_at: Option<Timestamp>,
    /// Business messages after the customer's newest: sent, on their way or unconfirmed, by whoever; failed and held ones do not
    /// count.
    pub spent: u32,
    /// Of these, those later than 48 h after it.
    pub spent_in_grace: u32,
    /// When TikTok last refused by its message rules (40064); counts until the customer writes again.
    pub blocked_at: Option<Timestamp>,
}

/// Whether a reply may leave now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowState {
    /// Yes.
    Open,
    /// The 48 h are over, but the guide still allows a few.
    Grace,
    /// The 48 h are over.
    Closed,
    /// All were sent, or TikTok refused.
    Spent,
    /// The customer has not written yet.
    None,
}

impl WindowState {
    /// Whether the rules let a reply leave.
    pub const fn allows(self) -> bool {
        matches!(self, Self::Open | Self::Grace)
    }
}

/// The rules as a person sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// See [`WindowState`].
    pub state: WindowState,
    /// When the 48 h end or ended; `None` without a window.
    pub closes_at: Option<Timestamp>,
    /// Messages left of [`limit`](Self::quota_limit), 0 unless one may leave; `None` when nothing limits them.
    pub quota_left: Option<u32>,
    /// How many there are in all: [`QUOTA`] or [`GRACE`]; `None` when nothing limits them.
    pub quota_limit: Option<u32>,
}

impl Window {
    const FREE: Self = Self { state: WindowState::Open, closes_at: None, quota_left: None, quota_limit: None };
    const NONE: Self =
        Self { state: WindowState::None, closes_at: None, quota_left: Some(0), quota_limit: Some(QUOTA) };

    /// So many of `limit` are taken; `open` is the state while any is left.
    fn limited(open: WindowState, closes_at: Timestamp, limit: u32, taken: u32) -> Self {
        let left = limit.saturating_sub(taken);
        let state = if left == 0 { WindowState::Spent } else { open };
        Self { state, closes_at: Some(closes_at), quota_left: Some(left), quota_limit: Some(limit) }
    }

    fn closed(closes_at: Timestamp) -> Self {
        let state = WindowState::Closed;
        Self { state, closes_at: Some(closes_at), quota_left: Some(0), quota_limit: Some(QUOTA) }
    }
}

impl Ledger {
    /// The window as of `now` under `rules`.
    pub fn window(&self, now: Timestamp, rules: RuleSet) -> Window {
        if rules == RuleSet::Unlimited {
            return Window::FREE;
        }
        let Some(last) = self.last_incoming_at else {
            return Window::NONE;
        };
        let closes_at = last.plus(WINDOW);
        let over = now >= closes_at;
        let blocked = self.blocked_at.is_some_and(|at| at >= last);
        let replied = rules == RuleSet::Guide && self.first_outgoing_at.is_some_and(|first| first < last);
        match (over, replied) {
            (true, false) => Window::closed(closes_at),
            (true, true) if blocked => Window::limited(WindowState::Grace, closes_at, GRACE, GRACE),
            (true, true) => Window::limited(WindowState::Grace, closes_at, GRACE, self.spent_in_grace),
            (false, _) if blocked => Window::limited(WindowState::Open, closes_at, QUOTA, QUOTA),
            (false, false) => Window::limited(WindowState::Open, closes_at, QUOTA, self.spent),
            (false, true) => Window { closes_at: Some(closes_at), ..Window::FREE },
        }
    }

    /// Counts business messages anew from their times. Those before the customer's newest are of an earlier window.
    pub fn count(&mut self, outgoing: impl IntoIterator<Item = Timestamp>) {
        (self.spent, self.spent_in_grace) = (0, 0);
        for at in outgoing {
            let since = self.last_incoming_at.is_none_or(|last| at > last);
            let in_grace = self.last_incoming_at.is_some_and(|last| at >= last.plus(WINDOW));
            self.spent += u32::from(since);
            self.spent_in_grace += u32::from(in_grace);
        }
    }

    /// Notes that the provider reported a business message of that time.
    pub fn note_outgoing(&mut self, at: Timestamp) {
        self.first_outgoing_at = Some(self.first_outgoing_at.map_or(at, |first| first.min(at)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Timestamp = Timestamp::from_secs(1_790_000_000);

    fn ledger(spent: u32) -> Ledger {
        Ledger { last_incoming_at: Some(T0), spent, ..Ledger::default() }
    }

    /// The business wrote before the customer's last message.
    fn replied(spent: u32, spent_in_grace: u32) -> Ledger {
        Ledger { first_outgoing_at: Some(T0.minus(WINDOW)), spent_in_grace, ..ledger(spent) }
    }

    fn told(ledger: &Ledger, now: Timestamp, rules: RuleSet) -> (WindowState, Option<u32>, Option<u32>) {
        let window = ledger.window(now, rules);
        (window.state, window.quota_left, window.quota_limit)
    }

    #[test]
    fn open_until_the_last_millisecond() {
        let last = Timestamp::from_millis(T0.plus(WINDOW).as_millis() - 1);
        for rules in [RuleSet::Strict, RuleSet::Guide] {
            assert_eq!(told(&ledger(3), last, rules), (WindowState::Open, Some(7), Some(QUOTA)));
            assert_eq!(told(&ledger(3), T0.plus(WINDOW), rules), (WindowState::Closed, Some(0), Some(QUOTA)));
        }
    }

    #[test]
    fn ten_and_no_more() {
        for rules in [RuleSet::Strict, RuleSet::Guide] {
            assert_eq!(told(&ledger(9), T0, rules).1, Some(1));
            assert_eq!(told(&ledger(10), T0, rules).0, WindowState::Spent);
            assert_eq!(told(&ledger(12), T0, rules).1, Some(0));
        }
    }

    #[test]
    fn the_guide_frees_who_was_replied_to_and_then_allows_three() {
        assert_eq!(told(&replied(40, 0), T0, RuleSet::Guide), (WindowState::Open, None, None));
        assert_eq!(told(&replied(40, 0), T0, RuleSet::Strict).0, WindowState::Spent);
        let over = T0.plus(WINDOW);
        assert_eq!(told(&replied(40, 0), over, RuleSet::Guide), (WindowState::Grace, Some(3), Some(GRACE)));
        assert_eq!(told(&replied(42, 2), over, RuleSet::Guide), (WindowState::Grace, Some(1), Some(GRACE)));
        assert_eq!(told(&replied(43, 3), over, RuleSet::Guide).0, WindowState::Spent);
        assert_eq!(told(&replied(1, 0), over, RuleSet::Strict).0, WindowState::Closed);
    }

    #[test]
    fn a_refusal_counts_until_the_customer_writes() {
        for (rules, now) in [(RuleSet::Strict, T0), (RuleSet::Guide, T0), (RuleSet::Guide, T0.plus(WINDOW))] {
            let mut ledger = Ledger { blocked_at: Some(T0), ..replied(1, 0) };
            assert_eq!(told(&ledger, now, rules).0, WindowState::Spent);
            ledger.last_incoming_at = Some(Timestamp::from_millis(T0.as_millis() + 1));
            assert_eq!(told(&ledger, T0, rules).0, WindowState::Open);
        }
    }

    #[test]
    fn nobody_wrote_yet() {
        assert_eq!(told(&Ledger::default(), T0, RuleSet::Strict).0, WindowState::None);
        assert_eq!(told(&Ledger::default(), T0, RuleSet::Guide).0, WindowState::None);
        assert_eq!(told(&Ledger::default(), T0, RuleSet::Unlimited), (WindowState::Open, None, None));
    }

    #[test]
    fn counting_begins_with_the_customers_newest() {
        let mut ledger = ledger(99);
        let closes = T0.plus(WINDOW);
        let before = Timestamp::from_millis(closes.as_millis() - 1);
        ledger.count([T0.minus(WINDOW), T0, Timestamp::from_millis(T0.as_millis() + 1), before, closes]);
        assert_eq!((ledger.spent, ledger.spent_in_grace), (3, 1));
    }
}
