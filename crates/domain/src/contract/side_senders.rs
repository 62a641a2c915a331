//! One account, two sides: who sends, and what becomes of replies when that changes.

use super::{
    Harness,
    bench::{CHAT, connect, failure, lost, refusal, sent},
    report::{T0, at, incoming, outgoing},
    sides::{CHANNEL, CONTACT, linked, shadows, tell, to},
};
use crate::{
    account::{AccountState, ProviderKind},
    failure::FailureKind,
    inbound::{Inbound, InboundMessage, Source},
    message::{Author, MessageState},
    outbox::{CheckOutcome, Outcome},
    reply::Refusal,
    sides::Side,
    store::{Accounts, Outbox, Sides, StoreError},
    workspace::{Permitted, Scope},
};

const WORDS: &str = "ได้เลยค่ะ";

/// Replies that wait when the sender changes leave once, through the new side, also one that was claimed for the old one; and back.
pub async fn a_switch_with_queued_replies<H: Harness>() {
    let bench = linked::<H>().await;
    let (first, second) = (bench.reply("หนึ่ง").await, bench.reply("สอง").await);
    let stale = bench.claim().await;
    assert_eq!((stale.account.provider, &*stale.conversation_external_id), (ProviderKind::Official, CHAT));
    let switched = bench.store().set_sender(&bench.scope, bench.account.id, ProviderKind::Respondio).await.unwrap();
    assert_eq!(
        switched.map(|account| (account.provider, account.external_id)),
        Some((ProviderKind::Respondio, CHANNEL.to_owned()))
    );
    assert!(!bench.store().begin(&stale).await.unwrap(), "the other side sends now");
    for (id, name) in [(first, "r-2"), (second, "r-3")] {
        let claimed = bench.begin().await;
        assert_eq!((claimed.message.id, claimed.account.provider), (id, ProviderKind::Respondio));
        assert_eq!((&*claimed.account.external_id, &*claimed.conversation_external_id), (CHANNEL, CONTACT));
        bench.settle(&claimed, sent(name)).await;
    }
    bench.store().set_sender(&bench.scope, bench.account.id, ProviderKind::Official).await.unwrap();
    bench.reply("สาม").await;
    let claimed = bench.begin().await;
    assert_eq!((claimed.account.provider, &*claimed.conversation_external_id), (ProviderKind::Official, CHAT));
    bench.settle(&claimed, sent("out-3")).await;
    // Both sides tell all three.
    for (number, text) in ["หนึ่ง", "สอง", "สาม"].into_iter().enumerate() {
        let number = number + 1;
        bench.ingest(outgoing(CHAT, &format!("out-{number}"), Source::Api, text, at(1))).await;
        tell(&bench, to(CONTACT, &format!("r-{}", number + 1), Source::Api, text, at(1))).await;
    }
    assert_eq!((bench.thread().await.len(), shadows(&bench).await), (4, Vec::new()));
    assert_eq!(bench.chat().await.conversation.ledger.spent, 3);
    bench.claims_nothing().await;
}

/// The answer of one side was lost, then the other one sends: nothing leaves twice. What either side tells settles it.
pub async fn a_lost_answer_then_a_switch<H: Harness>() {
    let bench = linked::<H>().await;
    let id = bench.reply(WORDS).await;
    let claimed = bench.begin().await;
    bench.settle(&claimed, lost()).await;
    let behind = bench.reply("อีกข้อความ").await;
    bench.store().set_sender(&bench.scope, bench.account.id, ProviderKind::Respondio).await.unwrap();
    bench.advance(3);
    let check = bench.begin().await;
    assert_eq!((check.message.id, check.account.provider), (id, ProviderKind::Official), "asked where it was tried");
    assert!(bench.store().settle_check(&check, CheckOutcome::Absent).await.unwrap());
    tell(&bench, to(CONTACT, "r-2", Source::App, WORDS, at(1))).await;
    assert_eq!(bench.message(id).await.state, MessageState::Sent, "the other side has seen it arrive");
    bench.ingest(outgoing(CHAT, "out-1", Source::Api, WORDS, at(1))).await;
    let ours = bench.message(id).await;
    assert_eq!((ours.external_id.as_deref(), ours.provider), (Some("out-1"), ProviderKind::Official));
    assert_eq!(ours.author, Author::Agent { id: bench.owner.user.id });
    let claimed = bench.begin().await;
    assert_eq!((claimed.message.id, claimed.account.provider), (behind, ProviderKind::Respondio));
    bench.settle(&claimed, sent("r-3")).await;
    assert_eq!(bench.thread().await.len(), 3);
    assert_eq!(shadows(&bench).await.iter().map(|one| &*one.external_id).collect::<Vec<_>>(), ["r-3"]);
}

/// A person sends again what nobody has settled: it stays with the side that tried it.
pub async fn an_unsettled_one_stays_with_its_side<H: Harness>() {
    let bench = linked::<H>().await;
    let id = bench.reply(WORDS).await;
    let claimed = bench.begin().await;
    bench.settle(&claimed, lost()).await;
    bench.store().set_sender(&bench.scope, bench.account.id, ProviderKind::Respondio).await.unwrap();
    bench.store().retry(&bench.scope, id, false).await.unwrap();
    let claimed = bench.begin().await;
    assert_eq!((claimed.message.id, claimed.account.provider), (id, ProviderKind::Official));
    bench.settle(&claimed, Outcome::Refused { failure: failure(FailureKind::Refused), dm_rule: false }).await;
}

/// The answer names a reply in the words of the side that sent it; the report of the other one joins it, before or after.
pub async fn an_echo_of_the_other_side<H: Harness>() {
    let bench = linked::<H>().await;
    bench.store().set_sender(&bench.scope, bench.account.id, ProviderKind::Respondio).await.unwrap();
    let id = bench.reply(WORDS).await;
    let claimed = bench.begin().await;
    bench.ingest(outgoing(CHAT, "out-1", Source::Api, WORDS, at(1))).await;
    assert_eq!(bench.message(id).await.state, MessageState::Sending, "the answer has the last word");
    bench.settle(&claimed, sent("r-2")).await;
    let ours = bench.message(id).await;
    assert_eq!((ours.state, ours.external_id.as_deref(), ours.sent_at), (MessageState::Sent, Some("out-1"), at(1)));
    tell(
        &bench,
        InboundMessage { platform_id: Some("out-1".to_owned()), ..to(CONTACT, "r-2", Source::Api, WORDS, at(2)) },
    )
    .await;
    assert_eq!((bench.thread().await.len(), shadows(&bench).await), (2, Vec::new()));
    // And a refused call takes back what was somebody else's.
    let id = bench.reply("สวัสดี").await;
    let claimed = bench.begin().await;
    bench.ingest(outgoing(CHAT, "theirs", Source::Api, "สวัสดี", at(3))).await;
    bench.settle(&claimed, Outcome::Refused { failure: failure(FailureKind::Refused), dm_rule: false }).await;
    assert_eq!(bench.message(id).await.state, MessageState::Failed);
    let theirs = bench.thread().await.into_iter().find(|one| one.message.external_id.as_deref() == Some("theirs"));
    assert_eq!(theirs.map(|one| one.message.author), Some(Author::OtherApi));
}

/// A conversation may have a sender of its own; a side that does not know a conversation can't send there.
pub async fn one_conversation_may_differ<H: Harness>() {
    let bench = linked::<H>().await;
    bench.ingest(incoming("chat-2", "in-2", "แค่ที่นี่", T0)).await;
    let (here, there) = (bench.chat_id(CHAT).await, bench.chat_id("chat-2").await);
    let store = bench.store();
    let choose = |conversation, side| store.set_conversation_sender(&bench.scope, conversation, side);
    assert_eq!(refusal(choose(there, Some(ProviderKind::Respondio)).await), Refusal::NotAtSide);
    assert_eq!(refusal(choose(here, Some(ProviderKind::Thirdparty)).await), Refusal::ProviderCannotSend);
    let chosen = choose(here, Some(ProviderKind::Respondio)).await.unwrap().unwrap();
    assert_eq!(chosen.conversation.sender, Some(ProviderKind::Respondio));
    bench.reply(WORDS).await;
    let claimed = bench.begin().await;
    assert_eq!((claimed.account.provider, &*claimed.conversation_external_id), (ProviderKind::Respondio, CONTACT));
    bench.settle(&claimed, sent("r-9")).await;
    assert_eq!(choose(here, None).await.unwrap().unwrap().conversation.sender, None);
    // The account's choice is refused where that side knows nobody, unless the conversation chose otherwise.
    let waits = store.queue_reply(&bench.scope, bench.draft(there, "รอ")).await.unwrap().record.message.id;
    store.set_sender(&bench.scope, bench.account.id, ProviderKind::Respondio).await.unwrap();
    assert_eq!(refusal(store.queue_reply(&bench.scope, bench.draft(there, WORDS)).await), Refusal::NotAtSide);
    let claimed = bench.claim().await;
    assert_eq!((claimed.message.id, &*claimed.conversation_external_id), (waits, ""));
    assert!(!store.begin(&claimed).await.unwrap());
    let failed = bench.message(waits).await;
    assert_eq!(
        (failed.state, failed.failure.map(|failure| failure.detail)),
        (MessageState::Failed, Some(Refusal::NotAtSide.to_string()))
    );
    choose(there, Some(ProviderKind::Official)).await.unwrap();
    store.retry(&bench.scope, waits, false).await.unwrap();
    let claimed = bench.begin().await;
    assert_eq!((claimed.account.provider, &*claimed.conversation_external_id), (ProviderKind::Official, "chat-2"));
    bench.settle(&claimed, sent("out-9")).await;
}

/// What one side may not do any more is not the other one's trouble: the switch goes on where the first one stopped.
pub async fn a_side_that_is_refused<H: Harness>() {
    let bench = linked::<H>().await;
    let (store, scope, account) = (bench.store(), &bench.scope, bench.account.id);
    let reason = || Inbound::AuthorizationRemoved { reason: "revoked".to_owned() };
    bench.ingest(reason()).await;
    assert_eq!(store.account(scope, account).await.unwrap().unwrap().state, AccountState::Reconnect);
    let switched = store.set_sender(scope, account, ProviderKind::Respondio).await.unwrap().unwrap();
    assert_eq!((switched.state, switched.state_reason), (AccountState::Active, None));
    bench.ingest(reason()).await;
    assert_eq!(store.account(scope, account).await.unwrap().unwrap().state, AccountState::Active);
    bench.reply(WORDS).await;
    let claimed = bench.begin().await;
    assert_eq!(claimed.account.provider, ProviderKind::Respondio);
    bench.settle(&claimed, sent("r-2")).await;
    let back = store.set_sender(scope, account, ProviderKind::Official).await.unwrap().unwrap();
    assert_eq!((back.state, back.state_reason.as_deref()), (AccountState::Reconnect, Some("revoked")));
    let there = store.set_sender(scope, account, ProviderKind::Respondio).await.unwrap().unwrap();
    assert_eq!(there.state, AccountState::Active);
}

/// A side is gone while something waits for it: what is left takes it over.
pub async fn what_waits_for_a_side_that_is_gone<H: Harness>() {
    let bench = linked::<H>().await;
    let (store, scope, account) = (bench.store(), &bench.scope, bench.account.id);
    let chat = bench.chat_id(CHAT).await;
    store.set_conversation_sender(scope, chat, Some(ProviderKind::Respondio)).await.unwrap().unwrap();
    let lost_one = bench.reply(WORDS).await;
    let claimed = bench.begin().await;
    assert_eq!(claimed.account.provider, ProviderKind::Respondio);
    bench.settle(&claimed, lost()).await;
    let behind = bench.reply("อีกข้อความ").await;
    store.remove_side(scope, account, ProviderKind::Respondio).await.unwrap().unwrap();
    bench.advance(3);
    let check = bench.begin().await;
    assert_eq!((check.message.id, check.account.provider), (lost_one, ProviderKind::Official));
    assert!(store.settle_check(&check, CheckOutcome::Unclear).await.unwrap());
    store.retry(scope, lost_one, false).await.unwrap();
    for id in [behind, lost_one] {
        let claimed = bench.begin().await;
        assert_eq!((claimed.message.id, claimed.account.provider), (id, ProviderKind::Official));
        bench.settle(&claimed, sent(&format!("out-{id}"))).await;
    }
}

/// Sides are added once, belong to one account, and the sending one stays. What a side told stays when it is gone.
pub async fn sides_come_and_go<H: Harness>() {
    let bench = linked::<H>().await;
    let (store, scope, account) = (bench.store(), &bench.scope, bench.account.id);
    let side = |provider, external_id: &str, sends| Side { provider, external_id: external_id.to_owned(), sends };
    let both = [side(ProviderKind::Official, "business-1", true), side(ProviderKind::Respondio, CHANNEL, false)];
    assert_eq!(store.sides(scope, account).await.unwrap(), both);
    let shown = |provider| store.account_through(scope, account, provider);
    for side in &both {
        let through = shown(side.provider).await.unwrap().unwrap();
        assert_eq!((through.id, through.provider, &through.external_id), (account, side.provider, &side.external_id));
        assert_eq!(through.binding == bench.account.binding, side.sends);
        assert_eq!(through.token_expires_at.is_some(), side.sends, "tokens are a side's own");
    }
    let sends = shown(ProviderKind::Thirdparty).await.unwrap().unwrap();
    assert_eq!(sends.binding, bench.account.binding, "without such a side, as the sender shows it");
    bench.advance(5);
    let again = store.add_side(scope, account, ProviderKind::Respondio, CHANNEL).await.unwrap().unwrap();
    assert_eq!(again.both_since, Some(T0), "nothing changed");
    let other = store.connect_account(bench.workspace, connect("business-2")).await.unwrap();
    let taken = |answer| matches!(answer, Err(StoreError::Conflict { .. }));
    assert!(taken(store.add_side(scope, other.id, ProviderKind::Respondio, CHANNEL).await));
    assert!(taken(store.add_side(scope, account, ProviderKind::Respondio, "channel-2").await));
    assert!(taken(store.remove_side(scope, account, ProviderKind::Official).await));
    assert_eq!(store.set_sender(scope, other.id, ProviderKind::Respondio).await.unwrap(), None);
    store.remove_side(scope, account, ProviderKind::Respondio).await.unwrap().unwrap();
    assert_eq!(store.sides(scope, account).await.unwrap(), both[..1]);
    bench.ingest(incoming(CHAT, "in-2", "ยังอยู่ไหมคะ", at(60))).await;
    assert_eq!(
        (bench.thread().await.len(), shadows(&bench).await),
        (2, Vec::new()),
        "nobody else is to be compared with"
    );
    let stranger = Scope { accounts: Permitted::Only([other.id].into()), ..scope.clone() };
    assert_eq!(store.sides(&stranger, account).await.unwrap(), Vec::new());
    assert_eq!(store.account_through(&stranger, account, ProviderKind::Official).await.unwrap(), None);
    assert_eq!(store.add_side(&stranger, account, ProviderKind::Respondio, "channel-3").await.unwrap(), None);
    assert_eq!(store.set_sender(&stranger, account, ProviderKind::Official).await.unwrap(), None);
    assert_eq!(store.set_conversation_sender(&stranger, bench.chat_id(CHAT).await, None).await.unwrap(), None);
}
