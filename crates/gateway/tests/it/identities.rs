//! Login Kit: an identity is connected, kept fresh, and taken off again. How it becomes one with an account: `one_person`.

use std::{sync::Arc, time::Duration};

use domain::{
    Id,
    account::{Account, AccountState, ProviderKind},
    workspace::Scope,
};
use message_gateway::{
    config::Config,
    providers::{
        Providers,
        tokens::{self, TokenError, Tokens},
    },
};
use serde_json::{Value, json};
use simulator::{DEFAULT_WEB_KEY, FaultKind, NewApp, NewBusiness, NewFault, Platform};
use tokio::net::{TcpListener, TcpStream};

use crate::harness::{SHOP, World, answer};

/// Of the Login Kit app; another one than the Business app's.
pub(crate) const KIT_SECRET: &str = "login-kit-secret-of-the-tests";
pub(crate) const BOTH: [&str; 2] = ["user.info.basic", "user.info.profile"];

/// A world with a Login Kit app beside the Business app, and the shop's TikTok account. Gives the owner's browser.
pub(crate) async fn with_kit() -> (World, String) {
    let world = World::with(configure).await;
    register(&world, None);
    world.sim.create_business(NewBusiness::new(SHOP, "บ้านกาแฟ")).unwrap();
    let cookie = world.sign_in().await;
    (world, cookie)
}

/// Sets the Login Kit app's key and secret.
pub(crate) fn configure(config: &mut Config) {
    config.tiktok.client_key = Some(DEFAULT_WEB_KEY.to_owned());
    config.tiktok.client_secret = Some(KIT_SECRET.to_owned().into());
}

/// Makes the app known to TikTok, with these scopes approved or all.
pub(crate) fn register(world: &World, approved: Option<&[&str]>) {
    world.sim.register_app(NewApp {
        app_id: DEFAULT_WEB_KEY.to_owned(),
        secret: KIT_SECRET.to_owned(),
        approved_scopes: approved.map(|all| all.iter().map(|one| (*one).to_owned()).collect()),
        platform: Platform::LoginWeb,
        ..NewApp::default()
    });
}

/// `/auth/connect`: the question at the consent page.
async fn ask(world: &World, cookie: &str, query: &str) -> Vec<(String, String)> {
    let request = world.http.get(format!("{}/auth/connect{query}", world.base)).header("cookie", cookie);
    let begun = request.send().await.unwrap();
    assert_eq!((begun.status().as_u16(), &begun.headers()["cache-control"]), (303, &"no-store".parse().unwrap()));
    asked(begun.headers()["location"].to_str().unwrap())
}

fn asked(page: &str) -> Vec<(String, String)> {
    page.parse::<reqwest::Url>().unwrap().query_pairs().into_owned().collect()
}

fn value<'a>(asked: &'a [(String, String)], name: &str) -> Option<&'a str> {
    asked.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Agrees on the consent page with these scopes ticked. Gives where the browser ends.
async fn agree(world: &World, cookie: &str, mut form: Vec<(String, String)>, ticked: &[&str]) -> String {
    form.push(("account".to_owned(), SHOP.to_owned()));
    form.push(("decision".to_owned(), "authorize".to_owned()));
    form.extend(ticked.iter().map(|scope| ("granted".to_owned(), (*scope).to_owned())));
    let back = world.decide(&form).await;
    world.come_back(cookie, &back).await
}

/// Connects the shop's identity.
pub(crate) async fn identify(world: &World, cookie: &str) -> Account {
    let page = ask(world, cookie, "?kind=login").await;
    let end = agree(world, cookie, page, &BOTH).await;
    let id: Id<Account> = end.strip_prefix("/accounts?connected=").unwrap_or_else(|| panic!("{end}")).parse().unwrap();
    world.store().account(&world.scope().await, id).await.unwrap().unwrap()
}

/// Connects the shop's Business account.
pub(crate) async fn business(world: &World, cookie: &str) -> Account {
    let end = world.consent(cookie, SHOP, |_| true).await;
    let id: Id<Account> = end.strip_prefix("/accounts?connected=").unwrap_or_else(|| panic!("{end}")).parse().unwrap();
    world.store().account(&world.scope().await, id).await.unwrap().unwrap()
}

pub(crate) async fn get(world: &World, id: Id<Account>) -> Value {
    let (status, body) = answer(world.api("GET", &format!("/api/v1/accounts/{id}"))).await;
    assert_eq!(status, 200, "{body}");
    body
}

pub(crate) async fn post(world: &World, path: &str, body: Value) -> (u16, Value) {
    answer(world.api("POST", &format!("/api/v1/accounts/{path}")).json(&body)).await
}

/// A webhook that the Login Kit app's secret signs.
async fn kit_says(world: &World, open_id: &str, event: &str, content: &Value) -> u16 {
    let body = json!({
        "client_key": DEFAULT_WEB_KEY, "event": event, "create_time": world.clock.now().as_secs(),
        "user_openid": open_id, "content": content.to_string(),
    });
    let body = body.to_string();
    let signature = simulator::signature_header(KIT_SECRET, world.clock.now().as_secs(), body.as_bytes());
    world.deliver_signed(body.as_bytes(), &signature).await
}

async fn finding(world: &World, id: Id<Account>, wanted: &str) -> Value {
    let (_, body) = answer(world.api("GET", &format!("/api/v1/accounts/{id}/health"))).await;
    let found = body["findings"].as_array().unwrap().iter().find(|one| one["id"] == wanted);
    found.unwrap_or_else(|| panic!("{wanted} is not in {body:#}")).clone()
}

#[tokio::test]
async fn an_identity_is_connected_and_says_that_it_carries_no_messages() {
    let (world, cookie) = with_kit().await;
    let page = ask(&world, &cookie, "?kind=login").await;
    assert_eq!(value(&page, "client_key"), Some(DEFAULT_WEB_KEY));
    assert_eq!(value(&page, "scope"), Some("user.info.basic,user.info.profile"));
    assert_eq!((value(&page, "code_challenge"), value(&page, "disable_auto_auth")), (None, Some("1")));
    let account = identify(&world, &cookie).await;
    assert_eq!((account.provider, account.state), (ProviderKind::Login, AccountState::Active));
    assert_eq!((account.username.as_deref(), account.display_name.as_deref()), (Some(SHOP), Some("บ้านกาแฟ")));
    assert_eq!(account.token_expires_at, Some(world.clock.now().plus(Duration::from_hours(2))));

    let shown = get(&world, account.id).await;
    assert_eq!(
        (&shown["provider"], &shown["identityOnly"], &shown["canSend"]),
        (&json!("login"), &json!(true), &json!(false))
    );
    assert_eq!((&shown["identity"]["connected"], &shown["identity"]["missingScopes"]), (&json!(true), &json!([])));
    assert_eq!(shown["sameAs"], Value::Null);
    assert!(finding(&world, account.id, "identity-only").await["fix"].as_str().unwrap().contains("Business account"));
    assert_eq!(finding(&world, account.id, "identity-lives").await["level"], "ok");
    let (status, problem) = post(&world, &format!("{}/pause", account.id), json!({})).await;
    assert_eq!((status, &problem["title"]), (409, &json!("This account is identity only")));

    let again = identify(&world, &cookie).await;
    assert_eq!(again.id, account.id, "the same person once");
}

#[tokio::test]
async fn without_a_kind_the_configured_app_is_taken() {
    let (world, cookie) = with_kit().await;
    assert_eq!(value(&ask(&world, &cookie, "").await, "client_key"), Some(simulator::DEFAULT_APP_ID));
    let only = World::with(|config| {
        (config.tiktok.app_id, config.tiktok.app_secret) = (None, None);
        configure(config);
    })
    .await;
    let cookie = only.sign_in().await;
    assert_eq!(value(&ask(&only, &cookie, "").await, "client_key"), Some(DEFAULT_WEB_KEY));
}

#[tokio::test]
async fn an_unknown_username_is_said_plainly() {
    let (world, cookie) = with_kit().await;
    let page = ask(&world, &cookie, "?kind=login").await;
    agree(&world, &cookie, page, &["user.info.basic"]).await;
    let account = world.account().await;
    assert_eq!((account.username, account.display_name.as_deref()), (None, Some("บ้านกาแฟ")));
    assert_eq!(get(&world, account.id).await["identity"]["missingScopes"], json!(["user.info.profile"]));
    let found = finding(&world, account.id, "identity-username").await;
    assert_eq!((&found["level"], &found["action"]), (&json!("hint"), &json!("sign_in")));
    assert_eq!(identify(&world, &cookie).await.username.as_deref(), Some(SHOP), "told later");
}

#[tokio::test]
async fn an_app_without_the_username_scope_is_asked_for_less() {
    let (world, cookie) = with_kit().await;
    register(&world, Some(&["user.info.basic"]));
    let page = ask(&world, &cookie, "?kind=login").await;
    let address = format!("{}/v2/auth/authorize/", world.sim_base);
    let refused = world.http.get(address).query(&page).send().await.unwrap();
    let back = refused.headers()["location"].to_str().unwrap();
    assert!(back.contains("error=invalid_scope"), "{back}");
    let again = asked(&world.come_back(&cookie, back).await);
    assert_eq!(value(&again, "scope"), Some("user.info.basic"));
    assert_ne!(value(&again, "state"), value(&page, "state"));
    let end = agree(&world, &cookie, again, &["user.info.basic"]).await;
    assert!(end.starts_with("/accounts?connected=acc_"), "{end}");
    assert_eq!(world.account().await.username, None);

    register(&world, Some(&[]));
    let refused = ask(&world, &cookie, "?kind=login").await;
    let refused =
        world.http.get(format!("{}/v2/auth/authorize/", world.sim_base)).query(&refused).send().await.unwrap();
    let again = asked(&world.come_back(&cookie, refused.headers()["location"].to_str().unwrap()).await);
    let refused = world.http.get(format!("{}/v2/auth/authorize/", world.sim_base)).query(&again).send().await.unwrap();
    let end = world.come_back(&cookie, refused.headers()["location"].to_str().unwrap()).await;
    assert_eq!(end, "/accounts?error=invalid-scope&kind=login", "it is asked for less once, not for ever");
}

#[tokio::test]
async fn what_goes_wrong_comes_back_as_a_word() {
    let (world, cookie) = with_kit().await;
    let mut form = ask(&world, &cookie, "?kind=login").await;
    form.push(("decision".to_owned(), "deny".to_owned()));
    let back = world.decide(&form).await;
    let other = world.sign_in().await;
    assert_eq!(world.come_back(&other, &back).await, "/accounts?error=link-expired", "another browser");
    assert_eq!(world.come_back(&cookie, &back).await, "/accounts?error=link-expired", "used up");
    let mut form = ask(&world, &cookie, "?kind=login").await;
    form.push(("decision".to_owned(), "deny".to_owned()));
    let back = world.decide(&form).await;
    assert_eq!(world.come_back(&cookie, &back).await, "/accounts?error=access-denied&kind=login");

    world.sim.set_fault(NewFault::new("oauth/token", FaultKind::HttpStatus).value(503).times(1));
    let page = ask(&world, &cookie, "?kind=login").await;
    assert_eq!(agree(&world, &cookie, page, &BOTH).await, "/accounts?error=tiktok-unavailable&kind=login");
    let page = ask(&world, &cookie, "?kind=login").await;
    world.sim.register_app(NewApp {
        app_id: DEFAULT_WEB_KEY.to_owned(),
        secret: "reset in the portal".to_owned(),
        platform: Platform::LoginWeb,
        ..NewApp::default()
    });
    assert_eq!(agree(&world, &cookie, page, &BOTH).await, "/accounts?error=app-refused&kind=login");
    assert!(world.store().accounts(&world.scope().await).await.unwrap().is_empty());
}

#[tokio::test]
async fn tokens_are_renewed_before_two_hours_and_rotate() {
    let (world, cookie) = with_kit().await;
    let account = identify(&world, &cookie).await;
    let scope = world.scope().await;
    let keyring = &world.app().keyring;
    let refresh_of = |sealed| tokens::open_login_refresh(keyring, &account.external_id, &sealed).unwrap();
    let first = world.store().tokens(&scope, account.binding).await.unwrap().unwrap();
    let mut known = refresh_of(first.clone());
    for version in 2..4 {
        world.clock.advance(Duration::from_mins(95));
        let sealed = world
            .until("the pair is renewed", || async {
                world.store().tokens(&scope, account.binding).await.unwrap().filter(|pair| pair.version == version)
            })
            .await;
        assert_eq!(sealed.access_expires_at, world.clock.now().plus(Duration::from_hours(2)));
        assert_eq!(sealed.refresh_expires_at, world.clock.now().plus(Duration::from_hours(24 * 180)));
        let next = refresh_of(sealed);
        assert_ne!(next.expose(), known.expose(), "the old one is dead");
        known = next;
    }
    assert_eq!(finding(&world, account.id, "identity-lives").await["level"], "ok");
}

#[tokio::test]
async fn many_callers_refresh_once() {
    let (world, cookie) = with_kit().await;
    let account = identify(&world, &cookie).await;
    let binding = world.store().binding(&world.scope().await, account.binding).await.unwrap().unwrap();
    let before = refreshes(&world);
    let asked = futures_util::future::join_all((0..8).map(|_| world.app().tokens.renewed_identity(&binding, 1))).await;
    assert!(asked.iter().all(|one| one.as_ref().unwrap().version == 2));
    assert_eq!(refreshes(&world), before + 1);
}

fn refreshes(world: &World) -> usize {
    world.sim.calls().iter().filter(|call| call.endpoint == "oauth/token").count()
}

#[tokio::test]
async fn a_removed_authorization_reaches_the_identity_alone() {
    let (world, cookie) = with_kit().await;
    let identity = identify(&world, &cookie).await;
    let shop = business(&world, &cookie).await;
    let removed = json!({"reason": 1});
    assert_eq!(kit_says(&world, &shop.external_id, "authorization.removed", &removed).await, 200);
    assert_eq!(kit_says(&world, &identity.external_id, "authorization.removed", &removed).await, 200);
    let scope = world.scope().await;
    let state = async |id| world.store().account(&scope, id).await.unwrap().unwrap().state;
    assert_eq!((state(shop.id).await, state(identity.id).await), (AccountState::Active, AccountState::Reconnect));
    let shown = get(&world, identity.id).await;
    assert_eq!(shown["identity"]["connected"], false);
    assert_eq!(shown["stateReason"], "The account holder disconnected the app in TikTok");
    let found = finding(&world, identity.id, "account-reconnect").await;
    assert_eq!(found["action"], "sign_in");

    identify(&world, &cookie).await;
    let (status, merged) = post(&world, &format!("{}/merge", shop.id), json!({"with": identity.id})).await;
    assert_eq!((status, &merged["identity"]["connected"]), (200, &json!(true)));
    world.tick();
    assert_eq!(kit_says(&world, &identity.external_id, "authorization.removed", &json!({"reason": 4})).await, 200);
    let shown = get(&world, shop.id).await;
    assert_eq!((&shown["state"], &shown["identity"]["connected"]), (&json!("active"), &json!(false)));
    assert_eq!(shown["identity"]["reason"], "TikTok banned the account");
    assert_eq!(shown["lastEventAt"], Value::Null, "it is no sign that messages arrive");
    assert_eq!(finding(&world, shop.id, "identity-refused").await["level"], "warning");
    assert_eq!(identify(&world, &cookie).await.id, shop.id);
    assert_eq!(get(&world, shop.id).await["identity"]["connected"], true);
}

#[tokio::test]
async fn disconnecting_gives_every_permission_back() {
    let (world, cookie) = with_kit().await;
    let (shop, identity) = (business(&world, &cookie).await, identify(&world, &cookie).await);
    post(&world, &format!("{}/merge", shop.id), json!({"with": identity.id})).await;
    let (status, gone) = answer(world.api("DELETE", &format!("/api/v1/accounts/{}/identity", shop.id))).await;
    assert_eq!((status, &gone["revoked"], &gone["account"]["identity"]), (200, &json!(true), &Value::Null));
    assert_eq!(gone["account"]["state"], "active");
    let revoked = |endpoint: &str| {
        world.sim.calls().iter().filter(|call| call.endpoint.ends_with(endpoint) && call.code == 0).count()
    };
    assert_eq!((revoked("oauth/revoke"), revoked("oauth2/revoke")), (1, 0));
    let again = answer(world.api("DELETE", &format!("/api/v1/accounts/{}/identity", shop.id))).await;
    assert_eq!(again.0, 200, "twice is fine");

    let identity = identify(&world, &cookie).await;
    assert_eq!(get(&world, shop.id).await["sameAs"]["accountId"], json!(identity.id));
    post(&world, &format!("{}/merge", shop.id), json!({"with": identity.id})).await;
    // Two hours are over: the pair is renewed to be given back, here or by the worker that is at it.
    world.clock.advance(Duration::from_hours(3));
    let (_, body) = answer(world.api("DELETE", &format!("/api/accounts/{}", shop.id))).await;
    assert_eq!(body, json!({"success": true}));
    assert_eq!((revoked("oauth/revoke"), revoked("oauth2/revoke")), (2, 1));
    let shown = get(&world, shop.id).await;
    assert_eq!((&shown["state"], &shown["identity"]["connected"]), (&json!("disconnected"), &json!(false)));
    let scope: Scope = world.scope().await;
    for binding in [shop.binding, identity.binding] {
        assert_eq!(world.store().tokens(&scope, binding).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_pair_that_nobody_keeps_is_given_back() {
    let (world, cookie) = with_kit().await;
    let identity = identify(&world, &cookie).await;
    let scope = world.scope().await;
    let binding = world.store().binding(&scope, identity.binding).await.unwrap().unwrap();
    // Another process, whose way to TikTok is held up.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let app = world.app();
    let mut config = Config::clone(&app.config);
    config.tiktok.open_api_url = format!("http://{}/v2/", listener.local_addr().unwrap()).parse().unwrap();
    let providers = Providers::from_config(&config, &world.clock).unwrap();
    let other = Tokens::new(Arc::clone(&app.store), Arc::clone(&app.keyring), app.clock.clone(), providers);
    let way = async {
        let (mut near, _) = listener.accept().await.unwrap();
        world.store().forget_tokens(&scope, binding.id).await.unwrap();
        let mut far = TcpStream::connect(world.sim_base.trim_start_matches("http://")).await.unwrap();
        tokio::io::copy_bidirectional(&mut near, &mut far).await
    };
    let refreshed = tokio::select! {
        refreshed = other.refresh(&binding) => refreshed,
        ended = way => panic!("the way ended first: {ended:?}"),
    };
    assert!(matches!(refreshed, Err(TokenError::None)), "{refreshed:?}");
    assert_eq!(refreshes(&world), 2, "it was renewed");
    assert!(world.sim.grants().iter().all(|grant| grant.open_id != identity.external_id), "nothing lives on at TikTok");
}
