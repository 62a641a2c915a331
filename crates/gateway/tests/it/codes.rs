//! One code of each kind that TikTok may answer a reply with, seen as a program sees it: cause, who can mend it, how often it was
//! tried. Every code there is goes through `providers::official::failure::tests`.

use std::time::Duration;

use domain::{
    Id, Timestamp,
    account::AccountState,
    message::{Message, MessageState},
};
use serde_json::{Value, json};
use simulator::{Content, FaultKind, NewFault};

use crate::harness::{World, answer};

/// Calls of `message/send` that TikTok got.
fn sends(world: &World) -> usize {
    world.sim.calls().into_iter().filter(|call| call.endpoint.ends_with("message/send")).count()
}

/// Texts of ours that TikTok has, in its order.
fn theirs(world: &World) -> Vec<String> {
    let id = world.sim.state().conversations[0].id.clone();
    let messages = world.sim.conversation(&id).unwrap().conversation.messages;
    let ours = messages.into_iter().filter(|one| one.from_business);
    ours.filter_map(|one| if let Content::Text { body } = one.content { Some(body) } else { None }).collect()
}

fn answers(world: &World, code: i64, words: Option<&str>, times: u32) {
    let fault = NewFault::new("message/send", FaultKind::Code).value(code).times(times);
    world.sim.set_fault(NewFault { message: words.map(str::to_owned), ..fault });
}

async fn shown(world: &World, id: Id<Message>) -> Value {
    let (status, message) = answer(world.api("GET", &format!("/api/v1/messages/{id}"))).await;
    assert_eq!(status, 200, "{message}");
    message
}

/// What the failure says besides TikTok's words.
fn verdict(message: &Value) -> (&str, &str, bool, u64) {
    let failure = &message["failure"];
    assert!(!failure["action"].as_str().unwrap().is_empty() && !failure["title"].as_str().unwrap().is_empty());
    (
        failure["cause"].as_str().unwrap(),
        failure["fixedBy"].as_str().unwrap(),
        failure["retryable"].as_bool().unwrap(),
        message["attempts"].as_u64().unwrap(),
    )
}

#[tokio::test]
async fn a_final_refusal_says_its_cause_and_who_can_mend_it_and_is_not_tried_again() {
    let (world, conversation) = World::in_conversation().await;
    let refusals = [
        (40_002, "invalid-request", "developer", false),
        (40_001, "not-permitted", "admin", false),
        (40_118, "app-not-approved", "developer", false),
        (40_101, "app-refused", "developer", false),
        (40_007, "gone", "agent", false),
        (40_908, "file-refused", "agent", false),
        (40_910, "file-ended", "agent", true),
        (40_050, "duplicate", "agent", false),
        (41_000, "blocked", "admin", false),
        (40_400, "bug", "developer", false),
        (48_888, "refused", "developer", false),
    ];
    for (code, cause, who, again) in refusals {
        answers(&world, code, None, 1);
        let id = world.reply(conversation, "ไม่ผ่าน").await;
        world.state_of(id, MessageState::Failed).await;
        let message = shown(&world, id).await;
        assert_eq!(verdict(&message), (cause, who, again, 1), "{code}");
        assert_eq!((&message["failure"]["type"], &message["failure"]["code"]), (&json!("refused"), &json!(code)));
        assert!(message["failure"]["requestId"].is_string() && message["nextAttemptAt"].is_null(), "{message}");
    }
    assert_eq!(world.store().next_due_any_workspace().await.unwrap(), None, "nothing is tried again by itself");
    assert_eq!((sends(&world), theirs(&world).len()), (refusals.len(), 0));

    answers(&world, 40_130, None, 1);
    let id = world.reply(conversation, "ต้องเชื่อมต่อใหม่").await;
    world.state_of(id, MessageState::Failed).await;
    let message = shown(&world, id).await;
    assert_eq!(verdict(&message), ("sign-in-refused", "admin", false, 1));
    assert_eq!(message["failure"]["type"], "account-disconnected");
    assert_eq!(world.account().await.state, AccountState::Reconnect);
}

#[tokio::test]
async fn an_app_that_is_refused_at_the_refresh_is_told_as_that() {
    let (world, conversation) = World::in_conversation().await;
    answers(&world, 40_105, None, 1);
    world.sim.set_fault(NewFault::new("oauth2/refresh_token", FaultKind::Code).value(40_101));
    let id = world.reply(conversation, "กุญแจไม่ตรง").await;
    world.state_of(id, MessageState::Failed).await;
    let message = shown(&world, id).await;
    assert_eq!(verdict(&message), ("app-refused", "developer", false, 1));
    assert_eq!(world.account().await.state, AccountState::Active, "connecting again would not help");
}

#[tokio::test]
async fn an_answer_that_leaves_it_open_is_shown_with_its_code_and_never_repeated() {
    let (world, conversation) = World::in_conversation().await;
    let open = [
        (20_001, "partly-done", "agent"),
        (50_000, "tiktok-failed", "agent"),
        (51_065, "tiktok-failed", "agent"),
        (77_777, "unknown-code", "tiktok"),
    ];
    for (code, cause, who) in open {
        answers(&world, code, Some("In TikTok's words."), 1);
        let id = world.reply(conversation, "ถึงไหม").await;
        world.state_of(id, MessageState::Unconfirmed).await;
        let message = shown(&world, id).await;
        assert_eq!(verdict(&message), (cause, who, false, 1), "{code}");
        let failure = &message["failure"];
        assert_eq!((&failure["code"], &failure["detail"]), (&json!(code), &json!("In TikTok's words.")));
        let request = failure["requestId"].clone();
        assert!(request.is_string(), "{failure}");

        world.state_in_time(id, MessageState::Failed).await;
        let message = shown(&world, id).await;
        assert_eq!(verdict(&message), ("not-delivered", "agent", true, 1), "{code}: TikTok's list does not hold it");
        assert_eq!((&message["failure"]["code"], &message["failure"]["requestId"]), (&json!(code), &request));
    }
    assert_eq!((sends(&world), theirs(&world).len()), (open.len(), 0), "one call each");
}

#[tokio::test]
async fn what_passes_by_itself_is_tried_again_and_says_how_often() {
    let (world, conversation) = World::in_conversation().await;
    answers(&world, 40_202, None, 2);
    let id = world.reply(conversation, "ชนกันพอดี").await;
    let waits = |one: &domain::store::MessageRecord| one.message.id == id && one.message.next_attempt_at.is_some();
    world.message_that("it waits", waits).await;
    assert_eq!(verdict(&shown(&world, id).await), ("write-conflict", "nobody", true, 1));
    world.state_in_time(id, MessageState::Sent).await;
    let message = shown(&world, id).await;
    assert_eq!((&message["attempts"], &message["failure"]), (&json!(3), &Value::Null));
    assert_eq!(theirs(&world).len(), 1);
}

/// A reply that meets `code`, one behind it, and the moment until which both wait.
async fn waits_until(code: i64, words: &str, cause: &str, due: impl Fn(Timestamp) -> Timestamp) {
    let (world, conversation) = World::in_conversation().await;
    answers(&world, code, Some(words), 1);
    let first = world.reply(conversation, "หนึ่ง").await;
    let waits = |one: &domain::store::MessageRecord| one.message.id == first && one.message.next_attempt_at.is_some();
    world.message_that("it waits", waits).await;
    let due = due(world.clock.now());
    let message = shown(&world, first).await;
    assert_eq!(verdict(&message), (cause, "nobody", true, 1));
    assert_eq!((&message["status"], &message["nextAttemptAt"]), (&json!("queued"), &json!(due.to_string())));

    let second = world.reply(conversation, "สอง").await;
    assert_eq!(world.store().next_due_any_workspace().await.unwrap(), Some(due), "and nobody overtakes it");
    world.clock.set(due.minus(Duration::from_secs(1)));
    assert_eq!((shown(&world, second).await["attempts"].as_u64(), sends(&world)), (Some(0), 1));

    world.state_in_time(second, MessageState::Sent).await;
    assert_eq!(theirs(&world), ["หนึ่ง", "สอง"]);
    assert_eq!((shown(&world, first).await["attempts"].as_u64(), sends(&world)), (Some(2), 3));
}

#[tokio::test]
async fn maintenance_is_waited_for_a_quarter_of_an_hour_at_a_time() {
    let later = |now: Timestamp| now.plus(Duration::from_mins(15));
    waits_until(60_001, "System maintenance.", "maintenance", later).await;
}

#[tokio::test]
async fn a_days_limit_is_waited_for_until_tiktoks_midnight() {
    let midnight = |_| Timestamp::from_secs(1_790_035_200);
    waits_until(40_100, "App reaches the QPD limit.", "daily-limit", midnight).await;
}
