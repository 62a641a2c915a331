//! TikTok's sending rules in their strict reading: 48 hours and 10 messages after each customer message.
//! Asked by `message/send/` and shown by the console. Source: send page of the portal, read 2026-11.

use serde::Serialize;

use super::messages::Message;

/// Length of the window, 48 hours in ms.
pub(crate) const WINDOW_MS: i64 = 48 * 3_600_000;
/// Business messages allowed per window.
pub(crate) const QUOTA: u32 = 10;

/// What the rules say at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// `none` (the customer never wrote), `open`, `spent` or `closed`.
    pub state: &'static str,
    /// End of the window, Unix ms; absent before the first customer message.
    pub window_closes_at: Option<i64>,
    /// Business messages still allowed, 0 to 10.
    pub quota_left: u32,
    /// Always 10.
    pub quota_limit: u32,
}

/// Reads the ledger off the messages (sorted, oldest first).
///
/// Every business message counts, whoever typed it; reactions are no messages and open nothing.
pub(crate) fn read(messages: &[Message], now: i64) -> Ledger {
    let Some(last) = messages.iter().rposition(|one| !one.from_business) else {
        return Ledger { state: "none", window_closes_at: None, quota_left: 0, quota_limit: QUOTA };
    };
    let sent = u32::try_from(messages.len() - 1 - last).unwrap_or(u32::MAX);
    let closes = messages[last].timestamp + WINDOW_MS;
    let quota_left = QUOTA.saturating_sub(sent);
    let state = if now >= closes {
        "closed"
    } else if quota_left == 0 {
        "spent"
    } else {
        "open"
    };
    Ledger { state, window_closes_at: Some(closes), quota_left, quota_limit: QUOTA }
}
