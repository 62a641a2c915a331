//! TikTok at its worst: answers that get lost, servers that fail, limits, connections that break. Nothing is sent twice, nothing
//! is lost, and the state is always true.

use std::time::Duration;

use domain::{failure::FailureKind, message::MessageState};
use serde_json::json;
use simulator::{CustomerMessage, FaultKind, NewCustomer, NewFault};

use crate::harness::{SHOP, World, answer};

/// How often TikTok has a message of ours.
fn sent(world: &World) -> usize {
    let id = world.sim.state().conversations[0].id.clone();
    world.sim.conversation(&id).unwrap().conversation.messages.iter().filter(|one| one.from_business).count()
}

#[tokio::test]
async fn a_lost_answer_without_an_echo_is_settled_by_the_list() {
    let (world, conversation) = World::in_conversation().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::ResetAfter).times(1));
    world.sim.set_fault(NewFault::new("webhook", FaultKind::ResetBefore));
    let id = world.reply(conversation, "คำตอบหาย เสียงสะท้อนก็หาย").await;
    let lost = world.state_of(id, MessageState::Unconfirmed).await;
    assert_eq!(lost.message.failure.unwrap().kind, FailureKind::Timeout);
    let found = world.state_in_time(id, MessageState::Sent).await;
    assert!(found.message.external_id.is_some() && found.message.failure.is_none());
    assert_eq!((sent(&world), world.messages().await.len()), (1, 2));
}

#[tokio::test]
async fn a_person_may_ask_for_the_list_at_once() {
    let (world, conversation) = World::in_conversation().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::ResetAfter).times(1));
    world.sim.set_fault(NewFault::new("webhook", FaultKind::ResetBefore));
    let id = world.reply(conversation, "ถึงหรือยังนะ").await;
    world.state_of(id, MessageState::Unconfirmed).await;
    let (status, shown) = answer(world.api("POST", &format!("/api/v1/messages/{id}/check"))).await;
    assert_eq!(status, 200, "{shown}");
    world.state_of(id, MessageState::Sent).await;
    assert_eq!(sent(&world), 1);
}

#[tokio::test]
async fn what_never_arrived_fails_and_retry_really_sends() {
    let (world, conversation) = World::in_conversation().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::ResetBefore).times(1));
    let id = world.reply(conversation, "ไม่ถึง").await;
    world.state_of(id, MessageState::Unconfirmed).await;
    let failed = world.state_in_time(id, MessageState::Failed).await;
    assert_eq!(failed.message.failure.unwrap().kind, FailureKind::NotDelivered);
    assert_eq!(sent(&world), 0);
    let (status, _) = answer(world.api("POST", &format!("/api/v1/messages/{id}/retry")).json(&json!({}))).await;
    assert_eq!(status, 202);
    world.state_of(id, MessageState::Sent).await;
    assert_eq!((sent(&world), world.messages().await.len()), (1, 2));
}

#[tokio::test]
async fn a_server_error_is_never_repeated_blindly() {
    let (world, conversation) = World::in_conversation().await;
    for fault in [
        NewFault::new("message/send", FaultKind::HttpStatus).value(500),
        NewFault::new("message/send", FaultKind::Code).value(51065),
    ] {
        world.sim.set_fault(fault.times(1));
        let id = world.reply(conversation, "ห้าร้อย").await;
        world.state_of(id, MessageState::Unconfirmed).await;
        world.state_in_time(id, MessageState::Failed).await;
        assert_eq!(sent(&world), 0);
    }
}

#[tokio::test]
async fn the_queue_behind_an_unconfirmed_message_waits_and_goes_on() {
    let (world, conversation) = World::in_conversation().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::ResetAfter).times(1));
    world.sim.set_fault(NewFault::new("webhook", FaultKind::ResetBefore));
    let first = world.reply(conversation, "หนึ่ง").await;
    world.state_of(first, MessageState::Unconfirmed).await;
    let second = world.reply(conversation, "สอง").await;
    world.state_in_time(second, MessageState::Sent).await;
    world.state_of(first, MessageState::Sent).await;
    assert_eq!(sent(&world), 2);
}

#[tokio::test]
async fn a_rush_stays_below_tiktoks_limit() {
    let world = World::connected().await;
    let names: Vec<String> = (0..8).map(|number| format!("customer.{number}")).collect();
    for name in &names {
        world.sim.create_customer(NewCustomer::new(name, name)).unwrap();
        world.sim.customer_writes(&CustomerMessage::text(name, SHOP, "เปิดกี่โมงคะ")).unwrap();
    }
    let all = || async { Some(world.messages().await).filter(|all| all.len() == names.len()) };
    for asked in world.until("all have written", all).await {
        world.reply(asked.message.conversation_id, "เก้าโมงค่ะ").await;
    }
    // Two questions about each customer, and one reply: more than one second has room for.
    let told = || async {
        let calls = world.sim.calls();
        let count = |end: &str| calls.iter().filter(|call| call.endpoint.ends_with(end)).count();
        let done = ["content/list", "message/send"].into_iter().all(|end| count(end) == names.len());
        done.then_some(calls)
    };
    let calls = world.until("everything is asked and sent", told).await;
    assert!(calls.iter().all(|call| call.code == 0), "{calls:?}");
}

#[tokio::test]
async fn a_limit_is_waited_for() {
    for fault in [
        NewFault::new("message/send", FaultKind::RateLimit),
        NewFault::new("message/send", FaultKind::HttpStatus).value(429),
    ] {
        let (world, conversation) = World::in_conversation().await;
        world.sim.set_fault(fault.times(3));
        let id = world.reply(conversation, "ช้า ๆ").await;
        let waiting = |one: &domain::store::MessageRecord| {
            one.message.id == id
                && one.message.failure.as_ref().is_some_and(|failure| failure.kind == FailureKind::RateLimited)
        };
        world.message_that("it waits", waiting).await;
        let done = world.state_in_time(id, MessageState::Sent).await;
        assert!(done.message.failure.is_none());
        assert_eq!(sent(&world), 1);
        let attempts = world.store().attempts(&world.scope().await, id).await.unwrap();
        assert_eq!(
            attempts.iter().map(|one| one.outcome.as_deref().unwrap()).collect::<Vec<_>>(),
            ["retry", "retry", "retry", "sent"]
        );
    }
}

#[tokio::test]
async fn a_refusal_by_the_rules_is_final_and_shows_tiktoks_words() {
    let (world, conversation) = World::in_conversation().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::Code).value(40064).times(1));
    let id = world.reply(conversation, "ไม่ให้ส่ง").await;
    let failed = world.state_of(id, MessageState::Failed).await;
    let failure = failed.message.failure.unwrap();
    assert_eq!(failure.code, Some(40064));
    assert!(!failure.detail.is_empty());
    assert_eq!(world.store().next_due_any_workspace().await.unwrap(), None, "never tried again by itself");
    assert_eq!(sent(&world), 0);
}

#[tokio::test]
async fn webhooks_whose_answers_get_lost_are_stored_once() {
    let world = World::connected().await;
    world.sim.set_fault(NewFault::new("webhook", FaultKind::LoseAnswer).times(3));
    world.customer_says("ได้รับไหมคะ");
    world.message_that("it arrives", |one| one.message.content.words() == "ได้รับไหมคะ").await;
    let tries = || async {
        world.clock.advance(Duration::from_secs(10));
        let log = world.sim.webhook_log();
        let tries = log.iter().find(|hook| hook.event == "im_receive_msg").map_or(0, |hook| hook.tries.len());
        (tries == 4).then_some(())
    };
    world.until("three answers are lost and the fourth is heard", tries).await;
    assert_eq!(world.messages().await.len(), 1);
}

#[tokio::test]
async fn a_reply_survives_a_restart_in_the_middle() {
    let (world, conversation) = World::in_conversation().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::RateLimit));
    let id = world.reply(conversation, "ปิดเครื่องก่อน").await;
    let waiting = |one: &domain::store::MessageRecord| one.message.id == id && one.message.next_attempt_at.is_some();
    world.message_that("it waits", waiting).await;
    let world = world.restart().await;
    world.sim.clear_faults();
    world.state_in_time(id, MessageState::Sent).await;
    assert_eq!(sent(&world), 1);
}

#[tokio::test]
async fn an_answer_that_never_comes_is_told_by_the_echo() {
    // The connection stays open and silent, so this one waits for the client's own time-out.
    let (world, conversation) = World::in_conversation().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::LoseAnswer).times(1));
    let id = world.reply(conversation, "เงียบจังเลย").await;
    let echoed = |one: &domain::store::MessageRecord| one.message.id == id && one.message.reported;
    let waiting = world.message_that("the echo comes while the answer is awaited", echoed).await;
    assert!(waiting.message.provisional && waiting.message.state == MessageState::Sending);
    let done = world.state_of(id, MessageState::Sent).await;
    assert!(done.message.failure.is_none());
    assert_eq!((sent(&world), world.messages().await.len()), (1, 2));
    let attempts = world.store().attempts(&world.scope().await, id).await.unwrap();
    assert_eq!(attempts.iter().map(|one| one.outcome.as_deref().unwrap()).collect::<Vec<_>>(), ["unknown"]);
}
