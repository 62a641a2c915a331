//! What TikTok's answer means for a reply: sent, again later, never, or nobody knows. Pure.

use domain::{
    Timestamp,
    failure::{Failure, FailureKind},
    outbox::Outcome,
};
use tiktok::{Error, ErrorCode, ErrorKind};

/// How far an attempt had come when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The message itself had not left: whatever happened, it was not sent.
    Before,
    /// The message may have left.
    Sending,
}

/// The outcome of an attempt that failed with `error`.
pub fn outcome_of(error: &Error, stage: Stage, now: Timestamp) -> Outcome {
    let failure = |kind| failure_of(error, kind, now);
    if error.needs_reauthorization() || error.token_expired() {
        return Outcome::Refused { failure: failure(FailureKind::AccountDisconnected), dm_rule: false };
    }
    if error.is_dm_rule() {
        // One code for everything; the only text known is about speed, and that one does not close the window.
        let too_fast = words_of(error).to_lowercase().contains("too fast");
        let kind = if too_fast { FailureKind::TooFast } else { FailureKind::Refused };
        return Outcome::Refused { failure: failure(kind), dm_rule: !too_fast };
    }
    if error.is_rate_limited() {
        return Outcome::Retry { failure: failure(FailureKind::RateLimited), after: error.retry_after() };
    }
    if stage == Stage::Sending && error.outcome_uncertain() {
        return Outcome::Unknown { failure: failure(FailureKind::Timeout) };
    }
    if error.is_retryable() || (stage == Stage::Before && error.outcome_uncertain()) {
        return Outcome::Retry { failure: failure(FailureKind::ProviderError), after: error.retry_after() };
    }
    Outcome::Refused { failure: failure(FailureKind::Refused), dm_rule: false }
}

fn failure_of(error: &Error, kind: FailureKind, at: Timestamp) -> Failure {
    Failure {
        kind,
        detail: words_of(error),
        code: error.code().map(ErrorCode::number),
        request_id: error.request_id().map(str::to_owned),
        at,
    }
}

/// TikTok's words where it gave any, else ours; never a token, a name or a message text.
pub fn words_of(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Api(api) if !api.message.trim().is_empty() => api.message.clone(),
        _ => error.to_string(),
    }
}
