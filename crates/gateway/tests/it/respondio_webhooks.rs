//! Respond.io's webhooks: any of a channel's keys opens the door, what is pushed and what is asked for are one, and asking becomes rare.

use std::time::Duration;

use domain::message::{Direction, MessageState};
use message_gateway::config::{Config, RespondioSecret};
use serde_json::{Value, json};
use simulator::{
    AppReply,
    respondio::{NewWebhook, Settings},
};

use crate::{
    desk::{Desk, put_token},
    harness::{SHOP, answer},
    stage::slug,
};

/// What the simulator calls the first channel.
const CHANNEL: &str = "54322";
const KEYS: [&str; 2] = ["key-of-received=", "key-of-sent="];

fn with_keys(config: &mut Config) {
    let secret = |key: &str| RespondioSecret { account: CHANNEL.to_owned(), secret: key.into() };
    config.messages.respondio_webhook_secrets = KEYS.map(secret).into();
}

async fn desk() -> Desk {
    let desk = Desk::with(Settings::default(), with_keys).await;
    assert_eq!(desk.channel.to_string(), CHANNEL);
    desk
}

/// Delivers a body by hand. Gives status and answer.
async fn deliver(desk: &Desk, body: &str, signature: Option<&str>) -> (u16, Value) {
    let request = desk.world.http.post(format!("{}/webhook/respondio/{CHANNEL}", desk.world.base));
    let request = match signature {
        Some(signature) => request.header("X-Webhook-Signature", signature),
        None => request,
    };
    answer(request.body(body.to_owned())).await
}

fn signed(body: &str, key: &str) -> String {
    respondio::webhook::sign(&key.into(), body.as_bytes())
}

fn received(desk: &Desk, channel: &str, message: u64, text: &str) -> String {
    json!({
        "event_type": "message.received",
        "event_id": "6c3c2a35-0000-4000-8000-000000000001",
        "contact": {"id": 410_000_777, "firstName": "น้ำฝน", "profilePic": "https://cdn.example.com/a.jpg"},
        "message": {
            "messageId": message, "channelMessageId": "m1", "contactId": 410_000_777,
            "channelId": channel.parse::<u64>().unwrap(), "traffic": "incoming",
            "message": {"type": "text", "text": text}, "timestamp": desk.world.clock.now().as_secs(),
        },
        "channel": {"id": channel.parse::<u64>().unwrap(), "name": "x", "source": "tiktok", "meta": "{}"},
    })
    .to_string()
}

async fn kept(desk: &Desk) -> Vec<Value> {
    let (_, page) = answer(desk.world.api("GET", "/api/v1/deliveries")).await;
    page["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_wrong_or_missing_signature_leaves_no_row() {
    let desk = desk().await;
    let body = received(&desk, CHANNEL, 1_790_000_601_000_000, "ปลอม");
    for (signature, slug_of) in [
        (None, "signature-missing"),
        (Some(String::new()), "signature-missing"),
        (Some("nonsense".to_owned()), "signature-invalid"),
        (Some(signed(&body, "another key")), "signature-invalid"),
        (Some(signed("else", KEYS[0])), "signature-invalid"),
    ] {
        let (status, problem) = deliver(&desk, &body, signature.as_deref()).await;
        assert_eq!((status, slug(&problem)), (401, slug_of), "{signature:?}");
    }
    let elsewhere = desk.world.http.post(format!("{}/webhook/respondio/1", desk.world.base));
    let (status, _) = answer(elsewhere.header("X-Webhook-Signature", signed(&body, KEYS[0])).body(body)).await;
    assert_eq!(status, 401, "keys are of one channel");
    assert_eq!(kept(&desk).await, Vec::<Value>::new());
    assert_eq!(desk.words().await, Vec::<String>::new());
}

#[tokio::test]
async fn any_key_of_the_channel_opens_the_door_and_unknown_events_are_kept() {
    let desk = desk().await;
    for (number, key) in KEYS.iter().enumerate() {
        let body = received(&desk, CHANNEL, 1_790_000_601_000_000 + number as u64, &format!("จริง {number}"));
        assert_eq!(deliver(&desk, &body, Some(&signed(&body, key))).await.0, 200);
        assert_eq!(deliver(&desk, &body, Some(&signed(&body, key))).await.0, 200, "a copy");
    }
    assert_eq!(desk.words().await, ["จริง 0 (Received)", "จริง 1 (Received)"]);
    let unknown = r#"{"event_type":"call.ended","event_id":"e1"}"#;
    for body in [unknown, "no json at all"] {
        assert_eq!(deliver(&desk, body, Some(&signed(body, KEYS[0]))).await.0, 200);
    }
    let (_, page) = answer(desk.world.api("GET", "/api/v1/deliveries?kind=unsupported")).await;
    assert_eq!(page["items"].as_array().unwrap().len(), 2, "{page}");
    assert_eq!(kept(&desk).await.len(), 4, "copies are one");
}

#[tokio::test]
async fn a_channel_of_another_workspace_is_not_written_to() {
    let desk = desk().await;
    let world = &desk.world;
    // Somebody else's channel, connected here by another token.
    world.sim.create_business(simulator::NewBusiness::new("corner.shop.demo", "ร้านหัวมุม")).unwrap();
    let other = world.sim.create_respondio_workspace(simulator::respondio::NewWorkspace::default());
    let new = simulator::respondio::NewChannel { business: "corner.shop.demo".to_owned(), name: None };
    let channel = world.sim.add_respondio_channel(other.id, &new).unwrap().id;
    world.tick();
    let space = put_token(world, &other.tokens[0]).await;
    crate::desk::connect(world, &space, channel).await;
    for foreign in [channel.to_string(), "99999".to_owned()] {
        let body = received(&desk, &foreign, 1_790_000_601_000_000, "ผิดบ้าน");
        assert_eq!(deliver(&desk, &body, Some(&signed(&body, KEYS[0]))).await.0, 200);
    }
    assert_eq!(desk.words().await, Vec::<String>::new(), "kept, and shown nowhere");
}

#[tokio::test]
async fn what_is_pushed_and_what_is_asked_for_are_one_and_asking_becomes_rare() {
    let desk = desk().await;
    let url = format!("{}/webhook/respondio/{CHANNEL}", desk.world.base);
    for (event, key) in [("message.received", KEYS[0]), ("message.sent", KEYS[1]), ("contact.updated", KEYS[0])] {
        let hook = NewWebhook { event: event.to_owned(), url: url.clone(), signing_key: Some(key.to_owned()) };
        desk.world.sim.add_respondio_webhook(desk.workspace.id, &hook).unwrap();
    }
    desk.customers(1);
    desk.pass(Duration::from_secs(30)).await;
    desk.says("customer.0", "ผลักมา");
    let pushed = desk.world.message_that("it is pushed", |one| one.message.content.words() == "ผลักมา").await;
    let conversation = pushed.message.conversation_id;
    desk.world.tick();
    desk.world.sim.app_reply(&AppReply::text(SHOP, "customer.0", "จากแอป")).unwrap();
    desk.world.message_that("so is what the shop says", |one| one.message.direction == Direction::Outgoing).await;
    let id = desk.world.reply(conversation, "จากเรา").await;
    desk.world.state_of(id, MessageState::Sent).await;
    // Long enough for every list and every contact.
    desk.pass(Duration::from_mins(2)).await;
    assert_eq!(desk.words().await, ["ผลักมา (Received)", "จากแอป (Sent)", "จากเรา (Sent)"]);
    let before = desk.calls("").len();
    desk.pass(Duration::from_mins(5)).await;
    let asked = desk.calls("").len() - before;
    assert!(asked <= 30, "{asked} calls in five minutes");
}
