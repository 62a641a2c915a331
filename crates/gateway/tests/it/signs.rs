//! Typing and "seen" towards the customer: shown on their phone, sparingly, and never anybody's trouble.

use std::time::Duration;

use domain::{Id, conversation::Conversation, ledger::WindowState, message::MessageState, outbox::LEASE};
use message_gateway::signs::Typing;
use serde_json::{Value, json};
use simulator::{FaultKind, NewFault};

use crate::{
    harness::{API_SECRET, World, answer},
    socket::Socket,
};

/// Calls that carry a message or a sign. None of these tests sends a message without saying so.
fn sends(world: &World) -> Vec<simulator::Call> {
    world.sim.calls().into_iter().filter(|call| call.endpoint.ends_with("message/send")).collect()
}

fn phone(world: &World) -> simulator::Conversation {
    let id = world.sim.state().conversations[0].id.clone();
    world.sim.conversation(&id).unwrap().conversation
}

async fn typing(world: &World, conversation: Id<Conversation>) -> u16 {
    answer(world.api("POST", &format!("/api/v1/conversations/{conversation}/typing"))).await.0
}

/// What becomes of it that somebody types now, told when it is over.
async fn type_now(world: &World, conversation: Id<Conversation>) -> Typing {
    let scope = world.scope().await;
    let record = world.store().conversation(&scope, conversation).await.unwrap().unwrap();
    world.app().signs.show_typing(&scope, &record).await
}

/// A sign leaves in an idle moment only, so a person types on, four seconds later, until there was one.
async fn typed_until(world: &World, conversation: Id<Conversation>, wanted: Typing) {
    let shown = || async {
        world.clock.advance(Duration::from_secs(4));
        let typing = type_now(world, conversation).await;
        assert_ne!(typing, Typing::Withheld);
        (typing == wanted).then_some(())
    };
    world.until(&format!("typing is {wanted:?}"), shown).await;
}

async fn read(world: &World, conversation: Id<Conversation>, body: Option<Value>) -> u16 {
    let request = world.api("POST", &format!("/api/v1/conversations/{conversation}/read"));
    answer(match body {
        Some(body) => request.json(&body),
        None => request,
    })
    .await
    .0
}

async fn window(world: &World, conversation: Id<Conversation>) -> (WindowState, Option<u32>) {
    let record = world.store().conversation(&world.scope().await, conversation).await.unwrap().unwrap();
    let window = record.conversation.ledger.window(world.clock.now(), record.rule_set);
    (window.state, window.quota_left)
}

/// Waits until nothing is left to do.
async fn jobs_done(world: &World) {
    let none = || async { world.store().next_job_due_any_workspace().await.unwrap().is_none().then_some(()) };
    world.until("the jobs are done", none).await;
}

#[tokio::test]
async fn typing_is_shown_on_the_phone_at_most_once_in_four_seconds() {
    let (world, conversation) = World::in_conversation().await;
    jobs_done(&world).await;
    typed_until(&world, conversation, Typing::Shown).await;
    assert!(phone(&world).typing_until.is_some());
    let told = sends(&world).len();
    for _ in 0..10 {
        assert_eq!(type_now(&world, conversation).await, Typing::Withheld);
    }
    world.clock.advance(Duration::from_millis(3_999));
    assert_eq!(type_now(&world, conversation).await, Typing::Withheld);
    assert_eq!(sends(&world).len(), told);
    typed_until(&world, conversation, Typing::Shown).await;
    assert_eq!(window(&world, conversation).await, (WindowState::Open, Some(10)), "it is no message");
    assert_eq!(world.messages().await.len(), 1);
}

#[tokio::test]
async fn a_call_or_a_socket_says_that_somebody_types() {
    let (world, conversation) = World::in_conversation().await;
    jobs_done(&world).await;
    let shown = || async {
        world.clock.advance(Duration::from_secs(4));
        assert_eq!(typing(&world, conversation).await, 204);
        phone(&world).typing_until
    };
    let first = world.until("the phone shows it", shown).await;
    let socket = Socket::open(&world.base, json!({"token": API_SECRET}), &[]).await.unwrap();
    let again = || async {
        world.clock.advance(Duration::from_secs(4));
        socket.tell("typing", json!({"conversationId": conversation})).await;
        phone(&world).typing_until.filter(|until| *until > first + 60_000)
    };
    world.clock.advance(Duration::from_mins(1));
    world.until("the phone shows it again", again).await;
}

#[tokio::test]
async fn nobody_types_where_no_reply_could_leave() {
    let (world, conversation) = World::in_conversation().await;
    jobs_done(&world).await;
    world.clock.advance(Duration::from_hours(48));
    assert_eq!(type_now(&world, conversation).await, Typing::Withheld);
    assert_eq!(typing(&world, conversation).await, 204, "the agent is not bothered with it");
    assert_eq!(typing(&world, Id::from_raw(1)).await, 404);
    world.customer_says("ยังอยู่ไหมคะ");
    world.message_that("it arrives", |one| one.message.content.words() == "ยังอยู่ไหมคะ").await;
    typed_until(&world, conversation, Typing::Shown).await;
    let account = world.account().await.id;
    let (status, _) = answer(world.api("POST", &format!("/api/v1/accounts/{account}/disconnect"))).await;
    assert_eq!(status, 200);
    world.clock.advance(Duration::from_secs(4));
    assert_eq!(type_now(&world, conversation).await, Typing::Withheld);
}

#[tokio::test]
async fn what_a_member_reads_is_seen_by_the_customer_once() {
    let (world, conversation) = World::in_conversation().await;
    jobs_done(&world).await;
    assert_eq!(read(&world, conversation, None).await, 200);
    world.until("the phone shows seen", || async { phone(&world).business_read_at }).await;
    // Nothing is unread: there is nothing to tell.
    assert_eq!(read(&world, conversation, Some(json!({}))).await, 200);
    jobs_done(&world).await;
    assert_eq!(sends(&world).len(), 1);
    assert_eq!(window(&world, conversation).await, (WindowState::Open, Some(10)), "it is no message");
}

#[tokio::test]
async fn who_reads_quietly_tells_nobody() {
    let (world, conversation) = World::in_conversation().await;
    jobs_done(&world).await;
    assert_eq!(read(&world, conversation, Some(json!({"tellCustomer": false}))).await, 200);
    jobs_done(&world).await;
    assert_eq!((sends(&world).len(), phone(&world).business_read_at), (0, None));
    assert_eq!(read(&world, conversation, Some(json!({"tellCustomers": false}))).await, 400);
}

#[tokio::test]
async fn a_sign_that_comes_too_late_does_not_come() {
    let (world, conversation) = World::in_conversation().await;
    jobs_done(&world).await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::Code).value(50002).times(1));
    assert_eq!(read(&world, conversation, None).await, 200);
    world.until("TikTok fails", || async { (sends(&world).len() == 1).then_some(()) }).await;
    // A job under way is due at the end of its lease.
    let waits = || async {
        let due = world.store().next_job_due_any_workspace().await.unwrap()?.since(world.clock.now());
        (!due.is_zero() && due < LEASE).then_some(())
    };
    world.until("it is to be told again", waits).await;
    world.clock.advance(Duration::from_mins(6));
    jobs_done(&world).await;
    assert_eq!((sends(&world).len(), phone(&world).business_read_at), (1, None));
}

#[tokio::test]
async fn a_refused_sign_is_no_refused_reply() {
    let (world, conversation) = World::in_conversation().await;
    jobs_done(&world).await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::Code).value(40064).times(2));
    typed_until(&world, conversation, Typing::Failed).await;
    assert_eq!(read(&world, conversation, None).await, 200);
    jobs_done(&world).await;
    assert_eq!(sends(&world).iter().map(|call| call.code).collect::<Vec<_>>(), [40064, 40064]);
    assert_eq!(phone(&world).business_read_at, None);
    assert_eq!(window(&world, conversation).await, (WindowState::Open, Some(10)), "the ledger is as it was");
    let id = world.reply(conversation, "ค่ะ").await;
    world.state_of(id, MessageState::Sent).await;
}
