//! Tokens, plans, limits, faults, errors, and the control side over HTTP.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use simulator::respondio::{NewWorkspace, Plan};
use simulator::{FaultKind, NewFault};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::respondio::Desk;
use crate::support::{BUSINESS, CUSTOMER, fixture, raw, shape};

fn header<'a>(headers: &'a axum::http::HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap())
}

async fn code(desk: &Desk, token: &str) -> u16 {
    desk.raw("GET", "space/user?limit=1", token, &Value::Null).await.0.as_u16()
}

#[tokio::test]
async fn a_token_opens_its_own_workspace_only() {
    let desk = Desk::new();
    let token = desk.workspace.tokens[0].clone();
    assert_eq!(token.split('.').count(), 3, "looks like a JWT: {token}");
    for wrong in ["", "x", &token[1..]] {
        let (status, _, body) = desk.raw("GET", "space/user", wrong, &Value::Null).await;
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((status.as_u16(), shape(&body)), (401, shape(&fixture("respondio/error-401"))));
    }
    let bare = Request::get("/respondio/v2/space/user").header("authorization", &token).body(Body::empty()).unwrap();
    assert_eq!(raw(&desk.world.sim, bare).await.0.as_u16(), 401, "without Bearer");

    let other = desk.world.sim.create_respondio_workspace(NewWorkspace::default());
    desk.write("hi");
    let path = format!("contact/id:{}", desk.contact());
    assert_eq!(desk.raw("GET", &path, &other.tokens[0], &Value::Null).await.0.as_u16(), 404);
    let second = desk.world.sim.add_respondio_token(desk.workspace.id, false).unwrap();
    assert_eq!((code(&desk, &token).await, code(&desk, &second).await), (200, 200));
    let third = desk.world.sim.add_respondio_token(desk.workspace.id, true).unwrap();
    assert_eq!((code(&desk, &token).await, code(&desk, &second).await, code(&desk, &third).await), (401, 401, 200));
}

#[tokio::test]
async fn the_cheapest_plan_has_no_api() {
    let new = NewWorkspace { plan: Plan::Starter, ..NewWorkspace::default() };
    let desk = Desk::made(new, None);
    let (status, answer) = desk.call("GET", "space/user", Value::Null).await;
    assert_eq!((status, &answer["code"]), (403, &json!(403)));
}

#[tokio::test]
async fn five_a_second_per_endpoint_for_the_whole_organization() {
    let desk = Desk::made(NewWorkspace::default(), Some(10));
    let token = desk.workspace.tokens[0].clone();
    let sister = desk.world.sim.create_respondio_workspace(NewWorkspace::default());
    let stranger =
        desk.world.sim.create_respondio_workspace(NewWorkspace { organization: Some(2), ..NewWorkspace::default() });
    for left in ["4", "3", "2", "1"] {
        let (status, headers, _) = desk.raw("GET", "space/user", &token, &Value::Null).await;
        assert_eq!(status.as_u16(), 200);
        assert_eq!(
            (header(&headers, "x-ratelimit-limit"), header(&headers, "x-ratelimit-remaining")),
            (Some("5"), Some(left))
        );
        assert_eq!(header(&headers, "retry-after"), None);
    }
    assert_eq!(code(&desk, &sister.tokens[0]).await, 200, "the fifth");
    let (status, headers, body) = desk.raw("GET", "space/user", &token, &Value::Null).await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((status.as_u16(), shape(&body)), (429, shape(&fixture("respondio/error-429"))));
    assert_eq!((header(&headers, "retry-after"), header(&headers, "x-ratelimit-remaining")), (Some("1"), Some("0")));
    assert_eq!(code(&desk, &sister.tokens[0]).await, 429, "shared");
    assert_eq!(code(&desk, &stranger.tokens[0]).await, 200, "another organization");
    assert_eq!(desk.call("GET", "space/channel", Value::Null).await.0, 200, "another endpoint");
    desk.world.sim.advance(1000).await;
    assert_eq!(code(&desk, &token).await, 200, "a second later");
}

#[tokio::test]
async fn refused_calls_do_nothing() {
    let desk = Desk::new();
    desk.write("hi");
    let sim = &desk.world.sim;
    let path = format!("contact/id:{}/message", desk.contact());
    let body = json!({"message": {"type": "text", "text": "x"}});
    let send = async || desk.raw("POST", &path, &desk.workspace.tokens[0], &body).await;
    for status in [400, 401, 404, 409, 429, 449, 500] {
        sim.set_fault(NewFault::new("contact/send", FaultKind::Code).value(i64::from(status)).times(1));
        let (answered, headers, bytes) = send().await;
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!((answered.as_u16(), &answer["code"]), (status, &json!(status)));
        assert_eq!(shape(&answer), shape(&fixture(&format!("respondio/error-{status}"))));
        assert_eq!(header(&headers, "content-type"), Some("application/json; charset=utf-8"));
    }
    sim.set_fault(NewFault::new("contact/send", FaultKind::RateLimit).times(1));
    let (status, headers, _) = send().await;
    assert_eq!((status.as_u16(), header(&headers, "retry-after")), (429, Some("2")));
    // The page of a content delivery network.
    for (value, expected) in [(None, 403), (Some(502), 502)] {
        let fault = NewFault::new("respondio/contact/send", FaultKind::HttpStatus).times(1);
        sim.set_fault(value.map_or(fault.clone(), |value| fault.value(value)));
        let (status, headers, bytes) = send().await;
        let known = fixture("respondio/response-headers")["blocked_html"].clone();
        assert_eq!((status.as_u16(), header(&headers, "content-type")), (expected, Some("text/html")));
        assert_eq!(std::str::from_utf8(&bytes).unwrap(), known["body"].as_str().unwrap());
    }
    assert_eq!(desk.messages().await.len(), 1, "nothing was sent");
    assert_eq!(send().await.0.as_u16(), 200, "and the faults are used up");
    let calls = sim.calls();
    let sends: Vec<_> = calls.iter().filter(|call| call.endpoint == "respondio/contact/send").collect();
    assert_eq!(sends.len(), 11);
    assert_eq!((sends[5].status, sends[5].code, sends[5].fault), (449, 449, Some("code")));
}

#[tokio::test]
async fn faults_strike_respondio_or_tiktok() {
    let desk = Desk::new();
    let written = desk.write("hi");
    desk.world.sim.set_fault(NewFault::new("message/send", FaultKind::Code).value(50_000));
    desk.send("through").await;
    let other = desk.world.send(&written.conversation_id, "not through").await;
    assert_eq!(other["code"], 50_000);
    desk.world.sim.clear_faults();
    desk.world.sim.set_fault(NewFault::new("*", FaultKind::Revoked));
    assert_eq!(desk.call("GET", "space/user", Value::Null).await.0, 401);
}

#[tokio::test]
async fn lines_are_cut_before_and_after() {
    let (desk, mut tasks) = (Desk::new(), JoinSet::new());
    desk.write("hi");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/respondio/v2/contact/id:{}/message", listener.local_addr().unwrap(), desk.contact());
    let (stop, stopped) = oneshot::channel::<()>();
    let sim = desk.world.sim.clone();
    tasks.spawn(async move {
        sim.serve(listener, async {
            stopped.await.ok();
        })
        .await
        .unwrap();
    });
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_mins(1)).build().unwrap();
    let post = async || {
        let body = json!({"message": {"type": "text", "text": "x"}}).to_string();
        client.post(&url).bearer_auth(&desk.workspace.tokens[0]).body(body).send().await
    };
    for (kind, messages) in [(FaultKind::ResetBefore, 1), (FaultKind::ResetAfter, 2)] {
        desk.world.sim.set_fault(NewFault::new("contact/send", kind).times(1));
        let error = post().await.unwrap_err();
        assert!(error.is_request(), "no answer at all: {error:?}");
        assert_eq!(desk.messages().await.len(), messages, "{kind:?}");
    }
    assert_eq!(post().await.unwrap().status(), 200);
    drop(stop);
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}

#[tokio::test]
async fn unknown_paths_and_bodies() {
    let desk = Desk::new();
    for (method, path) in [
        ("GET", "contact/list"),
        ("GET", "nothing"),
        ("GET", "contact/id:1/conversation"),
        ("POST", "contact"),
        ("GET", "message/1"),
        ("PATCH", "contact/id:1"),
    ] {
        let (status, answer) = desk.call(method, path, Value::Null).await;
        assert!(matches!(status, 400 | 404), "{method} {path}: {status} {answer}");
        assert_eq!(answer["code"], status);
    }
    let request = Request::post("/respondio/v2/contact/list")
        .header("authorization", format!("Bearer {}", desk.workspace.tokens[0]));
    let (status, _, _) = raw(&desk.world.sim, request.body(Body::from("{not json")).unwrap()).await;
    assert_eq!(status.as_u16(), 400);
}

async fn control(desk: &Desk, method: &str, path: &str, body: Value) -> (u16, Value) {
    let request = Request::builder().method(method).uri(format!("/sim/respondio/{path}"));
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let (status, _, bytes) = raw(&desk.world.sim, request.header("host", "localhost:4000").body(body).unwrap()).await;
    (status.as_u16(), serde_json::from_slice(&bytes).unwrap())
}

#[tokio::test]
async fn the_control_side_sets_everything_up() {
    let desk = Desk::new();
    let made =
        json!({"name": "ร้าน", "plan": "advanced", "token": "chosen-token", "settings": {"contact_order": "falling"}});
    let (status, space) = control(&desk, "POST", "workspaces", made).await;
    assert_eq!((status, &space["tokens"]), (200, &json!(["chosen-token"])));
    let space = format!("workspaces/{}", space["id"]);
    let (status, channel) = control(&desk, "POST", &format!("{space}/channels"), json!({"business": BUSINESS})).await;
    assert_eq!((status, &channel["name"]), (200, &json!("บ้านกาแฟ ☕ Demo")));
    let hook = json!({"event": "message.received", "url": "http://localhost:1/x", "signing_key": "key"});
    let (_, hooks) = control(&desk, "POST", &format!("{space}/webhooks"), hook).await;
    assert_eq!(hooks["items"][0]["signing_key"], "key");
    let (_, token) = control(&desk, "POST", &format!("{space}/tokens"), json!({})).await;
    assert_eq!((code(&desk, "chosen-token").await, code(&desk, token["token"].as_str().unwrap()).await), (200, 200));

    desk.write("hi");
    let (_, contacts) = control(&desk, "GET", &format!("{space}/contacts"), Value::Null).await;
    let contact = &contacts["items"][0];
    assert_eq!(contact["messages"][0]["message"]["text"], "hi");
    assert_eq!(control(&desk, "POST", &format!("{space}/settings"), json!({"hold_sends": true})).await.0, 200);
    let reply = json!({"contact": contact["id"], "text": "hello", "source": "workflow"});
    let (status, sent) = control(&desk, "POST", &format!("{space}/replies"), reply).await;
    assert_eq!((status, sent["messageId"].is_u64()), (200, true));
    assert_eq!(control(&desk, "POST", &format!("{space}/settle"), json!({})).await.1, json!({"settled": 1}));
    let (_, contacts) = control(&desk, "GET", &format!("{space}/contacts"), Value::Null).await;
    assert_eq!(contacts["items"][0]["messages"][1]["sender"], json!({"source": "workflow"}));
    let (_, all) = control(&desk, "GET", "workspaces", Value::Null).await;
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
    assert_eq!(control(&desk, "GET", &space, Value::Null).await.1["settings"]["hold_sends"], true);

    let removed = format!("{space}/channels/{}", channel["id"]);
    for expected in [200, 404] {
        assert_eq!(control(&desk, "DELETE", &removed, Value::Null).await.0, expected);
    }
    let (_, channel) = control(&desk, "POST", &format!("{space}/channels"), json!({"business": BUSINESS})).await;
    assert!(!removed.ends_with(&format!("/{}", channel["id"])), "connected again it has another number");

    for (path, body, expected) in [
        ("workspaces/1/channels".to_owned(), json!({"business": BUSINESS}), 404),
        (format!("{space}/channels"), json!({"business": "nobody"}), 404),
        (format!("{space}/channels"), json!({"business": BUSINESS}), 409),
        (format!("{space}/webhooks"), json!({"event": "call.ended", "url": "http://localhost:1/"}), 400),
        (format!("{space}/replies"), json!({"contact": 1, "text": "x"}), 404),
        ("workspaces".to_owned(), json!({"plan": "gold"}), 400),
    ] {
        assert_eq!(control(&desk, "POST", &path, body).await.0, expected, "{path}");
    }
    // From this machine only, like the rest of the control side.
    let foreign = Request::get("/sim/respondio/workspaces").header("host", "evil.example").body(Body::empty()).unwrap();
    assert_eq!(raw(&desk.world.sim, foreign).await.0.as_u16(), 421);
    assert_eq!(desk.world.sim.conversation(&desk.write("x").conversation_id).unwrap().conversation.customer, CUSTOMER);
}

#[tokio::test]
async fn a_fault_may_concern_one_contact() {
    let desk = Desk::new();
    desk.write("hi");
    let list = format!("contact/id:{}/message/list?limit=1", desk.contact());
    let fault = NewFault::new("respondio/contact/messages", FaultKind::Code).value(500);
    desk.world.sim.set_fault(fault.at(&format!("/contact/id:{}/", desk.contact())));
    assert_eq!(desk.call("GET", &list, Value::Null).await.0, 500);
    assert_eq!(desk.call("GET", "contact/id:1/message/list?limit=1", Value::Null).await.0, 404, "another contact");
    assert_eq!(desk.call("GET", &format!("contact/id:{}", desk.contact()), Value::Null).await.0, 200, "another call");
    desk.world.sim.clear_faults();
    assert_eq!(desk.call("GET", &list, Value::Null).await.0, 200);
}
