//! Sockets: who gets in, what they are told, and that nothing is lost or told twice on the way back.

use std::{collections::BTreeSet, time::Duration};

use domain::identity::KeyScope;
use futures_util::{StreamExt as _, stream};
use message_gateway::{auth::Revocation, lifecycle::Drained};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    harness::{API_SECRET, answer},
    socket::{Refused, Socket},
    stage::{Stage, slug},
};

const KEY: &str = "mgk_key-of-a-program";

#[tokio::test]
async fn strangers_and_foreign_pages_get_nothing() {
    let stage = Stage::set().await;
    let refused = |auth: Value, origin: Option<&str>| {
        let headers: Vec<_> = origin.iter().map(|origin| ("origin", (*origin).to_owned())).collect();
        let base = stage.world.base.clone();
        async move { Socket::open(&base, auth, &headers).await.err() }
    };
    let unauthenticated = Some(Refused::Namespace("unauthenticated".to_owned()));
    assert_eq!(refused(json!({}), None).await, unauthenticated);
    assert_eq!(refused(json!({"token": "mgk_of_nobody"}), None).await, unauthenticated);
    assert_eq!(refused(json!({"after": "soon"}), None).await, Some(Refused::Namespace("invalid-parameter".to_owned())));
    let foreign = refused(json!({"token": API_SECRET}), Some("https://evil.example")).await;
    assert_eq!(foreign, Some(Refused::Http(reqwest::StatusCode::FORBIDDEN)));
    assert!(stage.browser_socket().await.is_ok());
    stage.strike().await;
}

#[tokio::test]
async fn a_message_is_told_at_once_in_the_one_shape() {
    let stage = Stage::set().await;
    let mut socket = stage.socket(None).await;
    assert_eq!(socket.wait_for("resume").await["replayed"], 0);
    stage.customer_writes("c+1/=", "m+1/=", "สวัสดีค่ะ 😊").await;
    let told = socket.wait_for("message").await;
    assert_eq!(told["message"], json!({"type": "text", "content": "สวัสดีค่ะ 😊"}));
    assert_eq!(told["direction"], "incoming");
    assert_eq!(told["accountId"], stage.account.id.to_string());
    assert_eq!(told["user"]["username"], "nong.mali.demo");
    assert!(told["seq"].is_i64());
    assert_eq!(stage.get("/api/chats").await[0], told);
    let conversation = socket.wait_for("conversation").await;
    assert_eq!(conversation["lastMessage"]["id"], told["id"]);
    assert_eq!(conversation["unread"], 1);
    stage.strike().await;
}

#[tokio::test]
async fn who_comes_back_gets_what_they_missed_and_nothing_twice() {
    let stage = Stage::set().await;
    let mut socket = stage.socket(None).await;
    socket.wait_for("resume").await;
    stage.customer_writes("c1", "m0", "before").await;
    let mut seen = socket.wait_for("conversation").await["seq"].as_i64().unwrap();
    drop(socket);
    for number in 1..=20 {
        stage.customer_writes("c1", &format!("m{number}"), &format!("missed {number}")).await;
    }
    let mut socket = stage.socket(Some(seen)).await;
    let mut words = Vec::new();
    let resume = loop {
        let (event, payload) = socket.event().await;
        if event == "resume" {
            break payload;
        }
        assert!(payload["seq"].as_i64().unwrap() > seen, "seq goes back");
        seen = payload["seq"].as_i64().unwrap();
        if event == "message" {
            words.push(payload["message"]["content"].as_str().unwrap().to_owned());
        }
    };
    assert_eq!(words, (1..=20).map(|number| format!("missed {number}")).collect::<Vec<_>>());
    assert_eq!(resume["reset"], false);
    stage.customer_writes("c1", "m21", "live again").await;
    assert_eq!(socket.wait_for("message").await["message"]["content"], "live again");
    stage.strike().await;
}

/// Clients come while customers write: on the border between log and queue nothing may be lost or told twice.
#[tokio::test]
async fn the_step_from_catching_up_to_live_has_no_seam() {
    const MESSAGES: usize = 300;
    let stage = Stage::set().await;
    let names: Vec<_> = (0..MESSAGES).map(|number| format!("m{number}")).collect();
    let writers = stream::iter(&names).for_each_concurrent(8, |name| stage.customer_writes("c1", name, name));
    let listeners = stream::iter(0..6).map(|_| async {
        let mut socket = stage.socket(Some(0)).await;
        let (mut told, mut last) = (BTreeSet::new(), 0);
        while told.len() < MESSAGES {
            let (event, payload) = socket.event().await;
            if event == "resume" {
                assert_eq!(payload["reset"], false);
                continue;
            }
            let seq = payload["seq"].as_i64().unwrap();
            assert!(seq > last, "{event} {seq} after {last}");
            last = seq;
            if event == "message" {
                assert!(
                    told.insert(payload["message"]["content"].as_str().unwrap().to_owned()),
                    "told twice: {payload}"
                );
            }
        }
    });
    tokio::join!(writers, listeners.buffer_unordered(6).collect::<Vec<()>>());
    stage.strike().await;
}

#[tokio::test]
async fn a_cursor_of_another_database_asks_for_a_reload() {
    let stage = Stage::set().await;
    let mut socket = stage.socket(Some(1_000_000)).await;
    let resume = socket.wait_for("resume").await;
    assert_eq!(resume["reset"], true);
    // What was committed just before may still be on its way to the tail: then it is told.
    let head = stage.get("/api/v1/events").await["next"].as_i64().unwrap();
    assert!((0..=head).contains(&resume["seq"].as_i64().unwrap()), "{resume}, {head}");
    stage.strike().await;
}

#[tokio::test]
async fn a_text_sent_over_the_socket_is_acknowledged_and_told() {
    let stage = Stage::set().await;
    stage.customer_writes("c+1/=", "m1", "hello").await;
    let mut socket = stage.socket(None).await;
    let asked = json!({"conversationId": "c+1/=", "text": "ยินดีค่ะ", "idempotencyKey": "k1"});
    let answer = socket.ask("send_message", asked.clone()).await;
    assert_eq!(answer["ok"], true, "{answer}");
    assert_eq!(socket.ask("send_message", asked).await["id"], answer["id"]);
    let mut told = socket.wait_for("message").await;
    if told["direction"] == "incoming" {
        // The customer's, where the tail had not read it yet when the socket took its seat.
        told = socket.wait_for("message").await;
    }
    assert_eq!(
        (&told["id"], &told["direction"], &told["author"]["kind"]),
        (&answer["id"], &json!("outgoing"), &json!("api_key"))
    );
    for (asked, problem) in [
        (json!({"conversationId": "conv_0000000000001", "text": "?"}), "not-found"),
        (json!({"conversationId": "c+1/=", "text": "x".repeat(6_001)}), "text-too-long"),
        (json!({"conversationId": "c+1/=", "text": "other", "idempotencyKey": "k1"}), "idempotency-conflict"),
        (json!({"text": 1}), "invalid-parameter"),
    ] {
        let answer = socket.ask("send_message", asked).await;
        assert_eq!((&answer["ok"], slug(&answer["problem"])), (&json!(false), problem));
    }
    stage.strike().await;
}

#[tokio::test]
async fn typing_is_told_to_colleagues_only() {
    let stage = Stage::set().await;
    stage.customer_writes("c1", "m1", "hello").await;
    let conversation = stage.conversation("c1").await;
    let mut colleague = stage.socket(None).await;
    colleague.wait_for("resume").await;
    let mut owner = stage.browser_socket().await.unwrap();
    owner.wait_for("resume").await;
    owner.tell("typing", json!({"conversationId": conversation})).await;
    let hint = colleague.wait_for("typing").await;
    assert_eq!(
        hint,
        json!({"conversationId": conversation, "user": {"id": stage.owner.user.id.to_string(), "name": "Owner"}})
    );
    stage.customer_writes("c1", "m2", "next").await;
    assert_eq!(owner.event().await.0, "message");
    stage.strike().await;
}

#[tokio::test]
async fn signing_out_closes_the_socket() {
    let stage = Stage::set().await;
    let mut socket = stage.browser_socket().await.unwrap();
    socket.wait_for("resume").await;
    assert_eq!(answer(stage.by_owner(Method::DELETE, "/api/v1/session")).await.0, 204);
    socket.sent_away().await;
    stage.strike().await;
}

#[tokio::test]
async fn a_revoked_key_closes_its_socket_and_no_other() {
    let stage = Stage::set().await;
    let key = stage.key(KEY, KeyScope::Read).await;
    let mut program = stage.socket_with(json!({"token": KEY})).await;
    program.wait_for("resume").await;
    let mut other = stage.socket(None).await;
    other.wait_for("resume").await;
    assert!(stage.world.store().revoke_api_key(stage.owner.workspace.id, key.id).await.unwrap());
    stage.world.app().auth.revoke(Revocation::Key(key.id));
    program.sent_away().await;
    stage.customer_writes("c1", "m1", "still here").await;
    assert_eq!(other.event().await.0, "message");
    stage.strike().await;
}

/// A key revoked by another process, of which this one hears nothing.
#[tokio::test]
async fn rights_are_looked_up_again() {
    let stage = Stage::set().await;
    let key = stage.key(KEY, KeyScope::Read).await;
    let mut program = stage.socket_with(json!({"token": KEY})).await;
    program.wait_for("resume").await;
    stage.world.store().revoke_api_key(stage.owner.workspace.id, key.id).await.unwrap();
    stage.world.clock.advance(Duration::from_secs(61));
    program.sent_away().await;
    stage.strike().await;
}

#[tokio::test]
async fn shutdown_does_not_wait_for_a_client_that_does_not_listen() {
    let stage = Stage::set().await;
    let mut socket = stage.socket(None).await;
    socket.wait_for("resume").await;
    assert_eq!(stage.world.app().lifecycle.drain(Duration::from_secs(20)).await, Drained::Clean);
    stage.strike().await;
}
