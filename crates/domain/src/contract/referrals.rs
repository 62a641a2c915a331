//! How customers came: kept with the conversation, told once, found from anywhere that is in sight.

use serde_json::json;

use super::{
    Harness,
    bench::{Bench, CHAT, connect, delivery},
    report::{T0, ad, at, incoming, link, message, referred},
};
use crate::{
    Timestamp,
    event::Subject,
    inbound::{Inbound, InboundMessage, Source},
    ledger::WindowState,
    message::Direction,
    referral::{Referral, ReferralSource},
    store::{Accounts, ConversationFilter, Events, Inbox, Journal, Referrals, Sort, View},
    workspace::{Permitted, Scope},
};

impl<H: Harness> Bench<H> {
    async fn referrals(&self, scope: &Scope, chat: &str) -> Referrals {
        let id = self.chat_id(chat).await;
        self.store().referrals(scope, id, 50).await.unwrap().expect("the conversation is in sight")
    }

    /// Source, time and first time of what led to the conversation.
    async fn ways(&self) -> Vec<(String, Timestamp, Timestamp)> {
        let found = self.referrals(&self.scope, CHAT).await.here;
        found.into_iter().map(|one| (one.referral.source.key(), one.referral.at, one.first_at)).collect()
    }

    /// How many conversation events came after `seq`.
    async fn told_after(&self, seq: i64) -> usize {
        let page = self.store().events_after(None, seq, 50).await.unwrap();
        assert!(page.events.iter().all(|event| matches!(event.subject, Subject::Conversation(_))), "{page:?}");
        page.events.len()
    }
}

/// A referral makes the conversation known, not listed, and opens no window. It is there before the first message.
pub async fn a_referral_opens_nothing<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let seq = bench.store().head_seq().await.unwrap();
    bench.ingest(referred(CHAT, Referral::new(ad("7"), at(1)))).await;
    let chat = bench.chat().await;
    assert_eq!(chat.last_message, None);
    assert_eq!(chat.conversation.ledger.window(bench.clock.now(), chat.rule_set).state, WindowState::None);
    assert_eq!(bench.store().totals(&bench.scope).await.unwrap().conversations, 0);
    assert_eq!(bench.told_after(seq).await, 0, "there is nothing to list yet");
    assert_eq!(bench.ways().await, [("ad:7".to_owned(), at(1), at(1))]);
    bench.ingest(incoming(CHAT, "in-1", "สวัสดีค่ะ", at(2))).await;
    let of_ad = ConversationFilter {
        view: View::All,
        status: None,
        account: None,
        referral: Some("ad:7".to_owned()),
        sort: Sort::Newest,
        after: None,
        limit: 50,
        now: bench.clock.now(),
    };
    assert_eq!(bench.store().conversations(&bench.scope, &of_ad).await.unwrap().len(), 1);
    let of_other = ConversationFilter { referral: Some("ad:".to_owned()), ..of_ad };
    assert_eq!(bench.store().conversations(&bench.scope, &of_other).await.unwrap(), Vec::new());
}

/// A new one is told with its conversation; the same one again, in other bytes or in another precision, is not.
pub async fn a_duplicate_is_silent<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let seq = bench.store().head_seq().await.unwrap();
    let clicked = Referral::new(ad("7"), Timestamp::from_millis(at(1).as_millis() + 456));
    bench.ingest(referred(CHAT, clicked.clone())).await;
    assert_eq!(bench.told_after(seq).await, 1);
    let (seq, before) = (bench.store().head_seq().await.unwrap(), bench.chat().await);
    assert_eq!(before.conversation.seq, seq);
    bench.ingest(referred(CHAT, clicked.clone())).await;
    bench.apply(vec![referred(CHAT, Referral::new(ad("7"), at(1))), referred(CHAT, clicked)]).await;
    assert_eq!((bench.store().head_seq().await.unwrap(), bench.chat().await), (seq, before));
    assert_eq!(bench.ways().await.len(), 1);
    // Another ad in the same second, and the same ad a second later, are news.
    bench.ingest(referred(CHAT, Referral::new(ad("8"), at(1)))).await;
    bench.ingest(referred(CHAT, Referral::new(ad("7"), at(2)))).await;
    assert_eq!(bench.told_after(seq).await, 2);
    assert_eq!(bench.ways().await.len(), 3);
}

/// A list repeats what is known, with less: links without a time, after every message.
pub async fn a_list_tells_nothing_twice<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    bench.ingest(referred(CHAT, Referral::new(link("bio"), at(1)))).await;
    let seq = bench.store().head_seq().await.unwrap();
    for later in [5, 9] {
        bench.apply(vec![referred(CHAT, Referral::undated(link("bio"), at(later)))]).await;
    }
    assert_eq!(bench.store().head_seq().await.unwrap(), seq);
    assert_eq!(bench.ways().await, [("link:bio".to_owned(), at(1), at(1))]);
}

/// One without its time is shown until one with it comes, and only one is.
pub async fn a_stand_in_gives_way<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    for by in [9, 5, 7] {
        bench.apply(vec![referred(CHAT, Referral::undated(link("bio"), at(by)))]).await;
    }
    let found = bench.referrals(&bench.scope, CHAT).await.here;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].referral, Referral::undated(link("bio"), at(5)), "the earliest that it can have been");
    // A webhook that was tried again for hours, in one batch with its copy.
    let told = || referred(CHAT, Referral::new(link("bio"), at(5)));
    bench.apply(vec![referred(CHAT, Referral::undated(link("shop"), at(6))), told(), told()]).await;
    bench.apply(vec![referred(CHAT, Referral::new(link("bio"), at(2)))]).await;
    let found = bench.referrals(&bench.scope, CHAT).await.here;
    let seen: Vec<_> =
        found.iter().map(|one| (one.referral.source.key(), one.referral.at, one.referral.dated)).collect();
    assert_eq!(
        seen,
        [
            ("link:shop".to_owned(), at(6), false),
            ("link:bio".to_owned(), at(5), true),
            ("link:bio".to_owned(), at(2), true),
        ]
    );
}

/// Newest first and bounded, and still each says when it was the first time.
pub async fn first_and_newest<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    for click in [3, 1, 4, 2] {
        bench.ingest(referred(CHAT, Referral::new(ad("7"), at(click)))).await;
    }
    let id = bench.chat_id(CHAT).await;
    let found = bench.store().referrals(&bench.scope, id, 2).await.unwrap().unwrap().here;
    let times: Vec<_> = found.iter().map(|one| (one.referral.at, one.first_at)).collect();
    assert_eq!(times, [(at(4), at(1)), (at(3), at(1))]);
    assert_eq!((found[0].conversation_id, found[0].account_id), (id, bench.account.id));
    assert_eq!(found[0].referral.source, ad("7"), "with everything that was told");
}

/// The same person's way to another account is shown beside, to whoever may see that account.
pub async fn the_same_person_elsewhere<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let second = bench.store().connect_account(bench.workspace, connect("business-2")).await.unwrap();
    let Inbound::Referral(mut to_second) = referred("chat-2", Referral::new(link("bio"), at(3))) else {
        unreachable!()
    };
    let person = message(CHAT, "", Direction::Incoming, Source::Unknown, "", T0).customer;
    to_second.customer = person.clone();
    let words = message("chat-2", "in-2", Direction::Incoming, Source::Unknown, "สวัสดีค่ะ", at(4));
    let items = vec![
        Inbound::Referral(to_second),
        Inbound::Message(InboundMessage { customer: person, ..words }),
        referred("chat-3", Referral::new(ad("7"), at(5))),
    ];
    bench.store().ingest(delivery("business-2", "{\"second\":1}", at(4), items)).await.unwrap();
    bench.ingest(referred(CHAT, Referral::new(ad("7"), at(1)))).await;
    let found = bench.referrals(&bench.scope, CHAT).await;
    assert_eq!((found.here.len(), found.elsewhere.len()), (1, 1), "and nobody else's");
    let elsewhere = &found.elsewhere[0];
    assert_eq!(elsewhere.referral, Referral::new(link("bio"), at(3)));
    assert_eq!((elsewhere.conversation_id, elsewhere.account_id), (bench.chat_id("chat-2").await, second.id));
    let mine = Scope { workspace: bench.workspace, accounts: Permitted::Only([bench.account.id].into()) };
    let found = bench.referrals(&mine, CHAT).await;
    assert_eq!((found.here.len(), found.elsewhere), (1, Vec::new()));
}

/// A way that is unknown, an ad without a name and a very long marker are kept, and found again.
pub async fn whatever_way_is_kept<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let other = ReferralSource::Other(json!({"source": "qr_code", "qr_code": {"shelf": "\u{0}3"}}));
    let nameless: ReferralSource = serde_json::from_value(json!({"source": "ad"})).unwrap();
    let sources = [other, nameless, link(&"ก".repeat(2083)), ad("\u{0}7"), ReferralSource::Other(json!({}))];
    for (second, source) in (1..).zip(&sources) {
        bench.ingest(referred(CHAT, Referral::new(source.clone(), at(second)))).await;
    }
    let found = bench.referrals(&bench.scope, CHAT).await.here;
    assert_eq!(found.into_iter().rev().map(|one| one.referral.source).collect::<Vec<_>>(), sources);
}
