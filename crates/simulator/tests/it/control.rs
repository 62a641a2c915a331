//! The control API over HTTP, its guard, the console's files.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use simulator::Simulator;

use crate::support::{BUSINESS, CUSTOMER, START, png, raw, world};

async fn call(sim: &Simulator, method: &str, path: &str, body: Body) -> (StatusCode, Value) {
    let request = Request::builder().method(method).uri(path).header("host", "localhost:4000").body(body).unwrap();
    let (status, _, bytes) = raw(sim, request).await;
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

async fn post(sim: &Simulator, path: &str, body: Value) -> (StatusCode, Value) {
    call(sim, "POST", path, Body::from(body.to_string())).await
}

#[tokio::test]
async fn people_messages_and_views() {
    let world = world();
    let sim = &world.sim;
    assert_eq!(post(sim, "/sim/businesses", json!({"username": "krok.coffee", "display_name": "Krok"})).await.0, 200);
    assert_eq!(post(sim, "/sim/businesses", json!({"username": "krok.coffee"})).await.0, 409);
    assert_eq!(post(sim, "/sim/customers", json!({"username": "../etc"})).await.0, 400);
    assert_eq!(
        post(sim, "/sim/customers", json!({"username": "art.s", "display_name": "Art", "region": "SG"})).await.1["region"],
        "SG"
    );
    let (_, media) = call(sim, "POST", "/sim/media", Body::from(png(60))).await;
    let (_, written) = post(
        sim,
        "/sim/messages",
        json!({"customer": "art.s", "business": "krok.coffee", "type": "image", "media_id": media["media_id"]}),
    )
    .await;
    let id = written["conversation_id"].as_str().unwrap();
    let encoded: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
    for path in [format!("/sim/conversations/{encoded}"), format!("/sim/conversations/{id}")] {
        let (status, view) = call(sim, "GET", &path, Body::empty()).await;
        assert_eq!(status, 200, "{path}");
        assert_eq!(
            (&view["ledger"]["quota_left"], &view["ledger"]["state"], &view["messages"][0]["content"]["type"]),
            (&json!(10), &json!("open"), &json!("image"))
        );
        assert_eq!(view["ledger"]["window_closes_at"], START + 48 * 3_600_000);
    }
    let (_, reply) = post(
        sim,
        "/sim/app-replies",
        json!({"business": "krok.coffee", "customer": "art.s", "type": "text", "text": "hi"}),
    )
    .await;
    assert_eq!(reply["conversation_id"], id);
    assert_eq!(post(sim, "/sim/reads", json!({"business": "krok.coffee", "customer": "art.s"})).await.0, 200);
    assert_eq!(
        post(
            sim,
            "/sim/referrals",
            json!({"business": "krok.coffee", "customer": "art.s", "source": "short_link", "ref": "x"})
        )
        .await
        .0,
        200
    );
    assert_eq!(
        post(sim, "/sim/messages", json!({"customer": "nobody", "business": "krok.coffee", "text": "x"})).await.0,
        404
    );
    let (_, state) = call(sim, "GET", "/sim/state", Body::empty()).await;
    assert_eq!(
        (state["businesses"].as_array().unwrap().len(), state["customers"].as_array().unwrap().len(), &state["now"]),
        (2, 2, &json!(START))
    );
}

#[tokio::test]
async fn clock_faults_apps_and_logs() {
    let world = world();
    let sim = &world.sim;
    assert_eq!(post(sim, "/sim/clock", json!({"advance_ms": 60_000})).await.1["now"], START + 60_000);
    assert_eq!(post(sim, "/sim/clock", json!({"advance_ms": -1})).await.0, 400);
    let (_, fault) = post(
        sim,
        "/sim/faults",
        json!({"endpoint": "message/send", "kind": "lose_answer", "times": 2, "probability": 0.5}),
    )
    .await;
    assert_eq!((&fault["kind"], &fault["times_left"]), (&json!("lose_answer"), &json!(2)));
    assert_eq!(call(sim, "GET", "/sim/faults", Body::empty()).await.1["items"].as_array().unwrap().len(), 1);
    assert_eq!(call(sim, "DELETE", &format!("/sim/faults/{}", fault["id"]), Body::empty()).await.0, 200);
    assert_eq!(call(sim, "DELETE", &format!("/sim/faults/{}", fault["id"]), Body::empty()).await.0, 404);
    assert_eq!(post(sim, "/sim/faults", json!({"kind": "earthquake"})).await.0, 400);
    let (_, app) = post(sim, "/sim/apps", json!({"app_id": "7", "secret": "hidden", "redirect_uris": []})).await;
    assert!(app["secret"].is_null() && app["app_id"] == "7");
    post(sim, "/sim/messages", json!({"customer": CUSTOMER, "business": BUSINESS, "text": "hi"})).await;
    world.get("business/get", &[("business_id", &world.open_id)]).await;
    assert_eq!(call(sim, "GET", "/sim/calls", Body::empty()).await.1["items"][0]["endpoint"], "business/get");
    let (_, hooks) = call(sim, "GET", "/sim/webhooks", Body::empty()).await;
    assert_eq!(
        (&hooks["items"][0]["event"], &hooks["items"][0]["state"]),
        (&json!("im_receive_msg"), &json!("no_callback"))
    );
    assert_eq!(post(sim, "/sim/revoke", json!({"business": BUSINESS})).await.0, 200);
}

#[tokio::test]
async fn settings_posts_comments_and_authorizations() {
    let world = world();
    let sim = &world.sim;
    let (status, changed) =
        post(sim, "/sim/settings", json!({"business": BUSINESS, "rules": "guide", "review": "manual", "region": "vn"}))
            .await;
    assert_eq!((status.as_u16(), &changed["rules"], &changed["region"]), (200, &json!("guide"), &json!("VN")));
    assert_eq!(post(sim, "/sim/settings", json!({"business": "nobody"})).await.0, 404);
    assert_eq!(post(sim, "/sim/settings", json!({"business": BUSINESS, "colour": "red"})).await.0, 400, "no guessing");
    post(sim, "/sim/settings", json!({"business": BUSINESS, "comment_to_message": true})).await;

    let new = json!({"business": BUSINESS, "auto_message_type": "CHAT_PROMPT", "chat_prompt": {"title": "a", "content": "b"}});
    let (_, made) = post(sim, "/sim/auto-messages", new.clone()).await;
    assert_eq!(made["audit_status"], "REVIEWING");
    assert_eq!(post(sim, "/sim/auto-messages", new).await.0, 400, "twice the same");
    let path = format!("/sim/auto-messages/{}/review", made["auto_message_id"].as_str().unwrap());
    assert_eq!(post(sim, &path, json!({"approve": true})).await.1["audit_status"], "APPROVED");
    assert_eq!(post(sim, "/sim/auto-messages/1/review", json!({"approve": true})).await.0, 404);
    let off = json!({"business": BUSINESS, "auto_message_type": "CHAT_PROMPT", "on": false});
    assert_eq!(post(sim, "/sim/auto-messages/switch", off).await.0, 200);
    let (_, state) = call(sim, "GET", "/sim/state", Body::empty()).await;
    assert_eq!(
        (&state["businesses"][0]["enabled_auto_messages"], &state["businesses"][0]["auto_messages"][0]["words"]),
        (&json!([]), &json!(["a", "b"]))
    );

    let (_, posted) = post(sim, "/sim/posts", json!({"business": BUSINESS, "caption": "new"})).await;
    let comment = json!({"business": BUSINESS, "customer": CUSTOMER, "text": "?", "video_id": posted["item_id"]});
    let (_, comment) = post(sim, "/sim/comments", comment).await;
    let hide = json!({"comment_id": comment["comment_id"], "action": "set_to_hidden"});
    assert_eq!(post(sim, "/sim/comment-actions", hide).await.0, 200);
    assert_eq!(post(sim, "/sim/comment-actions", json!({"comment_id": "1", "action": "eat"})).await.0, 400);
    assert_eq!(post(sim, "/sim/accepts", json!({"business": BUSINESS, "customer": CUSTOMER})).await.0, 200);

    let (_, grant) = post(sim, "/sim/grants", json!({"business": BUSINESS})).await;
    let other = crate::support::World {
        sim: sim.clone(),
        token: grant["access_token"].as_str().unwrap().to_owned(),
        open_id: world.open_id.clone(),
    };
    assert_eq!(other.get("business/get", &[("business_id", &world.open_id)]).await["code"], 0);
    assert_eq!(call(sim, "GET", "/sim/grants", Body::empty()).await.1["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        post(sim, "/sim/callbacks", json!({"callback_url": "http://localhost:1/", "event_type": "VIDEO"})).await.0,
        200
    );
    post(sim, "/sim/emit", json!({"business": BUSINESS, "category": "VIDEO", "event": "post.publish.complete", "content": {"publish_id": "v1", "publish_type": "DIRECT_PUBLISH"}})).await;
    let hook = sim.webhook_log().pop().unwrap();
    assert_eq!((hook.event.as_str(), hook.url.as_deref()), ("post.publish.complete", Some("http://localhost:1/")));
    assert_eq!(post(sim, "/sim/revoke", json!({"business": BUSINESS, "notify": true, "reason": 4})).await.0, 200);
    assert!(sim.webhook_log().pop().unwrap().body.contains("reason\\\":4"));
    assert_eq!(post(sim, "/sim/revoke", json!({"business": BUSINESS, "reason": 6})).await.0, 400);
}

#[tokio::test]
async fn strangers_are_refused() {
    let world = world();
    let get = |host: &str, origin: Option<&str>| {
        let mut request = Request::get("/sim/state").header("host", host);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        request.body(Body::empty()).unwrap()
    };
    for (host, origin, status) in [
        ("localhost:4000", None, 200),
        ("127.0.0.1:4000", Some("http://127.0.0.1:4000"), 200),
        ("[::1]:4000", None, 200),
        ("evil.example", None, 421),
        ("localhost:4000", Some("http://evil.example"), 403),
        ("localhost:4000", Some("null"), 403),
        ("localhost:4000", Some("http://localhost:3000"), 403),
    ] {
        assert_eq!(raw(&world.sim, get(host, origin)).await.0.as_u16(), status, "{host} {origin:?}");
    }
}

#[tokio::test]
async fn the_console_needs_nothing_from_elsewhere() {
    let world = world();
    let request = |path: &str| Request::get(path).header("host", "localhost:4000").body(Body::empty()).unwrap();
    let (status, headers, page) = raw(&world.sim, request("/")).await;
    assert_eq!(status, 200);
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"));
    let page = String::from_utf8(page.to_vec()).unwrap();
    assert!(
        !page.contains("<style") && !page.contains("style=") && !page.contains("http://") && !page.contains("https://")
    );
    let files =
        page.split(['"']).filter(|piece| piece.starts_with("/console/")).map(|piece| piece.split('#').next().unwrap());
    for file in files {
        assert_eq!(raw(&world.sim, request(file)).await.0, 200, "{file}");
    }
    assert_eq!(raw(&world.sim, request("/console/../Cargo.toml")).await.0, 404);
}
