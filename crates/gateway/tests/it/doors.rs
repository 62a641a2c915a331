//! Who gets in and who does not: first-run link, passwords, sessions, keys, hosts, origins, and what bad input is answered.

use std::time::Duration;

use domain::{Id, identity::ApiKey};
use message_gateway::{
    app::{Gateway, LaunchError, StoreOpenError},
    auth::{Revocation, make_link},
    config::Config,
    http::openapi,
    keyring::KeyringError,
};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::harness::{API_SECRET, World};

const PASSWORD: &str = "a good long password";

/// A request without any credentials.
fn bare(world: &World, method: &str, path: &str) -> RequestBuilder {
    world.http.request(method.parse().unwrap(), format!("{}{path}", world.base))
}

/// Sends, and checks that the answer is a problem of this kind.
async fn refused(request: RequestBuilder, status: u16, slug: &str) -> Value {
    let answer = request.send().await.unwrap();
    let (got, kind) = (answer.status(), answer.headers().get("content-type").cloned());
    let body: Value = answer.json().await.unwrap();
    assert_eq!(got, status, "{body}");
    assert_eq!(kind.unwrap(), "application/problem+json");
    assert_eq!(body["type"], format!("https://message-gateway.dev/problems/{slug}"), "{body}");
    assert_eq!(body["status"], status);
    assert!(body["title"].is_string() && body["detail"].is_string(), "{body}");
    body
}

async fn ok(request: RequestBuilder, status: u16) -> Response {
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), status, "{}", answer.url());
    answer
}

/// The secret of a new one-time link for the owner.
async fn link(world: &World) -> String {
    let app = world.app();
    let owner = app.store.members(world.workspace().await).await.unwrap().remove(0);
    let link = make_link(&*app.store, &app.clock, &app.config.server, owner.user.id).await.unwrap();
    assert!(link.as_str().starts_with(&format!("http://localhost:{}/link#", world.gateway.address().port())));
    link.fragment().unwrap().to_owned()
}

fn by_link(world: &World, body: &Value) -> RequestBuilder {
    bare(world, "POST", "/api/v1/session/link").json(body)
}

fn by_password(world: &World, email: &str, password: &str) -> RequestBuilder {
    bare(world, "POST", "/api/v1/session/password").json(&json!({"email": email, "password": password}))
}

fn setup() -> Value {
    json!({"name": "Ploy", "email": " Ploy@Example.com ", "password": PASSWORD})
}

/// The cookie that an answer sets, as a browser sends it back.
fn cookie(answer: &Response) -> String {
    let set = answer.headers()["set-cookie"].to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

fn own_page(world: &World, request: RequestBuilder, cookie: &str) -> RequestBuilder {
    request.header("cookie", cookie).header("origin", &world.base)
}

async fn key(world: &World, cookie: &str, scope: &str) -> Value {
    let request = own_page(world, bare(world, "POST", "/api/v1/api-keys"), cookie);
    ok(request.json(&json!({"name": "shop-orders", "scope": scope})), 201).await.json().await.unwrap()
}

#[tokio::test]
async fn the_first_owner_sets_up_by_a_link_that_works_once() {
    let world = World::new().await;
    let token = link(&world).await;
    refused(by_link(&world, &json!({"token": token})), 409, "setup-required").await;
    let wrong = json!({"token": token, "setup": {"name": "Ploy", "email": "ploy@example.com", "password": "short"}});
    assert_eq!(refused(by_link(&world, &wrong), 400, "invalid-parameter").await["parameter"], "setup.password");
    let wrong = json!({"token": token, "setup": {"name": "Ploy", "email": "no address", "password": PASSWORD}});
    assert_eq!(refused(by_link(&world, &wrong), 400, "invalid-parameter").await["parameter"], "setup.email");

    let right = json!({"token": token, "setup": setup()});
    let answer = ok(by_link(&world, &right), 200).await;
    let set = answer.headers()["set-cookie"].to_str().unwrap();
    for part in ["mg_session=", "; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=2592000"] {
        assert!(set.contains(part), "{part} not in the cookie");
    }
    assert!(!set.contains("Secure"), "http on this machine");
    let cookie = cookie(&answer);
    let session: Value = answer.json().await.unwrap();
    assert_eq!(session["user"]["email"], "ploy@example.com");
    assert_eq!(session["role"], "owner");
    assert_eq!(session["permittedAccounts"], Value::Null);

    refused(by_link(&world, &right), 410, "link-invalid").await;
    let seen: Value =
        ok(bare(&world, "GET", "/api/v1/session").header("cookie", &cookie), 200).await.json().await.unwrap();
    assert_eq!(seen, session);
    ok(by_password(&world, "PLOY@example.com", PASSWORD), 200).await;
}

#[tokio::test]
async fn of_two_with_the_same_link_one_gets_in() {
    let world = World::new().await;
    let body = json!({"token": link(&world).await, "setup": setup()});
    let (one, other) = tokio::join!(by_link(&world, &body).send(), by_link(&world, &body).send());
    let mut statuses = [one.unwrap().status().as_u16(), other.unwrap().status().as_u16()];
    statuses.sort_unstable();
    assert!(statuses == [200, 410] || statuses == [200, 400], "{statuses:?}");
}

#[tokio::test]
async fn links_and_sessions_end() {
    let world = World::new().await;
    let old = link(&world).await;
    world.clock.advance(Duration::from_mins(30));
    refused(by_link(&world, &json!({"token": old, "setup": setup()})), 410, "link-invalid").await;
    refused(by_link(&world, &json!({"token": "never made"})), 410, "link-invalid").await;

    let cookie = cookie(&ok(by_link(&world, &json!({"token": link(&world).await, "setup": setup()})), 200).await);
    let show = || bare(&world, "GET", "/api/v1/session").header("cookie", &cookie);
    world.clock.advance(Duration::from_hours(30 * 24 - 1));
    ok(show(), 200).await;
    world.clock.advance(Duration::from_hours(1));
    refused(show(), 401, "unauthenticated").await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_look_alike() {
    let world = World::new().await;
    ok(by_link(&world, &json!({"token": link(&world).await, "setup": setup()})), 200).await;
    let wrong = refused(by_password(&world, "ploy@example.com", "not the password"), 401, "unauthenticated").await;
    let unknown = refused(by_password(&world, "nobody@example.com", PASSWORD), 401, "unauthenticated").await;
    assert_eq!(wrong, unknown);
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let world = World::new().await;
    for _ in 0..10 {
        refused(by_password(&world, "ploy@example.com", "guess"), 401, "unauthenticated").await;
    }
    let answer = by_password(&world, "ploy@example.com", "guess").send().await.unwrap();
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "10");
    world.clock.advance(Duration::from_secs(10));
    refused(by_password(&world, "ploy@example.com", "guess"), 401, "unauthenticated").await;
}

#[tokio::test]
async fn signing_out_ends_the_session_and_tells_its_sockets() {
    let world = World::new().await;
    let cookie = world.sign_in().await;
    let mut revoked = world.app().auth.revoked();
    let answer = ok(own_page(&world, bare(&world, "DELETE", "/api/v1/session"), &cookie), 204).await;
    assert!(answer.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    refused(bare(&world, "GET", "/api/v1/session").header("cookie", &cookie), 401, "unauthenticated").await;
    assert!(matches!(revoked.try_recv().unwrap(), Revocation::Session(_)));
}

#[tokio::test]
async fn keys_do_what_their_scope_says_until_they_are_revoked() {
    let world = World::new().await;
    let cookie = world.sign_in().await;
    let made = key(&world, &cookie, "read").await;
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("mgk_") && secret.len() == 47 && secret.starts_with(made["prefix"].as_str().unwrap()));
    let with_key = |method: &str, path: &str| bare(&world, method, path).bearer_auth(secret);

    ok(with_key("GET", "/api/v1/conversations"), 200).await;
    refused(with_key("POST", "/api/v1/accounts/acc_0000000000001/disconnect"), 403, "forbidden").await;
    refused(with_key("GET", "/api/v1/api-keys"), 403, "forbidden").await;
    refused(with_key("POST", "/api/v1/api-keys").json(&json!({"name": "x", "scope": "read"})), 403, "forbidden").await;
    refused(with_key("GET", "/api/v1/members"), 403, "forbidden").await;

    let list: Value =
        ok(bare(&world, "GET", "/api/v1/api-keys").header("cookie", &cookie), 200).await.json().await.unwrap();
    assert_eq!(list["items"][0]["id"], made["id"]);
    assert!(!list.to_string().contains(secret));

    let mut revoked = world.app().auth.revoked();
    let path = format!("/api/v1/api-keys/{}", made["id"].as_str().unwrap());
    ok(own_page(&world, bare(&world, "DELETE", &path), &cookie), 204).await;
    refused(with_key("GET", "/api/v1/conversations"), 401, "unauthenticated").await;
    let id: Id<ApiKey> = made["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(revoked.try_recv().unwrap(), Revocation::Key(id));
    refused(own_page(&world, bare(&world, "DELETE", &path), &cookie), 404, "not-found").await;
}

#[tokio::test]
async fn the_api_secret_owns_messages_and_accounts_but_no_people() {
    let world = World::new().await;
    ok(world.api("GET", "/api/accounts"), 200).await;
    refused(world.api("GET", "/api/v1/api-keys"), 403, "forbidden").await;
    refused(world.api("GET", "/api/v1/members"), 403, "forbidden").await;
    refused(world.api("GET", "/api/v1/session"), 401, "unauthenticated").await;
    for wrong in ["", "x", &API_SECRET[1..], "mgk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        refused(bare(&world, "GET", "/api/accounts").bearer_auth(wrong), 401, "unauthenticated").await;
    }
    let cookie = world.sign_in().await;
    let both = bare(&world, "GET", "/api/accounts").header("cookie", cookie).bearer_auth("wrong");
    refused(both, 401, "unauthenticated").await;
}

#[tokio::test]
async fn every_documented_address_asks_who_is_there() {
    let world = World::new().await;
    let document: Value = serde_json::from_str(&openapi::document_json()).unwrap();
    let mut asked = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let is_door = path.starts_with("/api/v1/session") && method != "get";
            let path = path.replace("{id}", "msg_0000000000001");
            let method: Method = method.to_uppercase().parse().unwrap();
            if !is_door {
                let request = bare(&world, method.as_str(), &path).json(&json!({}));
                refused(request, 401, "unauthenticated").await;
                asked += 1;
            }
        }
    }
    assert!(asked >= 20, "{asked} addresses");
    ok(bare(&world, "GET", "/api/openapi.json"), 200).await;
}

#[tokio::test]
async fn foreign_hosts_are_refused() {
    let world = World::with(|config| config.server.trusted_proxies.clear()).await;
    for host in ["evil.example", "localhost.evil.example:3000", "10.0.0.1"] {
        refused(world.api("GET", "/api/accounts").header("host", host), 421, "host-refused").await;
        refused(bare(&world, "GET", "/").header("host", host), 421, "host-refused").await;
        ok(bare(&world, "GET", "/livez").header("host", host), 200).await;
        ok(bare(&world, "GET", "/readyz").header("host", host), 200).await;
    }
    let health: Value =
        ok(bare(&world, "GET", "/health").header("host", "evil.example"), 200).await.json().await.unwrap();
    assert_eq!(health, json!({"status": "ok"}));
    ok(world.api("GET", "/api/accounts").header("host", "localhost"), 200).await;
}

#[tokio::test]
async fn foreign_pages_can_not_write_in_our_name() {
    let world = World::new().await;
    let cookie = world.sign_in().await;
    let new_key = || {
        bare(&world, "POST", "/api/v1/api-keys").header("cookie", &cookie).json(&json!({"name": "x", "scope": "read"}))
    };
    for origin in ["https://evil.example", "null", "http://localhost:1"] {
        refused(new_key().header("origin", origin), 403, "origin-refused").await;
        refused(by_password(&world, "a@example.com", "x").header("origin", origin), 403, "origin-refused").await;
    }
    refused(new_key(), 403, "origin-refused").await;
    refused(new_key().header("sec-fetch-site", "cross-site"), 403, "origin-refused").await;
    ok(new_key().header("sec-fetch-site", "same-origin"), 201).await;
    ok(own_page(&world, new_key(), &cookie), 201).await;
    ok(new_key().header("origin", format!("http://localhost:{}", world.gateway.address().port())), 201).await;
}

#[tokio::test]
async fn only_listed_origins_may_read_in_a_browser() {
    let world = World::with(|config| config.server.cors_origins = vec!["https://shop.example.com".into()]).await;
    let ours = ok(world.api("GET", "/api/accounts").header("origin", "https://shop.example.com"), 200).await;
    assert_eq!(ours.headers()["access-control-allow-origin"], "https://shop.example.com");
    assert!(!ours.headers().contains_key("access-control-allow-credentials"));
    let foreign = ok(world.api("GET", "/api/accounts").header("origin", "https://evil.example"), 200).await;
    assert!(!foreign.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn bad_input_is_told_what_is_wrong() {
    let world = World::new().await;
    let cookie = world.sign_in().await;
    let post = |body: &str, kind: &str| {
        own_page(&world, bare(&world, "POST", "/api/v1/api-keys"), &cookie)
            .header("content-type", kind.to_owned())
            .body(body.to_owned())
    };
    let json = "application/json";
    let malformed = refused(post("{\"name\": ", json), 400, "malformed-json").await;
    assert_eq!(malformed["detail"], "the body is not JSON (line 1, column 9)");
    for body in [
        "{}",
        "[]",
        "null",
        r#"{"name": 1, "scope": "read"}"#,
        r#"{"name": "x", "scope": "king"}"#,
        r#"{"name": "x", "scope": "read", "more": 1}"#,
    ] {
        assert_eq!(refused(post(body, json), 400, "invalid-parameter").await["parameter"], "body", "{body}");
    }
    for name in ["", "   ", &"x".repeat(101), "a\nb"] {
        let body = json!({"name": name, "scope": "read"}).to_string();
        assert_eq!(refused(post(&body, json), 400, "invalid-parameter").await["parameter"], "name", "{name}");
    }
    refused(post("name=x", "application/x-www-form-urlencoded"), 415, "unsupported-media-type").await;
    refused(post(&"[".repeat(100_000), json), 400, "invalid-parameter").await;
    refused(post(&"x".repeat(1024 * 1024 + 1), json), 413, "payload-too-large").await;

    let get = |path: &str| bare(&world, "GET", path).header("cookie", &cookie);
    refused(get("/api/v1/conversations/conv_0000000000001"), 404, "not-found").await;
    refused(get("/api/v1/messages/not-an-id"), 404, "not-found").await;
    refused(get("/api/v1/conversations?limit=many"), 400, "invalid-parameter").await;
    refused(get("/api/v1/conversations?after=%00"), 400, "invalid-parameter").await;
    refused(get("/api/v1/nothing"), 404, "not-found").await;
    refused(get("/api/%ff"), 404, "not-found").await;
    refused(own_page(&world, bare(&world, "PUT", "/api/v1/api-keys"), &cookie), 405, "method-not-allowed").await;
    refused(own_page(&world, bare(&world, "POST", "/nowhere"), &cookie), 404, "not-found").await;
}

#[tokio::test]
async fn every_answer_tells_browsers_to_be_careful() {
    let world = World::new().await;
    for path in ["/", "/api/accounts", "/health", "/terms.html", "/nowhere.js"] {
        let answer = bare(&world, "GET", path).send().await.unwrap();
        let headers = answer.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "same-origin", "{path}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("frame-ancestors 'none'")
                && policy.starts_with("default-src 'none'")
                && !policy.contains("unsafe"),
            "{path}: {policy}"
        );
        assert!(headers.contains_key("x-request-id") && headers.contains_key("cache-control"), "{path}");
    }
    let given = bare(&world, "GET", "/health").header("x-request-id", "abc-1").send().await.unwrap();
    assert_eq!(given.headers()["x-request-id"], "abc-1");
    let moved = ok(bare(&world, "GET", "/accounts.html"), 308).await;
    assert_eq!(moved.headers()["location"], "/accounts");
}

#[tokio::test]
async fn behind_tls_cookies_are_secure() {
    let world = World::with(|config| {
        config.server.public_url = "https://gateway.example.com/".parse().unwrap();
        config.server.public_url_is_set = true;
    })
    .await;
    let answer = ok(bare(&world, "DELETE", "/api/v1/session").header("host", "gateway.example.com"), 204).await;
    assert!(answer.headers()["set-cookie"].to_str().unwrap().ends_with("; Secure"));
    assert!(answer.headers().contains_key("strict-transport-security"));
}

#[tokio::test]
async fn legal_pages_are_public_and_can_be_replaced() {
    let world = World::new().await;
    for name in ["terms.html", "privacy.html"] {
        let ours = ok(bare(&world, "GET", &format!("/{name}")), 200).await.text().await.unwrap();
        assert!(ours.contains("lang=\"th\"") && ours.contains("lang=\"en\""), "{name}");
    }
    let folder = world.app().config.storage.data_dir.join("pages");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("terms.html"), "<h1>Our own terms</h1>").unwrap();
    assert_eq!(ok(bare(&world, "GET", "/terms.html"), 200).await.text().await.unwrap(), "<h1>Our own terms</h1>");
}

/// Starts a second gateway with the configuration of a world, changed.
async fn second(config: &Config, change: impl FnOnce(&mut Config)) -> LaunchError {
    let mut config = config.clone();
    change(&mut config);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    Gateway::start(config, listener, domain::Clock::system()).await.expect_err("it must not start")
}

#[tokio::test]
async fn one_server_per_data_folder_and_one_key_per_database() {
    let world = World::embedded().await;
    let config = Config::clone(&world.app().config);
    let refused = second(&config, |_| {}).await;
    assert!(matches!(refused, LaunchError::Open(StoreOpenError::Locked(_))), "{refused}");
    world.gateway.stop().await.unwrap();
    std::fs::remove_file(config.storage.data_dir.join("encryption-key")).unwrap();
    let refused = second(&config, |_| {}).await;
    assert!(matches!(refused, LaunchError::Keyring(KeyringError::WrongKey(_))), "{refused}");
}
