//! What comes back from a call besides its value: the rate-limit headers, so that a budget can
//! learn from every answer, good or bad.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, RETRY_AFTER};

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");

/// The value of a successful call with its rate-limit headers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer<T> {
    /// What was asked for.
    pub value: T,
    /// What the answer's headers say about the endpoint's limit.
    pub rate_limit: RateLimit,
}

/// The rate-limit headers of one answer.
///
/// Respond.io counts per endpoint, for all workspaces and tokens of an organization together. There
/// is no header that says when the count starts again. The same facts stand on failures, see
/// [`Error::rate_limit`](crate::Error::rate_limit).
/// Source: `docs.respond.io` "Rate Limiting", read 2026-11-20.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct RateLimit {
    /// `X-RateLimit-Limit`: requests allowed to this endpoint. Example `5`.
    pub limit: Option<u32>,
    /// `X-RateLimit-Remaining`: requests left. Example `3`.
    pub remaining: Option<u32>,
    /// `Retry-After`: how long to wait, whole seconds. Normally on 429 only.
    pub retry_after: Option<Duration>,
}

impl<T> Answer<T> {
    /// The value alone.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The answer with its value changed.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Answer<U> {
        Answer { value: change(self.value), rate_limit: self.rate_limit }
    }
}

impl RateLimit {
    /// Whether the endpoint's count is used up: the next call would be refused.
    pub fn is_spent(&self) -> bool {
        self.remaining == Some(0)
    }

    /// A header that is absent or no number is `None`: proxies and error pages carry none.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        Self {
            limit: text(LIMIT).and_then(|text| text.parse().ok()),
            remaining: text(REMAINING).and_then(|text| text.parse().ok()),
            retry_after: text(RETRY_AFTER).and_then(|text| text.parse().ok()).map(Duration::from_secs),
        }
    }
}
