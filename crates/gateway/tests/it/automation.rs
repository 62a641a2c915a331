//! Automatic messages and Comment-to-Message: TikTok keeps and reviews them, we show what it has, pass on what an admin wants, and
//! tell at once when it says that something changed.

use std::time::Duration;

use domain::{account::ProviderKind, identity::KeyScope};
use message_gateway::auth::hash_of;
use serde_json::{Value, json};
use simulator::{BusinessSettings, FaultKind, NewFault, Review};

use crate::{
    harness::{SHOP, World, answer},
    socket::Socket,
    stage::slug,
};

/// How long the simulator reviews.
const REVIEW: Duration = Duration::from_secs(30);

/// A world with the shop connected, and the address of its automation.
async fn shop() -> (World, String) {
    let world = World::connected().await;
    let path = format!("/api/v1/accounts/{}/automation", world.account().await.id);
    (world, path)
}

async fn ask(world: &World, method: &str, path: &str, body: Value) -> (u16, Value) {
    answer(world.api(method, path).json(&body)).await
}

async fn get(world: &World, path: &str) -> Value {
    let (status, body) = answer(world.api("GET", path)).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

async fn create(world: &World, path: &str, words: Value) -> String {
    let (status, made) = ask(world, "POST", &format!("{path}/messages"), words).await;
    assert_eq!(status, 201, "{made}");
    made["id"].as_str().unwrap().to_owned()
}

/// The messages of the kind at this place: welcome, questions, prompts.
async fn of_kind(world: &World, path: &str, place: usize) -> Value {
    get(world, path).await["kinds"][place].clone()
}

async fn changes(world: &World, path: &str, id: &str) -> Vec<String> {
    let history = get(world, &format!("{path}/history")).await;
    let of_message = history["items"].as_array().unwrap().iter().filter(|one| one["messageId"] == id);
    let mut changes: Vec<_> = of_message.map(|one| one["change"].as_str().unwrap().to_owned()).collect();
    changes.sort();
    changes
}

/// Waits until the history of a message says this, in alphabetical order.
async fn heard(world: &World, path: &str, id: &str, wanted: &[&str]) {
    let look = || async { (changes(world, path, id).await == wanted).then_some(()) };
    world.until(&format!("{wanted:?} of {id}"), look).await;
}

fn prompt(title: &str) -> Value {
    json!({"kind": "chat_prompt", "title": title, "content": format!("ขอดู{title}ค่ะ")})
}

#[tokio::test]
async fn a_message_is_reviewed_and_the_dashboard_hears_of_it() {
    let (world, path) = shop().await;
    let welcome = json!({"kind": "welcome", "content": "ยินดีต้อนรับค่ะ ☕"});
    let id = create(&world, &path, welcome.clone()).await;
    let shown = of_kind(&world, &path, 0).await;
    assert_eq!(
        shown,
        json!({"kind": "welcome", "enabled": false, "messages": [{"id": id, "review": "reviewing", "words": welcome}]})
    );
    heard(&world, &path, &id, &["created"]).await;

    let headers = [("cookie", world.sign_in().await), ("origin", world.base.clone())];
    let mut socket =
        Socket::open(&world.base, json!({}), &headers).await.unwrap_or_else(|refused| panic!("{refused:?}"));
    socket.wait_for("resume").await;
    world.clock.advance(REVIEW);
    let news = socket.wait_for("account").await;
    assert_eq!(news["id"], world.account().await.id.to_string());
    assert_eq!(of_kind(&world, &path, 0).await["messages"][0]["review"], "approved");
    heard(&world, &path, &id, &["approved", "created"]).await;

    let history = get(&world, &format!("{path}/history")).await;
    let created = history["items"].as_array().unwrap().iter().find(|one| one["change"] == "created").unwrap().clone();
    assert_eq!((&created["kind"], &created["words"]), (&json!("welcome"), &welcome));
    let events = get(&world, "/api/v1/events?after=0").await;
    assert!(!events.to_string().contains("ยินดีต้อนรับ"), "events repeat no words");
}

#[tokio::test]
async fn a_rejected_message_says_so_and_other_words_are_reviewed_anew() {
    let (world, path) = shop().await;
    let settings =
        |review| BusinessSettings { business: SHOP.to_owned(), review: Some(review), ..BusinessSettings::default() };
    world.sim.change_business(settings(Review::Reject)).unwrap();
    let id = create(&world, &path, prompt("เมนู")).await;
    let (status, refused) = ask(&world, "PATCH", &format!("{path}/messages/{id}"), prompt("ราคา")).await;
    assert_eq!((status, slug(&refused)), (409, "provider-refused"), "{refused}");
    assert_eq!(
        (&refused["code"], &refused["detail"]),
        (&json!(40002), &json!("The automatic message is under review."))
    );
    assert!(refused["requestId"].is_string());

    world.clock.advance(REVIEW);
    heard(&world, &path, &id, &["created", "rejected"]).await;
    assert_eq!(of_kind(&world, &path, 2).await["messages"][0]["review"], "rejected");
    world.sim.change_business(settings(Review::Approve)).unwrap();
    let (status, changed) = ask(&world, "PATCH", &format!("{path}/messages/{id}"), prompt("ราคา")).await;
    assert_eq!(status, 200, "{changed}");
    let shown = of_kind(&world, &path, 2).await["messages"][0].clone();
    assert_eq!((&shown["review"], &shown["words"]["title"]), (&json!("reviewing"), &json!("ราคา")));
    world.clock.advance(REVIEW);
    heard(&world, &path, &id, &["approved", "created", "rejected", "updated"]).await;
}

#[tokio::test]
async fn prompts_are_ordered_switched_and_deleted() {
    let (world, path) = shop().await;
    let mut ids = Vec::new();
    for title in ["เมนู", "ราคา", "ที่ตั้ง"] {
        ids.push(create(&world, &path, prompt(title)).await);
    }
    ids.reverse();
    let (status, _) = ask(&world, "PUT", &format!("{path}/chat-prompt-order"), json!({"ids": ids})).await;
    assert_eq!(status, 204);
    let (status, _) = ask(&world, "PUT", &format!("{path}/kinds/chat_prompt"), json!({"enabled": true})).await;
    assert_eq!(status, 204);
    let shown = of_kind(&world, &path, 2).await;
    assert_eq!(shown["enabled"], true);
    let order: Vec<_> = shown["messages"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(order, ids);
    let (status, _) = answer(world.api("DELETE", &format!("{path}/messages/{}?kind=chat_prompt", ids[0]))).await;
    assert_eq!(status, 204);
    heard(&world, &path, &ids[0], &["created", "deleted", "enabled"]).await;
    heard(&world, &path, &ids[1], &["created", "enabled"]).await;

    let (status, missing) = ask(&world, "PUT", &format!("{path}/chat-prompt-order"), json!({"ids": [ids[1]]})).await;
    assert_eq!((status, slug(&missing)), (409, "provider-refused"), "{missing}");
    let welcome = create(&world, &path, json!({"kind": "welcome", "content": "สวัสดีค่ะ"})).await;
    let (status, kept) = answer(world.api("DELETE", &format!("{path}/messages/{welcome}?kind=welcome"))).await;
    assert_eq!((status, slug(&kept)), (422, "invalid-content"), "{kept}");
}

#[tokio::test]
async fn limits_are_kept_before_the_wire_and_tiktoks_own_are_shown() {
    let (world, path) = shop().await;
    let calls = || world.sim.calls().iter().filter(|call| call.endpoint.contains("auto_message")).count();
    for (words, parameter, limit) in [
        (json!({"kind": "welcome", "content": "ก".repeat(251)}), "welcome_message.content", 250),
        (
            json!({"kind": "suggested_question", "question": "q".repeat(81), "answer": "a"}),
            "suggested_question.question",
            80,
        ),
        (
            json!({"kind": "suggested_question", "question": "q", "answer": "a".repeat(201)}),
            "suggested_question.answer",
            200,
        ),
        (json!({"kind": "chat_prompt", "title": "😊".repeat(10), "content": "c"}), "chat_prompt.title", 18),
        (json!({"kind": "chat_prompt", "title": "t", "content": "c".repeat(151)}), "chat_prompt.content", 150),
    ] {
        let (status, problem) = ask(&world, "POST", &format!("{path}/messages"), words).await;
        assert_eq!((status, slug(&problem)), (422, "text-too-long"), "{problem}");
        assert_eq!((&problem["parameter"], &problem["limit"]), (&json!(parameter), &json!(limit)));
    }
    let (status, empty) =
        ask(&world, "POST", &format!("{path}/messages"), json!({"kind": "welcome", "content": ""})).await;
    assert_eq!((status, slug(&empty)), (422, "invalid-content"));
    let (status, mixed) =
        ask(&world, "POST", &format!("{path}/messages"), json!({"kind": "welcome", "title": "t"})).await;
    assert_eq!((status, slug(&mixed)), (400, "invalid-parameter"), "{mixed}");
    assert_eq!(calls(), 0);

    for number in 1..=3 {
        let words = json!({"kind": "suggested_question", "question": format!("คำถาม {number}"), "answer": "ค่ะ"});
        create(&world, &path, words).await;
    }
    let fourth = json!({"kind": "suggested_question", "question": "คำถาม 4", "answer": "ค่ะ"});
    let (status, full) = ask(&world, "POST", &format!("{path}/messages"), fourth).await;
    assert_eq!((status, slug(&full)), (409, "provider-refused"), "{full}");
    assert!(full["detail"].as_str().unwrap().contains("limit"), "{full}");
}

#[tokio::test]
async fn comments_are_switched_where_tiktok_has_it() {
    let (world, path) = shop().await;
    let of = async || get(&world, &path).await["commentToMessage"].clone();
    assert_eq!(of().await, json!({"enabled": false, "unavailable": null}));
    let switch = format!("{path}/comment-to-message");
    assert_eq!(ask(&world, "PUT", &switch, json!({"enabled": true})).await.0, 204);
    assert_eq!(of().await, json!({"enabled": true, "unavailable": null}));

    let elsewhere = BusinessSettings {
        business: SHOP.to_owned(),
        region: Some("JP".to_owned()),
        comment_to_message: Some(false),
        ..BusinessSettings::default()
    };
    world.sim.change_business(elsewhere).unwrap();
    let (status, refused) = ask(&world, "PUT", &switch, json!({"enabled": true})).await;
    assert_eq!((status, slug(&refused), &refused["code"]), (409, "provider-refused", &json!(40001)), "{refused}");
    assert_eq!((&refused["cause"], &refused["fixedBy"]), (&json!("not-permitted"), &json!("admin")));
    assert!(refused["action"].as_str().unwrap().contains("every permission"), "{refused}");

    world.sim.set_fault(NewFault::new("direct_reply/get", FaultKind::Code).value(40001).times(1));
    let unavailable = of().await;
    assert_eq!((&unavailable["enabled"], &unavailable["unavailable"]["code"]), (&Value::Null, &json!(40001)));
    assert!(unavailable["unavailable"]["detail"].as_str().is_some_and(|words| !words.is_empty()));
}

#[tokio::test]
async fn what_goes_wrong_at_tiktok_is_told_as_it_is() {
    let (world, path) = shop().await;
    world.sim.set_fault(NewFault::new("auto_message/get", FaultKind::Code).value(50002).times(1));
    let (status, failed) = answer(world.api("GET", &path)).await;
    assert_eq!((status, slug(&failed), &failed["code"]), (502, "provider-unavailable", &json!(50002)), "{failed}");
    world.sim.set_fault(NewFault::new("auto_message/create", FaultKind::ResetBefore).times(1));
    let (status, lost) = ask(&world, "POST", &format!("{path}/messages"), prompt("เมนู")).await;
    assert_eq!((status, slug(&lost)), (502, "provider-unavailable"), "{lost}");

    // Calls above TikTok's limit per second were not carried out: they are made again.
    world.sim.set_fault(NewFault::new("auto_message/get", FaultKind::RateLimit).times(2));
    assert_eq!(answer(world.api("GET", &path)).await.0, 200);

    // A token that TikTok takes no more is renewed, and nothing is done twice.
    world.sim.set_fault(NewFault::new("auto_message/create", FaultKind::Code).value(40105).times(1));
    create(&world, &path, prompt("เมนู")).await;
    assert_eq!(of_kind(&world, &path, 2).await["messages"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn only_admins_change_and_only_tiktok_accounts_have_it() {
    let (world, path) = shop().await;
    let workspace = world.workspace().await;
    world.store().create_api_key(workspace, hash_of("mgk_agent"), "mgk_", "bot", KeyScope::Send, None).await.unwrap();
    let by_agent = |method: &str, path: &str| {
        world.http.request(method.parse().unwrap(), format!("{}{path}", world.base)).bearer_auth("mgk_agent")
    };
    assert_eq!(answer(by_agent("GET", &path)).await.0, 200);
    for (method, tail, body) in [
        ("POST", "messages", prompt("เมนู")),
        ("PATCH", "messages/1", prompt("เมนู")),
        ("DELETE", "messages/1?kind=chat_prompt", Value::Null),
        ("PUT", "chat-prompt-order", json!({"ids": ["1"]})),
        ("PUT", "kinds/welcome", json!({"enabled": true})),
        ("PUT", "comment-to-message", json!({"enabled": true})),
    ] {
        let (status, problem) = answer(by_agent(method, &format!("{path}/{tail}")).json(&body)).await;
        assert_eq!((status, slug(&problem)), (403, "forbidden"), "{method} {tail}");
    }

    let id = create(&world, &path, prompt("เมนู")).await;
    heard(&world, &path, &id, &["created"]).await;
    let account = world.account().await.id;
    assert_eq!(ask(&world, "POST", &format!("/api/v1/accounts/{account}/disconnect"), Value::Null).await.0, 200);
    let (status, gone) = answer(world.api("GET", &path)).await;
    assert_eq!((status, slug(&gone)), (409, "account-disconnected"), "{gone}");
    assert_eq!(changes(&world, &path, &id).await, ["created"], "what was told is ours");

    let third = world.adopt_through(ProviderKind::Thirdparty, "shop", None).await.id;
    let (status, other) = answer(world.api("GET", &format!("/api/v1/accounts/{third}/automation"))).await;
    assert_eq!((status, slug(&other)), (409, "not-at-tiktok"), "{other}");
    let (status, nowhere) = answer(world.api("GET", "/api/v1/accounts/acc_0000000000001/automation")).await;
    assert_eq!((status, slug(&nowhere)), (404, "not-found"));
}
