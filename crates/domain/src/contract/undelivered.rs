//! Providers that take a message and say later what became of it: what did not get through has failed, whoever told first.

use super::{
    Harness,
    bench::{Bench, CHAT, failure, lost, sent},
    report::{T0, at, customer, incoming, incoming_content, outgoing},
};
use crate::{
    content::Content,
    failure::FailureKind,
    inbound::{Inbound, InboundContent, InboundConversation, InboundUndelivered, PENDING, Source},
    job::Task,
    ledger::WindowState,
    message::{Author, MessageState},
    store::{Events, Jobs, Outbox},
};

fn undelivered(external_id: &str, dm_rule: bool) -> Inbound {
    Inbound::Undelivered(InboundUndelivered {
        conversation_external_id: CHAT.to_owned(),
        customer: customer(&format!("of-{CHAT}")),
        message_external_id: external_id.to_owned(),
        failure: failure(FailureKind::Refused),
        dm_rule,
    })
}

/// It fails with the provider's words, once, and TikTok's rules count from then on.
pub async fn it_fails_and_corrects_the_ledger<H: Harness>() {
    let bench = Bench::<H>::with_customer().await;
    let id = bench.send("ไม่ถึง", "out-1").await;
    let before = bench.chat().await.conversation;
    assert_eq!(before.ledger.spent, 1);
    for told in [vec![undelivered("out-1", true)], vec![undelivered("out-1", true), undelivered("unknown", true)]] {
        bench.apply(told).await;
        let message = bench.message(id).await;
        assert_eq!((message.state, message.failure), (MessageState::Failed, Some(failure(FailureKind::Refused))));
    }
    let chat = bench.chat().await.conversation;
    assert_eq!((chat.ledger.spent, chat.ledger.blocked_at, chat.trouble), (0, Some(T0), true));
    let window = chat.ledger.window(bench.clock.now(), bench.account.rule_set);
    assert_eq!(window.state, WindowState::Spent);
    let head = bench.store().head_seq().await.unwrap();
    bench.apply(vec![undelivered("out-1", true)]).await;
    assert_eq!(bench.store().head_seq().await.unwrap(), head, "what is known is not told again");
    bench.ingest(incoming(CHAT, "in-2", "ว่าไงคะ", at(5))).await;
    let chat = bench.chat().await.conversation;
    assert_eq!(chat.ledger.window(at(6), bench.account.rule_set).state, WindowState::Open);
    bench.apply(vec![undelivered("in-2", true)]).await;
    assert_eq!(bench.thread().await.last().unwrap().message.state, MessageState::Received, "only ours can fail");
}

/// The word about a message may come before the answer that names it: then it is told again.
pub async fn an_attempt_in_flight_comes_first<H: Harness>() {
    let bench = Bench::<H>::with_customer().await;
    let id = bench.reply("กำลังไป").await;
    let claimed = bench.begin().await;
    let report =
        || vec![outgoing(CHAT, "out-1", Source::Api, "กำลังไป", bench.clock.now()), undelivered("out-1", false)];
    bench.apply(report()).await;
    assert_eq!(bench.message(id).await.state, MessageState::Sending);
    bench.settle(&claimed, sent("out-1")).await;
    assert_eq!(bench.message(id).await.state, MessageState::Sent);
    bench.apply(report()).await;
    assert_eq!(bench.message(id).await.state, MessageState::Failed);
    assert_eq!(bench.chat().await.conversation.ledger.blocked_at, None);
    assert_eq!(bench.thread().await.len(), 2);
}

/// An answer was lost, and the list tells both: it was taken, and it did not get through.
pub async fn a_lost_answer_that_did_not_get_through<H: Harness>() {
    let bench = Bench::<H>::with_customer().await;
    let id = bench.reply("หาย").await;
    let claimed = bench.begin().await;
    bench.settle(&claimed, lost()).await;
    bench
        .apply(vec![outgoing(CHAT, "out-1", Source::Api, "หาย", bench.clock.now()), undelivered("out-1", false)])
        .await;
    let message = bench.message(id).await;
    assert_eq!((message.state, message.external_id.as_deref()), (MessageState::Failed, Some("out-1")));
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), None);
    assert_eq!(bench.thread().await.len(), 2);
}

/// What did not get through stays under the provider's id; what is sent again is another message.
pub async fn sent_again_is_another_message<H: Harness>() {
    let bench = Bench::<H>::with_customer().await;
    let id = bench.send("อีกที", "out-1").await;
    bench.apply(vec![undelivered("out-1", false)]).await;
    bench.store().retry(&bench.scope, id, false).await.unwrap();
    let claimed = bench.begin().await;
    bench.settle(&claimed, sent("out-2")).await;
    let again = |id: &str| outgoing(CHAT, id, Source::Api, "อีกที", bench.clock.now());
    bench.apply(vec![again("out-1"), undelivered("out-1", false), again("out-2")]).await;
    let thread = bench.thread().await;
    let told: Vec<_> = thread[1..].iter().map(|one| (one.message.external_id.as_deref(), one.message.state)).collect();
    assert_eq!(told.len(), 2, "{thread:#?}");
    assert!(told.contains(&(Some("out-1"), MessageState::Failed)), "{told:?}");
    assert!(told.contains(&(Some("out-2"), MessageState::Sent)), "{told:?}");
    assert!(thread[1..].iter().all(|one| matches!(one.message.author, Author::Agent { .. })), "{thread:#?}");
    assert_eq!(bench.message(id).await.external_id.as_deref(), Some("out-2"));
}

/// A file that was still being copied takes the place of the riddle, once.
pub async fn a_file_that_was_being_copied<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let waits = InboundContent::Unsupported { type_name: PENDING.to_owned() };
    let there = InboundContent::ImageAt { url: "https://files.example.com/rose.jpg".to_owned() };
    bench.apply(vec![incoming_content(CHAT, "in-1", waits.clone(), T0)]).await;
    for content in [waits, there.clone(), there] {
        bench.apply(vec![incoming_content(CHAT, "in-1", content, T0)]).await;
    }
    let thread = bench.thread().await;
    assert!(matches!(thread[0].message.content, Content::Image { .. }), "{thread:#?}");
    assert_eq!((thread.len(), bench.chat().await.conversation.unread), (1, 1));
    let jobs = bench.store().claim_jobs_any_workspace(10).await.unwrap();
    let copies = jobs.iter().filter(|job| matches!(job.task, Task::FetchMedia { .. }));
    assert_eq!(copies.count(), 1);
}

/// A new name is told with the conversation; of strangers nothing is made.
pub async fn news_of_a_customer<H: Harness>() {
    let bench = Bench::<H>::with_customer().await;
    let news = |conversation: &str, name: &str| {
        let mut customer = customer(&format!("of-{CHAT}"));
        customer.display_name = Some(name.to_owned());
        Inbound::Customer(InboundConversation { conversation_external_id: conversation.to_owned(), customer })
    };
    let head = bench.store().head_seq().await.unwrap();
    bench.apply(vec![news("chat/unknown", "ใครก็ไม่รู้")]).await;
    assert_eq!(bench.store().head_seq().await.unwrap(), head);
    bench.apply(vec![news(CHAT, "น้ำฝน")]).await;
    assert_eq!(bench.chat().await.contact.display_name.as_deref(), Some("น้ำฝน"));
    let head_after = bench.store().head_seq().await.unwrap();
    assert!(head_after > head, "who looks is told");
    bench.apply(vec![news(CHAT, "น้ำฝน")]).await;
    assert_eq!(bench.store().head_seq().await.unwrap(), head_after);
}
