//! Findings of an account through Respond.io: each caused here, and its fix read.

use std::{collections::BTreeSet, time::Duration};

use domain::{
    account::{AccountState, ProviderKind},
    history::HistoryState,
    space::SpacePatch,
};
use message_gateway::config::{Config, RespondioSecret};
use serde_json::Value;
use simulator::{FaultKind, NewFault, respondio::Settings};

use crate::{
    desk::{Desk, put_token},
    doctor::finds,
    harness::{SHOP, World, answer},
};

/// What the simulator calls the first channel.
const CHANNEL: &str = "54322";
const KEY: &str = "key-of-received=";
/// No such host, wherever the tests run.
const NOWHERE: &str = "http://respondio.invalid/v2/";

fn with_key(config: &mut Config) {
    config.messages.respondio_webhook_secrets =
        vec![RespondioSecret { account: CHANNEL.to_owned(), secret: KEY.into() }];
}

async fn ids(world: &World) -> BTreeSet<String> {
    let account = world.account().await.id;
    let (status, body) = answer(world.api("GET", &format!("/api/v1/accounts/{account}/health"))).await;
    assert_eq!(status, 200, "{body}");
    let own = |one: &&Value| one["accountId"] == account.to_string();
    let id = |one: &Value| one["id"].as_str().unwrap().to_owned();
    let of_the_app = body["findings"].as_array().unwrap().iter().any(|one| one["id"] == "webhook-missing");
    assert!(!of_the_app, "TikTok's app may wait: {body}");
    body["findings"].as_array().unwrap().iter().filter(own).map(id).collect()
}

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[tokio::test]
async fn an_account_that_works_says_so_and_how_its_messages_come() {
    let desk = Desk::open().await;
    desk.pass(Duration::from_secs(5)).await;
    assert_eq!(ids(&desk.world).await, set(&["respondio-accepted", "respondio-polled"]));
    // Questions come one by one, by the clock.
    desk.world.tick();
    let polled = finds(&desk.world, "respondio-polled", "hint", "New Incoming Message").await;
    let ours = format!("http://localhost:{}/webhook/respondio/{CHANNEL}", desk.world.gateway.address().port());
    assert_eq!(polled["copy"], ours);
    assert!(polled["fix"].as_str().unwrap().contains("Advanced plan"), "{polled}");
}

#[tokio::test]
async fn webhooks_that_never_came_or_stopped_are_named() {
    let desk = Desk::with(Settings::default(), with_key).await;
    desk.pass(Duration::from_secs(5)).await;
    let never = finds(&desk.world, "respondio-webhooks-silent", "hint", "its own key").await;
    assert!(never["cause"].as_str().unwrap().starts_with("None was ever verified"), "{never}");

    let body = r#"{"event_type":"contact.updated","event_id":"e1","contact":{"id":410000777}}"#;
    let request = desk.world.http.post(format!("{}/webhook/respondio/{CHANNEL}", desk.world.base));
    let signature = respondio::webhook::sign(&KEY.into(), body.as_bytes());
    assert_eq!(answer(request.header("X-Webhook-Signature", signature).body(body)).await.0, 200);
    desk.pass(Duration::from_secs(5)).await;
    assert_eq!(ids(&desk.world).await, set(&["respondio-accepted", "respondio-webhooks-arrive"]));

    desk.world.clock.advance(Duration::from_hours(25));
    desk.pass(Duration::from_secs(5)).await;
    let stopped = finds(&desk.world, "respondio-webhooks-silent", "hint", "its own key").await;
    assert_eq!(stopped["title"], "No webhook of Respond.io for a day");
}

#[tokio::test]
async fn a_token_that_was_taken_back_is_named_and_written_down() {
    let desk = Desk::open().await;
    desk.world.sim.add_respondio_token(desk.workspace.id, true).unwrap();
    desk.world.tick();
    let refused = finds(&desk.world, "respondio-refused", "problem", "put it here: Accounts, Through Respond.io").await;
    assert!(refused["cause"].as_str().unwrap().contains("no longer accepts"), "{refused}");
    // Whoever asks for messages may have found out first, and is writing it down.
    let waits = || async { (desk.world.account().await.state == AccountState::Reconnect).then_some(()) };
    desk.world.until("the account waits for a token", waits).await;
    // The reason is kept, and nobody asks any more.
    let calls = desk.calls("space/channels").len();
    let again = finds(&desk.world, "respondio-refused", "problem", "put it here").await;
    assert_eq!((&again["cause"], desk.calls("space/channels").len()), (&refused["cause"], calls));
    let waits = finds(&desk.world, "account-reconnect", "problem", "Developer API").await;
    assert_eq!(waits["action"], Value::Null, "TikTok's consent page does not help");
}

#[tokio::test]
async fn a_plan_without_api_is_named() {
    let desk = Desk::open().await;
    desk.world.sim.set_fault(NewFault::new("respondio/space/channels", FaultKind::Code).value(403));
    desk.world.tick();
    let found = finds(&desk.world, "respondio-refused", "problem", "Growth plan or a higher one").await;
    assert!(found["cause"].as_str().unwrap().contains("does not let this workspace use its API"), "{found}");
}

#[tokio::test]
async fn a_channel_that_was_removed_there_is_named() {
    let desk = Desk::open().await;
    desk.world.sim.remove_respondio_channel(desk.workspace.id, desk.channel).unwrap();
    desk.world.tick();
    let found = finds(&desk.world, "respondio-channel-gone", "problem", "another number").await;
    assert!(found["cause"].as_str().unwrap().contains(CHANNEL), "{found}");
}

#[tokio::test]
async fn an_account_without_a_workspace_or_with_a_token_that_cant_be_opened_is_named() {
    let desk = Desk::open().await;
    let workspace = desk.world.workspace().await;
    let damaged = SpacePatch { token: Some(vec![1; 60]), ..SpacePatch::default() };
    desk.world.store().patch_space(workspace, desk.space.parse().unwrap(), damaged).await.unwrap().unwrap();
    finds(&desk.world, "respondio-token-unreadable", "problem", "ENCRYPTION_KEY").await;

    let world = World::new().await;
    world.adopt_through(ProviderKind::Respondio, CHANNEL, None).await;
    finds(&world, "respondio-workspace-missing", "problem", "choose this channel").await;
}

#[tokio::test]
async fn trouble_at_respondio_is_told_apart() {
    let desk = Desk::open().await;
    for (kind, value, id, level, phrase) in [
        (FaultKind::RateLimit, 0, "respondio-busy", "warning", "limits are shared"),
        (FaultKind::ResetBefore, 0, "respondio-unreachable", "problem", "firewall"),
        (FaultKind::Code, 500, "respondio-error", "warning", "support"),
        (FaultKind::HttpStatus, 403, "respondio-blocked", "warning", "by itself"),
    ] {
        desk.world.sim.set_fault(NewFault::new("respondio/space/channels", kind).value(value));
        finds(&desk.world, id, level, phrase).await;
        desk.world.sim.clear_faults();
        desk.pass(Duration::from_secs(10)).await;
    }
}

#[tokio::test]
async fn pictures_that_respondio_cant_fetch_are_named() {
    let world = World::with(|config| config.messages.respondio_api_url = NOWHERE.parse().unwrap()).await;
    let (workspace, lines) = (world.workspace().await, &world.app().lines);
    let id = world.store().new_space_id().await.unwrap();
    world.store().add_space(workspace, id, lines.seal(id, &"a-token".into()), Vec::new()).await.unwrap();
    let account = world.adopt_through(ProviderKind::Respondio, CHANNEL, None).await;
    assert!(world.store().hang_account(workspace, id, account.id).await.unwrap());
    let found = finds(&world, "respondio-pictures", "hint", "PUBLIC_URL").await;
    assert!(found["cause"].as_str().unwrap().contains("http://localhost:"), "{found}");
}

#[tokio::test]
async fn an_account_with_two_sides_is_examined_for_both() {
    let desk = Desk::open().await;
    let world = &desk.world;
    let cookie = world.sign_in().await;
    let page = world.begin_at(&cookie, &format!("/auth/connect?kind=business&account={}", desk.account.id)).await;
    assert_eq!(world.agree(&cookie, &page, SHOP, |_| true).await, format!("/accounts?connected={}", desk.account.id));
    let filed = || async {
        world.clock.advance(Duration::from_millis(100));
        (world.account().await.history?.state == HistoryState::Filed).then_some(())
    };
    world.until("what TikTok lists is filed", filed).await;
    for sender in ["respondio", "official"] {
        let path = format!("/api/v1/accounts/{}/sender", desk.account.id);
        let (status, account) = answer(world.api("PUT", &path).json(&serde_json::json!({"provider": sender}))).await;
        assert_eq!(status, 200, "{account}");
        desk.pass(Duration::from_secs(5)).await;
        let found = ids(world).await;
        for id in ["respondio-accepted", "sign-in-lives", "scopes-granted", "messages-allowed"] {
            assert!(found.contains(id), "{id} is not in {found:?} while {sender} sends");
        }
    }
    // Each side's trouble is its own.
    world.sim.add_respondio_token(desk.workspace.id, true).unwrap();
    desk.pass(Duration::from_secs(5)).await;
    let found = ids(world).await;
    assert!(found.contains("respondio-refused") && found.contains("sign-in-lives"), "{found:?}");
    put_token(world, &world.sim.respondio_workspace(desk.workspace.id).unwrap().tokens[0]).await;
    desk.pass(Duration::from_secs(5)).await;
    assert!(ids(world).await.contains("respondio-accepted"));
}
