//! A reply's way: queued, sent, seen; in order; inside TikTok's rules; never after a disconnect.

use std::time::Duration;

use domain::{
    Timestamp,
    failure::FailureKind,
    message::{Author, MessageState},
    outbox::Phase,
};
use serde_json::json;
use simulator::{AppReply, Content, CustomerMessage, FaultKind, NewFault};

use crate::harness::{MALI, SHOP, World, answer};

#[tokio::test]
async fn a_text_is_queued_sent_and_seen() {
    let (world, conversation) = World::in_conversation().await;
    let (status, queued) =
        world.try_reply(conversation, json!({"type": "text", "body": "เปิด 8 โมงค่ะ 😊"}), false).await;
    assert_eq!((status, queued["status"].as_str()), (202, Some("queued")));
    let id = queued["id"].as_str().unwrap().parse().unwrap();
    let sent = world.state_of(id, MessageState::Sent).await;
    assert_eq!(sent.message.author, Author::ApiKey { id: None });

    // TikTok has it, once, word for word.
    let external =
        world.store().conversation(&world.scope().await, conversation).await.unwrap().unwrap().conversation.external_id;
    let theirs = world.sim.conversation(&external).unwrap();
    let ours: Vec<_> = theirs.conversation.messages.iter().filter(|one| one.from_business).collect();
    assert_eq!(ours.len(), 1);
    assert_eq!(ours[0].content, Content::Text { body: "เปิด 8 โมงค่ะ 😊".to_owned() });
    assert_eq!(Some(&ours[0].message_id), sent.message.external_id.as_ref());

    // Its echo is no second message, and the customer's look is seen.
    world
        .message_that("the echo is taken for it", |one| {
            one.message.id == id && one.message.reported && !one.message.provisional
        })
        .await;
    world.tick();
    world.sim.read(MALI, SHOP).unwrap();
    let is_seen =
        |one: &domain::store::MessageRecord| one.message.id == id && one.read_up_to >= Some(one.message.sent_at);
    world.message_that("it is seen", is_seen).await;
    let (_, shown) = answer(world.api("GET", &format!("/api/v1/conversations/{conversation}/messages"))).await;
    let shown: Vec<_> = shown["items"].as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap()).collect();
    assert_eq!(shown, ["received", "seen"]);
    assert_eq!(world.messages().await.len(), 2);
}

#[tokio::test]
async fn replies_leave_in_order_one_at_a_time() {
    let (world, conversation) = World::in_conversation().await;
    let mut ids = Vec::new();
    for number in 1..=6 {
        ids.push(world.reply(conversation, &format!("ข้อความ {number}")).await);
    }
    for id in ids {
        world.state_of(id, MessageState::Sent).await;
    }
    let summary = world.sim.state().conversations.remove(0);
    let theirs = world.sim.conversation(&summary.id).unwrap().conversation.messages;
    let bodies: Vec<_> = theirs.iter().filter(|one| one.from_business).map(|one| one.content.clone()).collect();
    let wanted: Vec<_> = (1..=6).map(|number| Content::Text { body: format!("ข้อความ {number}") }).collect();
    assert_eq!(bodies, wanted);
    assert_eq!(summary.ledger.quota_left, Some(4));
}

#[tokio::test]
async fn the_same_idempotency_key_is_the_same_message() {
    let (world, conversation) = World::in_conversation().await;
    let ask = |text: &str| {
        let request = world.api("POST", &format!("/api/v1/conversations/{conversation}/messages"));
        answer(request.header("idempotency-key", "order-42").json(&json!({"content": {"type": "text", "body": text}})))
    };
    let (first, one) = ask("ขอบคุณค่ะ").await;
    let (second, two) = ask("ขอบคุณค่ะ").await;
    assert_eq!((first, second), (202, 200));
    assert_eq!(one["id"], two["id"]);
    assert_eq!(ask("something else").await.0, 409);
    world.state_of(one["id"].as_str().unwrap().parse().unwrap(), MessageState::Sent).await;
    assert_eq!(world.messages().await.len(), 2);
}

#[tokio::test]
async fn a_closed_window_refuses_with_the_time_it_closed() {
    let world = World::connected().await;
    world.tick();
    let written_at = world.clock.now().minus(Duration::from_hours(49));
    let old = CustomerMessage {
        at: Some(written_at.as_millis()), ..CustomerMessage::text(MALI, SHOP, "สองวันก่อน")
    };
    world.sim.customer_writes(&old).unwrap();
    let first = world.message_that("the old text arrives", |one| one.message.content.words() == "สองวันก่อน").await;
    assert_eq!(first.message.sent_at, written_at);
    let conversation = first.message.conversation_id;
    let text = json!({"type": "text", "body": "ยังอยู่ไหมคะ"});
    let (status, problem) = world.try_reply(conversation, text.clone(), false).await;
    assert_eq!(
        (status, problem["type"].as_str().unwrap()),
        (409, "https://message-gateway.dev/problems/window-closed")
    );
    let closed: Timestamp = problem["closedAt"].as_str().unwrap().parse().unwrap();
    assert_eq!(closed, written_at.plus(Duration::from_hours(48)));

    // "Send anyway, TikTok decides": it decides against, and that is final until the customer writes.
    let (status, queued) = world.try_reply(conversation, text.clone(), true).await;
    assert_eq!(status, 202, "{queued}");
    let failed = world.state_of(queued["id"].as_str().unwrap().parse().unwrap(), MessageState::Failed).await;
    let failure = failed.message.failure.unwrap();
    assert_eq!((failure.kind, failure.code), (FailureKind::Refused, Some(40064)));
    assert!(failure.request_id.is_some());

    world.customer_says("อยู่ค่ะ");
    world.message_that("the window opens again", |one| one.message.content.words() == "อยู่ค่ะ").await;
    let id = world.reply(conversation, "ดีเลย").await;
    world.state_of(id, MessageState::Sent).await;
}

#[tokio::test]
async fn the_eleventh_message_is_refused() {
    let (world, conversation) = World::in_conversation().await;
    for number in 1..=10 {
        let id = world.reply(conversation, &format!("{number}")).await;
        world.state_of(id, MessageState::Sent).await;
    }
    let (status, problem) = world.try_reply(conversation, json!({"type": "text", "body": "11"}), false).await;
    assert_eq!((status, problem["type"].as_str().unwrap()), (409, "https://message-gateway.dev/problems/quota-spent"));
    assert_eq!(world.sim.state().conversations[0].ledger.quota_left, Some(0));
}

#[tokio::test]
async fn bad_replies_say_what_is_wrong() {
    let (world, conversation) = World::in_conversation().await;
    let slug = |problem: &serde_json::Value| problem["type"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    for (content, status, expected) in [
        (json!({"type": "text", "body": "a".repeat(6_001)}), 422, "text-too-long"),
        (json!({"type": "text", "body": "  "}), 422, "invalid-content"),
        (json!({"type": "image", "mediaId": "med_0000000000001"}), 422, "invalid-content"),
    ] {
        let (got, problem) = world.try_reply(conversation, content, false).await;
        assert_eq!((got, slug(&problem).as_str()), (status, expected));
    }
    let (status, problem) = world.try_reply(domain::Id::from_raw(7), json!({"type": "text", "body": "?"}), false).await;
    assert_eq!((status, slug(&problem).as_str()), (404, "not-found"));
    assert_eq!(world.messages().await.len(), 1);
}

#[tokio::test]
async fn a_disconnect_revokes_and_fails_what_waits_visibly() {
    let (world, conversation) = World::in_conversation().await;
    let account = world.account().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::RateLimit));
    let id = world.reply(conversation, "รอก่อนนะคะ").await;
    let waiting = |one: &domain::store::MessageRecord| one.message.id == id && one.message.next_attempt_at.is_some();
    world.message_that("the reply waits for its next try", waiting).await;

    assert_eq!(world.sim.state().businesses[0].connected_apps.len(), 1);
    let (status, gone) = answer(world.api("POST", &format!("/api/v1/accounts/{}/disconnect", account.id))).await;
    assert_eq!(status, 200, "{gone}");
    assert_eq!(gone["state"], "disconnected");
    assert!(gone["stateReason"].as_str().unwrap().contains("given back to TikTok"), "{gone}");
    let failed = world.state_of(id, MessageState::Failed).await;
    assert_eq!(failed.message.failure.unwrap().kind, FailureKind::AccountDisconnected);
    assert!(world.sim.state().businesses[0].connected_apps.is_empty(), "the permission was given back");
    assert!(world.store().tokens(&world.scope().await, account.binding).await.unwrap().is_none());
    assert_eq!(world.store().next_due_any_workspace().await.unwrap(), None);

    // Doing it twice is fine, and what a customer still writes is kept.
    assert_eq!(answer(world.api("POST", &format!("/api/v1/accounts/{}/disconnect", account.id))).await.0, 200);
    let (status, _) = world.try_reply(conversation, json!({"type": "text", "body": "?"}), false).await;
    assert_eq!(status, 409);
}

#[tokio::test]
async fn a_queued_reply_can_be_taken_back() {
    let (world, conversation) = World::in_conversation().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::RateLimit));
    let id = world.reply(conversation, "ผิดห้อง").await;
    let waiting = |one: &domain::store::MessageRecord| one.message.id == id && one.message.next_attempt_at.is_some();
    world.message_that("the reply waits for its next try", waiting).await;
    let (status, _) = answer(world.api("DELETE", &format!("/api/v1/messages/{id}"))).await;
    assert!(status == 200 || status == 204, "{status}");
    assert_eq!(world.messages().await.len(), 1);
    world.sim.clear_faults();
    let next = world.reply(conversation, "ถูกห้อง").await;
    world.state_of(next, MessageState::Sent).await;
    assert!(world.store().claim_any_workspace(8).await.unwrap().iter().all(|claimed| claimed.row.phase == Phase::Send));
}

#[tokio::test]
async fn a_dead_access_token_is_refreshed_once_and_the_reply_leaves() {
    let (world, conversation) = World::in_conversation().await;
    let account = world.account().await;
    let before = world.store().tokens(&world.scope().await, account.binding).await.unwrap().unwrap();
    // TikTok's access tokens live one day.
    world.clock.advance(Duration::from_hours(25));
    let id = world.reply(conversation, "มาแล้วค่ะ").await;
    world.state_of(id, MessageState::Sent).await;
    let after = world.store().tokens(&world.scope().await, account.binding).await.unwrap().unwrap();
    assert!(after.version > before.version);
    assert_ne!(after.access, before.access);
}

#[tokio::test]
async fn an_authorization_that_is_over_says_so_on_the_account() {
    let (world, conversation) = World::in_conversation().await;
    world.sim.revoke(SHOP, false).unwrap();
    let id = world.reply(conversation, "ได้ไหมนะ").await;
    let failed = world.state_of(id, MessageState::Failed).await;
    assert_eq!(failed.message.failure.unwrap().kind, FailureKind::AccountDisconnected);
    let account = world.account().await;
    assert_eq!(account.state, domain::account::AccountState::Reconnect);

    // Connected again, the person's retry really sends.
    let answer_of = world.consent(&world.sign_in().await, SHOP, |_| true).await;
    assert!(answer_of.contains(&account.id.to_string()), "the same account: {answer_of}");
    let (status, _) = answer(world.api("POST", &format!("/api/v1/messages/{id}/retry")).json(&json!({}))).await;
    assert_eq!(status, 202);
    world.state_of(id, MessageState::Sent).await;
}

#[tokio::test]
async fn tokens_are_refreshed_before_they_end() {
    let world = World::connected().await;
    let scope = world.scope().await;
    let account = world.account().await;
    world.clock.advance(Duration::from_hours(24) - Duration::from_mins(29));
    world
        .until("the pair is renewed", || async {
            world.store().tokens(&scope, account.binding).await.unwrap().filter(|pair| pair.version > 1)
        })
        .await;
    assert!(world.account().await.token_expires_at > Some(world.clock.now().plus(Duration::from_hours(23))));
}

#[tokio::test]
async fn our_ledger_says_what_tiktoks_says() {
    let (world, conversation) = World::in_conversation().await;
    let scope = world.scope().await;
    // Replies from everywhere count, a new customer message begins anew.
    for (round, replies) in [3, 0, 5].into_iter().enumerate() {
        for number in 0..replies {
            let text = format!("{round}/{number}");
            if number % 2 == 0 {
                let id = world.reply(conversation, &text).await;
                world.state_of(id, MessageState::Sent).await;
            } else {
                world.tick();
                world.sim.app_reply(&AppReply::text(SHOP, MALI, &text)).unwrap();
            }
            world
                .message_that("it is reported", |one| one.message.content.words() == text && one.message.reported)
                .await;
        }
        let ours = world.store().conversation(&scope, conversation).await.unwrap().unwrap();
        let ours = ours.conversation.ledger.window(world.clock.now(), ours.rule_set);
        let theirs = world.sim.state().conversations.remove(0).ledger;
        assert_eq!(ours.quota_left, theirs.quota_left, "round {round}");
        assert_eq!(ours.closes_at.map(Timestamp::as_millis), theirs.window_closes_at);
        let text = format!("ลูกค้า {round}");
        world.customer_says(&text);
        world.message_that("the customer writes again", |one| one.message.content.words() == text).await;
    }
}
