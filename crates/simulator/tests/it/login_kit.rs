//! TikTok for Developers: authorize for web and desktop, token, refresh, revoke, user info, its webhook.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use simulator::{
    BusinessSettings, Config, DEFAULT_APP_ID, DEFAULT_APP_SECRET, DEFAULT_DESKTOP_KEY, DEFAULT_WEB_KEY, FaultKind,
    LoginLifetimes, NewApp, NewFault, Platform, Simulator, WebChallenge,
};
use tokio::task::JoinSet;

use crate::support::{BUSINESS, Receiver, World, fixture, query, raw, shape, world, world_with};

const BACK: &str = "http://localhost:3455/callback/";
const VERIFIER: &str = "a-verifier_of.43~characters-or-more-0123456789";

fn challenge() -> String {
    use std::fmt::Write as _;
    Sha256::digest(VERIFIER).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

fn ask(key: &str, scope: &str, more: &[(&str, &str)]) -> String {
    let mut pairs = vec![
        ("client_key", key),
        ("response_type", "code"),
        ("scope", scope),
        ("redirect_uri", BACK),
        ("state", "s1"),
        ("disable_auto_auth", "1"),
    ];
    pairs.extend_from_slice(more);
    query(&pairs)
}

async fn page(sim: &Simulator, question: &str) -> (StatusCode, String) {
    let request = Request::get(format!("/v2/auth/authorize/?{question}")).body(Body::empty()).unwrap();
    let (status, _, bytes) = raw(sim, request).await;
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

/// Agrees to everything on the consent page; gives the code.
async fn agree(sim: &Simulator, question: &str, scopes: &[&str]) -> String {
    let mut form = format!("{question}&{}", query(&[("decision", "authorize"), ("account", BUSINESS)]));
    for scope in scopes {
        form.push('&');
        form.push_str(&query(&[("granted", scope)]));
    }
    let request = Request::post("/v2/auth/authorize/").header("host", "localhost:4000").body(Body::from(form)).unwrap();
    let (_, headers, _) = raw(sim, request).await;
    let back = url::Url::parse(headers["location"].to_str().unwrap()).unwrap();
    back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
}

async fn form(sim: &Simulator, path: &str, pairs: &[(&str, &str)]) -> (u16, Value) {
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    let (status, _, bytes) = raw(sim, request.body(Body::from(query(pairs))).unwrap()).await;
    (status.as_u16(), serde_json::from_slice(&bytes).unwrap())
}

async fn trade(sim: &Simulator, key: &str, code: &str, more: &[(&str, &str)]) -> (u16, Value) {
    let mut pairs = vec![
        ("client_key", key),
        ("client_secret", DEFAULT_APP_SECRET),
        ("grant_type", "authorization_code"),
        ("redirect_uri", BACK),
        ("code", code),
    ];
    pairs.extend_from_slice(more);
    form(sim, "/v2/oauth/token/", &pairs).await
}

async fn refresh(sim: &Simulator, token: &Value) -> (u16, Value) {
    let pairs = [
        ("client_key", DEFAULT_WEB_KEY),
        ("client_secret", DEFAULT_APP_SECRET),
        ("grant_type", "refresh_token"),
        ("refresh_token", token["refresh_token"].as_str().unwrap()),
    ];
    form(sim, "/v2/oauth/token/", &pairs).await
}

async fn me(sim: &Simulator, token: &str, fields: &str) -> (u16, Value) {
    let request = Request::get(format!("/v2/user/info/?{}", query(&[("fields", fields)])));
    let request = request.header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap();
    let (status, _, bytes) = raw(sim, request).await;
    (status.as_u16(), serde_json::from_slice(&bytes).unwrap())
}

/// A token of the web app with these scopes.
async fn token(world: &World, scopes: &[&str]) -> Value {
    let question = ask(DEFAULT_WEB_KEY, &scopes.join(","), &[]);
    let code = agree(&world.sim, &question, scopes).await;
    trade(&world.sim, DEFAULT_WEB_KEY, &code, &[]).await.1
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

#[tokio::test]
async fn a_web_app_sends_no_challenge() {
    let world = world();
    let (status, shown) = page(&world.sim, &ask(DEFAULT_WEB_KEY, "user.info.basic", &[])).await;
    assert!(status == 200 && shown.contains("scope-user.info.basic"));
    let more = [("code_challenge", challenge()), ("code_challenge_method", "S256".to_owned())];
    let more: Vec<(&str, &str)> = more.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let refusing = world_with(Config { web_challenge: WebChallenge::Refused, ..Config::default() });
    let (status, shown) = page(&refusing.sim, &ask(DEFAULT_WEB_KEY, "user.info.basic", &more)).await;
    assert!(status == 400 && shown.contains("code_challenge"), "{shown}");

    let token = token(&world, &["user.info.basic", "user.info.profile"]).await;
    assert_eq!(shape(&token), shape(&fixture("loginkit-token-success-2h")));
    assert_eq!((&token["expires_in"], &token["refresh_expires_in"]), (&json!(7_200), &json!(15_552_000)));
    assert_ne!(token["open_id"], world.open_id, "the platforms do not share ids");
    assert!(text(&token, "access_token").starts_with("act.") && text(&token, "refresh_token").starts_with("rft."));
}

#[tokio::test]
async fn a_desktop_app_proves_itself_with_a_hexadecimal_challenge() {
    let world = world();
    let sim = &world.sim;
    let with = |challenge: &str| {
        ask(DEFAULT_DESKTOP_KEY, "user.info.basic", &[("code_challenge", challenge), ("code_challenge_method", "S256")])
    };
    assert_eq!(page(sim, &ask(DEFAULT_DESKTOP_KEY, "user.info.basic", &[])).await.0, 400, "no challenge");
    let (status, shown) = page(sim, &with(&challenge())).await;
    assert!(status == 200 && shown.contains(&challenge()), "it goes along with the decision");
    let code = agree(sim, &with(&challenge()), &["user.info.basic"]).await;
    for wrong in ["", "too-short", "another-verifier_of.43~characters-0123456789"] {
        let (status, answer) = trade(sim, DEFAULT_DESKTOP_KEY, &code, &[("code_verifier", wrong)]).await;
        assert_eq!((status, text(&answer, "error")), (400, "invalid_request"));
        assert_eq!(answer["error_description"], "Code verifier or code challenge is invalid.");
    }
    assert_eq!(trade(sim, DEFAULT_DESKTOP_KEY, &code, &[("code_verifier", VERIFIER)]).await.0, 200);

    let base64url = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, Sha256::digest(VERIFIER));
    let code = agree(sim, &with(&base64url), &["user.info.basic"]).await;
    let (_, answer) = trade(sim, DEFAULT_DESKTOP_KEY, &code, &[("code_verifier", VERIFIER)]).await;
    assert_eq!(text(&answer, "error"), "invalid_request", "base64url is not what TikTok wants");

    let public =
        ask(DEFAULT_DESKTOP_KEY, "user.info.basic", &[("code_challenge", "x"), ("code_challenge_method", "S256")]);
    let public = public.replace("localhost%3A3455", "localhost");
    assert!(page(sim, &public).await.1.contains("redirect_uri"), "a desktop address has a port");
}

#[tokio::test]
async fn a_code_is_good_once_for_ten_minutes_and_for_its_own_platform() {
    let world = world();
    let sim = &world.sim;
    let question = ask(DEFAULT_WEB_KEY, "user.info.basic", &[]);
    let code = agree(sim, &question, &["user.info.basic"]).await;
    let (status, answer) = trade(sim, DEFAULT_APP_ID, &code, &[]).await;
    assert_eq!((status, text(&answer, "error")), (400, "invalid_client"), "the portal's apps are unknown here");
    assert_eq!(trade(sim, DEFAULT_WEB_KEY, &code, &[]).await.0, 200);
    let (_, answer) = trade(sim, DEFAULT_WEB_KEY, &code, &[]).await;
    assert_eq!(shape(&answer), shape(&fixture("loginkit-token-error-invalid_grant")));
    assert_eq!(text(&answer, "error"), "invalid_grant");
    let code = agree(sim, &question, &["user.info.basic"]).await;
    sim.advance(10 * 60_000).await;
    assert_eq!(text(&trade(sim, DEFAULT_WEB_KEY, &code, &[]).await.1, "error"), "invalid_grant");

    let portal = json!({
        "client_id": DEFAULT_WEB_KEY, "client_secret": DEFAULT_APP_SECRET, "grant_type": "authorization_code",
        "auth_code": code, "redirect_uri": BACK,
    });
    assert_eq!(world.post("tt_user/oauth2/token", &portal).await["code"], 40101, "and the other way round");
    let request = Request::post("/v2/oauth/token/").header("content-type", "application/json");
    let (_, _, bytes) = raw(sim, request.body(Body::from("{}")).unwrap()).await;
    assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap()["error"], "invalid_request", "forms only");
    let unknown = [("client_key", DEFAULT_WEB_KEY), ("client_secret", DEFAULT_APP_SECRET), ("grant_type", "password")];
    assert_eq!(form(sim, "/v2/oauth/token", &unknown).await.1["error"], "unsupported_grant_type");
}

#[tokio::test]
async fn tokens_rotate_expire_and_are_revoked() {
    let world = world();
    let sim = &world.sim;
    let first = token(&world, &["user.info.basic"]).await;
    assert_eq!(me(sim, text(&first, "access_token"), "open_id").await.0, 200);
    sim.advance(2 * 3_600_000).await;
    assert_eq!(me(sim, text(&first, "access_token"), "open_id").await.1["error"]["code"], "access_token_invalid");
    let (_, second) = refresh(sim, &first).await;
    assert_eq!(second["refresh_expires_in"], 15_552_000, "its life begins anew");
    assert_eq!(refresh(sim, &first).await.1["error"], "invalid_grant", "the old one is dead");
    let revoke = [
        ("client_key", DEFAULT_WEB_KEY),
        ("client_secret", DEFAULT_APP_SECRET),
        ("token", text(&second, "access_token")),
    ];
    assert_eq!(form(sim, "/v2/oauth/revoke/", &revoke).await, (200, fixture("loginkit-revoke-success")));
    assert_eq!(me(sim, text(&second, "access_token"), "open_id").await.0, 401);
    assert_eq!(refresh(sim, &second).await.1["error"], "invalid_grant");

    let former =
        world_with(Config { login_lifetimes: LoginLifetimes::Former, oauth_error_status: 200, ..Config::default() });
    let old = token(&former, &["user.info.basic"]).await;
    assert_eq!((&old["expires_in"], &old["refresh_expires_in"]), (&json!(86_400), &json!(31_536_000)));
    let (status, answer) = trade(&former.sim, DEFAULT_WEB_KEY, "nothing", &[]).await;
    assert_eq!((status, text(&answer, "error")), (200, "invalid_grant"), "the status is not documented");
}

#[tokio::test]
async fn user_info_wants_a_scope_for_each_field() {
    let world = world();
    let sim = &world.sim;
    let given = token(&world, &["user.info.basic"]).await;
    let access = text(&given, "access_token");
    let (status, answer) = me(sim, access, "open_id,union_id,avatar_url,display_name").await;
    assert_eq!((status, shape(&answer)), (200, shape(&fixture("loginkit-user-info-success"))));
    assert_eq!(answer["data"]["user"]["open_id"], given["open_id"]);
    let (status, answer) = me(sim, access, "open_id,username").await;
    let wanted = fixture("loginkit-user-info-error-scope");
    assert_eq!((status, shape(&answer)), (401, shape(&wanted)));
    assert_eq!(
        (&answer["error"]["code"], &answer["error"]["message"]),
        (&wanted["error"]["code"], &wanted["error"]["message"])
    );
    for fields in ["", "open_id,shoe_size"] {
        let (status, answer) = me(sim, access, fields).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!("invalid_params")));
    }
    assert_eq!(me(sim, "", "open_id").await.0, 401);
    let (status, answer) = me(sim, &world.token, "open_id,username").await;
    let known = &answer["data"]["user"]["open_id"];
    assert_eq!((status, known), (200, &json!(world.open_id)), "a portal token reads its account, by the portal's id");
    let full = token(&world, &["user.info.basic", "user.info.profile", "user.info.stats"]).await;
    let (_, answer) = me(sim, text(&full, "access_token"), "username,follower_count,video_count,is_verified").await;
    assert_eq!(
        (&answer["data"]["user"]["username"], &answer["data"]["user"]["video_count"]),
        (&json!(BUSINESS), &json!(3))
    );

    sim.register_app(NewApp {
        app_id: "narrow".to_owned(),
        secret: DEFAULT_APP_SECRET.to_owned(),
        approved_scopes: Some(vec!["user.info.basic".to_owned()]),
        platform: Platform::LoginWeb,
        ..NewApp::default()
    });
    let narrow = sim.grant(BUSINESS, "narrow", &["user.info.basic"]).unwrap().access_token;
    let (status, answer) = me(sim, &narrow, "username").await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!("scope_permission_missed")));
}

#[tokio::test]
async fn six_hundred_calls_a_minute_and_faults() {
    let world = world();
    let sim = &world.sim;
    let given = token(&world, &["user.info.basic"]).await;
    let access = text(&given, "access_token");
    for _ in 0..600 {
        assert_eq!(me(sim, access, "open_id").await.0, 200);
    }
    let (status, answer) = me(sim, access, "open_id").await;
    assert_eq!((status, &answer["error"]["code"]), (429, &json!("rate_limit_exceeded")));
    sim.advance(60_000).await;
    assert_eq!(me(sim, access, "open_id").await.0, 200);
    sim.set_fault(NewFault::new("user/info", FaultKind::Code).times(1));
    assert_eq!(me(sim, access, "open_id").await.1["error"]["code"], "internal_error");
    sim.set_fault(NewFault::new("oauth/token", FaultKind::HttpStatus).value(502).times(1));
    let request = Request::post("/v2/oauth/token/").body(Body::empty()).unwrap();
    assert_eq!(raw(sim, request).await.0, 502);
    sim.set_fault(NewFault::new("oauth/token", FaultKind::RateLimit).times(1));
    assert_eq!(refresh(sim, &given).await.1["error"], "temporarily_unavailable");
    assert_eq!(sim.calls().last().unwrap().endpoint, "oauth/token");
}

#[tokio::test]
async fn its_one_webhook_tells_of_a_disconnection() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let receiver = Receiver::start(&world.sim, &mut tasks).await;
    let url = receiver.url();
    world.sim.register_app(NewApp {
        app_id: "web".to_owned(),
        secret: "another secret".to_owned(),
        platform: Platform::LoginWeb,
        webhook_url: Some(url),
        ..NewApp::default()
    });
    let grant = world.sim.grant(BUSINESS, "web", &["user.info.basic"]).unwrap();
    world.sim.remove_authorization(BUSINESS, false, 2).unwrap();
    world.sim.deliver_due().await;
    let got = receiver.received();
    assert_eq!(got.len(), 1, "the portal's app is not told unless asked");
    assert_eq!((got[0].event(), got[0].content()), ("authorization.removed".to_owned(), json!({"reason": 2})));
    let envelope: Value = serde_json::from_slice(&got[0].body).unwrap();
    assert_eq!((&envelope["user_openid"], &envelope["client_key"]), (&json!(grant.open_id), &json!("web")));
    let signed = simulator::signature_header("another secret", crate::support::START / 1000, &got[0].body);
    assert_eq!(got[0].headers["tiktok-signature"], signed);
    assert_eq!(me(&world.sim, &grant.access_token, "open_id").await.0, 401, "the token is dead already");
}

#[tokio::test]
async fn a_business_may_get_another_name() {
    let world = world();
    let token = token(&world, &["user.info.basic", "user.info.profile"]).await;
    world.settings(BusinessSettings {
        handle: Some("new.handle".to_owned()),
        display_name: Some("ชื่อใหม่".to_owned()),
        ..BusinessSettings::default()
    });
    let (_, told) = me(&world.sim, text(&token, "access_token"), "open_id,username,display_name").await;
    let user = &told["data"]["user"];
    assert_eq!((&user["username"], &user["display_name"]), (&json!("new.handle"), &json!("ชื่อใหม่")), "{told}");
    assert_eq!(user["open_id"], token["open_id"], "who it is stays");
}
