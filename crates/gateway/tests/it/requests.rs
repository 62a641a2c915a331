//! Message requests: shown as such until the business answers, through whatever; no machine of TikTok's answers for it.

use domain::{
    Id,
    conversation::Conversation,
    message::{Author, MessageState},
};
use serde_json::Value;
use simulator::{AppReply, AutoKind, FaultKind, NewAutoMessage, NewFault};

use crate::harness::{MALI, SHOP, World, answer};

async fn is_request(world: &World, conversation: Id<Conversation>) -> bool {
    let found = world.store().conversation(&world.scope().await, conversation).await.unwrap();
    found.unwrap().conversation.request
}

async fn get(world: &World, path: &str) -> Value {
    let (status, body) = answer(world.api("GET", path)).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

/// How many conversations the view lists, and how many it says it has.
async fn requests(world: &World) -> (usize, i64) {
    let listed = get(world, "/api/v1/conversations?view=requests&status=open").await;
    let counts = get(world, "/api/v1/conversations/counts").await;
    (listed["items"].as_array().unwrap().len(), counts["requests"].as_i64().unwrap())
}

#[tokio::test]
async fn a_stranger_is_a_request_until_our_reply_is_sent() {
    let (world, conversation) = World::in_conversation().await;
    assert_eq!(requests(&world).await, (1, 1));
    let shown = get(&world, &format!("/api/v1/conversations/{conversation}")).await;
    assert_eq!(shown["request"], true);
    let id = world.reply(conversation, "สวัสดีค่ะ").await;
    world.state_of(id, MessageState::Sent).await;
    assert!(!is_request(&world, conversation).await);
    assert_eq!(requests(&world).await, (0, 0));
}

#[tokio::test]
async fn the_echo_of_our_reply_accepts_it_when_the_answer_is_lost() {
    let (world, conversation) = World::in_conversation().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::ResetAfter).times(1));
    let id = world.reply(conversation, "คำตอบหายไป").await;
    world.state_in_time(id, MessageState::Sent).await;
    assert!(!is_request(&world, conversation).await);
}

#[tokio::test]
async fn a_reply_that_tiktok_refuses_accepts_nothing() {
    let (world, conversation) = World::in_conversation().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::Code).value(40_002).times(1));
    let id = world.reply(conversation, "ไม่ผ่าน").await;
    world.state_of(id, MessageState::Failed).await;
    assert!(is_request(&world, conversation).await);
    assert_eq!(requests(&world).await, (1, 1));
}

#[tokio::test]
async fn a_reply_in_tiktoks_app_accepts_it() {
    let (world, conversation) = World::in_conversation().await;
    world.tick();
    world.sim.app_reply(&AppReply::text(SHOP, MALI, "จากแอปค่ะ")).unwrap();
    world.message_that("the app's reply arrives", |one| one.message.author == Author::TiktokApp).await;
    assert!(!is_request(&world, conversation).await);
    assert_eq!(requests(&world).await, (0, 0));
}

#[tokio::test]
async fn an_automatic_message_does_not_accept_it() {
    let world = World::connected().await;
    let welcome = NewAutoMessage {
        business: SHOP.to_owned(),
        auto_message_type: AutoKind::WelcomeMessage,
        welcome_message: Some(serde_json::json!({"content": "ยินดีต้อนรับค่ะ"})),
        suggested_question: None,
        chat_prompt: None,
        approved: true,
    };
    world.sim.set_auto_message(&welcome).unwrap();
    world.customer_says("สวัสดีค่ะ");
    let sent = world.message_that("the welcome arrives", |one| one.message.author == Author::AutoMessage).await;
    assert!(is_request(&world, sent.message.conversation_id).await);
    assert_eq!(requests(&world).await, (1, 1));
}
