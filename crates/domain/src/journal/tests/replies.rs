//! Queueing, leases, guards, and what a person does with what failed.

use super::model::{Model, T0, at, failure, incoming, lost, sent};
use crate::{
    account::AccountState,
    failure::FailureKind,
    journal::Begun,
    message::MessageState,
    outbox::{CHECK_AFTER, CheckOutcome, Outcome},
    reply::Refusal,
    store::StoreError,
};

fn talking() -> Model {
    let mut model = Model::new();
    model.report(&incoming("m1", T0));
    model
}

fn refusal<T: std::fmt::Debug>(result: Result<T, StoreError>) -> Refusal {
    match result {
        Err(StoreError::Refused(refusal)) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn the_same_key_is_the_same_message() {
    let mut model = talking();
    let first = model.queue_with("hi", Some("k"), false).unwrap();
    assert_eq!(model.queue_with("hi", Some("k"), false).unwrap(), first);
    assert_eq!(refusal(model.queue_with("other", Some("k"), false)), Refusal::IdempotencyConflict);
    assert_eq!(model.outgoing().len(), 1);
}

#[test]
fn the_queue_keeps_its_order_when_the_clock_goes_back() {
    let mut model = talking();
    model.advance(3_600);
    let first = model.queue("first").unwrap();
    model.clock.set(at(5));
    model.queue("second").unwrap();
    model.queue("third").unwrap();
    model.advance(3_600);
    for (place, body) in ["first", "second", "third"].iter().enumerate() {
        let claimed = model.claim().unwrap();
        assert_eq!(model.messages[&claimed.0].content.words(), *body);
        assert_eq!(claimed.0 == first, place == 0);
        assert_eq!(model.begin(claimed), Begun::Go);
        assert!(model.settle(claimed, sent(body)));
    }
}

#[test]
fn ten_are_reserved_before_they_leave() {
    let mut model = talking();
    for n in 0..10 {
        model.queue(&format!("{n}")).unwrap();
    }
    assert_eq!(refusal(model.queue("eleven")), Refusal::QuotaSpent);
    assert!(model.queue_with("eleven", None, true).is_ok(), "a person may let TikTok decide");
    model.report(&incoming("m2", at(5)));
    assert_eq!(model.conversation().ledger.spent, 11, "what waits will be spent from the new window");
}

#[test]
fn a_window_that_closes_while_waiting_is_said_so() {
    let mut model = talking();
    let id = model.queue("late").unwrap();
    model.advance(48 * 3_600);
    let claimed = model.claim().unwrap();
    assert_eq!(model.begin(claimed), Begun::Refused);
    assert_eq!(model.messages[&id].failure.as_ref().map(|failure| failure.kind), Some(FailureKind::WindowClosed));
    assert!(model.outbox.is_empty());
    assert_eq!(refusal(model.queue("no")), Refusal::WindowClosed { closed_at: Some(at(48 * 3_600)) });
}

#[test]
fn a_stale_token_changes_nothing() {
    let mut model = talking();
    model.queue("hi").unwrap();
    let old = model.claim().unwrap();
    model.advance(61);
    let new = model.claim().unwrap();
    assert_eq!(old.0, new.0);
    assert_eq!(model.begin(old), Begun::Stale);
    assert_eq!(model.begin(new), Begun::Go);
    assert_eq!(model.begin(new), Begun::Stale, "an attempt is begun once");
    assert!(!model.settle(old, sent("p")));
    assert!(model.settle(new, sent("p")));
    assert!(!model.settle(new, sent("p")));
}

#[test]
fn only_the_head_is_claimed() {
    let mut model = talking();
    let first = model.queue("one").unwrap();
    model.advance(1);
    model.queue("two").unwrap();
    let claimed = model.claim().unwrap();
    assert_eq!(claimed.0, first);
    assert_eq!(model.claim(), None);
    model.begin(claimed);
    model.settle(claimed, Outcome::Retry { failure: failure(FailureKind::RateLimited), after: None });
    assert_eq!(model.state(first), MessageState::Queued);
    assert_eq!(model.claim(), None, "it backs off, and nobody overtakes it");
    model.advance(2);
    assert_eq!(model.claim().map(|(id, _)| id), Some(first));
}

#[test]
fn a_refusal_by_tiktoks_rules_corrects_the_ledger() {
    let mut model = talking();
    model.advance(5);
    let claimed = model.in_flight("hi");
    model.settle(claimed, Outcome::Refused { failure: failure(FailureKind::Refused), dm_rule: true });
    assert!(model.conversation().trouble);
    assert_eq!(refusal(model.queue("again")), Refusal::QuotaSpent);
    model.report(&incoming("m2", at(6)));
    assert!(model.queue("now").is_ok());
}

#[test]
fn an_unconfirmed_message_is_looked_up_and_then_told() {
    let mut model = talking();
    let claimed = model.in_flight("hi");
    model.settle(claimed, lost());
    for _ in CHECK_AFTER {
        assert_eq!(model.state(claimed.0), MessageState::Unconfirmed);
        model.advance(60);
        let check = model.claim().expect("the list is asked");
        assert_eq!(model.begin(check), Begun::Go);
        assert!(model.settle_check(check, CheckOutcome::Absent));
    }
    assert_eq!(model.state(claimed.0), MessageState::Failed);
    assert_eq!(
        model.messages[&claimed.0].failure.as_ref().map(|failure| failure.kind),
        Some(FailureKind::NotDelivered)
    );
    model.retry(claimed.0, false).unwrap();
    assert_eq!(model.state(claimed.0), MessageState::Queued);
}

#[test]
fn an_unclear_list_leaves_the_decision_to_a_person() {
    let mut model = talking();
    let claimed = model.in_flight("hi");
    model.lose(claimed.0);
    for _ in CHECK_AFTER {
        model.advance(60);
        let check = model.claim().unwrap();
        model.begin(check);
        model.settle_check(check, CheckOutcome::Unclear);
    }
    assert_eq!(model.state(claimed.0), MessageState::Unconfirmed);
    assert!(model.outbox.is_empty(), "the queue behind it goes on");
    model.recheck(claimed.0).unwrap();
    assert_eq!(model.claim().map(|(id, _)| id), Some(claimed.0));
}

#[test]
fn a_disconnect_fails_what_waits_and_leaves_what_is_on_its_way() {
    let mut model = talking();
    let flying = model.in_flight("one");
    let waiting = model.queue("two").unwrap();
    model.account.state = AccountState::Disconnected;
    assert_eq!(model.fail_queued(), 1);
    assert_eq!(model.state(waiting), MessageState::Failed);
    assert_eq!(model.state(flying.0), MessageState::Sending);
    assert!(model.settle(flying, sent("p")));
    assert_eq!(refusal(model.queue("three")), Refusal::AccountDisconnected);
}

#[test]
fn taken_back_before_it_left() {
    let mut model = talking();
    let last = model.conversation().last_message_id;
    model.advance(1);
    let id = model.queue("oops").unwrap();
    model.discard(id).unwrap();
    assert_eq!(model.conversation().last_message_id, last);
    assert_eq!(model.conversation().ledger.spent, 0);
    let flying = model.in_flight("gone");
    assert!(matches!(refusal(model.discard(flying.0)), Refusal::NotRetryable(_)));
}
