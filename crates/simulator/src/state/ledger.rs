//! TikTok's sending rules, asked by `message/send/` and shown by the console.
//!
//! TikTok's pages disagree, so both readings are here and each business has one of them ([`RuleSet`]): the send page
//! (1832184403754242) and the messaging-limits guide as retold by integrations, both read 2026-11.

use serde::Serialize;

use super::businesses::RuleSet;
use super::messages::Message;

/// Length of the window, 48 hours in ms.
pub(crate) const WINDOW_MS: i64 = 48 * 3_600_000;
/// Business messages allowed per window.
pub(crate) const QUOTA: u32 = 10;
/// Business messages the guide allows after 48 hours of silence.
const AFTER_SILENCE: u32 = 3;

/// What the rules say at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// `none` (the customer never wrote), `open`, `spent` or `closed`.
    pub state: &'static str,
    /// 48 hours after the customer's newest message, Unix ms; absent before the first.
    pub window_closes_at: Option<i64>,
    /// Business messages still allowed; absent when there is no limit (guide only).
    pub quota_left: Option<u32>,
    /// 10, or 3 in the guide's silence; absent when there is no limit.
    pub quota_limit: Option<u32>,
}

/// Reads the ledger off the messages (sorted, oldest first).
///
/// Every business message counts, whoever typed it; reactions are no messages and open nothing.
pub(crate) fn read(messages: &[Message], now: i64, rules: RuleSet) -> Ledger {
    let Some(last) = messages.iter().rposition(|one| !one.from_business) else {
        return Ledger { state: "none", window_closes_at: None, quota_left: Some(0), quota_limit: Some(QUOTA) };
    };
    let closes = messages[last].timestamp + WINDOW_MS;
    let since = &messages[last + 1..];
    let replied = rules == RuleSet::Guide && messages[..last].iter().any(|one| one.from_business);
    let (limit, sent) = match (replied, now < closes) {
        (true, true) => {
            return Ledger { state: "open", window_closes_at: Some(closes), quota_left: None, quota_limit: None };
        }
        (true, false) => (AFTER_SILENCE, since.iter().filter(|one| one.timestamp >= closes).count()),
        (false, _) => (QUOTA, since.len()),
    };
    let quota_left = limit.saturating_sub(u32::try_from(sent).unwrap_or(u32::MAX));
    let state = if now >= closes && !replied {
        "closed"
    } else if quota_left == 0 {
        "spent"
    } else {
        "open"
    };
    Ledger { state, window_closes_at: Some(closes), quota_left: Some(quota_left), quota_limit: Some(limit) }
}
