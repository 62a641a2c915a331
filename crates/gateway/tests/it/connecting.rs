//! Connecting a business account: the browser's round trip over the consent page, and everything that may go wrong on it.

use std::time::Duration;

use domain::{account::AccountState, workspace::Scope};
use simulator::{DEFAULT_APP_ID, FaultKind, NewApp, NewBusiness, NewFault, SCOPES};

use crate::harness::{SHOP, World};

async fn with_shop() -> (World, String) {
    let world = World::new().await;
    world.sim.create_business(NewBusiness::new(SHOP, "บ้านกาแฟ")).unwrap();
    let cookie = world.sign_in().await;
    (world, cookie)
}

#[tokio::test]
async fn the_consent_page_connects_and_registers_the_webhook() {
    let (world, cookie) = with_shop().await;
    let page = world.begin(&cookie).await;
    let asked: Vec<_> = page.query_pairs().into_owned().collect();
    let value =
        |name: &str| asked.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default();
    assert_eq!(value("client_key"), DEFAULT_APP_ID);
    assert_eq!(value("disable_auto_auth"), "1");
    let port = world.gateway.address().port();
    assert_eq!(value("redirect_uri"), format!("http://localhost:{port}/auth/callback"));

    let answer = world.consent(&cookie, SHOP, |_| true).await;
    let account = world.account().await;
    assert_eq!(answer, format!("/accounts?connected={}", account.id));
    assert_eq!((account.username.as_deref(), account.display_name.as_deref()), (Some(SHOP), Some("บ้านกาแฟ")));
    assert_eq!((account.state, account.state_reason), (AccountState::Active, None));
    assert!(account.scopes.iter().any(|scope| scope == "message.list.send"));
    assert_eq!(account.token_expires_at, Some(world.clock.now().plus(Duration::from_hours(24))));
    let callbacks = world.sim.calls();
    assert!(callbacks.iter().any(|call| call.endpoint.ends_with("webhook/update") && call.code == 0), "{callbacks:?}");
}

#[tokio::test]
async fn a_redirect_address_that_is_registered_with_a_slash_is_sent_and_taken_so() {
    let world = World::with(|config| config.server.redirect_slash = true).await;
    world.sim.create_business(NewBusiness::new(SHOP, "บ้านกาแฟ")).unwrap();
    let cookie = world.sign_in().await;
    let page = world.begin(&cookie).await;
    let sent = page.query_pairs().find(|(key, _)| key == "redirect_uri").unwrap().1.into_owned();
    assert!(sent.ends_with("/auth/callback/"), "{sent}");
    let end = world.consent(&cookie, SHOP, |_| true).await;
    assert_eq!(end, format!("/accounts?connected={}", world.account().await.id));
}

#[tokio::test]
async fn tokens_are_sealed_in_the_database() {
    let world = World::connected().await;
    let account = world.account().await;
    let sealed = world.store().tokens(&world.scope().await, account.binding).await.unwrap().unwrap();
    let keyring = &world.app().keyring;
    let access = message_gateway::providers::tokens::open_access(keyring, &account.external_id, &sealed).unwrap();
    assert!(!sealed.access.windows(8).any(|window| access.expose().as_bytes().windows(8).any(|plain| plain == window)));
    assert!(message_gateway::providers::tokens::open_access(keyring, "another account", &sealed).is_err());
}

#[tokio::test]
async fn an_unticked_scope_is_named_on_the_account() {
    let (world, cookie) = with_shop().await;
    let answer = world.consent(&cookie, SHOP, |scope| scope != "message.list.send").await;
    assert!(answer.starts_with("/accounts?connected=acc_"), "{answer}");
    let account = world.account().await;
    assert_eq!(account.state, AccountState::Reconnect);
    let reason = account.state_reason.unwrap();
    assert!(reason.contains("message.list.send") && !reason.contains("message.list.read"), "{reason}");

    let answer = world.consent(&cookie, SHOP, |_| true).await;
    let again = world.account().await;
    assert_eq!(answer, format!("/accounts?connected={}", account.id));
    assert_eq!((again.id, again.state, again.state_reason), (account.id, AccountState::Active, None));
}

#[tokio::test]
async fn a_no_at_tiktok_comes_back_as_a_no() {
    let (world, cookie) = with_shop().await;
    let mut form: Vec<_> = world.begin(&cookie).await.query_pairs().into_owned().collect();
    form.push(("decision".to_owned(), "deny".to_owned()));
    let back = world.decide(&form).await;
    assert_eq!(world.come_back(&cookie, &back).await, "/accounts?error=access-denied");
    assert!(world.store().accounts(&world.scope().await).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_scope_the_app_is_not_approved_for_is_named_as_such() {
    let (world, cookie) = with_shop().await;
    let approved =
        SCOPES.iter().filter(|scope| **scope != "message.list.send").map(|scope| (*scope).to_owned()).collect();
    world.sim.register_app(NewApp {
        app_id: DEFAULT_APP_ID.to_owned(),
        secret: simulator::DEFAULT_APP_SECRET.to_owned(),
        redirect_uris: Vec::new(),
        approved_scopes: Some(approved),
        ..NewApp::default()
    });
    let page = world.begin(&cookie).await;
    let answer = world.http.get(page).send().await.unwrap();
    let back = answer.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(world.come_back(&cookie, &back).await, "/accounts?error=invalid-scope");
}

#[tokio::test]
async fn a_personal_account_is_refused() {
    let (world, cookie) = with_shop().await;
    let personal = NewBusiness {
        is_business_account: Some(false), ..NewBusiness::new("just.a.person", "คนธรรมดา")
    };
    world.sim.create_business(personal).unwrap();
    assert_eq!(world.consent(&cookie, "just.a.person", |_| true).await, "/accounts?error=personal-account");
    assert!(world.store().accounts(&world.scope().await).await.unwrap().is_empty());
}

/// Agrees on the consent page and gives the callback, without following it.
async fn agreed(world: &World, cookie: &str) -> String {
    let mut form: Vec<_> = world.begin(cookie).await.query_pairs().into_owned().collect();
    form.push(("account".to_owned(), SHOP.to_owned()));
    form.push(("decision".to_owned(), "authorize".to_owned()));
    form.extend(SCOPES.iter().map(|scope| ("granted".to_owned(), (*scope).to_owned())));
    world.decide(&form).await
}

#[tokio::test]
async fn the_state_is_used_once_in_time_and_by_the_browser_that_began() {
    let (world, cookie) = with_shop().await;
    let other = world.sign_in().await;
    let back = agreed(&world, &cookie).await;
    assert_eq!(world.come_back(&other, &back).await, "/accounts?error=link-expired", "another browser");

    let back = agreed(&world, &cookie).await;
    assert!(world.come_back(&cookie, &back).await.starts_with("/accounts?connected="));
    assert_eq!(world.come_back(&cookie, &back).await, "/accounts?error=link-expired", "used up");

    let back = agreed(&world, &cookie).await;
    world.clock.advance(Duration::from_mins(11));
    assert_eq!(world.come_back(&cookie, &back).await, "/accounts?error=link-expired", "too old");
    let forged = "http://localhost/auth/callback?code=abc&state=guessed";
    assert_eq!(world.come_back(&cookie, forged).await, "/accounts?error=link-expired");
    assert_eq!(
        world.come_back(&cookie, "http://localhost/auth/callback?code=abc").await,
        "/accounts?error=link-expired"
    );
    assert_eq!(world.come_back(&cookie, "http://localhost/auth/callback?").await, "/accounts?error=link-expired");
}

#[tokio::test]
async fn tiktok_out_of_order_is_said_so() {
    let (world, cookie) = with_shop().await;
    let back = agreed(&world, &cookie).await;
    world.sim.set_fault(NewFault::new("oauth2/token", FaultKind::HttpStatus).value(503));
    assert_eq!(world.come_back(&cookie, &back).await, "/accounts?error=tiktok-unavailable");
}

#[tokio::test]
async fn a_refused_exchange_says_what_was_refused() {
    let (world, cookie) = with_shop().await;
    for (code, slug) in [
        (40_110, "code-refused"),
        (40_131, "code-refused"),
        (40_101, "app-refused"),
        (40_002, "redirect-mismatch"),
        (40_001, "not-approved"),
        (40_113, "not-approved"),
        (40_117, "not-approved"),
        (40_118, "not-approved"),
        (50_000, "tiktok-unavailable"),
        (60_001, "tiktok-unavailable"),
    ] {
        let back = agreed(&world, &cookie).await;
        world.sim.set_fault(NewFault::new("oauth2/token", FaultKind::Code).value(code).times(1));
        assert_eq!(world.come_back(&cookie, &back).await, format!("/accounts?error={slug}"), "{code}");
    }
    assert!(world.store().accounts(&world.scope().await).await.unwrap().is_empty(), "nothing was kept");
}

#[tokio::test]
async fn an_app_with_another_secret_is_refused() {
    let (world, cookie) = with_shop().await;
    let back = agreed(&world, &cookie).await;
    world.sim.register_app(NewApp {
        app_id: DEFAULT_APP_ID.to_owned(),
        secret: "another secret".to_owned(),
        ..NewApp::default()
    });
    assert_eq!(world.come_back(&cookie, &back).await, "/accounts?error=app-refused");
}

#[tokio::test]
async fn an_account_of_another_workspace_stays_there() {
    let (world, cookie) = with_shop().await;
    assert!(world.consent(&cookie, SHOP, |_| true).await.starts_with("/accounts?connected="));
    let (account, ours) = (world.account().await, world.scope().await);
    let other = world.second_workspace().await;
    let theirs = world.sign_in_to(other).await;
    assert_eq!(world.consent(&theirs, SHOP, |_| true).await, "/accounts?error=belongs-to-another-workspace");
    assert!(world.store().accounts(&Scope::all(other)).await.unwrap().is_empty());
    let kept = world.store().account(&ours, account.id).await.unwrap().unwrap();
    assert_eq!((kept.id, kept.state), (account.id, AccountState::Active));
}

#[tokio::test]
async fn only_an_admins_browser_may_connect() {
    let (world, cookie) = with_shop().await;
    let open = |path: &str| world.http.get(format!("{}{path}", world.base));
    assert_eq!(open("/auth/connect").send().await.unwrap().status(), 401);
    assert_eq!(open("/auth/callback?code=a&state=b").send().await.unwrap().status(), 401);
    assert_eq!(
        world.api("GET", "/auth/connect").send().await.unwrap().status(),
        403,
        "a program has no browser to come back to"
    );
    assert_eq!(open("/auth/connect?kind=nonsense").header("cookie", &cookie).send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_missing_setting_is_named_on_a_page() {
    let world = World::with(|config| (config.tiktok.app_id, config.tiktok.app_secret) = (None, None)).await;
    let cookie = world.sign_in().await;
    let page = async |kind: &str| {
        let answer = world
            .http
            .get(format!("{}/auth/connect{kind}", world.base))
            .header("cookie", &cookie)
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, text) = page("?kind=business").await;
    assert!(status == 404 && text.contains("TIKTOK_APP_ID"), "{status} {text}");
    let (_, text) = page("?kind=login").await;
    assert!(text.contains("TIKTOK_CLIENT_KEY") && text.contains("TIKTOK_APP_ID"), "{text}");
}
