//! Many use cases share a commit, and none suffers from another.

use futures_util::{FutureExt, future::join_all};

use super::{
    Harness,
    bench::{Bench, CHAT},
    report::{T0, at, incoming, outgoing},
};
use crate::{
    account::ProviderKind,
    delivery::DeliveryOutcome,
    inbound::Source,
    store::{Accounts, DeliveryFilter, Events, Inbox, Journal, Nodes, StoreError},
};

/// Longer than any provider's id, and longer than both schemas take: what a store must refuse.
fn too_long() -> String {
    "x".repeat(600)
}

/// 256 at once take at most 32 transactions.
pub async fn concurrent_ingests_share_commits<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let before = bench.harness.commits();
    join_all((0..256).map(|number| {
        bench.ingest(incoming(&format!("chat-{}", number % 16), &format!("in-{number}"), "สวัสดี", at(number)))
    }))
    .await;
    let commits = bench.harness.commits() - before;
    assert!(commits <= 32, "{commits} commits");
    assert_eq!(bench.store().totals(&bench.scope).await.unwrap().messages, 256);
}

/// One that can't be written is refused alone; all others of its batch stand.
pub async fn a_poison_row_hurts_nobody_else<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let answers = join_all((0..20).map(|number| {
        let id = if number == 10 { too_long() } else { format!("in-{number}") };
        bench.store().ingest(bench.delivery(vec![incoming(CHAT, &id, "สวัสดี", at(number))]))
    }))
    .await;
    for (number, answer) in answers.into_iter().enumerate() {
        match answer {
            Ok(ingested) => assert!(number != 10 && ingested.outcome == DeliveryOutcome::Stored),
            Err(StoreError::Rejected { .. }) => assert_eq!(number, 10),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(bench.thread().await.len(), 19);
    let deliveries = bench
        .store()
        .deliveries(bench.workspace, DeliveryFilter { unsupported: false, before: None, limit: 50 })
        .await
        .unwrap();
    assert_eq!(deliveries.len(), 19);
}

/// A fault in the middle of a use case undoes all of it, its events and its numbers too.
pub async fn a_fault_leaves_no_trace<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let (head, thread, chat) = (bench.store().head_seq().await.unwrap(), bench.thread().await, bench.chat().await);
    let items = vec![
        incoming(CHAT, "in-2", "สอง", at(2)),
        outgoing(CHAT, &too_long(), Source::App, "สาม", at(3)),
        incoming("chat-2", "in-3", "สี่", at(4)),
    ];
    let answer = bench.store().apply(ProviderKind::Official, bench.account.external_id.clone(), items).await;
    assert!(matches!(answer, Err(StoreError::Rejected { .. })), "{answer:?}");
    assert_eq!(bench.thread().await, thread);
    assert_eq!(bench.chat().await, chat);
    assert_eq!(bench.store().conversation_by_external_id(&bench.scope, "chat-2").await.unwrap(), None);
    assert_eq!(bench.store().events_after(None, head, 50).await.unwrap().events.len(), 0);
    bench.ingest(incoming(CHAT, "in-2", "สอง", at(2))).await;
    assert_eq!(bench.thread().await.len(), 2);
}

/// Who asked and went away has asked all the same.
pub async fn a_cancelled_caller_is_stored<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    for number in 0..20 {
        // Looked at once, then dropped: what a closed connection does to a handler.
        drop(
            bench
                .store()
                .ingest(bench.delivery(vec![incoming(CHAT, &format!("gone-{number}"), "สวัสดี", at(number))]))
                .now_or_never(),
        );
    }
    bench.ingest(incoming(CHAT, "in-1", "สวัสดี", at(30))).await;
    assert_eq!(bench.thread().await.len(), 21);
}

/// Closing waits for what is queued; afterwards everything is unavailable.
pub async fn closing_writes_what_waits<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let waiting =
        join_all((0..50).map(|number| {
            bench.store().ingest(bench.delivery(vec![incoming(CHAT, &format!("in-{number}"), "ค่ะ", T0)]))
        }));
    let (answers, ()) = futures_util::future::join(waiting, bench.store().close()).await;
    assert_eq!(
        answers.into_iter().map(Result::unwrap).filter(|one| one.outcome == DeliveryOutcome::Stored).count(),
        50
    );
    let late = bench.store().ingest(bench.delivery(Vec::new())).await;
    assert!(matches!(late, Err(StoreError::Unavailable { .. })));
    assert!(matches!(bench.store().accounts(&bench.scope).await, Err(StoreError::Unavailable { .. })));
    bench.store().close().await;
}
