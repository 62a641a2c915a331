//! The echo of our own reply never makes a second message, whether it comes before the answer, after it, or instead of it.

use std::time::Duration;

use domain::message::{Author, MessageState};
use simulator::{FaultKind, NewFault};

use crate::harness::World;

/// What everything must come to: the customer's text and one reply that TikTok has once.
async fn one_reply(world: &World) {
    let messages = world.messages().await;
    assert_eq!(messages.len(), 2, "{messages:#?}");
    let reply = &messages[1].message;
    assert_eq!((reply.state, &reply.author), (MessageState::Sent, &Author::ApiKey { id: None }));
    let id = world.sim.state().conversations[0].id.clone();
    let theirs = world.sim.conversation(&id).unwrap().conversation.messages;
    let theirs: Vec<_> = theirs.iter().filter(|one| one.from_business).collect();
    assert_eq!(theirs.len(), 1);
    assert_eq!(reply.external_id.as_ref(), Some(&theirs[0].message_id));
}

#[tokio::test]
async fn before_the_answer() {
    let (world, conversation) = World::in_conversation().await;
    world.sim.set_fault(NewFault::new("webhook", FaultKind::EarlyEcho));
    let id = world.reply(conversation, "เสียงสะท้อนมาก่อน").await;
    world
        .message_that("answered and echoed", |one| {
            one.message.id == id && one.message.state == MessageState::Sent && one.message.reported
        })
        .await;
    one_reply(&world).await;
}

#[tokio::test]
async fn after_the_answer() {
    let (world, conversation) = World::in_conversation().await;
    world.sim.set_fault(NewFault::new("webhook", FaultKind::LateEcho).value(5_000));
    let id = world.reply(conversation, "เสียงสะท้อนมาทีหลัง").await;
    let sent = world.state_of(id, MessageState::Sent).await;
    assert!(!sent.message.reported, "the echo waits for the clock");
    world.clock.advance(Duration::from_secs(6));
    world.message_that("the echo comes", |one| one.message.id == id && one.message.reported).await;
    one_reply(&world).await;
}

#[tokio::test]
async fn twice() {
    let (world, conversation) = World::in_conversation().await;
    world.sim.set_fault(NewFault::new("webhook", FaultKind::Duplicate).value(1_000));
    let id = world.reply(conversation, "สองครั้ง").await;
    world.message_that("the echo comes", |one| one.message.id == id && one.message.reported).await;
    world.clock.advance(Duration::from_secs(2));
    let twice = || async {
        world
            .sim
            .webhook_log()
            .iter()
            .filter(|hook| hook.event == "im_send_msg" && !hook.tries.is_empty())
            .nth(1)
            .map(drop)
    };
    world.until("the echo comes again", twice).await;
    one_reply(&world).await;
}

#[tokio::test]
async fn instead_of_the_answer() {
    let (world, conversation) = World::in_conversation().await;
    // The customer was asked about, so any later look at the list is about the reply.
    let described = || async {
        let found = world.store().conversation(&world.scope().await, conversation).await.unwrap();
        found.and_then(|record| record.conversation.image_send)
    };
    world.until("the conversation is described", described).await;
    let looks = || world.sim.calls().iter().filter(|call| call.endpoint.ends_with("content/list")).count();
    let before = looks();
    world.sim.set_fault(NewFault::new("message/send", FaultKind::ResetAfter).times(1));
    world.sim.set_fault(NewFault::new("webhook", FaultKind::LateEcho).value(2_000));
    let id = world.reply(conversation, "คำตอบหายไป").await;
    let lost = world.state_of(id, MessageState::Unconfirmed).await;
    assert!(lost.message.failure.is_some());
    // Sooner than the first look at TikTok's list.
    world.clock.advance(Duration::from_millis(2_500));
    world.state_of(id, MessageState::Sent).await;
    one_reply(&world).await;
    assert_eq!(looks(), before);
}

#[tokio::test]
async fn of_another_program_with_the_same_words() {
    // Somebody else's API reply of equal words is theirs, and ours stays ours.
    let (world, conversation) = World::in_conversation().await;
    let id = world.reply(conversation, "เหมือนกัน").await;
    world.message_that("the echo comes", |one| one.message.id == id && one.message.reported).await;
    world.tick();
    let other = simulator::AppReply {
        source: Some("API".to_owned()),
        ..simulator::AppReply::text(crate::harness::SHOP, crate::harness::MALI, "เหมือนกัน")
    };
    world.sim.app_reply(&other).unwrap();
    let theirs = world.message_that("the other's reply arrives", |one| one.message.author == Author::OtherApi).await;
    assert_ne!(theirs.message.id, id);
    assert_eq!(world.messages().await.len(), 3);
}
