//! Our ledger is TikTok's: whatever is written, by whomever and when, both say the same, by either reading of the rules.

use std::time::Duration;

use domain::{
    Id, Timestamp,
    conversation::Conversation,
    ledger::{RuleSet, Window, WindowState},
    message::MessageState,
    store::MessageRecord,
};
use serde_json::json;
use simulator::{AppReply, BusinessSettings};

use crate::harness::{MALI, SHOP, World};

/// What is done in one history.
const STEPS: u64 = 30;

/// The same chance in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

async fn ours(world: &World, conversation: Id<Conversation>) -> Window {
    let record = world.store().conversation(&world.scope().await, conversation).await.unwrap().unwrap();
    record.conversation.ledger.window(world.clock.now(), record.rule_set)
}

/// Waits until everything TikTok has was reported to us.
async fn reported(world: &World) {
    let theirs = world.sim.state().conversations[0].id.clone();
    let told = || async {
        let all = world.sim.conversation(&theirs).unwrap().conversation.messages.len();
        let settled = |one: &MessageRecord| one.message.reported;
        let messages = world.messages().await;
        (messages.len() == all && messages.iter().all(settled)).then_some(())
    };
    world.until("everything is reported", told).await;
}

async fn agree(world: &World, conversation: Id<Conversation>, step: &str) {
    let (ours, theirs) = (ours(world, conversation).await, world.sim.state().conversations.remove(0).ledger);
    let state = match ours.state {
        WindowState::Open | WindowState::Grace => "open",
        WindowState::Closed => "closed",
        WindowState::Spent => "spent",
        WindowState::None => "none",
    };
    assert_eq!(state, theirs.state, "{step}: {ours:?} {theirs:?}");
    assert_eq!(ours.closes_at.map(Timestamp::as_millis), theirs.window_closes_at, "{step}");
    if state == "open" {
        assert_eq!((ours.quota_left, ours.quota_limit), (theirs.quota_left, theirs.quota_limit), "{step}");
    }
}

async fn replies(world: &World, conversation: Id<Conversation>, text: &str) {
    let before = ours(world, conversation).await;
    let (status, answer) = world.try_reply(conversation, json!({"type": "text", "body": text}), false).await;
    assert_eq!(status == 202, before.state.allows(), "the guard asks the same ledger: {before:?} {answer}");
    if status == 202 {
        world.state_of(answer["id"].as_str().unwrap().parse().unwrap(), MessageState::Sent).await;
    }
}

async fn one_history(rules: RuleSet, theirs: simulator::RuleSet, seed: u64) {
    let (world, conversation) = World::in_conversation().await;
    let business = BusinessSettings { business: SHOP.to_owned(), rules: Some(theirs), ..BusinessSettings::default() };
    world.sim.change_business(business).unwrap();
    world.store().set_rule_set(&world.scope().await, world.account().await.id, rules).await.unwrap();
    let mut dice = Dice(seed);
    for step in 0..STEPS {
        let text = format!("{seed}/{step}");
        match dice.below(9) {
            0 | 1 => drop(world.customer_says(&text)),
            2 | 3 => {
                world.tick();
                // TikTok's app has its own opinion of what may be sent.
                drop(world.sim.app_reply(&AppReply::text(SHOP, MALI, &text)));
            }
            4 => world.clock.advance(Duration::from_hours(1 + dice.below(40))),
            _ => replies(&world, conversation, &text).await,
        }
        reported(&world).await;
        agree(&world, conversation, &format!("{rules:?}, history {seed}, step {step}")).await;
    }
}

#[tokio::test]
async fn the_strict_reading_equals_tiktoks() {
    for seed in [3, 7, 11] {
        one_history(RuleSet::Strict, simulator::RuleSet::Strict, seed).await;
    }
}

#[tokio::test]
async fn the_guides_reading_equals_tiktoks() {
    for seed in [3, 7, 11] {
        one_history(RuleSet::Guide, simulator::RuleSet::Guide, seed).await;
    }
}

/// Our reading is looser than TikTok's: its refusal corrects the ledger, and nothing is tried again by itself.
#[tokio::test]
async fn a_refusal_corrects_the_wrong_reading() {
    let (world, conversation) = World::in_conversation().await;
    world.store().set_rule_set(&world.scope().await, world.account().await.id, RuleSet::Guide).await.unwrap();
    replies(&world, conversation, "หนึ่ง").await;
    world.customer_says("ค่ะ");
    reported(&world).await;
    assert_eq!(ours(&world, conversation).await.quota_left, None, "by the guide nothing limits it");
    for number in 0..10 {
        replies(&world, conversation, &format!("ข้อความ {number}")).await;
    }
    let (status, answer) = world.try_reply(conversation, json!({"type": "text", "body": "เกิน"}), false).await;
    assert_eq!(status, 202, "{answer}");
    let failed = world.state_of(answer["id"].as_str().unwrap().parse().unwrap(), MessageState::Failed).await;
    assert_eq!(failed.message.failure.unwrap().code, Some(40064));
    assert_eq!(ours(&world, conversation).await.state, WindowState::Spent);
    assert_eq!(world.store().next_due_any_workspace().await.unwrap(), None);
    world.customer_says("ยังอยู่ไหมคะ");
    reported_but_for_one(&world).await;
    assert!(ours(&world, conversation).await.state.allows());
}

/// All that TikTok has is here; one more is ours alone, because TikTok refused it.
async fn reported_but_for_one(world: &World) {
    let theirs = world.sim.state().conversations[0].id.clone();
    let all = || async {
        let count = world.sim.conversation(&theirs).unwrap().conversation.messages.len();
        (world.messages().await.len() == count + 1).then_some(())
    };
    world.until("everything is reported", all).await;
}
