//! What comes in: raw deliveries and what they report.

use super::{
    Harness,
    bench::{BUSINESS, Bench, CHAT, connect, delivery},
    report::{T0, at, customer, incoming, message, outgoing, reaction, read},
};
use crate::{
    account::{AccountState, ProviderKind},
    content::Content,
    delivery::{DeliveryOutcome, NewDelivery},
    event::Subject,
    inbound::{Inbound, InboundMessage, Source},
    message::{Author, Direction, MessageState},
    store::{Accounts, DeliveryFilter, Events, Inbox, Journal},
    workspace::{Permitted, Scope},
};

const ALL: DeliveryFilter = DeliveryFilter { unsupported: false, before: None, limit: 50 };

/// The bytes that came in come out, whatever they are.
pub async fn a_delivery_is_kept_byte_for_byte<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let bytes: Vec<u8> = (0..=255).collect();
    let kept = NewDelivery { body: bytes.clone().into(), late: true, ..bench.delivery(vec![Inbound::Noted]) };
    let ingested = bench.store().ingest(kept).await.unwrap();
    assert_eq!(ingested.outcome, DeliveryOutcome::Stored);
    assert_eq!(bench.store().delivery_body_any_workspace(ingested.delivery).await.unwrap().unwrap(), bytes);
    let listed = bench.store().deliveries(bench.workspace, ALL).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].id, listed[0].size, listed[0].late, listed[0].copies), (ingested.delivery, 256, true, 1));
    assert_eq!(listed[0].account_id, Some(bench.account.id));
}

/// The same bytes five times: one delivery, one message, a count.
pub async fn five_times_is_once<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let twin = bench.delivery(vec![incoming(CHAT, "in-1", "สวัสดี", T0)]);
    let first = bench.store().ingest(twin.clone()).await.unwrap();
    assert_eq!(first.outcome, DeliveryOutcome::Stored);
    for _ in 0..4 {
        let again = bench.store().ingest(twin.clone()).await.unwrap();
        assert_eq!((again.delivery, again.outcome), (first.delivery, DeliveryOutcome::Duplicate));
    }
    assert_eq!(bench.thread().await.len(), 1);
    assert_eq!(bench.chat().await.conversation.unread, 1);
    assert_eq!(bench.store().deliveries(bench.workspace, ALL).await.unwrap()[0].copies, 5);
}

/// A message in other bytes (a list read, a second kind of event) is the same message; the earlier of two times stays.
pub async fn other_bytes_same_message_is_once<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.ingest(incoming(CHAT, "in-1", "สวัสดี", at(5))).await;
    bench.ingest(incoming(CHAT, "in-1", "สวัสดี", at(4))).await;
    bench.apply(vec![incoming(CHAT, "in-1", "สวัสดี", at(5)), incoming(CHAT, "in-2", "อยู่ไหม", at(6))]).await;
    let thread = bench.thread().await;
    assert_eq!(thread.len(), 2);
    assert_eq!(thread[0].message.sent_at, at(4));
    let chat = bench.chat().await.conversation;
    assert_eq!((chat.unread, chat.last_message_id, chat.last_activity_at), (2, Some(thread[1].message.id), at(6)));
    assert_eq!(chat.ledger.last_incoming_at, Some(at(6)));
}

/// A delivery of an account that nobody connected is kept and never shown.
pub async fn foreign_is_kept_never_shown<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let body = "{\"foreign\":true}";
    let foreign = delivery("somebody-else", body, T0, vec![incoming(CHAT, "in-1", "hello", T0)]);
    let nameless = NewDelivery { account_external_id: None, digest: [7; 16], ..foreign.clone() };
    let kept = bench.store().ingest(foreign).await.unwrap();
    assert_eq!(kept.outcome, DeliveryOutcome::Foreign);
    assert_eq!(bench.store().ingest(nameless).await.unwrap().outcome, DeliveryOutcome::Foreign);
    assert_eq!(bench.store().delivery_body_any_workspace(kept.delivery).await.unwrap().unwrap(), body);
    assert!(bench.store().deliveries(bench.workspace, ALL).await.unwrap().is_empty());
    assert_eq!(bench.store().totals(&bench.scope).await.unwrap().messages, 0);
    let other = bench
        .store()
        .apply(ProviderKind::Official, "somebody-else".to_owned(), vec![incoming(CHAT, "in-1", "hello", T0)])
        .await;
    other.unwrap();
    assert_eq!(bench.store().totals(&bench.scope).await.unwrap().conversations, 0);
}

/// Words of customers are never dropped, also when the account was disconnected here.
pub async fn disconnected_is_still_applied<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.store().set_account_state(&bench.scope, bench.account.id, AccountState::Disconnected, None).await.unwrap();
    let ingested = bench.ingest(incoming(CHAT, "in-1", "สวัสดี", T0)).await;
    assert_eq!(ingested.outcome, DeliveryOutcome::Stored);
    assert_eq!(bench.thread().await.len(), 1);
}

/// What could not be understood whole is listed as such, and paged.
pub async fn unsupported_is_listed<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let mut strange = Vec::new();
    for number in 0..3 {
        bench.ingest(Inbound::Noted).await;
        let unknown =
            NewDelivery { unsupported: Some(format!("unknown event im_new_{number}")), ..bench.delivery(Vec::new()) };
        strange.push(bench.store().ingest(unknown).await.unwrap().delivery);
    }
    strange.reverse();
    let filter = DeliveryFilter { unsupported: true, before: None, limit: 2 };
    let page = bench.store().deliveries(bench.workspace, filter.clone()).await.unwrap();
    assert_eq!(page.iter().map(|one| one.id).collect::<Vec<_>>(), strange[..2]);
    let rest =
        bench.store().deliveries(bench.workspace, DeliveryFilter { before: Some(strange[1]), ..filter }).await.unwrap();
    assert_eq!(rest.iter().map(|one| one.id).collect::<Vec<_>>(), strange[2..]);
    assert_eq!(rest[0].unsupported.as_deref(), Some("unknown event im_new_0"));
    assert_eq!(bench.store().deliveries(bench.workspace, ALL).await.unwrap().len(), 6);
}

/// What is told of automatic messages says so to whoever watches the account, and is found again among everything else.
pub async fn automatic_messages_have_a_history<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let other = bench.store().connect_account(bench.workspace, connect("another-shop")).await.unwrap();
    let head = bench.store().head_seq().await.unwrap();
    let mut told = Vec::new();
    for event in ["im_auto_message_config_update", "im_auto_message_audit_update"] {
        bench.ingest(incoming(CHAT, &format!("in before {event}"), "hello", T0)).await;
        let change = NewDelivery { event: event.to_owned(), ..bench.delivery(vec![Inbound::AutomationChanged]) };
        told.push((bench.store().ingest(change.clone()).await.unwrap().delivery, change.body));
    }
    told.reverse();
    let events = bench.store().events_after(Some(bench.workspace), head, 50).await.unwrap().events;
    let news: Vec<_> = events.iter().filter(|event| matches!(event.subject, Subject::Account(_))).collect();
    assert_eq!(news.len(), 2);
    assert!(news.iter().all(|event| event.account_id == bench.account.id));

    let (store, scope, account) = (bench.store(), &bench.scope, bench.account.id);
    let listed = store.automation_deliveries(scope, account, None, 50).await.unwrap();
    let found: Vec<_> = listed.iter().map(|one| (one.id, one.body.clone())).collect();
    assert_eq!(found, told);
    let first = store.automation_deliveries(scope, account, None, 1).await.unwrap();
    let rest = store.automation_deliveries(scope, account, Some(first[0].id), 50).await.unwrap();
    assert_eq!([&first[..], &rest[..]].concat(), listed);
    assert!(store.automation_deliveries(scope, other.id, None, 50).await.unwrap().is_empty());
    let blind = Scope { accounts: Permitted::Only([other.id].into()), ..scope.clone() };
    assert!(store.automation_deliveries(&blind, account, None, 50).await.unwrap().is_empty());
}

/// A read mark is a high-water mark, and may come before the message it covers.
pub async fn reads_never_go_back<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.ingest(read(CHAT, at(20))).await;
    bench.ingest(incoming(CHAT, "in-1", "สวัสดี", at(1))).await;
    bench.ingest(outgoing(CHAT, "out-1", Source::App, "ค่ะ", at(10))).await;
    bench.ingest(read(CHAT, at(5))).await;
    assert_eq!(bench.chat().await.conversation.read_up_to, Some(at(20)));
    assert_eq!(bench.thread().await[1].read_up_to, Some(at(20)));
    bench.ingest(read(CHAT, at(30))).await;
    assert_eq!(bench.chat().await.conversation.read_up_to, Some(at(30)));
}

/// A reaction waits for its message.
pub async fn reactions_before_their_message<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.ingest(reaction(CHAT, "in-1", "❤️", true, at(3))).await;
    bench.ingest(incoming(CHAT, "in-1", "สวัสดี", at(1))).await;
    let thread = bench.thread().await;
    assert_eq!(thread[0].reactions.iter().map(|one| one.key.as_str()).collect::<Vec<_>>(), ["❤️"]);
    assert!(thread[0].reactions[0].by_customer);
}

/// The newest operation wins, whichever comes last.
pub async fn reactions_are_taken_back<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.ingest(incoming(CHAT, "in-1", "สวัสดี", at(1))).await;
    bench.ingest(reaction(CHAT, "in-1", "❤️", false, at(4))).await;
    bench.ingest(reaction(CHAT, "in-1", "❤️", true, at(3))).await;
    bench.ingest(reaction(CHAT, "in-1", "😂", true, at(6))).await;
    bench.ingest(reaction(CHAT, "in-1", "👍", true, at(5))).await;
    let keys: Vec<_> = bench.thread().await.remove(0).reactions.into_iter().map(|one| one.key).collect();
    assert_eq!(keys, ["👍", "😂"], "oldest first, without the one taken back");
    bench.ingest(reaction(CHAT, "in-1", "❤️", true, at(7))).await;
    assert_eq!(bench.thread().await[0].reactions.len(), 3);
}

/// An automatic message does not answer a message request; a person's does. Authors say through what it was written.
pub async fn automatic_messages_keep_the_request<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    bench.ingest(outgoing(CHAT, "out-1", Source::Automatic, "Welcome!", at(1))).await;
    assert!(bench.chat().await.conversation.request);
    bench.ingest(outgoing(CHAT, "out-2", Source::App, "สวัสดีค่ะ", at(2))).await;
    bench.ingest(outgoing(CHAT, "out-3", Source::Api, "จากอีกระบบ", at(3))).await;
    let chat = bench.chat().await.conversation;
    assert!(!chat.request);
    assert_eq!(chat.ledger.spent, 3);
    let authors: Vec<_> = bench.thread().await.into_iter().map(|one| one.message.author).collect();
    assert_eq!(authors, [Author::Customer, Author::AutoMessage, Author::TiktokApp, Author::OtherApi]);
}

/// The owner ended the authorization at TikTok.
pub async fn removed_authorization<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.ingest(Inbound::AuthorizationRemoved { reason: "removed in TikTok".to_owned() }).await;
    let account = bench.store().account(&bench.scope, bench.account.id).await.unwrap().unwrap();
    assert_eq!((account.state, account.state_reason.as_deref()), (AccountState::Reconnect, Some("removed in TikTok")));
    assert_eq!(account.external_id, BUSINESS);
    assert_eq!(account.last_delivery_at, Some(T0));
}

/// A report that does not say a name leaves the known one.
pub async fn silence_about_names_changes_nothing<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let mut told = message(CHAT, "in-1", Direction::Incoming, Source::Unknown, "สวัสดี", at(1));
    told.customer.display_name = Some("น้องมะลิ".to_owned());
    told.customer.is_follower = Some(true);
    bench.ingest(Inbound::Message(told.clone())).await;
    let silent = InboundMessage { external_id: "in-2".to_owned(), sent_at: at(2), ..told.clone() };
    let silent = InboundMessage { customer: customer(&told.customer.external_id), ..silent };
    bench.ingest(Inbound::Message(silent)).await;
    let contact = bench.chat().await.contact;
    assert_eq!((contact.display_name.as_deref(), contact.is_follower), (Some("น้องมะลิ"), Some(true)));
    assert_eq!(bench.store().totals(&bench.scope).await.unwrap().contacts, 1);
}

/// Order is the provider's time, not that of arrival.
pub async fn late_messages_fall_into_place<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    for (id, secs) in [("c", 30), ("a", 10), ("b", 20)] {
        bench.ingest(incoming(CHAT, id, id, at(secs))).await;
    }
    let thread = bench.thread().await;
    let words: Vec<_> = thread.iter().map(|one| one.message.content.clone()).collect();
    assert_eq!(words, ["a", "b", "c"].map(|word| Content::Text { body: word.to_owned() }));
    assert!(thread.iter().all(|one| one.message.state == MessageState::Received));
    assert_eq!(bench.chat().await.last_message.map(|last| last.id), Some(thread[2].message.id));
}
