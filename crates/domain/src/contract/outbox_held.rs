//! What is of low priority waits before it would take the last slots of a window, and is in nobody's way.

use super::{
    Harness,
    bench::{Bench, CHAT, refusal, sent},
    report::{at, incoming, outgoing},
};
use crate::{
    failure::FailureKind,
    id::Id,
    inbound::Source,
    ledger::{QUOTA, RuleSet, WINDOW},
    message::{Author, Message, MessageState, Priority},
    outbox::Phase,
    reply::{Draft, RESERVED, Refusal},
    store::{Accounts, Outbox},
};

/// A customer has written, and so many messages are left.
async fn with_left<H: Harness>(left: u32) -> Bench<H> {
    let bench: Bench<H> = Bench::with_customer().await;
    for number in 1..=i64::from(QUOTA - left) {
        bench.ingest(outgoing(CHAT, &format!("app-{number}"), Source::App, "จากแอป", at(number))).await;
    }
    bench.advance(60);
    bench
}

async fn is_held<H: Harness>(bench: &Bench<H>, id: Id<Message>) -> bool {
    let message = bench.message(id).await;
    let kind = message.failure.as_ref().map(|failure| failure.kind);
    assert_eq!(message.is_held(), kind == Some(FailureKind::Held) && message.state == MessageState::Queued);
    message.is_held()
}

async fn left<H: Harness>(bench: &Bench<H>) -> Option<u32> {
    let chat = bench.chat().await;
    chat.conversation.ledger.window(bench.clock.now(), chat.rule_set).quota_left
}

/// The fourth last slot may be taken, the last three are kept; a held message takes none.
pub async fn low_priority_leaves_the_last_three<H: Harness>() {
    let bench: Bench<H> = with_left(RESERVED + 1).await;
    let first = bench.automatic("เปิดเก้าโมงค่ะ").await;
    let second = bench.automatic("มีที่จอดรถค่ะ").await;
    assert!(!is_held(&bench, first).await && is_held(&bench, second).await);
    assert_eq!(left(&bench).await, Some(RESERVED));
    let claimed = bench.claim().await;
    assert_eq!((claimed.message.id, claimed.row.phase), (first, Phase::Send));
    bench.claims_nothing().await;
}

/// People go past it, down to the last slot.
pub async fn a_held_one_is_in_nobodys_way<H: Harness>() {
    let bench: Bench<H> = with_left(RESERVED).await;
    let held = bench.automatic("อัตโนมัติ").await;
    for number in 1..=RESERVED {
        bench.send(&format!("คน {number}"), &format!("person-{number}")).await;
    }
    assert!(is_held(&bench, held).await);
    assert_eq!(left(&bench).await, Some(0));
    assert_eq!(refusal(bench.try_reply("อีก", None, false).await), Refusal::QuotaSpent);
}

/// The customer writes: it goes out, after what was queued meanwhile, in order among its like.
pub async fn the_customer_lets_it_go<H: Harness>() {
    let bench: Bench<H> = with_left(RESERVED).await;
    let held = [bench.automatic("หนึ่ง").await, bench.automatic("สอง").await];
    let person = bench.reply("คน").await;
    bench.advance(60);
    bench.ingest(incoming(CHAT, "in-2", "ขอบคุณค่ะ", at(120))).await;
    for (number, id) in [person, held[0], held[1]].into_iter().enumerate() {
        assert!(!is_held(&bench, id).await);
        bench.advance(1);
        let claimed = bench.begin().await;
        assert_eq!(claimed.message.id, id);
        bench.settle(&claimed, sent(&format!("out-{number}"))).await;
    }
    assert_eq!(left(&bench).await, Some(QUOTA - 3));
    let order: Vec<_> = bench.thread().await.iter().rev().take(3).map(|one| one.message.id).collect();
    assert_eq!(order, [held[1], held[0], person], "it stands where it was sent");
}

/// Queued while there was room, and then people took it.
pub async fn it_is_looked_at_again_before_the_call<H: Harness>() {
    let bench: Bench<H> = with_left(RESERVED + 1).await;
    let automatic = bench.automatic("อัตโนมัติ").await;
    bench.reply("คน").await;
    let claimed = bench.claim().await;
    assert_eq!(claimed.message.id, automatic);
    assert!(!bench.store().begin(&claimed).await.unwrap(), "no call");
    assert!(is_held(&bench, automatic).await);
    assert_eq!(bench.store().attempts(&bench.scope, automatic).await.unwrap(), Vec::new());
    assert_ne!(bench.begin().await.message.id, automatic, "the person's turn");
}

/// Nobody wrote: it fails, visibly, when the 48 hours are over.
pub async fn it_fails_when_its_window_is_over<H: Harness>() {
    let bench: Bench<H> = with_left(RESERVED).await;
    let held = bench.automatic("อัตโนมัติ").await;
    bench.claims_nothing().await;
    let due = bench.store().next_due_any_workspace().await.unwrap();
    assert_eq!(due, Some(at(0).plus(WINDOW)));
    bench.clock.set(due.unwrap());
    let claimed = bench.claim().await;
    assert!(!bench.store().begin(&claimed).await.unwrap());
    let message = bench.message(held).await;
    assert_eq!((message.state, message.failure.unwrap().kind), (MessageState::Failed, FailureKind::WindowClosed));
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), None);
}

/// A person wants it sent now: it takes a slot like any other.
pub async fn a_person_may_let_it_go<H: Harness>() {
    let bench: Bench<H> = with_left(RESERVED).await;
    let held = bench.automatic("อัตโนมัติ").await;
    let record = bench.store().retry(&bench.scope, held, false).await.unwrap();
    assert_eq!((record.message.state, record.message.priority), (MessageState::Queued, Priority::Normal));
    assert_eq!(left(&bench).await, Some(RESERVED - 1));
    assert_eq!(bench.begin().await.message.id, held);
}

/// What is let go while another one is on its way waits for that one, also when the clock was set back.
pub async fn nobody_overtakes_what_is_on_its_way<H: Harness>() {
    let bench: Bench<H> = with_left(RESERVED).await;
    let held = bench.automatic("อัตโนมัติ").await;
    bench.reply("คน").await;
    let claimed = bench.begin().await;
    bench.ingest(incoming(CHAT, "in-2", "ขอบคุณค่ะ", at(61))).await;
    bench.claims_nothing().await;
    bench.clock.set(at(30));
    bench.reply("ก่อนหน้านี้").await;
    bench.claims_nothing().await;
    bench.clock.set(at(62));
    bench.settle(&claimed, sent("person-1")).await;
    assert_eq!(bench.claim().await.message.id, held);
}

/// "Send anyway" is a person's decision.
pub async fn rules_and_bots_never_go_against_the_guard<H: Harness>() {
    let bench: Bench<H> = with_left(0).await;
    for author in [Author::Rule, Author::Bot] {
        let draft = bench.draft(bench.chat_id(CHAT).await, "อัตโนมัติ");
        let draft = Draft { author, send_anyway: true, ..draft };
        assert_eq!(refusal(bench.store().queue_reply(&bench.scope, draft).await), Refusal::QuotaSpent);
    }
    assert!(bench.try_reply("คน", None, true).await.is_ok());
    let bench: Bench<H> = with_left(RESERVED).await;
    let draft = Draft { author: Author::Bot, ..bench.draft(bench.chat_id(CHAT).await, "อัตโนมัติ") };
    let queued = bench.store().queue_reply(&bench.scope, draft).await.unwrap().record.message;
    assert!(queued.is_held() && queued.priority == Priority::Low, "a bot's priority is low whatever it asks for");
}

/// The guide frees a conversation after the customer's reply: then nothing is scarce, until the silence.
pub async fn without_a_limit_nothing_is_held<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    bench.store().set_rule_set(&bench.scope, bench.account.id, RuleSet::Guide).await.unwrap();
    bench.ingest(outgoing(CHAT, "app-1", Source::App, "จากแอป", at(1))).await;
    bench.ingest(incoming(CHAT, "in-2", "ขอบคุณค่ะ", at(2))).await;
    assert_eq!(left(&bench).await, None);
    let free = bench.automatic("อัตโนมัติ").await;
    assert!(!is_held(&bench, free).await);
    bench.clock.set(at(2).plus(WINDOW));
    let silent = bench.automatic("อัตโนมัติ").await;
    assert!(is_held(&bench, silent).await, "the three of the silence are kept for people");
}

/// Held or not: of an account that can't send any more everything queued fails at once.
pub async fn a_disconnect_fails_it<H: Harness>() {
    let bench: Bench<H> = with_left(RESERVED).await;
    let held = bench.automatic("อัตโนมัติ").await;
    assert_eq!(bench.store().fail_queued(&bench.scope, bench.account.id).await.unwrap(), 1);
    let failed = bench.message(held).await;
    assert_eq!((failed.state, failed.failure.unwrap().kind), (MessageState::Failed, FailureKind::AccountDisconnected));
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), None);
}
