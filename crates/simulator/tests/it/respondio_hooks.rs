//! Webhooks of Respond.io: shapes against the fixtures, signature, keys, order, faults.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use simulator::respondio::{NewWebhook, NewWorkspace, Plan, Reply, Settings, Webhook};
use simulator::{AppReply, CustomerMessage, FaultKind, NewFault};
use tokio::task::JoinSet;

use crate::respondio::{Desk, fits};
use crate::support::{BUSINESS, CUSTOMER, fixture, png, serve};

type Log = Arc<Mutex<(Vec<(HeaderMap, Bytes)>, u16)>>;

/// A desk whose every event goes to one address.
struct Told {
    desk: Desk,
    hooks: Vec<Webhook>,
    log: Log,
    _tasks: JoinSet<()>,
}

async fn take(State(log): State<Log>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mut log = log.lock().unwrap();
    log.0.push((headers, body));
    StatusCode::from_u16(log.1).unwrap()
}

impl Told {
    async fn start(desk: Desk) -> Self {
        let mut tasks = JoinSet::new();
        let log: Log = Arc::new(Mutex::new((Vec::new(), 202)));
        let router = axum::Router::new().fallback(take).with_state(Arc::clone(&log));
        let url = format!("http://{}/webhook/respondio", serve(router, &mut tasks).await);
        let new = NewWebhook { event: "*".to_owned(), url, signing_key: None };
        let hooks = desk.world.sim.add_respondio_webhook(desk.workspace.id, &new).unwrap();
        Self { desk, hooks, log, _tasks: tasks }
    }

    /// Delivers what is due; answers the new bodies, in order.
    async fn new_bodies(&self) -> Vec<Value> {
        let before = self.log.lock().unwrap().0.len();
        self.desk.world.sim.deliver_due().await;
        let log = self.log.lock().unwrap();
        log.0[before..].iter().map(|(_, body)| serde_json::from_slice(body).unwrap()).collect()
    }

    async fn names(&self) -> Vec<String> {
        let name = |body: &Value| body["event_type"].as_str().unwrap().to_owned();
        let mut names: Vec<_> = self.new_bodies().await.iter().map(name).collect();
        names.sort();
        names
    }

    /// The one body of an event among the new ones.
    async fn one(&self, event: &str) -> Value {
        let mut bodies = self.new_bodies().await;
        bodies.retain(|body| body["event_type"] == event);
        assert_eq!(bodies.len(), 1, "{event}: {bodies:?}");
        bodies.remove(0)
    }
}

fn sign(key: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

#[tokio::test]
async fn every_event_has_a_key_of_its_own_and_signs_the_raw_body() {
    let told = Told::start(Desk::new()).await;
    told.desk.write("มีดอกกุหลาบสีแดงไหมคะ? 🌹😊");
    told.desk.world.sim.deliver_due().await;
    let log = told.log.lock().unwrap().0.clone();
    assert_eq!(log.len(), 3, "contact.created, conversation.opened, message.received");
    let keys: std::collections::HashSet<_> = told.hooks.iter().map(|hook| hook.signing_key.as_str()).collect();
    assert_eq!((told.hooks.len(), keys.len()), (8, 8));
    for (headers, body) in &log {
        let event: Value = serde_json::from_slice(body).unwrap();
        let hook = told.hooks.iter().find(|hook| event["event_type"] == hook.event.as_str()).unwrap();
        assert_eq!(headers["x-webhook-signature"], sign(&hook.signing_key, body));
        assert_eq!(headers["content-type"], "application/json");
        assert!(!headers.contains_key("tiktok-signature"));
        assert_eq!(event["event_id"].as_str().unwrap().len(), 36);
        let text = std::str::from_utf8(body).unwrap();
        assert_eq!(text, event.to_string(), "compact, not escaped");
        assert!(text.contains("น้องมะลิ"));
    }
    // The vectors of the fixtures, with this file's own sign: the key as text, padded base64, no prefix.
    for vector in fixture("respondio/webhook-signature-vectors")["valid"].as_array().unwrap() {
        let text = |name: &str| vector[name].as_str().unwrap();
        assert_eq!(sign(text("signing_key"), text("body").as_bytes()), text("x_webhook_signature"));
    }
}

#[tokio::test]
async fn every_event_looks_like_its_fixture() {
    let told = Told::start(Desk::new()).await;
    let (desk, sim) = (&told.desk, &told.desk.world.sim);
    desk.write("มีดอกกุหลาบสีแดงไหมคะ? 🌹😊");
    fits(&told.one("contact.created").await, &fixture("respondio/webhook-contact.created"), "contact.created");
    desk.fill().await;
    let bodies = told.new_bodies().await;
    for event in ["contact.updated", "contact.assignee.updated", "contact.lifecycle.updated"] {
        let body = bodies.iter().rfind(|body| body["event_type"] == event).unwrap();
        let known = fixture(&format!("respondio/webhook-{event}"));
        let (mut body, mut known) = (body.clone(), known);
        // The contact itself is compared once, when all of it is there.
        body["contact"] = json!({});
        known["contact"] = json!({});
        fits(&body, &known, event);
    }
    desk.write("and now?");
    let text = told.one("message.received").await;
    fits(&text, &fixture("respondio/webhook-message.received.text"), "text");
    assert_eq!((&text["message"]["message"]["text"], &text["channel"]["meta"]), (&json!("and now?"), &json!("{}")));
    let media_id = Some(sim.put_media(png(64).into()));
    sim.customer_writes(&CustomerMessage { media_id, ..CustomerMessage::of(CUSTOMER, BUSINESS, "image") }).unwrap();
    fits(&told.one("message.received").await, &fixture("respondio/webhook-message.received.image"), "image");
    sim.customer_writes(&CustomerMessage::of(CUSTOMER, BUSINESS, "share_post")).unwrap();
    fits(&told.one("message.received").await, &fixture("respondio/webhook-message.received.post"), "post");

    let reply = Reply { contact: desk.contact(), text: "สวัสดีค่ะ".into(), ..Reply::default() };
    sim.respondio_reply(desk.workspace.id, &reply).unwrap();
    fits(&told.one("message.sent").await, &fixture("respondio/webhook-message.sent.user"), "sent");
    for _ in 0..9 {
        desk.send("x").await;
    }
    told.new_bodies().await;
    let eleventh = desk.send("ข้อความที่ 11").await;
    let failed = told.one("message.sent").await;
    fits(&failed, &fixture("respondio/webhook-message.sent.failed"), "failed");
    assert_eq!(failed["message"]["messageId"], eleventh["messageId"]);
    assert_eq!(
        (&failed["message"]["traffic"], &failed["message"]["channelMessageId"]),
        (&json!("outgoing"), &Value::Null)
    );

    let contact = format!("contact/id:{}/conversation/status", desk.contact());
    desk.ok("POST", &contact, fixture("respondio/conversation-status.request")).await;
    let closed = told.one("conversation.closed").await;
    let mut known = fixture("respondio/webhook-conversation.closed");
    // There the contact lost its assignee, here it keeps it.
    known["contact"]["assignee"] = closed["contact"]["assignee"].clone();
    fits(&closed, &known, "closed");
    assert_eq!(closed["contact"]["status"], "closed");
    let counts = (&closed["conversation"]["incomingMessageCount"], &closed["conversation"]["outgoingMessageCount"]);
    assert_eq!(counts, (&json!(4), &json!(11)));
    desk.write("hello again");
    let opened = told.one("conversation.opened").await;
    fits(&opened, &fixture("respondio/webhook-conversation.opened"), "opened");
    assert_eq!(opened["conversation"]["openedBySource"], "contact");
}

#[tokio::test]
async fn what_is_told_and_when() {
    let told = Told::start(Desk::new()).await;
    let desk = &told.desk;
    desk.write("one");
    assert_eq!(told.names().await, ["contact.created", "conversation.opened", "message.received"]);
    desk.write("two");
    assert_eq!(told.names().await, ["message.received"]);
    desk.send("three").await;
    assert_eq!(told.names().await, ["message.sent"]);
    desk.world.sim.app_reply(&AppReply::text(BUSINESS, CUSTOMER, "four")).unwrap();
    let echo = told.one("message.sent").await;
    assert_eq!(
        (&echo["message"]["sender"]["source"], &echo["message"]["message"]["text"]),
        (&json!("echo"), &json!("four"))
    );
    let contact = format!("contact/id:{}", desk.contact());
    desk.ok("DELETE", &format!("{contact}/tag"), json!(["x"])).await;
    assert_eq!(told.names().await, ["contact.updated"]);
    let open = json!({"status": "open"});
    desk.ok("POST", &format!("{contact}/conversation/status"), open).await;
    assert!(told.names().await.is_empty(), "it was open");
}

#[tokio::test]
async fn a_send_can_be_told_twice() {
    let settings = Settings { announce_pending: true, ..Settings::default() };
    let told = Told::start(Desk::with(settings)).await;
    told.desk.write("hi");
    told.new_bodies().await;
    let sent = told.desk.send("x").await;
    let states: Vec<_> = told
        .new_bodies()
        .await
        .iter()
        .map(|body| {
            assert_eq!(body["message"]["messageId"], sent["messageId"]);
            body["message"]["status"].as_array().unwrap().len()
        })
        .collect();
    assert_eq!(states, [1, 2], "pending, then pending and sent");
}

#[tokio::test]
async fn any_2xx_is_enough_and_nothing_is_repeated() {
    let told = Told::start(Desk::new()).await;
    told.desk.write("one");
    told.new_bodies().await;
    told.log.lock().unwrap().1 = 503;
    told.desk.write("two");
    told.desk.world.sim.advance(100 * 3_600_000).await;
    let log = told.desk.world.sim.webhook_log();
    let of = |event: &str| log.iter().filter(|hook| hook.event == event && hook.url.is_some()).collect::<Vec<_>>();
    let received: Vec<_> = of("message.received").iter().map(|hook| (hook.state, hook.tries.len())).collect();
    assert_eq!(received, [("delivered", 1), ("given_up", 1)]);
}

#[tokio::test]
async fn duplicates_and_disorder() {
    let told = Told::start(Desk::new()).await;
    told.desk.write("zero");
    told.new_bodies().await;
    let sim = &told.desk.world.sim;
    sim.set_fault(NewFault::new("webhook", FaultKind::Duplicate).times(1));
    told.desk.write("twice");
    let first = told.new_bodies().await;
    sim.advance(200).await;
    let again = told.log.lock().unwrap().0.last().unwrap().1.clone();
    assert_eq!(serde_json::from_slice::<Value>(&again).unwrap(), first[0], "the same event id");

    sim.clear_faults();
    sim.set_fault(NewFault::new("webhook", FaultKind::OutOfOrder));
    let before = told.log.lock().unwrap().0.len();
    for text in ["a", "b", "c"] {
        told.desk.write(text);
    }
    sim.advance(1000).await;
    let log = told.log.lock().unwrap();
    let text = |body: &Bytes| serde_json::from_slice::<Value>(body).unwrap()["message"]["message"]["text"].clone();
    let texts: Vec<_> = log.0[before..].iter().map(|(_, body)| text(body)).filter(Value::is_string).collect();
    assert_eq!(texts.len(), 3);
    assert_ne!(texts, ["a", "b", "c"]);
}

#[tokio::test]
async fn webhooks_need_the_advanced_plan() {
    let new = NewWorkspace { plan: Plan::Growth, ..NewWorkspace::default() };
    let told = Told::start(Desk::made(new, None)).await;
    told.desk.write("hi");
    assert!(told.names().await.is_empty());
    assert_eq!(told.desk.messages().await.len(), 1, "but the API has it");
}
