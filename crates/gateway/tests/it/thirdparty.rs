//! Replies to any system behind the generic webhook: signed, once by their idempotency key, and told truly when it refuses.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
    routing::post,
};
use domain::{
    Id,
    failure::FailureKind,
    message::{Message, MessageState},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;

use crate::{
    harness::{VERIFY_TOKEN, World, answer},
    stage::slug,
};

/// What the other system does with the next message.
#[derive(Debug, Clone, Copy)]
enum Mood {
    /// Takes it, and the answer is lost.
    Loses,
    /// Fails without taking it.
    Fails,
    /// Says no.
    Refuses,
}

/// The other system: keeps each key once.
#[derive(Debug, Default)]
struct Receiver {
    moods: Vec<Mood>,
    kept: HashMap<String, Value>,
    asked: Vec<(HeaderMap, Bytes)>,
}

type Shared = Arc<Mutex<Receiver>>;

async fn take(State(receiver): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let mut receiver = receiver.lock().unwrap();
    let key = headers["idempotency-key"].to_str().unwrap().to_owned();
    let payload: Value = serde_json::from_slice(&body).unwrap();
    receiver.asked.push((headers, body));
    let mood = receiver.moods.pop();
    if matches!(mood, Some(Mood::Refuses)) {
        return (StatusCode::UNPROCESSABLE_ENTITY, r#"{"detail":"this customer left"}"#).into_response();
    }
    if matches!(mood, Some(Mood::Fails)) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let number = receiver.kept.len() + 1;
    let id = receiver.kept.entry(key).or_insert_with(|| json!({"id": format!("theirs-{number}"), "payload": payload}))
        ["id"]
        .clone();
    match mood {
        // Whoever answered stands before one that failed.
        Some(Mood::Loses) => StatusCode::BAD_GATEWAY.into_response(),
        _ => (StatusCode::CREATED, json!({"message_id": id}).to_string()).into_response(),
    }
}

/// A world whose generic accounts have a way out, a conversation in one, and the other system.
async fn world() -> (World, String, Shared) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/hook/", listener.local_addr().unwrap());
    let receiver = Shared::default();
    let router = Router::new().route("/hook/messages", post(take)).with_state(Arc::clone(&receiver));
    #[expect(clippy::disallowed_methods, reason = "the other system stands outside the gateway's life cycle")]
    drop(tokio::spawn(async move { axum::serve(listener, router).await }));
    let world = World::with(|config| {
        config.messages.thirdparty_api_url = Some(address.parse().unwrap());
        config.messages.thirdparty_api_key = Some("key-of-the-other-system".into());
    })
    .await;
    let conversation = written_to(&world, "shop-1").await;
    (world, conversation, receiver)
}

/// A customer writes to a generic account. Gives the conversation.
async fn written_to(world: &World, account: &str) -> String {
    let body =
        json!({"contact": {"id": "7", "first_name": "Mali"}, "conversation_id": "conv_7", "message_content": "hello"});
    let body = body.to_string();
    let sent = world.http.post(format!("{}/webhook/thirdparty/{account}", world.base));
    let sent = sent.header("x-signature", signature(body.as_bytes())).body(body).send().await.unwrap();
    assert_eq!(sent.status(), 200);
    let (_, page) = answer(world.api("GET", "/api/v1/conversations")).await;
    page["items"][0]["id"].as_str().unwrap().to_owned()
}

fn signature(body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(VERIFY_TOKEN.as_bytes()).unwrap();
    mac.update(body);
    let digits = |text: String, byte: &u8| text + &format!("{byte:02x}");
    mac.finalize().into_bytes().iter().fold("sha256=".to_owned(), digits)
}

async fn say(world: &World, conversation: &str, text: &str) -> (u16, Value) {
    let path = format!("/api/v1/conversations/{conversation}/messages");
    answer(world.api("POST", &path).json(&json!({"content": {"type": "text", "body": text}}))).await
}

async fn said(world: &World, conversation: &str, text: &str) -> Id<Message> {
    let (status, queued) = say(world, conversation, text).await;
    assert_eq!(status, 202, "{queued}");
    queued["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_reply_goes_out_signed_and_under_its_key() {
    let (world, conversation, receiver) = world().await;
    let id = said(&world, &conversation, "สวัสดีค่ะ 😊").await;
    let sent = world.state_of(id, MessageState::Sent).await;
    assert_eq!(sent.message.external_id.as_deref(), Some("theirs-1"));
    let receiver = receiver.lock().unwrap();
    let [(headers, body)] = receiver.asked.as_slice() else { panic!("{:?}", receiver.asked) };
    assert_eq!(headers["x-signature"].to_str().unwrap(), signature(body));
    assert_eq!(headers["authorization"], "Bearer key-of-the-other-system");
    let payload: Value = serde_json::from_slice(body).unwrap();
    let expected = json!({
        "message_id": id.to_string(), "account": "shop-1", "conversation_id": "conv_7", "message_type": "text",
        "message_content": "สวัสดีค่ะ 😊", "message_timestamp": sent.message.sent_at.to_string(),
    });
    assert_eq!((headers["idempotency-key"].to_str().unwrap(), payload), (id.to_string().as_str(), expected));
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_under_the_same_key() {
    let (world, conversation, receiver) = world().await;
    for (mood, text) in [(Mood::Loses, "one"), (Mood::Fails, "two")] {
        receiver.lock().unwrap().moods = vec![mood];
        let id = said(&world, &conversation, text).await;
        let sent = world.state_in_time(id, MessageState::Sent).await;
        assert!(sent.message.external_id.unwrap().starts_with("theirs-"));
    }
    assert_eq!(world.messages().await.len(), 3);
    let receiver = receiver.lock().unwrap();
    assert_eq!((receiver.kept.len(), receiver.asked.len()), (2, 4), "each is asked about once, and kept once");
}

#[tokio::test]
async fn a_refusal_is_told_in_the_other_systems_words() {
    let (world, conversation, receiver) = world().await;
    receiver.lock().unwrap().moods = vec![Mood::Refuses];
    let id = said(&world, &conversation, "still there?").await;
    let failed = world.state_of(id, MessageState::Failed).await.message.failure.unwrap();
    assert_eq!((failed.kind, failed.detail.as_str()), (FailureKind::Refused, "HTTP 422: this customer left"));
    assert_eq!(receiver.lock().unwrap().asked.len(), 1, "a refusal is not repeated");
}

#[tokio::test]
async fn without_an_address_it_only_receives() {
    let world = World::new().await;
    let conversation = written_to(&world, "shop-1").await;
    let (status, refused) = say(&world, &conversation, "hello").await;
    assert_eq!((status, slug(&refused)), (409, "provider-cannot-send"));
    let (_, accounts) = answer(world.api("GET", "/api/v1/accounts")).await;
    assert_eq!(accounts["items"][0]["canSend"], false);
}
