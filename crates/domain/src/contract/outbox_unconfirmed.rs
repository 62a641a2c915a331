//! The answer was lost: the provider's list is asked, and a person has the last word.

use super::{
    Harness,
    bench::{Bench, lost, refusal, sent},
    report::at,
};
use crate::{
    failure::FailureKind,
    id::Id,
    message::{Message, MessageState},
    outbox::{CheckOutcome, Phase},
    reply::Refusal,
    store::{Inbox, Outbox},
};

/// One reply whose answer was lost.
async fn unconfirmed<H: Harness>() -> (Bench<H>, Id<Message>) {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply("ค่ะ").await;
    let claimed = bench.begin().await;
    bench.settle(&claimed, lost()).await;
    (bench, id)
}

/// Waits until the next check is due, and settles it.
async fn check<H: Harness>(bench: &Bench<H>, outcome: CheckOutcome) {
    let due = bench.store().next_due_any_workspace().await.unwrap().expect("a check is planned");
    bench.clock.set(due);
    let claimed = bench.begin().await;
    assert_eq!(claimed.row.phase, Phase::Check);
    assert!(bench.store().settle_check(&claimed, outcome).await.unwrap());
    assert!(!bench.store().settle_check(&claimed, outcome).await.unwrap(), "a check is settled once");
}

/// The list is asked again and again, later each time; the message stays unconfirmed meanwhile.
pub async fn checks_follow_their_schedule<H: Harness>() {
    let (bench, id) = unconfirmed::<H>().await;
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), Some(at(3)));
    check(&bench, CheckOutcome::Unclear).await;
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), Some(at(13)));
    check(&bench, CheckOutcome::Absent).await;
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), Some(at(43)));
    assert_eq!(bench.message(id).await.state, MessageState::Unconfirmed);
    assert_eq!(bench.store().attempts(&bench.scope, id).await.unwrap().len(), 1, "a check is no attempt to send");
}

/// Not in the list at the end: it was not sent.
pub async fn absent_has_failed<H: Harness>() {
    let (bench, id) = unconfirmed::<H>().await;
    for _ in 0..4 {
        check(&bench, CheckOutcome::Absent).await;
    }
    let message = bench.message(id).await;
    assert_eq!((message.state, message.failure.unwrap().kind), (MessageState::Failed, FailureKind::NotDelivered));
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), None);
    assert_eq!(bench.chat().await.conversation.ledger.spent, 0);
}

/// The list does not tell: it stays unconfirmed, a person decides.
pub async fn unclear_waits_for_a_person<H: Harness>() {
    let (bench, id) = unconfirmed::<H>().await;
    for _ in 0..4 {
        check(&bench, CheckOutcome::Unclear).await;
    }
    assert_eq!(bench.message(id).await.state, MessageState::Unconfirmed);
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), None);
    let chat = bench.chat().await.conversation;
    assert!(chat.trouble);
    assert_eq!(chat.ledger.spent, 1, "it may have been sent");
}

/// The provider is down: its list is asked again until it answers, for a day; the queue behind waits, order is kept.
pub async fn an_unreadable_list_is_asked_again<H: Harness>() {
    let (bench, id) = unconfirmed::<H>().await;
    for _ in 0..8 {
        check(&bench, CheckOutcome::Unreadable).await;
    }
    check(&bench, CheckOutcome::Absent).await;
    assert_eq!(bench.message(id).await.state, MessageState::Failed, "it answered in the end");

    let (bench, id) = unconfirmed::<H>().await;
    while bench.store().next_due_any_workspace().await.unwrap().is_some() {
        check(&bench, CheckOutcome::Unreadable).await;
    }
    assert_eq!(bench.message(id).await.state, MessageState::Unconfirmed, "a person decides");
    assert!((at(86_400)..at(87_600)).contains(&bench.clock.now()), "{}", bench.clock.now());
}

/// A person asks for a new look, before and after the schedule has ended.
pub async fn rechecking<H: Harness>() {
    let (bench, id) = unconfirmed::<H>().await;
    bench.store().recheck(&bench.scope, id).await.unwrap();
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), Some(bench.clock.now()));
    for _ in 0..4 {
        check(&bench, CheckOutcome::Unclear).await;
    }
    let record = bench.store().recheck(&bench.scope, id).await.unwrap();
    assert_eq!(record.message.state, MessageState::Unconfirmed);
    assert_eq!(bench.claim().await.row.phase, Phase::Check);
    let other: Bench<H> = Bench::with_customer().await;
    let delivered = other.send("ค่ะ", "out-1").await;
    let delivered = refusal(other.store().recheck(&other.scope, delivered).await);
    assert!(matches!(delivered, Refusal::NotRetryable(_)));
}

/// A person sends it again, knowing that it may arrive twice; not while it is being looked up.
pub async fn retrying_an_unconfirmed_one<H: Harness>() {
    let (bench, id) = unconfirmed::<H>().await;
    bench.advance(3);
    let looking = bench.begin().await;
    assert!(matches!(refusal(bench.store().retry(&bench.scope, id, false).await), Refusal::NotRetryable(_)));
    assert!(bench.store().settle_check(&looking, CheckOutcome::Unclear).await.unwrap());
    bench.store().retry(&bench.scope, id, false).await.unwrap();
    let claimed = bench.begin().await;
    assert_eq!((claimed.row.message_id, claimed.row.phase), (id, Phase::Send));
    bench.settle(&claimed, sent("out-1")).await;
    assert_eq!(bench.message(id).await.state, MessageState::Sent);
    assert_eq!(bench.store().attempts(&bench.scope, id).await.unwrap().len(), 2);
}

/// Order is kept: what is behind an unconfirmed message waits until that one is settled.
pub async fn the_queue_waits_behind_it<H: Harness>() {
    let (bench, id) = unconfirmed::<H>().await;
    let behind = bench.reply("ต่อ").await;
    bench.claims_nothing().await;
    for _ in 0..4 {
        check(&bench, CheckOutcome::Unclear).await;
    }
    assert_eq!(bench.claim().await.row.message_id, behind);
    assert!(bench.store().message(&bench.scope, id).await.unwrap().is_some());
}
