//! Kept deliveries, read and applied again after the decoders have learned.

use super::{
    Harness,
    bench::{BUSINESS, Bench, CHAT, connect, delivery},
    report::{T0, ad, at, incoming, incoming_content, message, reaction, read, referred},
};
use crate::{
    account::{AccountState, ProviderKind},
    content::Content,
    delivery::{DeliveryOutcome, KeptDelivery, NewDelivery, Reapplied, Retold},
    inbound::{Inbound, InboundContent, Source},
    message::Direction,
    referral::Referral,
    store::{Accounts, DeliveryFilter, Events, Inbox, Journal, KeptFilter, KeptSpan, MediaStore, StoreError},
};

const UNSUPPORTED: DeliveryFilter = DeliveryFilter { unsupported: true, before: None, limit: 50 };

/// Keeps a delivery that nobody could read.
async fn riddle<H: Harness>(bench: &Bench<H>, account: &str, body: &str) -> KeptDelivery {
    let unknown = NewDelivery {
        event: "im_new".to_owned(),
        unsupported: Some("unknown event `im_new`".to_owned()),
        ..delivery(account, body, bench.clock.now(), Vec::new())
    };
    kept(bench, bench.store().ingest(unknown).await.unwrap().delivery).await
}

async fn all<H: Harness>(bench: &Bench<H>) -> Vec<KeptDelivery> {
    bench.store().kept_any_workspace(&KeptFilter::default(), None, 1_000).await.unwrap()
}

async fn kept<H: Harness>(bench: &Bench<H>, id: crate::id::Id<crate::delivery::Delivery>) -> KeptDelivery {
    all(bench).await.into_iter().find(|one| one.id == id).expect("the delivery is kept")
}

fn told(account: &str, items: Vec<Inbound>) -> Retold {
    let account_external_id = Some(account.to_owned());
    Retold { account_external_id, event: "im_receive_msg".to_owned(), items, unsupported: None }
}

/// Applies again what is kept, with the account's own id.
async fn reapply<H: Harness>(bench: &Bench<H>, kept: &KeptDelivery, items: Vec<Inbound>) -> Reapplied {
    bench.store().reapply(kept, told(BUSINESS, items)).await.unwrap().expect("the delivery is there")
}

/// Page by page in order of ids, of every workspace and of nobody, with the exact bytes; each filter for itself.
pub async fn everything_kept_is_read_in_order<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let other = bench.second_workspace(41).await;
    bench.store().connect_account(other, connect("business-2")).await.unwrap();
    let bytes: Vec<u8> = (0..=255).collect();
    let first = NewDelivery { body: bytes.clone().into(), ..bench.delivery(vec![Inbound::Noted]) };
    bench.store().ingest(first).await.unwrap();
    bench.advance(60);
    let strange = riddle(&bench, "business-2", "{\"strange\":1}").await;
    bench.advance(60);
    let foreign = riddle(&bench, "somebody-else", "{\"foreign\":1}").await;
    let pages = async |filter: KeptFilter| {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = bench.store().kept_any_workspace(&filter, after, 2).await.unwrap();
            assert!(page.len() <= 2);
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            found.extend(page);
        }
        let span = bench.store().kept_span_any_workspace(&filter).await.unwrap();
        assert_eq!(span, KeptSpan { count: found.len() as u64, last: found.last().map(|one| one.id) });
        found
    };
    let everything = pages(KeptFilter::default()).await;
    assert_eq!(everything.len(), 3);
    assert_eq!(everything[0].body, bytes);
    assert_eq!((everything[0].account_id, everything[0].received_at), (Some(bench.account.id), T0));
    assert_eq!(everything[1..], [strange.clone(), foreign.clone()]);
    assert_eq!((foreign.account_id, foreign.account_external_id.as_deref()), (None, Some("somebody-else")));
    assert_eq!(pages(KeptFilter { unsupported: true, ..KeptFilter::default() }).await, everything[1..]);
    assert_eq!(pages(KeptFilter { since: Some(at(120)), ..KeptFilter::default() }).await, everything[2..]);
    let named = KeptFilter { event: Some("im_receive_msg".to_owned()), ..KeptFilter::default() };
    assert_eq!(pages(named).await, everything[..1]);
    let none = KeptFilter { unsupported: true, since: Some(at(121)), event: None };
    assert_eq!(pages(none).await, []);
}

/// What is understood now is in the conversation, told to dashboards, and no longer listed; a second time changes nothing.
pub async fn what_is_understood_now_is_applied_once<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let strange = riddle(&bench, BUSINESS, "{\"strange\":1}").await;
    let items =
        || vec![incoming(CHAT, "in-1", "สวัสดี", T0), reaction(CHAT, "in-1", "❤️", true, at(3)), read(CHAT, at(4))];
    let before = bench.store().head_seq().await.unwrap();
    let first = reapply(&bench, &strange, items()).await;
    assert_eq!(first, Reapplied { account_id: Some(bench.account.id), attributed: false, changed: true });
    assert!(bench.store().head_seq().await.unwrap() > before, "dashboards are told");
    assert_eq!(bench.store().deliveries(bench.workspace, UNSUPPORTED).await.unwrap(), []);
    assert_eq!((bench.thread().await.len(), bench.chat().await.conversation.unread), (1, 1));

    bench.advance(3_600);
    let state = async || {
        let accounts = bench.store().accounts(&bench.scope).await.unwrap();
        (bench.store().head_seq().await.unwrap(), bench.thread().await, bench.chat().await, accounts, all(&bench).await)
    };
    let before = state().await;
    let again = reapply(&bench, &before.4[0], items()).await;
    assert_eq!(again, Reapplied { account_id: Some(bench.account.id), attributed: false, changed: false });
    assert_eq!(state().await, before);
}

/// A delivery of an account that was unknown goes to it once it is connected, and never to another.
pub async fn what_belonged_to_nobody_is_attributed<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let strange = riddle(&bench, "business-2", "{\"foreign\":1}").await;
    let items = || vec![incoming("chat-2", "in-1", "สวัสดี", T0)];
    let retold = |account: &str| told(account, items());
    let still = bench.store().reapply(&strange, retold("business-2")).await.unwrap().unwrap();
    assert_eq!(still, Reapplied { account_id: None, attributed: false, changed: false });
    let other = bench.second_workspace(41).await;
    let account = bench.store().connect_account(other, connect("business-2")).await.unwrap();
    let now = bench.store().reapply(&strange, retold("business-2")).await.unwrap().unwrap();
    assert_eq!(now, Reapplied { account_id: Some(account.id), attributed: true, changed: true });
    let listed =
        bench.store().deliveries(other, DeliveryFilter { unsupported: false, before: None, limit: 5 }).await.unwrap();
    assert_eq!(listed.iter().map(|one| (one.id, one.account_id)).collect::<Vec<_>>(), [(strange.id, Some(account.id))]);
    let totals = bench.store().totals(&crate::workspace::Scope::all(other)).await.unwrap();
    assert_eq!((totals.messages, bench.store().totals(&bench.scope).await.unwrap().messages), (1, 0));
    // Whoever read it before that works on what is no longer so.
    assert_eq!(bench.store().reapply(&strange, retold(BUSINESS)).await.unwrap(), None);
    let attributed = kept(&bench, strange.id).await;
    let stays = bench.store().reapply(&attributed, retold(BUSINESS)).await.unwrap().unwrap();
    assert_eq!(stays, Reapplied { account_id: Some(account.id), attributed: false, changed: false });
    assert_eq!(bench.store().totals(&bench.scope).await.unwrap().messages, 0);
}

/// A message that was kept without its content gets it, with the job that fetches its picture, and stays one message.
pub async fn a_message_nobody_could_read_gets_its_content<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let riddle = InboundContent::Unsupported { type_name: "hologram".to_owned() };
    let unread = NewDelivery {
        unsupported: Some("unknown or unreadable message type `hologram`".to_owned()),
        ..bench.delivery(vec![incoming_content(CHAT, "in-1", riddle, T0)])
    };
    let id = bench.store().ingest(unread).await.unwrap().delivery;
    let unknown = Content::Unsupported { type_name: "hologram".to_owned() };
    assert_eq!(bench.thread().await[0].message.content, unknown);
    let picture = || vec![incoming_content(CHAT, "in-1", InboundContent::Image { media_id: "tt-1".to_owned() }, T0)];
    assert!(reapply(&bench, &kept(&bench, id).await, picture()).await.changed);
    let thread = bench.thread().await;
    let [shown] = &thread[..] else { panic!("one message: {thread:?}") };
    let Content::Image { media } = shown.message.content else { panic!("{:?}", shown.message.content) };
    assert!(bench.store().media(&bench.scope, media).await.unwrap().is_some());
    assert_eq!(bench.chat().await.conversation.unread, 1);
    let head = bench.store().head_seq().await.unwrap();
    let told = bench.store().settle_media(bench.workspace, media, None).await;
    told.unwrap();
    assert!(bench.store().head_seq().await.unwrap() > head, "its picture is known to be that message's");
    assert!(!reapply(&bench, &kept(&bench, id).await, picture()).await.changed);
}

/// What was said long ago does not come back: names, an authorization that was renewed, reactions taken back, the last delivery.
pub async fn nothing_old_comes_back<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let removed = || Inbound::AuthorizationRemoved { reason: "removed in TikTok".to_owned() };
    let old = bench.store().ingest(bench.delivery(vec![removed()])).await.unwrap();
    bench.advance(60);
    bench.store().connect_account(bench.workspace, connect(BUSINESS)).await.unwrap();
    let called = |id: &str, name: &str, secs| {
        let mut told = message(CHAT, id, Direction::Incoming, Source::Unknown, "สวัสดี", at(secs));
        told.customer.username = Some(name.to_owned());
        Inbound::Message(told)
    };
    let first = bench.ingest(called("in-1", "before.demo", 1)).await;
    bench.ingest(reaction(CHAT, "in-1", "❤️", false, at(9))).await;
    let referral = referred(CHAT, Referral::new(ad("7"), at(1)));
    bench.ingest(referral.clone()).await;
    bench.ingest(called("in-2", "after.demo", 2)).await;
    bench.advance(3_600);
    let before = (bench.store().head_seq().await.unwrap(), bench.chat().await);
    for (id, items) in [
        (old.delivery, vec![removed()]),
        (first.delivery, vec![called("in-1", "before.demo", 1), reaction(CHAT, "in-1", "❤️", true, at(3)), referral]),
    ] {
        assert!(!reapply(&bench, &kept(&bench, id).await, items).await.changed);
    }
    assert_eq!((bench.store().head_seq().await.unwrap(), bench.chat().await), before);
    assert_eq!(bench.chat().await.contact.username.as_deref(), Some("after.demo"));
    let account = bench.store().account(&bench.scope, bench.account.id).await.unwrap().unwrap();
    assert_eq!((account.state, account.last_delivery_at), (AccountState::Active, Some(at(60))));
    // One that came after the account was connected and was not understood then is news.
    let news = riddle(&bench, BUSINESS, "{\"removed\":1}").await;
    assert!(reapply(&bench, &news, vec![removed()]).await.changed);
    let account = bench.store().account(&bench.scope, bench.account.id).await.unwrap().unwrap();
    assert_eq!(account.state, AccountState::Reconnect);
}

/// What the store refuses leaves the delivery as it was, and others beside it stand.
pub async fn a_refused_one_stays_as_it_was<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (bad, good) = (riddle(&bench, BUSINESS, "{\"bad\":1}").await, riddle(&bench, BUSINESS, "{\"good\":1}").await);
    let too_long = vec![incoming(CHAT, &"x".repeat(600), "สวัสดี", T0)];
    let (refused, applied) = futures_util::future::join(
        bench.store().reapply(&bad, told(BUSINESS, too_long)),
        bench.store().reapply(&good, told(BUSINESS, vec![incoming(CHAT, "in-1", "สวัสดี", T0)])),
    )
    .await;
    assert!(matches!(refused, Err(StoreError::Rejected { .. })), "{refused:?}");
    assert!(applied.unwrap().unwrap().changed);
    assert_eq!(kept(&bench, bad.id).await, bad);
    assert_eq!(bench.thread().await.len(), 1);
    // Still not understood is written down as it is said now.
    let unsure = Retold { unsupported: Some("unknown event `im_newer`".to_owned()), ..told(BUSINESS, Vec::new()) };
    assert!(!bench.store().reapply(&bad, unsure).await.unwrap().unwrap().changed);
    assert_eq!(kept(&bench, bad.id).await.unsupported.as_deref(), Some("unknown event `im_newer`"));
    let missing = KeptDelivery { id: crate::id::Id::from_raw(1), ..bad };
    assert_eq!(bench.store().reapply(&missing, told(BUSINESS, Vec::new())).await.unwrap(), None);
}

/// The same bytes again after a replay are still the same delivery.
pub async fn a_late_copy_is_still_a_copy<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let strange = riddle(&bench, BUSINESS, "{\"strange\":1}").await;
    reapply(&bench, &strange, vec![incoming(CHAT, "in-1", "สวัสดี", T0)]).await;
    let copy = delivery(BUSINESS, "{\"strange\":1}", at(5), vec![incoming(CHAT, "in-1", "สวัสดี", T0)]);
    assert_eq!(bench.store().ingest(copy).await.unwrap().outcome, DeliveryOutcome::Duplicate);
    assert_eq!(bench.thread().await.len(), 1);
    assert_eq!(strange.provider, ProviderKind::Official);
}
