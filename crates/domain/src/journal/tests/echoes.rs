//! Echoes of our own replies: before the answer, after it, without it, and of somebody else's equal words.

use super::model::{Model, T0, at, echo, failure, from_app, incoming, lost, read, renamed, sent};
use crate::{
    event::EventKind,
    failure::FailureKind,
    journal::Begun,
    message::{Author, MessageState},
    outbox::Outcome,
};

fn talking() -> Model {
    let mut model = Model::new();
    model.report(&incoming("m1", T0));
    model.advance(10);
    model
}

#[test]
fn the_answer_comes_first() {
    let mut model = talking();
    let claimed = model.in_flight("hi");
    assert!(model.settle(claimed, sent("p1")));
    model.report(&echo("p1", at(10), "hi"));
    model.report(&echo("p1", at(10), "hi"));
    assert_eq!(model.outgoing().len(), 1);
    assert_eq!(model.outgoing()[0].sent_at, at(10));
    assert!(!model.conversation().request);
}

#[test]
fn the_echo_comes_first() {
    let mut model = talking();
    let claimed = model.in_flight("hi\r\nthere ");
    model.report(&echo("p1", at(11), "hi\nthere"));
    assert_eq!((model.outgoing().len(), model.state(claimed.0)), (1, MessageState::Sending));
    assert!(model.settle(claimed, sent("p1")));
    assert_eq!((model.outgoing().len(), model.state(claimed.0)), (1, MessageState::Sent));
    assert!(!model.messages[&claimed.0].provisional);
}

#[test]
fn equal_words_of_another_program_are_split_off_by_the_answer() {
    let mut model = talking();
    let claimed = model.in_flight("ok");
    model.report(&echo("foreign", at(11), "ok"));
    model.settle(claimed, sent("ours"));
    model.report(&echo("ours", at(12), "ok"));
    assert_eq!(model.outgoing().len(), 2);
    let ours = &model.messages[&claimed.0];
    assert_eq!((ours.external_id.as_deref(), ours.sent_at), (Some("ours"), at(12)));
    let other = model.outgoing().into_iter().find(|message| message.id != claimed.0).unwrap();
    assert_eq!((other.external_id.as_deref(), &other.author), (Some("foreign"), &Author::OtherApi));
}

#[test]
fn two_echoes_before_the_answer_change_places_when_it_says_so() {
    let mut model = talking();
    let claimed = model.in_flight("ok");
    model.report(&echo("foreign", at(11), "ok"));
    model.report(&echo("ours", at(12), "ok"));
    model.settle(claimed, sent("ours"));
    assert_eq!(model.outgoing().len(), 2);
    let ours = &model.messages[&claimed.0];
    assert_eq!((ours.external_id.as_deref(), ours.sent_at, ours.state), (Some("ours"), at(12), MessageState::Sent));
}

#[test]
fn an_echo_with_changed_words_is_absorbed_by_the_answer() {
    let mut model = talking();
    let claimed = model.in_flight("see http://example.invalid");
    model.report(&echo("p1", at(11), "see [link]"));
    assert_eq!(model.outgoing().len(), 2);
    model.settle(claimed, sent("p1"));
    assert_eq!(model.outgoing().len(), 1);
    assert_eq!(model.events_of(EventKind::Removed), 1);
}

#[test]
fn a_refusal_after_an_equal_echo_keeps_both_truths() {
    let mut model = talking();
    let claimed = model.in_flight("ok");
    model.report(&echo("foreign", at(11), "ok"));
    model.settle(claimed, Outcome::Refused { failure: failure(FailureKind::Refused), dm_rule: true });
    assert_eq!(model.state(claimed.0), MessageState::Failed);
    assert_eq!(model.outgoing().iter().filter(|message| message.state == MessageState::Sent).count(), 1);
}

#[test]
fn a_lost_answer_is_told_by_the_echo_before_or_after() {
    let mut model = talking();
    let first = model.in_flight("one");
    model.report(&echo("p1", at(11), "one"));
    model.settle(first, lost());
    assert_eq!(model.state(first.0), MessageState::Sent);

    let second = model.in_flight("two");
    model.settle(second, lost());
    assert_eq!(model.state(second.0), MessageState::Unconfirmed);
    model.report(&echo("p2", at(12), "two"));
    assert_eq!(model.state(second.0), MessageState::Sent);
    assert!(model.outbox.is_empty());
    assert_eq!(model.outgoing().len(), 2);
}

#[test]
fn an_echo_of_the_first_attempt_takes_the_second_out_of_the_queue() {
    let mut model = talking();
    let claimed = model.in_flight("hi");
    model.settle(claimed, lost());
    model.retry(claimed.0, true).unwrap();
    let second = model.claim().expect("the second attempt is due");
    model.report(&echo("p1", at(10), "hi"));
    assert_eq!((model.state(claimed.0), model.outgoing().len()), (MessageState::Sent, 1));
    assert_eq!(model.outgoing()[0].sent_at, at(10));
    assert!(model.outbox.is_empty());
    assert_eq!(model.begin(second), Begun::Stale, "the second attempt does not leave");
    assert_eq!(model.conversation().ledger.spent, 1);
}

#[test]
fn an_echo_while_the_second_attempt_is_in_flight_leaves_the_last_word_to_its_answer() {
    let mut model = talking();
    let claimed = model.in_flight("hi");
    model.settle(claimed, lost());
    model.retry(claimed.0, true).unwrap();
    let second = model.claim().unwrap();
    model.begin(second);
    model.report(&echo("p1", at(10), "hi"));
    assert_eq!(model.state(claimed.0), MessageState::Sending);
    model.settle(second, sent("p2"));
    assert_eq!(model.outgoing().len(), 2, "the customer has it twice, and so it is shown");
    assert!(model.outgoing().iter().all(|message| message.state == MessageState::Sent));
}

#[test]
fn equal_words_that_wait_for_the_first_time_are_not_taken_for_sent() {
    let mut model = talking();
    let waiting = model.queue("ok").unwrap();
    model.report(&echo("foreign", at(11), "ok"));
    assert_eq!((model.state(waiting), model.outgoing().len()), (MessageState::Queued, 2));
}

#[test]
fn a_report_that_is_known_changes_nothing_and_tells_nothing() {
    let mut model = talking();
    let claimed = model.in_flight("hi");
    model.settle(claimed, sent("p1"));
    let reports = [incoming("m1", T0), echo("p1", at(10), "hi"), from_app("a1", at(11)), read(at(11))];
    for report in &reports {
        model.report(report);
    }
    let (events, writes) = (model.events.len(), model.conversations_written);
    for report in reports.iter().chain(&reports) {
        model.report(report);
    }
    assert_eq!((model.events.len(), model.conversations_written), (events, writes));

    model.report(&incoming("m2", at(12)));
    assert!(model.events.len() > events && model.conversations_written > writes);
}

#[test]
fn a_known_report_with_a_new_name_tells_the_conversation() {
    let mut model = talking();
    let before = model.events_of(EventKind::Conversation);
    model.report(&renamed("m1", T0, "น้องมะลิ"));
    assert_eq!(model.events_of(EventKind::Conversation), before + 1);
    model.report(&renamed("m1", T0, "น้องมะลิ"));
    assert_eq!(model.events_of(EventKind::Conversation), before + 1);
}

#[test]
fn an_old_equal_message_is_not_taken_for_ours() {
    let mut model = talking();
    model.advance(3_600);
    let claimed = model.in_flight("ok");
    model.settle(claimed, lost());
    model.report(&echo("yesterday", at(20), "ok"));
    assert_eq!(model.state(claimed.0), MessageState::Unconfirmed);
    assert_eq!(model.outgoing().len(), 2);
}

#[test]
fn a_reply_from_the_app_is_its_own_message() {
    let mut model = talking();
    let claimed = model.in_flight("from the app");
    model.report(&from_app("a1", at(11)));
    model.settle(claimed, sent("p1"));
    assert_eq!(model.outgoing().len(), 2);
    assert_eq!(model.conversation().ledger.spent, 2);
}

#[test]
fn receipts_show_what_was_seen() {
    let mut model = talking();
    let claimed = model.in_flight("hi");
    model.settle(claimed, sent("p1"));
    model.report(&echo("p1", at(10), "hi"));
    let before = model.events_of(EventKind::Status);
    model.report(&read(at(10)));
    model.report(&read(at(9)));
    assert_eq!(model.conversation().read_up_to, Some(at(10)));
    assert_eq!(model.events_of(EventKind::Status), before + 1);
}
