//! A person's identity beside the account that carries their messages: found, merged, told apart, taken off again.

use super::{
    Harness,
    bench::{BUSINESS, Bench, connect, delivery, tokens},
    report::at,
};
use crate::{
    account::{Account, AccountRecord, AccountState, Connect, MergeRefusal, ProviderKind},
    delivery::DeliveryOutcome,
    event::Subject,
    id::Id,
    inbound::Inbound,
    profile::{Profile, channel_name},
    store::{Accounts, Bindings, DeliveryFilter, Events, Journal, Sides, StoreError},
    workspace::Scope,
};

/// Their `open_id` at Login Kit.
const LOGIN: &str = "login-1";
/// What Respond.io calls the channel.
const CHANNEL: &str = "ร้านดอกไม้ TikTok";

fn identity(username: Option<&str>) -> Connect {
    Connect {
        provider: ProviderKind::Login,
        username: username.map(str::to_owned),
        display_name: Some("Somchai".to_owned()),
        scopes: vec!["user.info.basic".to_owned()],
        ..connect(LOGIN)
    }
}

async fn meet<H: Harness>(bench: &Bench<H>, username: Option<&str>) -> Account {
    bench.store().connect_account(bench.workspace, identity(username)).await.unwrap()
}

async fn record<H: Harness>(bench: &Bench<H>, id: Id<Account>) -> AccountRecord {
    let found = bench.store().account_records(&bench.scope).await.unwrap();
    found.into_iter().find(|record| record.account.id == id).unwrap()
}

/// Messages arrive before and after; the identity's tokens, deliveries and name go with it, and doing it again changes nothing.
pub async fn an_identity_becomes_part_of_its_account<H: Harness>() {
    for turned in [false, true] {
        let bench: Bench<H> = Bench::with_customer().await;
        let known = meet(&bench, Some("BUSINESS-1.Shop")).await;
        assert_eq!(record(&bench, bench.account.id).await.same_as, Some(known.id), "however it is written");
        assert_eq!(record(&bench, known.id).await.same_as, Some(bench.account.id));
        let told = bench.store().ingest(of_login(&bench, "before", Vec::new())).await.unwrap();
        assert_eq!(told.outcome, DeliveryOutcome::Stored);
        let before = bench.store().head_seq().await.unwrap();

        let (one, other) = if turned { (known.id, bench.account.id) } else { (bench.account.id, known.id) };
        let merged = bench.store().merge_accounts(&bench.scope, one, other).await.unwrap().unwrap();
        assert_eq!((merged.account.id, merged.account.provider), (bench.account.id, ProviderKind::Official));
        assert_eq!(merged.account.display_name.as_deref(), Some("Ban Suan"), "its own name stays");
        let kinds: Vec<_> = merged.bindings.iter().map(|one| (one.provider, one.sends)).collect();
        assert_eq!(kinds, [(ProviderKind::Official, true), (ProviderKind::Login, false)]);
        assert_eq!((merged.bindings[1].id, merged.same_as), (known.binding, None));
        assert_eq!(bench.store().accounts(&bench.scope).await.unwrap().len(), 1);
        assert_eq!(bench.store().account(&bench.scope, known.id).await.unwrap(), None);
        assert_eq!(bench.store().tokens(&bench.scope, known.binding).await.unwrap(), Some(tokens(1)));
        let events = bench.store().events_after(Some(bench.workspace), before, 10).await.unwrap().events;
        assert!(events.iter().any(|event| {
            matches!(&event.subject, Subject::Account(one) if one.account.id == bench.account.id && one.bindings.len() == 2)
        }));
        let gone = |subject: &Subject| matches!(subject, Subject::AccountGone);
        assert!(events.iter().any(|event| gone(&event.subject) && event.account_id == known.id));

        let filter = DeliveryFilter { unsupported: false, before: None, limit: 50 };
        let kept = bench.store().deliveries(bench.workspace, filter).await.unwrap();
        let owner = kept.iter().find(|one| one.id == told.delivery).unwrap().account_id;
        assert_eq!(owner, Some(bench.account.id), "what was told of it goes with it");

        let head = bench.store().head_seq().await.unwrap();
        let again = bench.store().merge_accounts(&bench.scope, other, one).await.unwrap();
        assert_eq!(again, Some(merged));
        assert_eq!(bench.store().head_seq().await.unwrap(), head);
    }
}

fn of_login<H: Harness>(bench: &Bench<H>, body: &str, items: Vec<Inbound>) -> crate::delivery::NewDelivery {
    let told = delivery(LOGIN, &format!("{{\"told\":\"{body}\"}}"), bench.clock.now(), items);
    crate::delivery::NewDelivery { provider: ProviderKind::Login, ..told }
}

/// Both directions of connecting, and of an identity that stands beside messages: names and states are the account's own.
pub async fn connecting_an_identity_again_leaves_the_messages_alone<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let known = meet(&bench, Some("business-1.shop")).await;
    bench.store().merge_accounts(&bench.scope, bench.account.id, known.id).await.unwrap();
    bench.store().set_account_state(&bench.scope, bench.account.id, AccountState::Reconnect, None).await.unwrap();
    bench.store().set_binding_trouble(&bench.scope, known.binding, "removed".to_owned()).await.unwrap();
    bench.advance(60);
    let again = meet(&bench, Some("another.name")).await;
    assert_eq!((again.id, again.state), (bench.account.id, AccountState::Reconnect), "messages still wait");
    assert_eq!(again.username.as_deref(), Some("business-1.shop"));
    let now = record(&bench, again.id).await;
    assert_eq!((now.bindings[1].trouble.clone(), now.bindings[1].connected_at), (None, at(60)));
    assert_eq!(bench.store().tokens(&bench.scope, known.binding).await.unwrap(), Some(tokens(2)));
    let found = bench.store().account_by_external_id_any_workspace(ProviderKind::Login, LOGIN).await.unwrap();
    assert_eq!(found.map(|one| (one.id, one.provider)), Some((again.id, ProviderKind::Official)));
}

/// Two that carry messages, two that carry none, two with different usernames, one that has an identity, and one alone.
pub async fn what_can_not_be_one_is_refused<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, scope, id) = (bench.store(), &bench.scope, bench.account.id);
    let refusal = async |one, other| match store.merge_accounts(scope, one, other).await {
        Err(StoreError::CantMerge(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    let speaks = store.connect_account(bench.workspace, connect("business-2")).await.unwrap();
    let first = meet(&bench, Some("business-1.shop")).await;
    let second = Connect { external_id: "login-2".to_owned(), ..identity(Some("business-1.shop")) };
    let second = store.connect_account(bench.workspace, second).await.unwrap();
    assert_eq!(refusal(id, speaks.id).await, MergeRefusal::BothCarry);
    assert_eq!(refusal(first.id, second.id).await, MergeRefusal::NeitherCarries);
    assert_eq!(refusal(id, id).await, MergeRefusal::Itself);
    assert_eq!(refusal(first.id, speaks.id).await, MergeRefusal::DifferentNames);
    store.merge_accounts(scope, id, first.id).await.unwrap().unwrap();
    assert_eq!(refusal(second.id, id).await, MergeRefusal::HasIdentity);
    assert_eq!(record(&bench, second.id).await.same_as, None, "nobody is asked what can't be");
    assert_eq!(store.merge_accounts(scope, id, Id::from_raw(1)).await.unwrap(), None);
    let stranger = Scope::all(bench.second_workspace(41).await);
    assert_eq!(store.merge_accounts(&stranger, id, second.id).await.unwrap(), None);
}

/// "Not the same" is asked once.
pub async fn told_apart_is_not_asked_again<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    assert_eq!(record(&bench, meet(&bench, None).await.id).await.same_as, None, "without a name nothing is known");
    let known = meet(&bench, Some("business-1.shop")).await;
    assert!(record(&bench, known.id).await.same_as.is_some());
    for _ in 0..2 {
        assert!(bench.store().keep_apart(&bench.scope, known.id, bench.account.id).await.unwrap());
    }
    assert_eq!(record(&bench, known.id).await.same_as, None);
    assert_eq!(record(&bench, bench.account.id).await.same_as, None);
    let merged = bench.store().merge_accounts(&bench.scope, known.id, bench.account.id).await.unwrap();
    assert!(merged.is_some(), "a person may think again");
}

/// A removed authorization reaches the identity alone; its tokens rest, those of the messages are renewed.
pub async fn a_removed_identity_leaves_the_messages_alone<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let known = meet(&bench, Some("business-1.shop")).await;
    let removed = || vec![Inbound::IdentityRemoved { reason: "removed in TikTok".to_owned() }];
    bench.store().ingest(of_login(&bench, "first", removed())).await.unwrap();
    let alone = bench.store().account(&bench.scope, known.id).await.unwrap().unwrap();
    assert_eq!((alone.state, alone.state_reason.as_deref()), (AccountState::Reconnect, Some("removed in TikTok")));

    let merged = bench.store().merge_accounts(&bench.scope, known.id, bench.account.id).await.unwrap().unwrap();
    assert_eq!(merged.bindings[1].trouble.as_deref(), Some("removed in TikTok"), "it goes along");
    let ending = async || {
        let found = bench.store().tokens_ending_any_workspace(at(86_401)).await.unwrap();
        found.into_iter().map(|one| one.provider).collect::<Vec<_>>()
    };
    assert_eq!(ending().await, [ProviderKind::Official]);
    bench.advance(60);
    meet(&bench, None).await;
    assert_eq!(ending().await, [ProviderKind::Official, ProviderKind::Login]);

    bench.store().ingest(of_login(&bench, "second", removed())).await.unwrap();
    let now = record(&bench, bench.account.id).await;
    assert_eq!((now.account.state, now.account.last_delivery_at), (AccountState::Active, None));
    assert_eq!(now.bindings[1].trouble.as_deref(), Some("removed in TikTok"));
    bench.store().set_account_state(&bench.scope, now.account.id, AccountState::Reconnect, None).await.unwrap();
    assert_eq!(ending().await, Vec::new());
}

/// Only the identity is taken off; the binding that sends can't be.
pub async fn an_identity_is_taken_off<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let known = meet(&bench, Some("business-1.shop")).await;
    bench.store().merge_accounts(&bench.scope, known.id, bench.account.id).await.unwrap();
    assert!(!bench.store().remove_binding(&bench.scope, bench.account.binding).await.unwrap());
    assert!(bench.store().remove_binding(&bench.scope, known.binding).await.unwrap());
    assert!(!bench.store().remove_binding(&bench.scope, known.binding).await.unwrap());
    assert_eq!(record(&bench, bench.account.id).await.bindings.len(), 1);
    assert_eq!(bench.store().tokens(&bench.scope, known.binding).await.unwrap(), None);
    let anew = meet(&bench, Some("business-1.shop")).await;
    assert_ne!(anew.id, bench.account.id);
    assert_eq!(record(&bench, anew.id).await.same_as, Some(bench.account.id));
    assert_eq!(bench.account.external_id, BUSINESS);
}

/// A channel of Respond.io, whose username nobody tells.
async fn channel<H: Harness>(bench: &Bench<H>, id: &str) -> Account {
    let told = Connect {
        provider: ProviderKind::Respondio,
        username: None,
        display_name: Some(CHANNEL.to_owned()),
        scopes: Vec::new(),
        tokens: None,
        ..connect(id)
    };
    bench.store().connect_account(bench.workspace, told).await.unwrap()
}

fn shown(account: &Account) -> [Option<&str>; 3] {
    [account.username.as_deref(), account.display_name.as_deref(), account.avatar_url.as_deref()]
}

/// A channel tells no username, so a person says whose it is: it shows the identity's names and picture then, as they are told last,
/// goes on sending by itself, and has its own name again once the identity is taken off.
pub async fn a_channel_shows_the_identity_that_a_person_gives_it<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, scope) = (bench.store(), &bench.scope);
    let channel = channel(&bench, "54321").await;
    let picture = |name: &str| Some(format!("https://pictures.example.com/{name}"));
    let known = Connect { avatar_url: picture("1"), ..identity(Some("somchai.shop")) };
    let known = store.connect_account(bench.workspace, known).await.unwrap();
    assert_eq!((record(&bench, known.id).await.same_as, record(&bench, channel.id).await.same_as), (None, None));

    let merged = store.merge_accounts(scope, channel.id, known.id).await.unwrap().unwrap();
    assert_eq!((merged.account.id, merged.account.provider), (channel.id, ProviderKind::Respondio));
    assert_eq!(shown(&merged.account), [Some("somchai.shop"), Some("Somchai"), picture("1").as_deref()]);
    assert_eq!(channel_name(&merged.account, &merged.bindings), Some(CHANNEL));

    let head = store.head_seq().await.unwrap();
    let told = |avatar_url| Profile { avatar_url, ..Profile::default() };
    store.set_profile(scope, known.binding, told(picture("2"))).await.unwrap();
    let now = record(&bench, channel.id).await.account;
    assert_eq!(shown(&now), [Some("somchai.shop"), Some("Somchai"), picture("2").as_deref()], "silence leaves names");
    let after = store.head_seq().await.unwrap();
    assert!(after > head, "whoever looks is told");
    store.set_profile(scope, known.binding, told(picture("2"))).await.unwrap();
    assert_eq!(store.head_seq().await.unwrap(), after, "nothing new is no news");
    let stranger = Scope::all(bench.second_workspace(41).await);
    store.set_profile(&stranger, known.binding, told(picture("3"))).await.unwrap();
    assert_eq!(record(&bench, channel.id).await.account.avatar_url, picture("2"));

    let again = self::channel(&bench, "54321").await;
    assert_eq!(
        (again.id, again.username.as_deref()),
        (channel.id, Some("somchai.shop")),
        "connected again it stays his"
    );
    assert!(store.remove_binding(scope, known.binding).await.unwrap());
    let alone = record(&bench, channel.id).await;
    assert_eq!(shown(&alone.account), [None, Some(CHANNEL), None]);
    assert_eq!(channel_name(&alone.account, &alone.bindings), None);
}

/// TikTok's own side is believed before the identity; without it the identity speaks again.
pub async fn tiktoks_own_side_names_a_channel_before_its_identity<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, scope) = (bench.store(), &bench.scope);
    let channel = channel(&bench, "54321").await;
    let known = meet(&bench, Some("somchai.shop")).await;
    store.merge_accounts(scope, known.id, channel.id).await.unwrap().unwrap();
    store.add_side(scope, channel.id, ProviderKind::Official, "somchai").await.unwrap().unwrap();
    store.connect_account(bench.workspace, connect("somchai")).await.unwrap();
    let both = record(&bench, channel.id).await;
    assert_eq!(shown(&both.account), [Some("somchai.shop"), Some("Ban Suan"), None]);
    assert_eq!(
        (both.account.provider, both.bindings.len()),
        (ProviderKind::Respondio, 3),
        "who sends is another matter"
    );
    let left = store.remove_side(scope, channel.id, ProviderKind::Official).await.unwrap().unwrap();
    assert_eq!(shown(&left), [Some("somchai.shop"), Some("Somchai"), None]);
}
