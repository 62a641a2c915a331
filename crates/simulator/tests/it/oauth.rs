//! The way of a person through the consent page, and of tokens through their lives.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use simulator::{DEFAULT_APP_ID, NewBusiness, Simulator};
use url::Url;

use crate::support::{BUSINESS, CUSTOMER, World, credentials, query, raw, world};

const BACK: &str = "http://localhost:3000/auth/callback";
const SIX: &str =
    "user.info.basic,user.info.username,user.account.type,message.list.read,message.list.send,message.list.manage";

fn ask(changes: &[(&str, &str)]) -> String {
    let mut pairs = vec![
        ("client_key", DEFAULT_APP_ID),
        ("response_type", "code"),
        ("scope", SIX),
        ("redirect_uri", BACK),
        ("state", "s+1&2"),
        ("disable_auto_auth", "1"),
    ];
    for (name, value) in changes {
        pairs.retain(|(key, _)| key != name);
        pairs.push((name, value));
    }
    query(&pairs)
}

async fn open(sim: &Simulator, changes: &[(&str, &str)], slash: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::get(format!("/v2/auth/authorize{slash}?{}", ask(changes))).body(Body::empty()).unwrap();
    let (status, headers, bytes) = raw(sim, request).await;
    (status, headers, String::from_utf8(bytes.to_vec()).unwrap())
}

async fn decide(sim: &Simulator, decision: &str, account: &str, granted: &[&str]) -> Url {
    let mut form = ask(&[]);
    form.push('&');
    form.push_str(&query(&[("decision", decision), ("account", account)]));
    for scope in granted {
        form.push('&');
        form.push_str(&query(&[("granted", scope)]));
    }
    let request = Request::post("/v2/auth/authorize/")
        .header("host", "localhost:4000")
        .header("origin", "http://localhost:4000")
        .body(Body::from(form))
        .unwrap();
    let (status, headers, _) = raw(sim, request).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    Url::parse(headers["location"].to_str().unwrap()).unwrap()
}

fn value(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

async fn exchange(world: &World, code: &str, redirect: &str) -> Value {
    let mut body = credentials();
    body["grant_type"] = json!("authorization_code");
    body["auth_code"] = json!(code);
    body["redirect_uri"] = json!(redirect);
    world.post("tt_user/oauth2/token", &body).await
}

#[tokio::test]
async fn consent_with_and_without_slash() {
    let world = world();
    for slash in ["", "/"] {
        let (status, headers, page) = open(&world.sim, &[], slash).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("account-baan.kafe.demo") && page.contains("scope-message.list.send"), "{page}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("form-action 'self' http://localhost:3000"), "{policy}");
    }
}

#[tokio::test]
async fn mistakes_in_the_link() {
    let world = world();
    for change in
        [("client_key", "1"), ("redirect_uri", "https://evil.example/"), ("redirect_uri", "javascript:alert(1)")]
    {
        let (status, headers, _) = open(&world.sim, &[change], "/").await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(headers.get("location").is_none(), "an unknown address is never redirected to");
    }
    let (status, headers, _) = open(&world.sim, &[("scope", "user.info.basic,moon.read")], "/").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let back = Url::parse(headers["location"].to_str().unwrap()).unwrap();
    assert_eq!(
        (value(&back, "error"), value(&back, "error_type"), value(&back, "state")),
        ("invalid_scope".to_owned(), "scope".to_owned(), "s+1&2".to_owned())
    );
}

#[tokio::test]
async fn approving_with_a_scope_unticked() {
    let world = world();
    let back = decide(&world.sim, "authorize", BUSINESS, &["user.info.basic", "message.list.read"]).await;
    assert_eq!(value(&back, "scopes"), "user.info.basic,message.list.read");
    assert_eq!(value(&back, "state"), "s+1&2");
    let code = value(&back, "code");
    assert_eq!(
        exchange(&world, &code, "http://localhost:3000/other").await["message"],
        "Param redirect_uri is invalid."
    );
    let token = exchange(&world, &code, BACK).await;
    assert_eq!(
        (&token["code"], &token["data"]["scope"], &token["data"]["open_id"]),
        (&json!(0), &json!("user.info.basic,message.list.read"), &json!(world.open_id))
    );
    assert_eq!(exchange(&world, &code, BACK).await["code"], 40110, "single use");

    let world = World { token: token["data"]["access_token"].as_str().unwrap().to_owned(), ..world };
    let conversation =
        world.sim.customer_writes(&simulator::CustomerMessage::text(CUSTOMER, BUSINESS, "hi")).unwrap().conversation_id;
    assert_eq!(world.send(&conversation, "no").await["code"], 40001);
    let list = [("business_id", world.open_id.as_str()), ("conversation_type", "STRANGER")];
    assert_eq!(world.get("business/message/conversation/list", &list).await["code"], 0);
    let fields = [("business_id", world.open_id.as_str()), ("fields", "[\"username\"]")];
    assert_eq!(world.get("business/get", &fields).await["code"], 40001);
}

#[tokio::test]
async fn cancelling_and_a_foreign_page() {
    let world = world();
    let back = decide(&world.sim, "deny", BUSINESS, &[]).await;
    assert_eq!((value(&back, "error"), value(&back, "code")), ("access_denied".to_owned(), String::new()));
    let request = Request::post("/v2/auth/authorize/")
        .header("host", "localhost:4000")
        .header("origin", "http://evil.example")
        .body(Body::from(ask(&[])))
        .unwrap();
    assert_eq!(raw(&world.sim, request).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_code_lives_ten_minutes_and_needs_the_right_secret() {
    let world = world();
    let code = value(&decide(&world.sim, "authorize", BUSINESS, &["user.info.basic"]).await, "code");
    let mut body = credentials();
    body["client_secret"] = json!("wrong");
    body["grant_type"] = json!("authorization_code");
    assert_eq!(world.post("tt_user/oauth2/token", &body).await["code"], 40101);
    world.sim.advance(10 * 60_000).await;
    assert_eq!(exchange(&world, &code, BACK).await["code"], 40110);
}

#[tokio::test]
async fn the_life_of_tokens() {
    let world = world();
    let code = value(&decide(&world.sim, "authorize", BUSINESS, &["user.info.basic"]).await, "code");
    let token = exchange(&world, &code, BACK).await["data"].clone();
    let profile = async |access: &Value| {
        let world = World {
            sim: world.sim.clone(),
            token: access.as_str().unwrap_or_default().to_owned(),
            open_id: world.open_id.clone(),
        };
        world.get("business/get", &[("business_id", &world.open_id)]).await["code"].as_i64().unwrap()
    };
    assert_eq!(profile(&json!(world.token)).await, 40105, "a new authorization ends the former one");
    assert_eq!(profile(&json!("")).await, 40104);
    assert_eq!(profile(&json!("Bearer abc")).await, 40105);
    assert_eq!(profile(&token["access_token"]).await, 0);
    world.sim.advance(86_400_000).await;
    assert_eq!(profile(&token["access_token"]).await, 40105, "after a day");

    let refresh = async |refresh: &Value, kind: &str| {
        let mut body = credentials();
        body["grant_type"] = json!(kind);
        body["refresh_token"] = refresh.clone();
        world.post("tt_user/oauth2/refresh_token", &body).await
    };
    assert_eq!(refresh(&token["refresh_token"], "password").await["code"], 40108);
    let fresh = refresh(&token["refresh_token"], "refresh_token").await["data"].clone();
    assert_eq!(refresh(&token["refresh_token"], "refresh_token").await["code"], 40107, "it rotates");
    assert_eq!(profile(&fresh["access_token"]).await, 0);
    world.sim.advance(364 * 86_400_000).await;
    assert_eq!(
        refresh(&fresh["refresh_token"], "refresh_token").await["code"],
        40103,
        "a refresh does not extend the year"
    );
}

#[tokio::test]
async fn excluded_accounts_can_connect_but_not_message() {
    let world = world();
    for (name, new) in [
        ("berlin.shop", NewBusiness { region: Some("DE".to_owned()), ..NewBusiness::new("berlin.shop", "Berlin") }),
        ("somchai.demo", NewBusiness { is_business_account: Some(false), ..NewBusiness::new("somchai.demo", "สมชาย") }),
    ] {
        let business = world.sim.create_business(new).unwrap();
        let token = world.sim.grant(name, DEFAULT_APP_ID, &simulator::SCOPES).unwrap().access_token;
        let other = World { sim: world.sim.clone(), token, open_id: business.open_id };
        let list = [("business_id", other.open_id.as_str()), ("conversation_type", "SINGLE")];
        assert_eq!(other.get("business/message/conversation/list", &list).await["code"], 40001);
        let profile = other.get("business/get", &list[..1]).await["code"].as_i64();
        assert_eq!(profile, Some(if name == "berlin.shop" { 40001 } else { 0 }), "{name}");
    }
}

#[tokio::test]
async fn authorizations_outlive_a_restart() {
    let (before, after) = (world(), world());
    let code = value(&decide(&before.sim, "authorize", BUSINESS, &["user.info.basic"]).await, "code");
    let token = exchange(&before, &code, BACK).await["data"]["access_token"].as_str().unwrap().to_owned();
    let kept = serde_json::to_string(&before.sim.grants()).unwrap();
    after.sim.restore_grants(serde_json::from_str(&kept).unwrap());
    let after = World { token, ..after };
    assert_eq!(after.get("business/get", &[("business_id", &after.open_id)]).await["code"], 0);
}
