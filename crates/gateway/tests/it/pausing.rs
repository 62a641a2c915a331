//! A paused account: everything arrives and is shown, nothing leaves, and what waits goes in order after a resume.

use std::time::Duration;

use domain::{
    Id,
    account::{Account, AccountState},
    message::{Message, MessageState},
};
use serde_json::{Value, json};
use simulator::{FaultKind, NewFault};

use crate::harness::{SHOP, World, answer};

async fn switch(world: &World, account: &Account, to: &str) -> (u16, Value) {
    answer(world.api("POST", &format!("/api/v1/accounts/{}/{to}", account.id))).await
}

#[tokio::test]
async fn replies_wait_visibly_and_leave_in_order() {
    let (world, conversation) = World::in_conversation().await;
    let account = world.account().await;
    let (status, paused) = switch(&world, &account, "pause").await;
    assert_eq!((status, &paused["state"], &paused["canSend"]), (200, &json!("paused"), &json!(false)));
    let (status, problem) = world.try_reply(conversation, json!({"type": "text", "body": "ยังค่ะ"}), true).await;
    assert_eq!((status, problem["type"].as_str().unwrap().rsplit('/').next()), (409, Some("account-paused")));
    world.customer_says("ยังอยู่ไหมคะ");
    world.message_that("messages arrive", |one| one.message.content.words() == "ยังอยู่ไหมคะ").await;
    assert_eq!(switch(&world, &account, "pause").await.0, 200, "twice is fine");
    let (status, resumed) = switch(&world, &account, "resume").await;
    assert_eq!((status, &resumed["state"], &resumed["stateReason"]), (200, &json!("active"), &Value::Null));
    assert_eq!(switch(&world, &account, "resume").await.0, 200);

    // A retry is due later; until then the account is paused.
    world.sim.set_fault(NewFault::new("message/send", FaultKind::RateLimit).times(1));
    let first = world.reply(conversation, "หนึ่ง").await;
    world
        .message_that("it waits for a retry", |one| one.message.id == first && one.message.next_attempt_at.is_some())
        .await;
    // The clock stands still, or the first one would be due.
    let path = format!("/api/v1/conversations/{conversation}/messages");
    let body = json!({"content": {"type": "text", "body": "สอง"}});
    let (status, second) = answer(world.api("POST", &path).json(&body)).await;
    assert_eq!(status, 202, "{second}");
    let second: Id<Message> = second["id"].as_str().unwrap().parse().unwrap();
    switch(&world, &account, "pause").await;
    let calls = sends(&world);
    world.clock.advance(Duration::from_mins(30));
    world.customer_says("สวัสดี");
    world.message_that("the worker had its turn", |one| one.message.content.words() == "สวัสดี").await;
    assert_eq!(world.store().next_due_any_workspace().await.unwrap(), None, "nothing is due");
    for id in [first, second] {
        world.state_of(id, MessageState::Queued).await;
    }
    assert_eq!(sends(&world), calls, "nothing left");
    switch(&world, &account, "resume").await;
    for id in [first, second] {
        world.state_of(id, MessageState::Sent).await;
    }
    let texts: Vec<_> = world.messages().await.into_iter().map(|one| one.message.content.words().to_owned()).collect();
    let place = |text: &str| texts.iter().position(|one| one == text).unwrap();
    assert!(place("หนึ่ง") < place("สอง"), "{texts:?}");
}

fn sends(world: &World) -> usize {
    world.sim.calls().iter().filter(|call| call.endpoint.ends_with("message/send")).count()
}

#[tokio::test]
async fn tokens_stay_fresh_and_a_removed_authorization_asks_for_a_new_one() {
    let world = World::connected().await;
    let (account, scope) = (world.account().await, world.scope().await);
    switch(&world, &account, "pause").await;
    world.clock.advance(Duration::from_mins(24 * 60 - 15));
    let renewed =
        || async { world.store().tokens(&scope, account.binding).await.unwrap().filter(|pair| pair.version > 1) };
    world.until("the pair is renewed", renewed).await;
    assert_eq!(world.account().await.state, AccountState::Paused);

    world.sim.remove_authorization(SHOP, true, 1).unwrap();
    let state = || async { (world.account().await.state == AccountState::Reconnect).then_some(()) };
    world.until("the account asks for a new authorization", state).await;
    for to in ["pause", "resume"] {
        let (status, problem) = switch(&world, &account, to).await;
        assert_eq!((status, problem["type"].as_str().unwrap().rsplit('/').next()), (409, Some("account-disconnected")));
    }
}

#[tokio::test]
async fn only_admins_pause() {
    let world = World::connected().await;
    let account = world.account().await;
    let nobody = world.http.post(format!("{}/api/v1/accounts/{}/pause", world.base, account.id));
    assert_eq!(answer(nobody).await.0, 401);
    let (status, _) = answer(world.api("POST", "/api/v1/accounts/acc_0000000000001/pause")).await;
    assert_eq!(status, 404);
}
