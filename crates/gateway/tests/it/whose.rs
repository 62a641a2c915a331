//! An identity and a channel of Respond.io: no username is told, so a person says that both are one account, and may take it back.

use std::time::Duration;

use domain::{
    account::{Account, ProviderKind},
    message::MessageState,
};
use serde_json::{Value, json};
use simulator::{BusinessSettings, NewBusiness, respondio::Settings};

use crate::{
    database,
    desk::{Desk, connect},
    harness::{API_SECRET, SHOP, World, answer},
    identities::{business, configure, get, identify, post, register, with_kit},
    socket::Socket,
    stage::slug,
};

/// What the channel is called at Respond.io.
const CHANNEL: &str = "ร้านกาแฟ TikTok";

/// A desk beside a Login Kit app, and the shop's identity. Gives the owner's browser.
async fn begin() -> (Desk, String, Account) {
    let desk = Desk::with(Settings::default(), configure).await;
    register(&desk.world, None);
    let cookie = desk.world.sign_in().await;
    let identity = identify(&desk.world, &cookie).await;
    (desk, cookie, identity)
}

async fn say_same(world: &World, one: &Account, other: &Account) -> Value {
    let (status, merged) = post(world, &format!("{}/merge", one.id), json!({"with": other.id})).await;
    assert_eq!(status, 200, "{merged}");
    merged
}

/// The one account as a program of the reference reads it.
async fn reference(world: &World) -> Value {
    let (_, list) = answer(world.api("GET", "/api/accounts")).await;
    assert_eq!(list.as_array().unwrap().len(), 1, "{list}");
    list[0].clone()
}

#[tokio::test]
async fn a_person_says_whose_channel_it_is_and_messages_go_on() {
    let (desk, cookie, identity) = begin().await;
    let world = &desk.world;
    desk.customers(1);
    desk.says("customer.0", "ก่อน");
    let before = desk.message("ก่อน").await;
    let shown = get(world, desk.account.id).await;
    assert_eq!(
        (&shown["displayName"], &shown["username"], &shown["sameAs"], &shown["channelName"]),
        (&json!(CHANNEL), &Value::Null, &Value::Null, &Value::Null),
        "nothing tells that they are one"
    );

    let merged = say_same(world, &identity, &desk.account).await;
    assert_eq!((&merged["id"], &merged["provider"]), (&json!(desk.account.id), &json!("respondio")));
    assert_eq!(
        (&merged["username"], &merged["displayName"], &merged["channelName"]),
        (&json!(SHOP), &json!("บ้านกาแฟ"), &json!(CHANNEL))
    );
    let one = reference(world).await;
    assert!(one["token_expires_at"].is_string(), "{one}");
    assert_eq!(
        (&one["open_id"], &one["username"], &one["display_name"], &one["status"]),
        (&json!(identity.external_id), &json!(SHOP), &json!("บ้านกาแฟ"), &json!("active")),
        "TikTok's id of it, as a program of the reference knows it"
    );
    assert_eq!(one["avatar_url"], json!(identity.avatar_url), "its picture");
    assert!(one["avatar_url"].as_str().unwrap().contains(SHOP), "{one}");

    desk.says("customer.0", "หลัง");
    let after = desk.message("หลัง").await;
    assert_eq!(after.message.conversation_id, before.message.conversation_id, "the same customer, the same thread");
    assert_eq!(after.contact.id, before.contact.id);
    let path = format!("/api/v1/conversations/{}/messages", after.message.conversation_id);
    let body = json!({"content": {"type": "text", "body": "ได้ค่ะ"}});
    assert_eq!(answer(world.api("POST", &path).json(&body)).await.0, 202);
    let sent = desk.state("ได้ค่ะ", MessageState::Sent).await;
    assert_eq!(sent.message.provider, ProviderKind::Respondio);

    let again = connect(world, &desk.space, desk.channel).await;
    assert_eq!((again.id, again.username.as_deref()), (desk.account.id, Some(SHOP)), "the channel once more");
    assert_eq!(identify(world, &cookie).await.id, desk.account.id, "and the identity");
    let (status, gone) = answer(world.api("DELETE", &format!("/api/v1/accounts/{}/identity", desk.account.id))).await;
    assert_eq!((status, &gone["revoked"]), (200, &json!(true)));
    let alone = reference(world).await;
    assert_eq!(alone["open_id"], desk.channel.to_string());
    assert_eq!(
        (&alone["username"], &alone["display_name"], &alone["avatar_url"], &alone["status"]),
        (&Value::Null, &json!(CHANNEL), &Value::Null, &json!("active")),
        "a channel with its own name"
    );
    desk.says("customer.0", "ยังถึง");
    desk.message("ยังถึง").await;
}

#[tokio::test]
async fn what_a_person_can_not_mean_is_refused_in_plain_words() {
    let (desk, cookie, identity) = begin().await;
    let world = &desk.world;
    let refused = async |one: &Account, other: &Account| {
        let (status, problem) = post(world, &format!("{}/merge", one.id), json!({"with": other.id})).await;
        assert_eq!((status, slug(&problem)), (409, "cant-merge"), "{problem}");
        problem["detail"].as_str().unwrap().to_owned()
    };
    let direct = world.adopt("another-business").await;
    assert!(refused(&desk.account, &direct).await.contains("both accounts carry messages"));
    let statement = format!("UPDATE account SET username = 'another.shop' WHERE id = {}", direct.id.raw());
    database::execute(&world.app().config, &statement).await;
    assert!(refused(&identity, &direct).await.contains("different usernames"));
    say_same(world, &desk.account, &identity).await;

    world.sim.create_business(NewBusiness::new("second.shop.demo", "Second")).unwrap();
    let page = world.begin_at(&cookie, "/auth/connect?kind=login").await;
    let back = world.agree(&cookie, &page, "second.shop.demo", |_| true).await;
    let second = back.strip_prefix("/accounts?connected=").unwrap().parse().unwrap();
    let second = world.store().account(&world.scope().await, second).await.unwrap().unwrap();
    assert!(refused(&second, &desk.account).await.contains("has an identity already"));
}

#[tokio::test]
async fn the_picture_is_asked_for_again_with_every_new_token() {
    let (desk, _, identity) = begin().await;
    let world = &desk.world;
    say_same(world, &desk.account, &identity).await;
    let picture = reference(world).await["avatar_url"].clone();
    world.clock.advance(Duration::from_mins(95));
    let told = async || {
        let one = reference(world).await;
        (one["avatar_url"] != picture).then_some(one)
    };
    let one = desk.until("a new address", Duration::from_mins(5), told).await;
    assert!(one["avatar_url"].as_str().unwrap().contains(SHOP), "the old one ends: {one}");
    assert_eq!((&one["username"], &one["display_name"]), (&json!(SHOP), &json!("บ้านกาแฟ")));
}

/// What a browser reads.
async fn seen(world: &World, cookie: &str, path: &str) -> Value {
    let (status, body) = answer(world.http.get(format!("{}{path}", world.base)).header("cookie", cookie)).await;
    assert_eq!(status, 200, "{body}");
    body
}

/// TikTok shows the shop under other names, and two hours later the identity's token ends.
fn rename(world: &World) {
    let settings = BusinessSettings {
        business: SHOP.to_owned(),
        handle: Some("kafe.baan.new".to_owned()),
        display_name: Some("กาแฟบ้านใหม่".to_owned()),
        ..BusinessSettings::default()
    };
    world.sim.change_business(settings).unwrap();
    world.clock.advance(Duration::from_mins(95));
}

#[tokio::test]
async fn a_new_name_at_tiktok_is_shown_and_told_to_its_workspace_alone() {
    let (desk, cookie, identity) = begin().await;
    let world = &desk.world;
    say_same(world, &desk.account, &identity).await;
    let other = world.sign_in_to(world.second_workspace().await).await;
    let before = world.store().head_seq().await.unwrap();
    let headers = |cookie: &str| [("cookie", cookie.to_owned()), ("origin", world.base.clone())];
    let mut owner = Socket::open(&world.base, json!({}), &headers(&cookie)).await.unwrap();
    owner.wait_for("resume").await;
    rename(world);

    let path = format!("/api/v1/accounts/{}", desk.account.id);
    let told = async || {
        let shown = seen(world, &cookie, &path).await;
        (shown["username"] == "kafe.baan.new").then_some(shown)
    };
    let shown = desk.until("the new names", Duration::from_mins(5), told).await;
    assert_eq!((&shown["displayName"], &shown["channelName"]), (&json!("กาแฟบ้านใหม่"), &json!(CHANNEL)));
    let reference = seen(world, &cookie, "/api/accounts").await;
    assert_eq!(
        (&reference[0]["username"], &reference[0]["display_name"]),
        (&json!("kafe.baan.new"), &json!("กาแฟบ้านใหม่"))
    );
    let live = loop {
        let told = owner.wait_for("account").await;
        if told["username"] == "kafe.baan.new" {
            break told;
        }
    };
    assert_eq!(
        (&live["id"], &live["displayName"], &live["channelName"], &live["state"]),
        (&json!(desk.account.id), &json!("กาแฟบ้านใหม่"), &json!(CHANNEL), &json!("active")),
        "on the screen, without a reload"
    );
    let path = format!("/api/v1/events?after={before}");
    assert!(seen(world, &cookie, &path).await.to_string().contains("kafe.baan.new"), "and on the way back");
    assert_eq!(seen(world, &other, &path).await["items"], json!([]), "other workspaces hear nothing");
    assert_eq!(seen(world, &other, "/api/v1/accounts").await["items"], json!([]));
}

#[tokio::test]
async fn an_identity_that_stands_alone_is_renamed_too() {
    let (desk, _, identity) = begin().await;
    let world = &desk.world;
    rename(world);
    let told = async || {
        let shown = get(world, identity.id).await;
        (shown["username"] == "kafe.baan.new").then_some(shown)
    };
    let shown = desk.until("the new names", Duration::from_mins(5), told).await;
    assert_eq!(shown["displayName"], "กาแฟบ้านใหม่");
    let channel = get(world, desk.account.id).await;
    assert_eq!((&channel["username"], &channel["displayName"]), (&Value::Null, &json!(CHANNEL)), "another account");
}

#[tokio::test]
async fn tiktoks_own_side_joins_under_the_same_username_only() {
    let (desk, cookie, identity) = begin().await;
    let world = &desk.world;
    say_same(world, &desk.account, &identity).await;
    world.sim.create_business(NewBusiness::new("second.shop.demo", "Second")).unwrap();
    let path = format!("/auth/connect?kind=business&account={}", desk.account.id);
    let page = world.begin_at(&cookie, &path).await;
    let back = world.agree(&cookie, &page, "second.shop.demo", |_| true).await;
    assert_eq!(back, "/accounts?error=another-username");
    let sides = format!("/api/v1/accounts/{}/sides", desk.account.id);
    assert_eq!(answer(world.api("GET", &sides)).await.1["items"].as_array().unwrap().len(), 1);
    let given_back = world.sim.calls().iter().any(|call| call.endpoint.ends_with("oauth2/revoke") && call.code == 0);
    assert!(given_back, "nobody keeps that permission");

    let page = world.begin_at(&cookie, &path).await;
    let back = world.agree(&cookie, &page, SHOP, |_| true).await;
    assert_eq!(back, format!("/accounts?connected={}", desk.account.id));
    assert_eq!(answer(world.api("GET", &sides)).await.1["items"].as_array().unwrap().len(), 2);
    let shown = get(world, desk.account.id).await;
    assert_eq!((&shown["username"], &shown["provider"]), (&json!(SHOP), &json!("respondio")));
    assert_eq!(shown["identity"]["connected"], true);
}

#[tokio::test]
async fn who_sees_one_account_does_not_learn_of_another() {
    let (world, cookie) = with_kit().await;
    let shop = business(&world, &cookie).await;
    let before = world.store().head_seq().await.unwrap();
    let statement = format!("UPDATE member SET accounts = '[{}]'", json!(shop.id));
    database::execute(&world.app().config, &statement).await;
    let open = async |auth: Value, headers: &[(&'static str, String)]| {
        let mut socket = Socket::open(&world.base, auth, headers).await.unwrap();
        socket.wait_for("resume").await;
        socket
    };
    let headers = [("cookie", cookie.clone()), ("origin", world.base.clone())];
    let mut live = open(json!({}), &headers).await;
    let mut owner = open(json!({"token": API_SECRET}), &[]).await;

    // Connected by the store: the browser of this member is not asked about it.
    let identity = world.adopt_through(ProviderKind::Login, "login-of-the-shop", Some(SHOP)).await;
    // Something that is told of the shop while the other one stands beside it.
    let (_, shown) = answer(world.api("POST", &format!("/api/v1/accounts/{}/pause", shop.id)).json(&json!({}))).await;
    assert_eq!(shown["sameAs"]["accountId"], json!(identity.id), "whoever sees both is asked");
    let of_shop = async |socket: &mut Socket| loop {
        let told = socket.wait_for("account").await;
        if told["id"] == json!(shop.id) && told["state"] == "paused" {
            return told;
        }
    };
    assert_eq!(of_shop(&mut owner).await["sameAs"]["accountId"], json!(identity.id));
    assert_eq!(of_shop(&mut live).await["sameAs"], Value::Null, "at once");
    let mut back = Socket::open(&world.base, json!({"after": before}), &headers).await.unwrap();
    assert_eq!(of_shop(&mut back).await["sameAs"], Value::Null, "on the way back");

    let seen = async |path: &str| {
        let request = world.http.get(format!("{}{path}", world.base)).header("cookie", &cookie);
        let (status, body) = answer(request).await;
        assert_eq!(status, 200, "{body}");
        body
    };
    for path in ["/api/v1/accounts", &format!("/api/v1/accounts/{}", shop.id), "/api/accounts"] {
        assert!(!seen(path).await.to_string().contains(&identity.id.to_string()), "{path}");
    }
    let events = seen(&format!("/api/v1/events?after={before}")).await;
    assert!(!events.to_string().contains(&identity.id.to_string()), "{events:#}");
    let (status, problem) = answer(
        world
            .http
            .post(format!("{}/api/v1/accounts/{}/merge", world.base, shop.id))
            .header("cookie", &cookie)
            .header("origin", &world.base)
            .json(&json!({"with": identity.id})),
    )
    .await;
    assert_eq!((status, slug(&problem)), (404, "not-found"), "and can't touch it");
}
