//! What comes in: every fixture is answered 200 and kept raw, decoded as far as it is known, and stored once.

use domain::{
    account::AccountState,
    content::Content,
    delivery::DeliveryRecord,
    inbound::Inbound,
    message::{Author, Direction, MessageState},
    store::DeliveryFilter,
};
use hmac::{Hmac, KeyInit, Mac};
use message_gateway::{inbox::BODY_MAX, providers::Official};
use serde_json::json;
use sha2::Sha256;
use simulator::{AppReply, CustomerMessage};

use crate::harness::{FIXTURE_ACCOUNT, MALI, SHOP, VERIFY_TOKEN, World, answer, fixture, webhook_fixtures};

async fn deliveries(world: &World, unsupported: bool) -> Vec<DeliveryRecord> {
    let filter = DeliveryFilter { unsupported, before: None, limit: 200 };
    world.store().deliveries(world.workspace().await, filter).await.unwrap()
}

#[tokio::test]
async fn every_fixture_is_answered_200_and_kept_byte_for_byte() {
    let world = World::new().await;
    world.adopt(FIXTURE_ACCOUNT).await;
    let names = webhook_fixtures();
    assert!(names.len() >= 35, "fixtures are missing: {names:?}");
    for name in &names {
        assert_eq!(world.deliver(&fixture(name)).await, 200, "{name}");
    }
    // Those that name another account or none are kept, but belong to no workspace.
    let kept = deliveries(&world, false).await;
    let mut bodies = Vec::new();
    for delivery in &kept {
        bodies.push(world.store().delivery_body_any_workspace(delivery.id).await.unwrap().unwrap().to_vec());
    }
    for name in &names {
        let body = fixture(name);
        let envelope: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let ours = envelope["user_openid"] == FIXTURE_ACCOUNT;
        assert_eq!(bodies.contains(&body), ours, "{name}");
    }
}

#[tokio::test]
async fn only_what_nobody_knows_is_listed_as_unsupported() {
    let world = World::new().await;
    world.adopt(FIXTURE_ACCOUNT).await;
    for name in webhook_fixtures() {
        assert_eq!(world.deliver(&fixture(&name)).await, 200, "{name}");
    }
    let mut listed: Vec<_> = deliveries(&world, true).await.into_iter().map(|one| one.unsupported.unwrap()).collect();
    listed.sort();
    assert_eq!(listed.len(), 3, "{listed:?}");
    assert!(listed[0].starts_with("unknown event"), "{listed:?}");
    assert!(listed[1].starts_with("unknown or unreadable message type"), "{listed:?}");
    assert!(listed[2].starts_with("unreadable content of"), "{listed:?}");
}

#[tokio::test]
async fn every_message_type_is_decoded() {
    let world = World::new().await;
    world.adopt(FIXTURE_ACCOUNT).await;
    for name in webhook_fixtures() {
        world.deliver(&fixture(&name)).await;
    }
    let messages = world.messages().await;
    let types: std::collections::BTreeSet<_> = messages.iter().map(|one| one.message.content.type_name()).collect();
    for known in ["text", "image", "video", "shared_post", "sticker", "emoji", "template", "unsupported"] {
        assert!(types.contains(known), "{known} is missing in {types:?}");
    }
    let authors = |author: &Author| messages.iter().filter(|one| one.message.author == *author).count();
    assert!(authors(&Author::TiktokApp) >= 2, "replies of the app and the web");
    assert!(authors(&Author::AutoMessage) >= 3, "welcome, suggested question, keyword");
    assert!(authors(&Author::OtherApi) >= 1, "an API echo of a message that we did not send");
    assert!(messages.iter().any(|one| one.message.quoted_external_id.is_some()), "a quote");
    assert!(messages.iter().all(|one| one.message.external_id.is_some() && one.message.reported));
}

#[tokio::test]
async fn delivered_five_times_it_is_stored_once() {
    let world = World::new().await;
    world.adopt(FIXTURE_ACCOUNT).await;
    let body = fixture("webhook-im_receive_msg-text.json");
    for _ in 0..5 {
        assert_eq!(world.deliver(&body).await, 200);
        world.tick();
    }
    let kept = deliveries(&world, false).await;
    assert_eq!(kept.iter().map(|one| one.copies).collect::<Vec<_>>(), [5]);
    assert_eq!(world.messages().await.len(), 1);

    // The same message in other bytes is another delivery and still the same message.
    let mut spaced = body.clone();
    spaced.push(b'\n');
    assert_eq!(world.deliver(&spaced).await, 200);
    assert_eq!(deliveries(&world, false).await.len(), 2);
    assert_eq!(world.messages().await.len(), 1);
}

#[tokio::test]
async fn an_account_nobody_connected_is_kept_and_never_shown() {
    let world = World::new().await;
    world.adopt(FIXTURE_ACCOUNT).await;
    assert_eq!(world.deliver(&fixture("webhook-foreign-account.json")).await, 200);
    assert!(world.messages().await.is_empty());
    assert!(deliveries(&world, false).await.is_empty());
}

#[tokio::test]
async fn bytes_that_are_no_event_are_kept_all_the_same() {
    let world = World::new().await;
    for body in [&b"not json"[..], b"", b"[]", b"null", b"{}", b"\xff\xfe", br#"{"event":7}"#] {
        assert_eq!(world.deliver(body).await, 200, "{body:?}");
    }
    assert!(world.messages().await.is_empty());
}

#[tokio::test]
async fn a_body_over_a_mebibyte_is_refused() {
    let world = World::new().await;
    assert_eq!(world.deliver(&vec![b' '; BODY_MAX + 1]).await, 413);
    assert_eq!(world.deliver(&vec![b' '; BODY_MAX]).await, 200);
}

#[tokio::test]
async fn a_get_says_nothing() {
    let world = World::new().await;
    let answer = world.http.get(format!("{}/webhook/tiktok?challenge=abc", world.base)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text().await.unwrap(), "");
}

#[tokio::test]
async fn a_customer_is_seen_with_name_and_a_picture_allowed() {
    let (world, conversation) = World::in_conversation().await;
    let scope = world.scope().await;
    let described = world
        .until("the customer's name is known", || async {
            let record = world.store().conversation(&scope, conversation).await.unwrap().unwrap();
            record.conversation.image_send.is_some().then_some(record)
        })
        .await;
    assert_eq!(described.contact.display_name.as_deref(), Some("น้องมะลิ"));
    assert_eq!(described.contact.username.as_deref(), Some(MALI));
    assert!(described.contact.avatar_url.is_some());
    assert_eq!(described.conversation.image_send, Some(true));
    assert!(described.conversation.request, "nobody has answered yet");
}

#[tokio::test]
async fn a_reply_typed_in_tiktoks_app_is_shown_as_such() {
    let (world, _) = World::in_conversation().await;
    world.tick();
    world.sim.app_reply(&AppReply::text(SHOP, MALI, "พิมพ์จากแอป")).unwrap();
    let reply = world.message_that("the app's reply arrives", |one| one.message.content.words() == "พิมพ์จากแอป").await;
    assert_eq!(reply.message.author, Author::TiktokApp);
    assert_eq!((reply.message.direction, reply.message.state), (Direction::Outgoing, MessageState::Sent));
    world.tick();
    let auto = AppReply {
        auto_message_type: Some("WELCOME_MESSAGE".to_owned()),
        ..AppReply::text(SHOP, MALI, "ยินดีต้อนรับ")
    };
    world.sim.app_reply(&auto).unwrap();
    let auto =
        world.message_that("the automatic message arrives", |one| one.message.content.words() == "ยินดีต้อนรับ").await;
    assert_eq!(auto.message.author, Author::AutoMessage);
}

#[tokio::test]
async fn a_reaction_hangs_on_its_message() {
    let (world, _) = World::in_conversation().await;
    world.tick();
    let written = world.sim.app_reply(&AppReply::text(SHOP, MALI, "ค่ะ")).unwrap();
    let reply = world.message_that("the reply arrives", |one| one.message.content.words() == "ค่ะ").await;
    world.tick();
    let heart = CustomerMessage {
        original_msg_id: Some(written.message_id.clone()),
        ..CustomerMessage::of(MALI, SHOP, "reaction")
    };
    world.sim.customer_writes(&heart).unwrap();
    let liked = world.message_that("the reaction arrives", |one| !one.reactions.is_empty()).await;
    assert_eq!(liked.message.id, reply.message.id);
    assert!(liked.reactions[0].by_customer && liked.reactions[0].added);
    world.tick();
    world.sim.customer_writes(&CustomerMessage { remove: true, ..heart }).unwrap();
    world
        .message_that("the reaction is taken back", |one| {
            one.message.id == reply.message.id && one.reactions.is_empty()
        })
        .await;
}

#[tokio::test]
async fn a_withdrawn_authorization_asks_to_connect_again() {
    let (world, conversation) = World::in_conversation().await;
    world.sim.revoke(SHOP, true).unwrap();
    let scope = world.scope().await;
    let says_why = || async {
        let account = world.store().accounts(&scope).await.unwrap().remove(0);
        let told = account.state_reason.as_deref() == Some("The account holder disconnected the app in TikTok");
        (told && account.state == AccountState::Reconnect).then_some(())
    };
    world.until("the account asks to be connected again and says why", says_why).await;
    let (status, problem) = world.try_reply(conversation, json!({"type": "text", "body": "?"}), false).await;
    assert_eq!(
        (status, problem["type"].as_str().unwrap()),
        (409, "https://message-gateway.dev/problems/account-disconnected")
    );
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |digits, byte| digits + &format!("{byte:02x}"))
}

#[tokio::test]
async fn the_generic_webhook_makes_its_account_and_takes_signed_payloads_only() {
    let world = World::new().await;
    let body = json!({
        "contact": {"id": "1", "first_name": "Test"}, "conversation_id": "conv_1", "message_content": "Hello!",
        "message_type": "text", "message_timestamp": "2026-02-27T10:00:00Z"
    })
    .to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(VERIFY_TOKEN.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let good = format!("sha256={}", hex(&mac.finalize().into_bytes()));
    let post = |path: &str, signature: Option<&str>| {
        let request = world.http.post(format!("{}{path}", world.base)).body(body.clone());
        match signature {
            Some(signature) => request.header("x-signature", signature),
            None => request,
        }
    };
    assert_eq!(answer(post("/webhook/thirdparty/shop", None)).await.0, 401);
    assert_eq!(answer(post("/webhook/thirdparty/shop", Some("sha256=00"))).await.0, 401);
    assert_eq!(answer(post("/webhook/thirdparty/no%20name", Some(&good))).await.0, 404);
    assert!(world.messages().await.is_empty());

    assert_eq!(answer(post("/webhook/thirdparty/shop", Some(&good))).await.0, 200);
    let [message] = &world.messages().await[..] else { panic!("one message") };
    assert_eq!(message.message.content, Content::Text { body: "Hello!".to_owned() });
    assert_eq!(message.contact.display_name.as_deref(), Some("Test"));
    let (status, problem) =
        world.try_reply(message.message.conversation_id, json!({"type": "text", "body": "?"}), false).await;
    assert_eq!(
        (status, problem["type"].as_str().unwrap()),
        (409, "https://message-gateway.dev/problems/provider-cannot-send")
    );
    assert!(matches!(message.message.direction, Direction::Incoming));
}

#[tokio::test]
async fn applying_the_same_report_twice_changes_nothing() {
    let world = World::new().await;
    let account = world.adopt(FIXTURE_ACCOUNT).await;
    let told = Official::translate(&fixture("webhook-im_receive_msg-text.json"));
    assert!(matches!(told.items[..], [Inbound::Message(_)]));
    for _ in 0..3 {
        world.store().apply(account.provider, account.external_id.clone(), told.items.clone()).await.unwrap();
    }
    assert_eq!(world.messages().await.len(), 1);
}
