//! The second reading of the window: the messaging-limits guide.

use simulator::{AppReply, BusinessSettings, CustomerMessage, Ledger, RuleSet};

use crate::support::{BUSINESS, CUSTOMER, HOUR, START, World, world};

fn guided() -> World {
    let world = world();
    world.settings(BusinessSettings { rules: Some(RuleSet::Guide), ..BusinessSettings::default() });
    world
}

fn write(world: &World) -> String {
    world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, "hi")).unwrap().conversation_id
}

fn ledger(world: &World, conversation: &str) -> Ledger {
    world.sim.conversation(conversation).unwrap().ledger
}

async fn code(world: &World, conversation: &str) -> i64 {
    world.send(conversation, "x").await["code"].as_i64().unwrap()
}

#[tokio::test]
async fn before_the_customer_replies_it_is_ten_in_48_hours_and_nothing_after() {
    let mut world = guided();
    let conversation = write(&world);
    let at = |state, left| Ledger {
        state,
        window_closes_at: Some(START + 48 * HOUR),
        quota_left: Some(left),
        quota_limit: Some(10),
    };
    assert_eq!(ledger(&world, &conversation), at("open", 10));
    for _ in 0..10 {
        assert_eq!(code(&world, &conversation).await, 0);
    }
    assert_eq!(ledger(&world, &conversation), at("spent", 0));
    assert_eq!(code(&world, &conversation).await, 40064);
    world.sim.advance(48 * HOUR).await;
    world.renew();
    assert_eq!(ledger(&world, &conversation).state, "closed");
    assert_eq!(code(&world, &conversation).await, 40064, "no three more for somebody who never replied");
}

#[tokio::test]
async fn a_second_message_without_an_answer_between_is_no_reply() {
    let world = guided();
    write(&world);
    let conversation = write(&world);
    assert_eq!(ledger(&world, &conversation).quota_limit, Some(10));
}

#[tokio::test]
async fn after_a_reply_there_is_no_limit_for_48_hours_then_three() {
    let mut world = guided();
    let conversation = write(&world);
    assert_eq!(code(&world, &conversation).await, 0);
    world.sim.advance(HOUR).await;
    write(&world);
    let closes = Some(START + 49 * HOUR);
    let free = Ledger { state: "open", window_closes_at: closes, quota_left: None, quota_limit: None };
    assert_eq!(ledger(&world, &conversation), free);
    for _ in 0..25 {
        assert_eq!(code(&world, &conversation).await, 0);
    }
    world.sim.advance(48 * HOUR - 1).await;
    world.renew();
    assert_eq!(ledger(&world, &conversation), free, "to the millisecond");
    world.sim.advance(1).await;
    for left in (1..=3).rev() {
        let silent = Ledger { state: "open", window_closes_at: closes, quota_left: Some(left), quota_limit: Some(3) };
        assert_eq!(ledger(&world, &conversation), silent);
        assert_eq!(code(&world, &conversation).await, 0);
    }
    let spent = Ledger { state: "spent", window_closes_at: closes, quota_left: Some(0), quota_limit: Some(3) };
    assert_eq!(ledger(&world, &conversation), spent);
    assert_eq!(code(&world, &conversation).await, 40064);
    write(&world);
    assert_eq!(ledger(&world, &conversation).quota_left, None, "the customer wrote again");
}

#[tokio::test]
async fn whoever_types_it_counts_in_the_silence_too() {
    let mut world = guided();
    let conversation = write(&world);
    assert_eq!(code(&world, &conversation).await, 0);
    write(&world);
    world.sim.advance(48 * HOUR).await;
    world.renew();
    world.sim.app_reply(&AppReply::text(BUSINESS, CUSTOMER, "app")).unwrap();
    let auto =
        AppReply { auto_message_type: Some("AUTO_REPLY".to_owned()), ..AppReply::text(BUSINESS, CUSTOMER, "auto") };
    world.sim.app_reply(&auto).unwrap();
    assert_eq!(ledger(&world, &conversation).quota_left, Some(1));
}

#[tokio::test]
async fn the_strict_page_knows_no_replies_and_a_business_can_change_sides() {
    let world = world();
    let conversation = write(&world);
    assert_eq!(code(&world, &conversation).await, 0);
    write(&world);
    assert_eq!(ledger(&world, &conversation).quota_left, Some(10), "strict is the default");
    world.settings(BusinessSettings { rules: Some(RuleSet::Guide), ..BusinessSettings::default() });
    assert_eq!(ledger(&world, &conversation).quota_left, None);
    world.settings(BusinessSettings { rules: Some(RuleSet::Strict), ..BusinessSettings::default() });
    assert_eq!(ledger(&world, &conversation).quota_left, Some(10));
}
