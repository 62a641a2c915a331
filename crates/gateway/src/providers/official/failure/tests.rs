//! Every code that is known of TikTok, through what a reply makes of it.

use domain::cause::FixedBy;
use tiktok::ApiError;

use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_790_000_600);

/// What becomes of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// It has failed and is never repeated by itself.
    Fails,
    /// The same, and the window shows as spent.
    FailsAndCorrects,
    /// It certainly was not sent, and is tried again by itself.
    Waits,
    /// It may have been sent: TikTok's list is asked, and nothing is repeated.
    Looks,
}
use Then::{Fails, FailsAndCorrects, Looks, Waits};

fn then(outcome: &Outcome) -> Then {
    match outcome {
        Outcome::Refused { dm_rule: true, .. } => FailsAndCorrects,
        Outcome::Refused { .. } => Fails,
        Outcome::Retry { .. } => Waits,
        Outcome::Unknown { .. } => Looks,
        Outcome::Sent { .. } => panic!("an error is not sent"),
    }
}

fn failure(outcome: Outcome) -> Failure {
    match outcome {
        Outcome::Refused { failure, .. } | Outcome::Retry { failure, .. } | Outcome::Unknown { failure } => failure,
        Outcome::Sent { .. } => panic!("an error is not sent"),
    }
}

fn told(code: i64, words: &str) -> Error {
    Error::from(ApiError::new(code, words, "r-1"))
}

/// Code, cause, who can mend it, what becomes of the reply.
fn table() -> Vec<(i64, Cause, FixedBy, Then)> {
    use FixedBy::{Admin, Agent, Customer, Developer, Nobody, Tiktok};
    let mut table = vec![
        (20_001, Cause::Partial, Agent, Looks),
        (40_000, Cause::InvalidRequest, Developer, Fails),
        (40_001, Cause::NotPermitted, Admin, Fails),
        (40_002, Cause::InvalidRequest, Developer, Fails),
        (40_003, Cause::NotPermitted, Admin, Fails),
        (40_006, Cause::Bug, Developer, Fails),
        (40_007, Cause::Gone, Agent, Fails),
        (40_016, Cause::RateLimited, Nobody, Waits),
        (40_050, Cause::Duplicate, Agent, Fails),
        (40_064, Cause::DmRule, Customer, FailsAndCorrects),
        (40_100, Cause::RateLimited, Nobody, Waits),
        (40_101, Cause::AppRefused, Developer, Fails),
        (40_102, Cause::SignInRefused, Admin, Fails),
        (40_103, Cause::SignInRefused, Admin, Fails),
        (40_104, Cause::Bug, Developer, Fails),
        (40_105, Cause::SignInRefused, Admin, Fails),
        (40_107, Cause::SignInRefused, Admin, Fails),
        (40_108, Cause::Bug, Developer, Fails),
        (40_110, Cause::SignInRefused, Admin, Fails),
        (40_113, Cause::AppNotApproved, Developer, Fails),
        (40_117, Cause::AppNotApproved, Developer, Fails),
        (40_118, Cause::AppNotApproved, Developer, Fails),
        (40_120, Cause::SignInRefused, Admin, Fails),
        (40_130, Cause::SignInRefused, Admin, Fails),
        (40_131, Cause::SignInRefused, Admin, Fails),
        (40_132, Cause::RateLimited, Nobody, Waits),
        (40_133, Cause::RateLimited, Nobody, Waits),
        (40_202, Cause::Conflict, Nobody, Waits),
        (40_400, Cause::Bug, Developer, Fails),
        (40_905, Cause::FileEnded, Agent, Fails),
        (40_910, Cause::FileEnded, Agent, Fails),
        (41_000, Cause::Blocked, Admin, Fails),
        (50_000, Cause::Internal, Agent, Looks),
        (50_002, Cause::Internal, Agent, Looks),
        (60_001, Cause::Maintenance, Nobody, Waits),
        (61_000, Cause::RateLimited, Nobody, Waits),
        // Not in TikTok's list: a refusal, and what nobody knows.
        (40_917, Cause::Refused, Developer, Fails),
        (49_999, Cause::Refused, Developer, Fails),
        (54_000, Cause::UnknownCode, Tiktok, Looks),
        (77_777, Cause::UnknownCode, Tiktok, Looks),
        (-1, Cause::UnknownCode, Tiktok, Looks),
    ];
    let files = (40_900..=40_916).filter(|code| ![40_905, 40_910].contains(code));
    table.extend(files.map(|code| (code, Cause::FileRefused, Agent, Fails)));
    let inside = (51_000..=51_099).chain([52_000, 52_999, 53_000, 53_999]);
    table.extend(inside.map(|code| (code, Cause::Internal, Agent, Looks)));
    table
}

#[test]
fn every_code_says_its_cause_who_can_mend_it_and_whether_it_is_repeated() {
    for (code, cause, who, becomes) in table() {
        let outcome = outcome_of(&told(code, "in TikTok's words"), Stage::Sending, NOW);
        assert_eq!(then(&outcome), becomes, "{code}");
        let failure = failure(outcome);
        assert_eq!((failure.cause(), failure.cause().fixed_by()), (cause, who), "{code}");
        assert_eq!((failure.code, failure.request_id.as_deref()), (Some(code), Some("r-1")), "{code}");
        assert_eq!(failure.detail, "in TikTok's words", "{code}");
        assert!(!cause.title().is_empty() && !cause.action().is_empty(), "{code}");
        // What is not repeated by itself is offered for repeating only where that alone can help.
        let again = [Cause::FileEnded, Cause::TooFast].contains(&cause) || becomes == Waits;
        assert_eq!(cause.is_retryable(), again, "{code}");
    }
}

#[test]
fn the_table_leaves_no_named_code_out() {
    let told: Vec<_> = table().into_iter().map(|(code, ..)| code).collect();
    for code in ErrorCode::NAMED {
        assert!(told.contains(&code.number()), "{code:?}");
    }
}

#[test]
fn a_failure_that_is_older_than_causes_is_told_by_its_code() {
    for (code, cause, _, becomes) in table() {
        let mut kept = failure(outcome_of(&told(code, "no"), Stage::Sending, NOW));
        assert_eq!(cause_of_kept(&kept), cause, "{code}");
        kept.cause = None;
        if becomes == FailsAndCorrects || (becomes == Fails && kept.kind == FailureKind::Refused) {
            assert_eq!(cause_of_kept(&kept), cause, "{code}");
        }
    }
}

#[test]
fn before_the_message_left_nothing_is_in_doubt() {
    for (code, .., becomes) in table() {
        let outcome = outcome_of(&told(code, "no"), Stage::Before, NOW);
        assert_eq!(then(&outcome), if becomes == Looks { Waits } else { becomes }, "{code}");
        if becomes == Looks {
            assert_eq!(failure(outcome).cause(), Cause::ProviderError, "{code}");
        }
    }
}

#[test]
fn the_only_known_text_of_40064_is_later_and_leaves_the_window_open() {
    let outcome = outcome_of(&told(40_064, "You are sending messages too fast. Take a rest."), Stage::Sending, NOW);
    assert_eq!(then(&outcome), Fails);
    let failure = failure(outcome);
    assert_eq!((failure.kind, failure.cause()), (FailureKind::TooFast, Cause::TooFast));
    assert!(failure.cause().is_retryable() && failure.cause().fixed_by() == FixedBy::Agent);
}

#[test]
fn pauses_are_as_long_as_the_limit_lasts() {
    let pause = |code, words| match outcome_of(&told(code, words), Stage::Sending, NOW) {
        Outcome::Retry { after, failure } => (after, failure.cause()),
        other => panic!("{other:?}"),
    };
    let limited = Cause::RateLimited;
    assert_eq!(pause(40_100, "App reaches the QPS limit."), (Some(Duration::from_secs(1)), limited));
    assert_eq!(pause(40_100, "App reaches the QPM limit."), (Some(Duration::from_mins(5)), limited));
    assert_eq!(pause(40_100, "Too many requests."), (None, limited));
    assert_eq!(pause(60_001, "Maintenance."), (Some(MAINTENANCE), Cause::Maintenance));
    let (Some(until), Cause::DailyLimit) = pause(40_100, "App reaches the QPD limit.") else { panic!() };
    assert_eq!(NOW.plus(until).to_string(), "2026-09-22T00:00:00.000Z");
}
