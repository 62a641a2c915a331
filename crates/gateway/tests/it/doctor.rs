//! Every finding of `doctor`: caused here, and its fix read. What the settings alone tell is tested beside them.

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use domain::account::{Account, AccountState, ProviderKind, SealedTokens};
use message_gateway::doctor::{Doctor, Finding, Level};
use serde_json::{Value, json};
use simulator::{
    AppReply, BusinessSettings, CustomerMessage, DEFAULT_APP_ID, FaultKind, NewApp, NewCustomer, NewFault, SCOPES,
};

use crate::harness::{FIXTURE_ACCOUNT, MALI, SHOP, World, answer};

/// What the health panel of the only account gets.
async fn health(world: &World) -> Vec<Value> {
    let account = world.account().await.id;
    let (status, body) = answer(world.api("GET", &format!("/api/v1/accounts/{account}/health"))).await;
    assert_eq!(status, 200, "{body}");
    body["findings"].as_array().unwrap().clone()
}

fn ids(findings: &[Value]) -> Vec<&str> {
    findings.iter().map(|finding| finding["id"].as_str().unwrap()).collect()
}

/// The health names `id` at `level`, with a fix that says `phrase`. Gives the finding.
pub(crate) async fn finds(world: &World, id: &str, level: &str, phrase: &str) -> Value {
    let findings = health(world).await;
    let found = findings.iter().find(|finding| finding["id"] == id);
    let found = found.unwrap_or_else(|| panic!("{id} is not in {findings:#?}"));
    assert_eq!(found["level"], level, "{found}");
    let fix = found["fix"].as_str().unwrap_or_default();
    assert!(fix.contains(phrase) && !found["cause"].as_str().unwrap().is_empty(), "{found}");
    found.clone()
}

async fn examined(world: &World, account: &Account) -> Vec<Finding> {
    let app = world.app();
    let (config, store, keyring) = (Arc::clone(&app.config), Arc::clone(&app.store), Arc::clone(&app.keyring));
    let tokens = Arc::clone(&app.tokens);
    Doctor::new(config, app.clock.clone(), store, keyring, &app.providers, tokens, account.workspace_id)
        .examine_all(std::slice::from_ref(account))
        .await
}

#[tokio::test]
async fn a_healthy_account_has_nothing_to_mend() {
    let (world, _) = World::in_conversation().await;
    let findings = health(&world).await;
    let worst: Vec<_> = findings.iter().filter(|finding| finding["level"] != "ok").collect();
    assert_eq!(ids(&worst.into_iter().cloned().collect::<Vec<_>>()), ["simulated", "redirect-uri"], "{findings:#?}");
    let simulated = findings.iter().find(|finding| finding["id"] == "simulated").unwrap();
    assert!(simulated["fix"].as_str().unwrap().contains("remove TIKTOK_BUSINESS_API_URL"), "{simulated}");
    let fine: BTreeSet<_> = ids(&findings).into_iter().collect();
    for id in [
        "app-accepted",
        "webhook-registered",
        "webhook-reachable",
        "callback-reachable",
        "clock-right",
        "sign-in-lives",
        "scopes-granted",
        "account-business",
        "messages-allowed",
        "webhooks-arrive",
        "pictures-allowed",
    ] {
        assert!(fine.contains(id), "{id} is not in {fine:?}");
    }
    let account = world.account().await.id.to_string();
    let own = findings.iter().find(|finding| finding["id"] == "sign-in-lives").unwrap();
    assert_eq!((&own["accountId"], &findings[0]["accountId"]), (&json!(account), &Value::Null));

    // The test event is noted, and in nobody's way.
    let (_, unread) = answer(world.api("GET", "/api/v1/deliveries?kind=unsupported")).await;
    assert_eq!(unread["items"], json!([]));
    assert_eq!(world.messages().await.len(), 1);
    let machine = examined(&world, &world.account().await).await;
    let seen: Vec<_> = machine.iter().map(|finding| finding.id).collect();
    for id in ["database-safe", "encryption-key-fits", "pictures-kept"] {
        assert!(seen.contains(&id), "{id} is not in {seen:?}");
    }
}

#[tokio::test]
async fn only_admins_may_ask() {
    let world = World::connected().await;
    let account = world.account().await.id;
    let path = format!("{}/api/v1/accounts/{account}/health", world.base);
    assert_eq!(world.http.get(path).send().await.unwrap().status(), 401);
    assert_eq!(world.http.post(format!("{}/api/v1/webhook", world.base)).send().await.unwrap().status(), 401);
    assert_eq!(answer(world.api("GET", "/api/v1/accounts/acc_0000000000001/health")).await.0, 404);
}

#[tokio::test]
async fn an_app_that_tiktok_refuses_is_named() {
    let world = World::connected().await;
    world.sim.register_app(NewApp {
        app_id: DEFAULT_APP_ID.to_owned(),
        secret: "another secret".to_owned(),
        ..NewApp::default()
    });
    let found = finds(&world, "app-refused", "problem", "App Detail").await;
    assert!(found["cause"].as_str().unwrap().contains("40101"));
}

#[tokio::test]
async fn a_webhook_elsewhere_is_brought_here_by_one_click() {
    let world = World::connected().await;
    let ours = format!("http://localhost:{}/webhook/tiktok", world.gateway.address().port());
    for (address, why) in [("https://old.example.com/hook", "https://old.example.com"), (&format!("{ours}/"), "slash")]
    {
        world.sim.set_callback(DEFAULT_APP_ID, "DIRECT_MESSAGE", address).unwrap();
        let found = finds(&world, "webhook-elsewhere", "problem", "doctor --fix").await;
        assert!(found["cause"].as_str().unwrap().contains(why), "{found}");
        assert_eq!(found["action"], "set_webhook");
        let (status, done) = answer(world.api("POST", "/api/v1/webhook")).await;
        assert_eq!((status, done), (200, json!({"url": ours, "changed": true})));
    }
    let (_, again) = answer(world.api("POST", "/api/v1/webhook")).await;
    assert_eq!(again["changed"], false);
    assert!(ids(&health(&world).await).contains(&"webhook-registered"));
}

#[tokio::test]
async fn no_webhook_and_no_sign_in_are_named() {
    let world = World::new().await;
    world.adopt(FIXTURE_ACCOUNT).await;
    let missing = finds(&world, "webhook-missing", "problem", "Point it here").await;
    assert_eq!((&missing["action"], &missing["copy"]), (&json!("set_webhook"), &json!("message-gateway doctor --fix")));
    let refused = finds(&world, "sign-in-refused", "problem", "Connect the account again").await;
    assert_eq!(refused["action"], "reconnect");
}

#[tokio::test]
async fn without_an_app_nothing_is_asked_and_that_is_said() {
    let world = World::with(|config| (config.tiktok.app_id, config.tiktok.app_secret) = (None, None)).await;
    world.adopt(FIXTURE_ACCOUNT).await;
    finds(&world, "app-missing", "problem", "TikTok API for Business portal").await;
    finds(&world, "sign-in-without-app", "problem", "TIKTOK_APP_ID").await;
    let (status, problem) = answer(world.api("POST", "/api/v1/webhook")).await;
    assert_eq!((status, &problem["reason"]), (503, &json!("not-configured")));
}

#[tokio::test]
async fn trouble_at_tiktok_is_told_apart() {
    let world = World::connected().await;
    for (kind, value, id, level, phrase) in [
        (FaultKind::RateLimit, 0, "tiktok-busy", "warning", "five minutes"),
        (FaultKind::ResetBefore, 0, "tiktok-unreachable", "problem", "firewall"),
        (FaultKind::Code, 50000, "tiktok-error", "warning", "request id"),
    ] {
        world.sim.set_fault(NewFault::new("webhook/list", kind).value(value));
        finds(&world, id, level, phrase).await;
        world.sim.clear_faults();
    }
}

#[tokio::test]
async fn a_permission_that_was_taken_back_is_named() {
    let world = World::connected().await;
    let without =
        |gone: &str| SCOPES.iter().filter(|one| **one != gone).map(|one| (*one).to_owned()).collect::<Vec<_>>();
    world.sim.set_scopes(SHOP, &without("user.info.username")).unwrap();
    finds(&world, "scopes-missing", "warning", "Scope of permission").await;
    world.sim.set_scopes(SHOP, &without("message.list.send")).unwrap();
    let found = finds(&world, "scopes-missing", "problem", "leave every permission switched on").await;
    assert!(found["title"].as_str().unwrap().contains("message.list.send") && found["action"] == "reconnect");
}

#[tokio::test]
async fn an_account_that_may_not_use_messages_is_named() {
    let world = World::connected().await;
    let change = |region: &str, is_business: bool| {
        let settings = BusinessSettings {
            business: SHOP.to_owned(),
            region: Some(region.to_owned()),
            is_business_account: Some(is_business),
            ..BusinessSettings::default()
        };
        world.sim.change_business(settings).unwrap();
    };
    change("DE", true);
    let found = finds(&world, "account-not-allowed", "problem", "Business Messaging is approved").await;
    assert!(found["cause"].as_str().unwrap().contains("EEA, Switzerland or the UK"));
    assert_eq!(ids(&health(&world).await).iter().filter(|id| **id == "account-not-allowed").count(), 1);
    change("TH", false);
    finds(&world, "account-personal", "problem", "Switch to Business Account").await;
}

#[tokio::test]
async fn a_sign_in_that_is_over_or_ends_soon_is_named() {
    let world = World::connected().await;
    world.clock.advance(Duration::from_hours(24 * 340));
    let ends = finds(&world, "sign-in-ends", "warning", "Connect the account again before").await;
    assert_eq!(ends["action"], "reconnect");
    world.sim.revoke(SHOP, false).unwrap();
    finds(&world, "sign-in-refused", "problem", "Connect the account again").await;
    assert_eq!(world.account().await.state, AccountState::Reconnect, "as a worker would have found out");
    finds(&world, "account-reconnect", "problem", "leave every permission").await;
}

#[tokio::test]
async fn a_sign_in_sealed_with_another_key_is_named() {
    let world = World::connected().await;
    let account = world.account().await;
    let scope = world.scope().await;
    let sealed = world.store().tokens(&scope, account.binding).await.unwrap().unwrap();
    let damaged = SealedTokens { access: vec![1; 60], version: sealed.version + 1, ..sealed };
    assert!(world.store().replace_tokens(&scope, account.binding, damaged).await.unwrap());
    finds(&world, "sign-in-unreadable", "problem", "ENCRYPTION_KEY").await;
}

#[tokio::test]
async fn what_a_person_switched_off_is_named() {
    let world = World::connected().await;
    let (account, scope) = (world.account().await, world.scope().await);
    for (state, id, phrase) in [
        (AccountState::Paused, "account-paused", "Accounts page"),
        (AccountState::Disconnected, "account-disconnected", "its chats are still here"),
    ] {
        world.store().set_account_state(&scope, account.id, state, Some("by Ploy".to_owned())).await.unwrap();
        finds(&world, id, "hint", phrase).await;
    }
}

#[tokio::test]
async fn messages_that_did_not_arrive_are_told_by_tiktoks_own_list() {
    let world = World::connected().await;
    let everyone = finds(&world, "dm-permission", "hint", "Direct messages, choose Everyone").await;
    assert_eq!(everyone["title"], "No webhook yet");
    world.sim.set_fault(NewFault::new("webhook", FaultKind::Drop));
    world.tick();
    world.sim.customer_writes(&CustomerMessage::text(MALI, SHOP, "มีใครอยู่ไหมคะ")).unwrap();
    finds(&world, "webhooks-missed", "warning", "registered and reachable").await;
}

#[tokio::test]
async fn a_day_of_silence_is_worth_a_look() {
    let (world, _) = World::in_conversation().await;
    world.clock.advance(Duration::from_hours(25));
    let found = finds(&world, "dm-permission", "hint", "Privacy").await;
    assert_eq!(found["title"], "No webhook for a day");
}

#[tokio::test]
async fn a_conversation_without_pictures_is_named() {
    let world = World::connected().await;
    let far = NewCustomer { region: Some("US".to_owned()), ..NewCustomer::new("far.away", "Far away") };
    world.sim.create_customer(far).unwrap();
    world.tick();
    world.sim.customer_writes(&CustomerMessage::text("far.away", SHOP, "Hello")).unwrap();
    world.sim.app_reply(&AppReply::text(SHOP, "far.away", "Hello back")).unwrap();
    finds(&world, "pictures-refused", "hint", "words or a link").await;
}

#[tokio::test]
async fn a_wrong_clock_is_named() {
    let world = World::connected().await;
    for (ahead, id, level) in [(120_000, "clock-behind", "problem"), (-120_000, "clock-ahead", "warning")] {
        world.tiktok_ahead.store(ahead, Ordering::Relaxed);
        let found = finds(&world, id, level, "over the network").await;
        assert_eq!(found["copy"], "timedatectl set-ntp true");
        assert!(found["title"].as_str().unwrap().contains("120 s"), "{found}");
    }
    world.tiktok_ahead.store(30_000, Ordering::Relaxed);
    assert!(ids(&health(&world).await).contains(&"clock-right"));
}

#[tokio::test]
async fn a_generic_webhook_without_a_key_is_named() {
    let world = World::with(|config| config.messages.webhook_verify_token = None).await;
    world.adopt_through(ProviderKind::Thirdparty, "shop", None).await;
    finds(&world, "verify-token-missing", "problem", "WEBHOOK_VERIFY_TOKEN").await;
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_named() {
    let world = World::connected().await;
    let account = world.account().await;
    world.store().close().await;
    let findings = examined(&world, &account).await;
    for id in ["sign-in-unknown", "encryption-key-unknown"] {
        let found = findings.iter().find(|finding| finding.id == id).unwrap_or_else(|| panic!("{id}: {findings:#?}"));
        assert!(found.level == Level::Warning && found.fix.as_ref().unwrap().contains("database answers"), "{found:?}");
    }
}
