//! What TikTok's answer means: for a reply sent, again later, never, or nobody knows; for whoever waits, which cause it was. Pure.

#[cfg(test)]
mod tests;

use std::time::Duration;

use domain::{
    Timestamp,
    cause::Cause,
    failure::{Failure, FailureKind},
    outbox::Outcome,
};
use tiktok::{Error, ErrorClass, ErrorCode, ErrorKind};

/// Longest `Retry-After` that is believed.
const ASKED_MAX: Duration = Duration::from_mins(5);
/// Pause under maintenance: TikTok does not say how long it takes.
const MAINTENANCE: Duration = Duration::from_mins(15);
/// A day of TikTok's, in milliseconds; it counts in UTC.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

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
    let cause = cause_of(error);
    let failure = |kind, cause| failure_of(error, kind, cause, now);
    let refused = |kind, dm_rule| Outcome::Refused { failure: failure(kind, cause), dm_rule };
    if error.needs_reauthorization() || error.token_expired() {
        return refused(FailureKind::AccountDisconnected, false);
    }
    if error.is_dm_rule() {
        // One code for everything; the only text known is about speed, and that one does not close the window.
        let too_fast = cause == Cause::TooFast;
        return refused(if too_fast { FailureKind::TooFast } else { FailureKind::Refused }, !too_fast);
    }
    if error.is_rate_limited() {
        return Outcome::Retry { failure: failure(FailureKind::RateLimited, cause), after: pause_of(error, now) };
    }
    if stage == Stage::Sending && error.outcome_uncertain() {
        // A clear code with the status of a failing server is not clear.
        let unsure = matches!(cause, Cause::Internal | Cause::Partial | Cause::UnknownCode | Cause::AnswerLost);
        return Outcome::Unknown {
            failure: failure(FailureKind::Timeout, if unsure { cause } else { Cause::Internal }),
        };
    }
    if error.is_retryable() || (stage == Stage::Before && error.outcome_uncertain()) {
        let passes = matches!(cause, Cause::Conflict | Cause::Maintenance);
        let cause = if passes { cause } else { Cause::ProviderError };
        return Outcome::Retry { failure: failure(FailureKind::ProviderError, cause), after: pause_of(error, now) };
    }
    refused(FailureKind::Refused, false)
}

/// Which cause of the one table an error is. Codes that are a class of their own are told by it, the others by their number.
pub fn cause_of(error: &Error) -> Cause {
    match error.kind() {
        ErrorKind::Validation(_) | ErrorKind::Media(_) => Cause::NotSendable,
        ErrorKind::Configuration(_) => Cause::Bug,
        _ if error.is_too_fast() => Cause::TooFast,
        _ if error.is_daily_limit() => Cause::DailyLimit,
        ErrorKind::Api(api) if decides(api.class) => of_class(api.class),
        _ if error.is_rate_limited() => Cause::RateLimited,
        ErrorKind::Api(api) => of_code(api.code, api.class),
        ErrorKind::Login(login) => of_class(login.class),
        ErrorKind::Http { status: 500.., .. } => Cause::Internal,
        _ if error.outcome_uncertain() => Cause::AnswerLost,
        ErrorKind::Transport(_) => Cause::ProviderError,
        _ => Cause::Refused,
    }
}

/// What counts whatever the status is that came with it.
fn decides(class: ErrorClass) -> bool {
    matches!(class, ErrorClass::TokenExpired | ErrorClass::Reauthorize | ErrorClass::DmRule)
}

/// The cause of a failure as it is shown: as kept, or, of one that is older than causes are, what its code tells.
pub fn cause_of_kept(failure: &Failure) -> Cause {
    match (failure.cause, failure.code, failure.kind) {
        (None, Some(number), FailureKind::Refused) => {
            let code = ErrorCode::from(number);
            of_code(code, code.class())
        }
        _ => failure.cause(),
    }
}

fn of_code(code: ErrorCode, class: ErrorClass) -> Cause {
    match code {
        ErrorCode::AppForbidden | ErrorCode::MethodForbidden | ErrorCode::NotAllowListed => Cause::AppNotApproved,
        // Uploaded right before each send, so the next one has a fresh file.
        ErrorCode::FileNotFound | ErrorCode::FileExpired => Cause::FileEnded,
        _ => of_class(class),
    }
}

fn of_class(class: ErrorClass) -> Cause {
    match class {
        ErrorClass::Parameter => Cause::InvalidRequest,
        ErrorClass::Permission => Cause::NotPermitted,
        ErrorClass::TokenExpired | ErrorClass::Reauthorize => Cause::SignInRefused,
        ErrorClass::Credentials => Cause::AppRefused,
        ErrorClass::RateLimited => Cause::RateLimited,
        ErrorClass::DmRule => Cause::DmRule,
        ErrorClass::NotFound => Cause::Gone,
        ErrorClass::File => Cause::FileRefused,
        ErrorClass::Conflict => Cause::Conflict,
        ErrorClass::Duplicate => Cause::Duplicate,
        ErrorClass::Blocked => Cause::Blocked,
        ErrorClass::Internal => Cause::Internal,
        ErrorClass::Maintenance => Cause::Maintenance,
        ErrorClass::Bug => Cause::Bug,
        ErrorClass::Partial => Cause::Partial,
        ErrorClass::Unknown => Cause::UnknownCode,
        // Also a class that the SDK will know and this table does not.
        _ => Cause::Refused,
    }
}

/// How long TikTok is left alone, where that is known: until its day is over, through its maintenance, or as long as it asks.
fn pause_of(error: &Error, now: Timestamp) -> Option<Duration> {
    if error.is_daily_limit() {
        let gone = now.as_millis().rem_euclid(DAY_MS);
        return Some(Duration::from_millis((DAY_MS - gone).unsigned_abs()));
    }
    if error.class() == Some(ErrorClass::Maintenance) {
        return Some(MAINTENANCE);
    }
    error.retry_after().map(|asked| asked.min(ASKED_MAX))
}

fn failure_of(error: &Error, kind: FailureKind, cause: Cause, at: Timestamp) -> Failure {
    Failure {
        kind,
        detail: words_of(error),
        code: error.code().map(ErrorCode::number),
        request_id: error.request_id().map(str::to_owned),
        at,
        cause: Some(cause),
    }
}

/// TikTok's words where it gave any, else ours; never a token, a name or a message text.
pub fn words_of(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Api(api) if !api.message.trim().is_empty() => api.message.clone(),
        _ => error.to_string(),
    }
}
