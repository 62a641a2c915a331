//! What may be queued at all, and with which key.

use futures_util::future::join_all;

use super::{
    Harness,
    bench::{Bench, CHAT, failure, refusal},
    report::{T0, at, incoming, outgoing, read},
};
use crate::{
    account::AccountState,
    clock::Timestamp,
    content::Content,
    failure::FailureKind,
    id::Id,
    inbound::Source,
    ledger::{RuleSet, WINDOW, WindowState},
    media::MediaFacts,
    message::MessageState,
    outbox::Outcome,
    reply::{Draft, Refusal},
    store::{Accounts, MediaStore, Outbox, Queued, StoreResult},
};

/// The same key gives the same message, also later; the same key for other words is refused.
pub async fn an_idempotency_key_is_one_message<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let first = bench.try_reply("ค่ะ", Some("key-1"), false).await.unwrap();
    assert!(first.fresh);
    let again = bench.try_reply("ค่ะ", Some("key-1"), false).await.unwrap();
    assert_eq!((again.fresh, again.record.message.id), (false, first.record.message.id));
    assert_eq!(refusal(bench.try_reply("ไม่ค่ะ", Some("key-1"), false).await), Refusal::IdempotencyConflict);
    bench.clock.advance(WINDOW);
    let later = bench.try_reply("ค่ะ", Some("key-1"), false).await.unwrap();
    assert_eq!(
        later.record.message.id, first.record.message.id,
        "a known key is answered though the window has closed"
    );
    assert_eq!(bench.thread().await.len(), 2);
}

/// What a reply quotes belongs to its key, is shown, and stays when the reply is sent again.
pub async fn a_quote_belongs_to_the_reply<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let draft = bench.draft(bench.chat_id(CHAT).await, "อันนี้ค่ะ");
    let quoting =
        Draft { idempotency_key: Some("key-1".to_owned()), quoted_external_id: Some("in-1".to_owned()), ..draft };
    let queued = bench.store().queue_reply(&bench.scope, quoting.clone()).await.unwrap();
    assert_eq!(queued.record.quoted, Some(bench.thread().await[0].message.id));
    assert!(!bench.store().queue_reply(&bench.scope, quoting.clone()).await.unwrap().fresh);
    let bare = bench.store().queue_reply(&bench.scope, Draft { quoted_external_id: None, ..quoting }).await;
    assert_eq!(refusal(bare), Refusal::IdempotencyConflict);
    let claimed = bench.begin().await;
    assert_eq!(claimed.message.quoted_external_id.as_deref(), Some("in-1"));
    let outcome = Outcome::Refused { failure: failure(FailureKind::Refused), dm_rule: false };
    bench.settle(&claimed, outcome).await;
    let again = bench.store().retry(&bench.scope, queued.record.message.id, false).await.unwrap();
    assert_eq!(again.message.quoted_external_id.as_deref(), Some("in-1"));
}

/// Eight callers with one key at once: one message.
pub async fn concurrent_callers_with_one_key<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let answers: Vec<_> = join_all((0..8).map(|_| bench.try_reply("ค่ะ", Some("key-1"), false))).await;
    let answers: Vec<Queued> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|one| one.fresh).count(), 1);
    assert!(answers.iter().all(|one| one.record.message.id == answers[0].record.message.id));
    assert_eq!(bench.thread().await.len(), 2);
}

/// Open until the last millisecond of 48 hours.
pub async fn the_window_closes<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let closes = T0.plus(WINDOW);
    bench.clock.set(Timestamp::from_millis(closes.as_millis() - 1));
    assert!(bench.try_reply("ทัน", None, false).await.is_ok());
    bench.clock.set(closes);
    assert_eq!(refusal(bench.try_reply("สาย", None, false).await), Refusal::WindowClosed { closed_at: Some(closes) });
    assert_eq!(bench.thread().await.len(), 2, "what is refused leaves no trace");
    bench.ingest(incoming(CHAT, "in-2", "ยังอยู่ไหม", closes)).await;
    assert!(bench.try_reply("อยู่ค่ะ", None, false).await.is_ok());
}

/// A conversation that is known by a read receipt only has no window.
pub async fn nobody_wrote_yet<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.ingest(read(CHAT, T0)).await;
    assert_eq!(refusal(bench.try_reply("สวัสดี", None, false).await), Refusal::WindowClosed { closed_at: None });
}

/// Ten messages of whoever, then the customer must write; each of theirs starts anew.
pub async fn ten_and_no_more<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    for number in 1..=4 {
        bench.ingest(outgoing(CHAT, &format!("app-{number}"), Source::App, "จากแอป", at(number))).await;
    }
    for number in 5..=10 {
        bench.try_reply(&format!("ข้อความ {number}"), None, false).await.unwrap();
    }
    let chat = bench.chat().await;
    assert_eq!(chat.conversation.ledger.window(bench.clock.now(), chat.rule_set).state, WindowState::Spent);
    assert_eq!(refusal(bench.try_reply("ข้อความ 11", None, false).await), Refusal::QuotaSpent);
    bench.advance(60);
    bench.ingest(incoming(CHAT, "in-2", "ขอบคุณค่ะ", at(60))).await;
    let chat = bench.chat().await;
    assert_eq!(chat.conversation.ledger.spent, 6, "what still waits will be spent in the new window");
    assert!(bench.try_reply("ข้อความ 11", None, false).await.is_ok());
}

/// The messaging-limits guide: ten until the customer has replied, then as many as one likes for 48 hours, then three.
pub async fn the_guides_rules<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    bench.store().set_rule_set(&bench.scope, bench.account.id, RuleSet::Guide).await.unwrap();
    for number in 1..=10 {
        bench.send(&format!("ข้อความ {number}"), &format!("out-{number}")).await;
    }
    assert_eq!(refusal(bench.try_reply("ข้อความ 11", None, false).await), Refusal::QuotaSpent);
    // Their echoes, and the reply.
    bench.ingest(outgoing(CHAT, "out-1", Source::Api, "ข้อความ 1", at(1))).await;
    bench.ingest(incoming(CHAT, "in-2", "ขอบคุณค่ะ", at(60))).await;
    bench.advance(60);
    for number in 11..=25 {
        bench.send(&format!("ข้อความ {number}"), &format!("out-{number}")).await;
    }
    let closes = at(60).plus(WINDOW);
    bench.clock.set(closes);
    for number in 26..=28 {
        let chat = bench.chat().await;
        let window = chat.conversation.ledger.window(closes, chat.rule_set);
        assert_eq!((window.state, window.quota_left), (WindowState::Grace, Some(29 - number)));
        bench.send(&format!("ข้อความ {number}"), &format!("out-{number}")).await;
    }
    assert_eq!(refusal(bench.try_reply("ข้อความ 29", None, false).await), Refusal::QuotaSpent);
    bench.ingest(incoming(CHAT, "in-3", "ฮัลโหล", closes)).await;
    assert!(bench.try_reply("ข้อความ 29", None, false).await.is_ok());
}

/// Our clock is behind the provider's: a reply still stands behind the message it answers, and counts.
pub async fn a_slow_clock_hides_nothing<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.ingest(incoming(CHAT, "in-1", "สวัสดี", at(30))).await;
    let id = bench.send("ค่ะ", "out-1").await;
    let chat = bench.chat().await.conversation;
    assert_eq!((chat.ledger.spent, chat.last_message_id), (1, Some(id)));
    let failed = bench.reply("อีก").await;
    let claimed = bench.begin().await;
    bench.settle(&claimed, Outcome::Refused { failure: failure(FailureKind::Refused), dm_rule: false }).await;
    assert!(bench.chat().await.conversation.trouble);
    let order: Vec<_> = bench.thread().await.into_iter().skip(1).map(|one| one.message.id).collect();
    assert_eq!(order, [id, failed]);
}

/// A person decides against the guard; TikTok decides in the end.
pub async fn a_person_may_send_anyway<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    bench.clock.advance(WINDOW);
    let queued = bench.try_reply("ลองดู", None, true).await.unwrap();
    assert!(queued.record.message.send_anyway);
    bench.begin().await;
    assert_eq!(bench.message(queued.record.message.id).await.state, MessageState::Sending);
}

/// The window closed while the reply waited: it fails visibly, and the provider is not called.
pub async fn the_guard_looks_again_before_the_call<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.reply("สาย").await;
    bench.clock.advance(WINDOW);
    let claimed = bench.claim().await;
    assert!(!bench.store().begin(&claimed).await.unwrap());
    let message = bench.message(id).await;
    assert_eq!((message.state, message.failure.unwrap().kind), (MessageState::Failed, FailureKind::WindowClosed));
    assert_eq!(bench.store().next_due_any_workspace().await.unwrap(), None);
    assert_eq!(bench.store().attempts(&bench.scope, id).await.unwrap(), Vec::new());
}

/// 40064 corrects the ledger until the customer writes again.
pub async fn tiktoks_refusal_counts<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    bench.reply("ค่ะ").await;
    let claimed = bench.begin().await;
    bench.settle(&claimed, Outcome::Refused { failure: failure(FailureKind::Refused), dm_rule: true }).await;
    assert_eq!(refusal(bench.try_reply("อีกครั้ง", None, false).await), Refusal::QuotaSpent);
    bench.advance(1);
    bench.ingest(incoming(CHAT, "in-2", "ฮัลโหล", at(1))).await;
    assert!(bench.try_reply("อีกครั้ง", None, false).await.is_ok());
}

/// A paused or disconnected account sends nothing, anyway or not.
pub async fn a_disconnected_account_refuses<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    bench.store().set_account_state(&bench.scope, bench.account.id, AccountState::Paused, None).await.unwrap();
    assert_eq!(refusal(bench.try_reply("ค่ะ", None, true).await), Refusal::AccountPaused);
    for state in [AccountState::Reconnect, AccountState::Disconnected] {
        bench.store().set_account_state(&bench.scope, bench.account.id, state, None).await.unwrap();
        assert_eq!(refusal(bench.try_reply("ค่ะ", None, true).await), Refusal::AccountDisconnected);
    }
    bench.store().set_account_state(&bench.scope, bench.account.id, AccountState::Expiring, None).await.unwrap();
    assert!(bench.try_reply("ค่ะ", None, false).await.is_ok());
}

/// A picture must be one of this workspace, with its bytes here.
pub async fn pictures_must_be_in_sight<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let other = bench.second_workspace(41).await;
    let facts = MediaFacts { mime: "image/png".to_owned(), width: Some(2), height: Some(2), size: 70 };
    let (mine, theirs) = (bench.store().new_media_id().await.unwrap(), bench.store().new_media_id().await.unwrap());
    bench.store().create_upload(bench.workspace, mine, facts.clone()).await.unwrap();
    bench.store().create_upload(other, theirs, facts).await.unwrap();
    let draft = bench.draft(bench.chat_id(CHAT).await, "");
    for media in [theirs, Id::from_raw(1)] {
        let answer: StoreResult<Queued> =
            bench.store().queue_reply(&bench.scope, Draft { content: Content::Image { media }, ..draft.clone() }).await;
        assert!(matches!(refusal(answer), Refusal::InvalidContent(_)));
    }
    let queued = bench
        .store()
        .queue_reply(&bench.scope, Draft { content: Content::Image { media: mine }, ..draft })
        .await
        .unwrap();
    assert_eq!(queued.record.media.map(|row| row.id), Some(mine));
}

/// What can't be sent at all is refused before anything else.
pub async fn empty_and_long_texts<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    assert!(matches!(refusal(bench.try_reply(" \n", None, true).await), Refusal::InvalidContent(_)));
    assert_eq!(refusal(bench.try_reply(&"ก".repeat(6_001), None, true).await), Refusal::TextTooLong { length: 6_001 });
    assert!(bench.try_reply(&"ก".repeat(6_000), None, false).await.is_ok());
}
