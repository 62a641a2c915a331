//! Replies on their way out: claimed once, strictly in order, fenced by their lease.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use super::{
    Harness,
    bench::{Bench, CHAT, failure, refusal, sent},
    report::{T0, at, incoming},
};
use crate::{
    account::AccountState,
    failure::FailureKind,
    message::MessageState,
    outbox::{LEASE, Outcome, Phase},
    reply::Refusal,
    store::{Accounts, Inbox, Outbox},
};

/// Eight workers at once: every row goes to one of them.
pub async fn claims_are_unique<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let mut queued = BTreeSet::new();
    for number in 0..40 {
        let chat = format!("chat-{number}");
        bench.ingest(incoming(&chat, &format!("in-{number}"), "สวัสดี", T0)).await;
        let draft = bench.draft(bench.chat_id(&chat).await, "ค่ะ");
        queued.insert(bench.store().queue_reply(&bench.scope, draft).await.unwrap().record.message.id);
    }
    let worker = || async {
        let mut mine = Vec::new();
        loop {
            let claimed = bench.store().claim_any_workspace(3).await.unwrap();
            if claimed.is_empty() {
                return mine;
            }
            mine.extend(claimed.into_iter().map(|one| one.row.message_id));
        }
    };
    let all: Vec<_> = join_all((0..8).map(|_| worker())).await.into_iter().flatten().collect();
    assert_eq!(all.len(), 40, "nothing is claimed twice");
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), queued);
}

/// The second waits for the first, whatever happens to it; another conversation does not.
pub async fn strictly_in_order_and_one_in_flight<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let ids = [bench.reply("หนึ่ง").await, bench.reply("สอง").await, bench.reply("สาม").await];
    bench.ingest(incoming("chat-2", "in-2", "สวัสดี", T0)).await;
    let first = bench.claim().await;
    assert_eq!((first.row.message_id, first.row.phase), (ids[0], Phase::Send));
    assert_eq!(first.conversation_external_id, CHAT);
    assert_eq!(first.account.id, bench.account.id);
    bench.claims_nothing().await;
    let elsewhere = bench.draft(bench.chat_id("chat-2").await, "ค่ะ");
    let elsewhere = bench.store().queue_reply(&bench.scope, elsewhere).await.unwrap().record.message.id;
    assert_eq!(bench.claim().await.row.message_id, elsewhere);
    assert!(bench.store().begin(&first).await.unwrap());
    bench.claims_nothing().await;
    bench.settle(&first, Outcome::Retry { failure: failure(FailureKind::ProviderError), after: None }).await;
    bench.claims_nothing().await;
    bench.advance(120);
    let mut order = Vec::new();
    for _ in 0..3 {
        let claimed: Vec<_> = bench
            .store()
            .claim_any_workspace(10)
            .await
            .unwrap()
            .into_iter()
            .filter(|one| one.conversation_external_id == CHAT)
            .collect();
        assert_eq!(claimed.len(), 1);
        assert!(bench.store().begin(&claimed[0]).await.unwrap());
        order.push(claimed[0].row.message_id);
        bench.settle(&claimed[0], sent(&format!("out-{}", order.len()))).await;
    }
    assert_eq!(order, ids);
}

/// Whoever comes back with an old lease changes nothing.
pub async fn stale_tokens_change_nothing<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply("ค่ะ").await;
    let slow = bench.claim().await;
    bench.clock.advance(LEASE);
    let quick = bench.claim().await;
    assert_ne!(slow.row.lease.unwrap().token, quick.row.lease.unwrap().token);
    assert!(!bench.store().begin(&slow).await.unwrap());
    assert!(bench.store().begin(&quick).await.unwrap());
    assert!(!bench.store().begin(&quick).await.unwrap(), "an attempt is begun once");
    assert!(!bench.store().settle(&slow, sent("wrong")).await.unwrap());
    assert_eq!(bench.message(id).await.state, MessageState::Sending);
    bench.settle(&quick, sent("out-1")).await;
    assert!(!bench.store().settle(&quick, sent("again")).await.unwrap());
    assert!(!bench.store().settle(&slow, Outcome::Unknown { failure: failure(FailureKind::Timeout) }).await.unwrap());
    let sent = bench.message(id).await;
    assert_eq!((sent.state, sent.external_id.as_deref()), (MessageState::Sent, Some("out-1")));
}

/// The worker died before the call: the row is simply claimed again.
pub async fn unbegun_leases_come_back<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply("ค่ะ").await;
    let lease = bench.claim().await.row.lease.unwrap();
    assert_eq!(lease.until, T0.plus(LEASE));
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), Some(lease.until));
    bench.advance(59);
    bench.claims_nothing().await;
    bench.advance(1);
    let again = bench.begin().await;
    assert_eq!(bench.message(id).await.state, MessageState::Sending);
    bench.settle(&again, sent("out-1")).await;
    assert_eq!(bench.store().attempts(&bench.scope, id).await.unwrap().len(), 1);
}

/// The worker died after the call began: nobody knows, so it is never sent again by itself.
pub async fn an_expired_attempt_is_unconfirmed<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply("ค่ะ").await;
    let dead = bench.begin().await;
    bench.clock.advance(LEASE);
    bench.claims_nothing().await;
    let message = bench.message(id).await;
    assert_eq!(
        (message.state, message.failure.map(|one| one.kind)),
        (MessageState::Unconfirmed, Some(FailureKind::Timeout))
    );
    assert!(!bench.store().settle(&dead, sent("out-1")).await.unwrap());
    let attempts = bench.store().attempts(&bench.scope, id).await.unwrap();
    assert_eq!(attempts[0].outcome.as_deref(), Some("unknown"));
    bench.advance(3);
    assert_eq!(bench.claim().await.row.phase, Phase::Check);
}

/// "Try again later" waits as long as asked, and says so.
pub async fn retries_wait<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply("ค่ะ").await;
    let claimed = bench.begin().await;
    let after = Some(std::time::Duration::from_secs(30));
    bench.settle(&claimed, Outcome::Retry { failure: failure(FailureKind::RateLimited), after }).await;
    let waiting = bench.message(id).await;
    assert_eq!((waiting.state, waiting.next_attempt_at), (MessageState::Queued, Some(at(30))));
    assert_eq!(waiting.failure.map(|one| one.kind), Some(FailureKind::RateLimited));
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), Some(at(30)));
    bench.advance(29);
    bench.claims_nothing().await;
    bench.advance(1);
    let claimed = bench.begin().await;
    assert_eq!(claimed.row.attempts, 1);
    bench.settle(&claimed, sent("out-1")).await;
    assert_eq!(bench.message(id).await.failure, None);
}

/// A final refusal fails the message visibly and lets the next one go.
pub async fn refused_is_final<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply("ค่ะ").await;
    let next = bench.reply("อีกข้อความ").await;
    let claimed = bench.begin().await;
    bench.settle(&claimed, Outcome::Refused { failure: failure(FailureKind::Refused), dm_rule: false }).await;
    let refused = bench.message(id).await;
    assert_eq!(refused.state, MessageState::Failed);
    assert_eq!(refused.failure, Some(failure(FailureKind::Refused)));
    let chat = bench.chat().await.conversation;
    assert!(chat.trouble);
    assert_eq!(chat.ledger.spent, 1, "only the one that still waits");
    assert_eq!(bench.claim().await.row.message_id, next);
}

/// Each call leaves a row behind.
pub async fn attempts_are_traced<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply("ค่ะ").await;
    let first = bench.begin().await;
    let open = bench.store().attempts(&bench.scope, id).await.unwrap();
    assert_eq!((open.len(), open[0].settled_at, open[0].token), (1, None, first.row.lease.unwrap().token));
    bench.settle(&first, Outcome::Retry { failure: failure(FailureKind::ProviderError), after: None }).await;
    bench.advance(60);
    let second = bench.begin().await;
    bench.settle(&second, sent("out-1")).await;
    let shown = bench.store().message(&bench.scope, id).await.unwrap().unwrap();
    assert_eq!(shown.attempts, 2, "a view tells whether it was tried again");
    let page = bench.store().messages(&bench.scope, shown.message.conversation_id, None, 10).await.unwrap().unwrap();
    let counts: Vec<_> = page.iter().map(|one| (one.message.id == id, one.attempts)).collect();
    assert!(counts.contains(&(true, 2)) && counts.iter().all(|one| one.0 || one.1 == 0), "{counts:?}");
    let attempts = bench.store().attempts(&bench.scope, id).await.unwrap();
    let outcomes: Vec<_> = attempts.iter().map(|one| (one.outcome.as_deref(), one.code, one.began_at)).collect();
    assert_eq!(outcomes, [(Some("retry"), Some(40_064), T0), (Some("sent"), Some(0), at(60))]);
    assert!(attempts.iter().all(|one| one.settled_at == Some(one.began_at)));
}

/// The worker's timer looks at the heads of the queues only.
pub async fn next_due_is_the_head<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), None);
    bench.reply("หนึ่ง").await;
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), Some(T0));
    let claimed = bench.begin().await;
    bench.reply("สอง").await;
    let after = Some(std::time::Duration::from_secs(40));
    bench.settle(&claimed, Outcome::Retry { failure: failure(FailureKind::TooFast), after }).await;
    assert_eq!(
        bench.store().next_due_any_workspace().await.unwrap(),
        Some(at(40)),
        "the second is not due before the first"
    );
}

/// Disconnecting fails what waits, at once and visibly; what is on its way is left to settle.
pub async fn failing_what_is_queued<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let on_its_way = bench.reply("หนึ่ง").await;
    let claimed = bench.begin().await;
    let waiting = [bench.reply("สอง").await, bench.reply("สาม").await];
    let state = AccountState::Disconnected;
    bench.store().set_account_state(&bench.scope, bench.account.id, state, None).await.unwrap();
    assert_eq!(bench.store().fail_queued(&bench.scope, bench.account.id).await.unwrap(), 2);
    for id in waiting {
        let message = bench.message(id).await;
        assert_eq!(
            (message.state, message.failure.unwrap().kind),
            (MessageState::Failed, FailureKind::AccountDisconnected)
        );
    }
    assert!(bench.chat().await.conversation.trouble);
    bench.settle(&claimed, sent("out-1")).await;
    assert_eq!(bench.message(on_its_way).await.state, MessageState::Sent);
    assert_eq!(bench.store().fail_queued(&bench.scope, bench.account.id).await.unwrap(), 0);
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), None);
}

/// A person sends a failed one again: same message, at the end of the queue.
pub async fn retrying_a_failed_one<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply("หนึ่ง").await;
    let claimed = bench.begin().await;
    bench.settle(&claimed, Outcome::Refused { failure: failure(FailureKind::Refused), dm_rule: false }).await;
    bench.advance(5);
    let ahead = bench.reply("สอง").await;
    bench.advance(5);
    let record = bench.store().retry(&bench.scope, id, false).await.unwrap();
    assert_eq!((record.message.id, record.message.state, record.message.failure), (id, MessageState::Queued, None));
    assert!(!bench.chat().await.conversation.trouble);
    for expected in [ahead, id] {
        let claimed = bench.begin().await;
        assert_eq!(claimed.row.message_id, expected);
        bench.settle(&claimed, sent(&format!("out-{expected}"))).await;
    }
    let again = bench.store().retry(&bench.scope, id, false).await;
    assert!(matches!(refusal(again), Refusal::NotRetryable(_)));
}

/// Failed and queued ones can be taken away, what left can't.
pub async fn discarding<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let queued = bench.reply("หนึ่ง").await;
    bench.store().discard(&bench.scope, queued).await.unwrap();
    assert_eq!(bench.store().message(&bench.scope, queued).await.unwrap(), None);
    let failed = bench.reply("สอง").await;
    let claimed = bench.begin().await;
    assert!(matches!(refusal(bench.store().discard(&bench.scope, failed).await), Refusal::NotRetryable(_)));
    bench.settle(&claimed, Outcome::Refused { failure: failure(FailureKind::Refused), dm_rule: false }).await;
    bench.store().discard(&bench.scope, failed).await.unwrap();
    let chat = bench.chat().await;
    assert!(!chat.conversation.trouble);
    assert_eq!((chat.conversation.ledger.spent, chat.last_message.unwrap().external_id.as_deref()), (0, Some("in-1")));
    assert_eq!(bench.store().attempts(&bench.scope, failed).await.unwrap(), Vec::new());
    let delivered = bench.send("สาม", "out-3").await;
    assert!(matches!(refusal(bench.store().discard(&bench.scope, delivered).await), Refusal::NotRetryable(_)));
    assert_eq!(refusal(bench.store().discard(&bench.scope, failed).await), Refusal::NotFound);
    assert_eq!(bench.thread().await.len(), 2);
}
