//! What Respond.io's answer means: for a reply sent, again later, never, or nobody knows; and what its later word on a message
//! means that it had taken. Pure.

use std::time::Duration;

use domain::{
    Timestamp,
    cause::Cause,
    failure::{Failure, FailureKind},
    outbox::Outcome,
};
use respondio::{Error, ErrorKind, TransportKind};

use crate::providers::Stage;

/// Longest `Retry-After` that is believed.
const ASKED_MAX: Duration = Duration::from_mins(5);
/// TikTok's code for its rules of direct messages, as it stands in Respond.io's words: `[40064] …`.
const DM_RULE: i64 = 40_064;

/// The outcome of an attempt that failed with `error`.
pub fn outcome_of(error: &Error, stage: Stage, now: Timestamp) -> Outcome {
    let failure = |kind, cause| Failure {
        kind,
        detail: words_of(error),
        code: error.status().map(i64::from),
        request_id: None,
        at: now,
        cause: Some(cause),
    };
    let again = |kind, cause| Outcome::Retry {
        failure: failure(kind, cause),
        after: error.retry_after().map(|asked| asked.min(ASKED_MAX)),
    };
    if error.needs_reauthorization() {
        return Outcome::Refused {
            failure: failure(FailureKind::AccountDisconnected, Cause::SignInRefused),
            dm_rule: false,
        };
    }
    if error.is_rate_limited() {
        return again(FailureKind::RateLimited, Cause::RateLimited);
    }
    // Clear refusals: nothing was done, and the same may work later.
    if error.is_pending() || error.is_blocked() {
        return again(FailureKind::ProviderError, Cause::ProviderError);
    }
    if stage == Stage::Sending && error.outcome_uncertain() {
        let failed_inside = error.status().is_some_and(|status| status >= 500);
        let cause = if failed_inside { Cause::Internal } else { Cause::AnswerLost };
        return Outcome::Unknown { failure: failure(FailureKind::Timeout, cause) };
    }
    if error.is_retryable() {
        return again(FailureKind::ProviderError, Cause::ProviderError);
    }
    Outcome::Refused { failure: failure(FailureKind::Refused, cause_of(error)), dm_rule: false }
}

/// Which cause of the one table an error is.
pub fn cause_of(error: &Error) -> Cause {
    match error.kind() {
        ErrorKind::Validation(_) => Cause::NotSendable,
        ErrorKind::Configuration(_) => Cause::Bug,
        ErrorKind::Transport(TransportKind::Connect) => Cause::ProviderError,
        _ if error.needs_reauthorization() => Cause::SignInRefused,
        _ if error.is_forbidden() => Cause::NotPermitted,
        _ if error.is_not_found() => Cause::Gone,
        _ if error.is_rate_limited() => Cause::RateLimited,
        _ if error.is_conflict() => Cause::Conflict,
        _ if error.is_pending() || error.is_blocked() => Cause::ProviderError,
        _ if error.outcome_uncertain() => Cause::AnswerLost,
        _ if error.status() == Some(400) => Cause::InvalidRequest,
        _ => Cause::Refused,
    }
}

/// Respond.io's words where it gave any, else ours; never a token, a name or a message text.
pub fn words_of(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Api(api) if !api.message.trim().is_empty() => api.message.clone(),
        _ => error.to_string(),
    }
}

/// Why a message that Respond.io had taken did not get through, in the platform's words; and whether TikTok's rules were it. The
/// words of a closed window and of a spent quota are not published, so more than one way to say it is understood.
pub(super) fn undelivered(words: &str, at: Timestamp) -> (Failure, bool) {
    let code = code_of(words);
    let lower = words.to_lowercase();
    let too_fast = lower.contains("too fast");
    let window =
        lower.contains("window") || lower.contains("48 hour") || lower.contains("48-hour") || lower.contains("48h");
    let (kind, cause) = match code {
        Some(DM_RULE) if too_fast => (FailureKind::TooFast, Some(Cause::TooFast)),
        _ if window => (FailureKind::WindowClosed, Some(Cause::WindowClosed)),
        Some(DM_RULE) => (FailureKind::Refused, Some(Cause::DmRule)),
        // TikTok's code tells the cause, by the same table as its own answers.
        _ => (FailureKind::Refused, None),
    };
    let dm_rule = (code == Some(DM_RULE) && !too_fast) || window;
    let detail = if words.trim().is_empty() { "Respond.io could not deliver it and does not say why" } else { words };
    (Failure { kind, detail: detail.to_owned(), code, request_id: None, at, cause }, dm_rule)
}

/// TikTok's code, which stands in front of its words: `[40064] You are sending messages too fast.`
fn code_of(words: &str) -> Option<i64> {
    let (_, rest) = words.split_once('[')?;
    let (digits, _) = rest.split_once(']')?;
    digits.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiktoks_words_are_understood_behind_respondios() {
        let told = |words: &str| {
            let (failure, dm_rule) = undelivered(words, Timestamp::ZERO);
            (failure.kind, failure.code, failure.cause, dm_rule)
        };
        assert_eq!(
            told("[40064] You are sending messages too fast. Take a rest."),
            (FailureKind::TooFast, Some(40_064), Some(Cause::TooFast), false)
        );
        assert_eq!(told("[40064] Not allowed."), (FailureKind::Refused, Some(40_064), Some(Cause::DmRule), true));
        assert_eq!(
            told("The messaging window is closed"),
            (FailureKind::WindowClosed, None, Some(Cause::WindowClosed), true)
        );
        assert_eq!(told("[40001] No permission"), (FailureKind::Refused, Some(40_001), None, false));
        assert_eq!(told(""), (FailureKind::Refused, None, None, false));
        assert!(!undelivered(" ", Timestamp::ZERO).0.detail.trim().is_empty());
    }
}
