//! Four hundred replies through a TikTok that fails, breaks off, hangs and is away: none lost, none doubled, none out of order, and
//! every outcome told.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use domain::{
    Id,
    conversation::Conversation,
    failure::FailureKind,
    ledger::RuleSet,
    message::{Direction, Message, MessageState},
    store::MessageRecord,
};
use serde_json::{Value, json};
use simulator::{AppReply, BusinessSettings, Content, CustomerMessage, FaultKind, NewCustomer, NewFault};

use crate::{
    gate::Gate,
    harness::{SHOP, World, answer},
};

const CONVERSATIONS: usize = 10;
const REPLIES: usize = 40;
/// How much faster than the real one the gateway's clock runs while a call is under way: it may hang for 12 real seconds, and a
/// lease lasts a minute of the gateway's.
const WITH_CALLS: u32 = 4;
/// How much faster while none is: so much that pauses are short, so little that a claim is written down within its lease.
const WITHOUT: u32 = 100;

/// Customers who have replied: by the guide's rules nothing limits what they are sent.
async fn talking(world: &World, conversations: usize) -> Vec<Id<Conversation>> {
    let rules = BusinessSettings {
        business: SHOP.to_owned(),
        rules: Some(simulator::RuleSet::Guide),
        ..BusinessSettings::default()
    };
    world.sim.change_business(rules).unwrap();
    world.store().set_rule_set(&world.scope().await, world.account().await.id, RuleSet::Guide).await.unwrap();
    for number in 0..conversations {
        let name = format!("customer.{number}");
        world.sim.create_customer(NewCustomer::new(&name, &name)).unwrap();
        for text in ["สวัสดีค่ะ", "", "เปิดกี่โมงคะ"] {
            world.tick();
            match text {
                "" => drop(world.sim.app_reply(&AppReply::text(SHOP, &name, "สวัสดีครับ")).unwrap()),
                text => drop(world.sim.customer_writes(&CustomerMessage::text(&name, SHOP, text)).unwrap()),
            }
        }
    }
    let all = || async { Some(world.messages().await).filter(|all| all.len() == conversations * 3) };
    let messages = world.until("everybody has talked", all).await;
    let found: BTreeSet<_> = messages.iter().map(|one| one.message.conversation_id).collect();
    found.into_iter().collect()
}

/// Queues the replies of every conversation, each with its number, in order.
async fn queue(world: &World, conversations: &[Id<Conversation>], replies: usize) {
    for number in 0..replies {
        for conversation in conversations {
            let key = format!("{conversation}-{number}");
            let content = json!({"content": {"type": "text", "body": format!("คำตอบที่ {number}")}});
            let request = world.api("POST", &format!("/api/v1/conversations/{conversation}/messages")).json(&content);
            let (status, told) = answer(request.header("idempotency-key", key)).await;
            assert_eq!(status, 202, "{told}");
        }
    }
}

/// Our numbered replies as the dashboard shows them, by conversation, in the order they were queued.
async fn shown(world: &World) -> BTreeMap<Id<Conversation>, Vec<MessageRecord>> {
    let scope = world.scope().await;
    let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let (mut after, filter) = (None, domain::store::ChatFilter::default());
    loop {
        let page = world.store().chats(&scope, filter, after, 200).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.message.sent_at, last.message.id));
        let numbered = page.into_iter().filter(|one| number_of(&one.message).is_some());
        numbered.for_each(|one| all.entry(one.message.conversation_id).or_default().push(one));
    }
    // One that was begun between two pages stands in both: the later look counts.
    for messages in all.values_mut() {
        messages.reverse();
        messages.sort_by_key(|one| number_of(&one.message));
        messages.dedup_by_key(|one| one.message.id);
    }
    all
}

fn number_of(message: &Message) -> Option<usize> {
    let ours = message.direction == Direction::Outgoing;
    ours.then(|| message.content.words().strip_prefix("คำตอบที่ ")?.parse().ok()).flatten()
}

/// The numbers that TikTok has, by our conversation, in TikTok's order.
async fn theirs(world: &World) -> BTreeMap<Id<Conversation>, Vec<usize>> {
    let mut all = BTreeMap::new();
    for summary in world.sim.state().conversations {
        let ours = world.store().conversation_by_external_id(&world.scope().await, &summary.id).await.unwrap().unwrap();
        let messages = world.sim.conversation(&summary.id).unwrap().conversation.messages;
        let numbered = messages.iter().filter(|one| one.from_business).filter_map(|one| match &one.content {
            Content::Text { body } => body.strip_prefix("คำตอบที่ ")?.parse().ok(),
            _ => None,
        });
        all.insert(ours, numbered.collect());
    }
    all
}

/// Lets the clock run until `done`, and no longer than a test may take.
async fn run_until(world: &World, what: &str, done: impl Fn(&[MessageState]) -> bool) {
    let last = Cell::new(Instant::now());
    let look = || async {
        let states: Vec<_> = shown(world).await.values().flatten().map(|one| one.message.state).collect();
        let haste = if states.contains(&MessageState::Sending) { WITH_CALLS } else { WITHOUT };
        world.clock.advance(last.replace(Instant::now()).elapsed() * haste);
        done(&states).then_some(())
    };
    world.patiently(what, Duration::from_mins(15), look).await;
}

/// Until no reply waits or is on its way.
async fn settle(world: &World) {
    let told =
        |states: &[MessageState]| states.iter().all(|state| matches!(state, MessageState::Sent | MessageState::Failed));
    run_until(world, "every outcome is told", told).await;
}

/// Until so much time has passed and what was tried has come to an end.
async fn pass(world: &World, time: Duration) {
    let end = world.clock.now().plus(time);
    let over = |states: &[MessageState]| world.clock.now() >= end && !states.contains(&MessageState::Sending);
    run_until(world, "the time passes", over).await;
}

/// What is shown is what TikTok has: sent exactly once, or failed and not there; in order. Gives those that failed.
async fn is_true(world: &World) -> Vec<Id<Message>> {
    let (ours, theirs) = (shown(world).await, theirs(world).await);
    let mut failed = Vec::new();
    for (conversation, messages) in &ours {
        let sent: Vec<_> = messages.iter().filter(|one| one.message.state == MessageState::Sent).collect();
        let numbers: Vec<_> = sent.iter().filter_map(|one| number_of(&one.message)).collect();
        assert_eq!(numbers, theirs[conversation], "{conversation}: none lost, none doubled, none out of order");
        failed
            .extend(messages.iter().filter(|one| one.message.state == MessageState::Failed).map(|one| one.message.id));
    }
    failed
}

/// A person sends again what has failed, oldest first; TikTok is well again.
async fn send_again(world: &World, failed: &[Id<Message>]) {
    for id in failed {
        let (status, told) = answer(world.api("POST", &format!("/api/v1/messages/{id}/retry")).json(&json!({}))).await;
        assert_eq!(status, 202, "{told}");
    }
    settle(world).await;
    let (ours, mut theirs) = (shown(world).await, theirs(world).await);
    for (conversation, messages) in &ours {
        assert!(messages.iter().all(|one| one.message.state == MessageState::Sent), "{conversation}");
        let numbers = theirs.get_mut(conversation).unwrap();
        numbers.sort_unstable();
        assert_eq!(*numbers, (0..messages.len()).collect::<Vec<_>>(), "{conversation}: each exactly once");
    }
}

fn fault(kind: FaultKind, value: Option<i64>, probability: f64) -> NewFault {
    NewFault { value, probability: Some(probability), ..NewFault::new("message/send", kind) }
}

#[tokio::test]
async fn four_hundred_replies_with_twenty_percent_faults() {
    let world = World::connected().await;
    let conversations = talking(&world, CONVERSATIONS).await;
    // A fifth of all calls. Few are told of a limit: each makes the whole app go slower for a while.
    world.sim.set_fault(fault(FaultKind::HttpStatus, Some(429), 0.05).times(3));
    for (kind, value, probability) in [
        (FaultKind::HttpStatus, Some(500), 0.03),
        (FaultKind::LoseAnswer, None, 0.05),
        (FaultKind::ResetBefore, None, 0.03),
        (FaultKind::ResetAfter, None, 0.09),
    ] {
        world.sim.set_fault(fault(kind, value, probability));
    }
    queue(&world, &conversations, REPLIES).await;
    settle(&world).await;
    let calls = world.sim.calls();
    let struck = calls.iter().filter(|call| call.endpoint.ends_with("message/send") && call.fault.is_some()).count();
    assert!(struck > 0, "the faults did strike");
    let failed = is_true(&world).await;
    for id in &failed {
        let failure = world.store().message(&world.scope().await, *id).await.unwrap().unwrap().message.failure.unwrap();
        assert_eq!(failure.kind, FailureKind::NotDelivered, "told as what it is");
    }
    world.sim.clear_faults();
    send_again(&world, &failed).await;
}

#[tokio::test]
async fn four_hundred_replies_with_an_outage_of_five_seconds() {
    let gate = Gate::new().await;
    let world = World::through(&gate).await.with_shop().await;
    let conversations = talking(&world, CONVERSATIONS).await;
    queue(&world, &conversations, REPLIES).await;
    // Somewhere in the middle nobody answers at TikTok's address any more.
    let some = || async {
        let sent = theirs(&world).await.values().map(Vec::len).sum::<usize>();
        (sent >= CONVERSATIONS * REPLIES / 4).then_some(())
    };
    world.patiently("a quarter is sent", Duration::from_mins(5), some).await;
    gate.close().await;
    pass(&world, Duration::from_secs(5)).await;
    gate.open().await;
    settle(&world).await;
    let failed = is_true(&world).await;
    send_again(&world, &failed).await;
}

#[tokio::test]
async fn tiktok_is_away_for_an_hour() {
    let gate = Gate::new().await;
    let world = World::through(&gate).await.with_shop().await;
    let conversations = talking(&world, 4).await;
    gate.close().await;
    queue(&world, &conversations, 3).await;
    pass(&world, Duration::from_hours(1)).await;
    // Customers still come in by webhook, and what waits says why.
    let waiting: Vec<_> = shown(&world).await.into_values().flatten().collect();
    let given_up: Vec<_> = waiting.iter().filter(|one| one.message.state != MessageState::Queued).collect();
    assert!(given_up.is_empty(), "nothing is given up: {given_up:#?}");
    let heads = waiting.iter().filter(|one| number_of(&one.message) == Some(0));
    assert!(heads.clone().all(|one| one.message.next_attempt_at.is_some()), "the next try is told");
    assert!(heads.clone().all(|one| one.message.failure.as_ref().unwrap().kind == FailureKind::ProviderError));
    let (status, list) =
        answer(world.api("GET", &format!("/api/v1/conversations/{}/messages", conversations[0]))).await;
    assert_eq!(status, 200);
    let reasons: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|one| &one["failure"]["type"]).collect();
    assert!(reasons.contains(&&json!("provider-error")), "{reasons:?}");
    gate.open().await;
    settle(&world).await;
    assert_eq!(is_true(&world).await, Vec::new(), "all went out, in order");
}

/// Not refused but failing: every reply may have arrived, so nothing is repeated; the list tells when TikTok is back.
#[tokio::test]
async fn tiktok_fails_for_an_hour() {
    let world = World::connected().await;
    let conversations = talking(&world, 3).await;
    world.sim.set_fault(NewFault::new("*", FaultKind::HttpStatus).value(503));
    queue(&world, &conversations, 3).await;
    pass(&world, Duration::from_hours(1)).await;
    let shown_now: Vec<_> = shown(&world).await.into_values().flatten().map(|one| one.message.state).collect();
    let count = |state| shown_now.iter().filter(|one| **one == state).count();
    assert_eq!(
        (count(MessageState::Unconfirmed), count(MessageState::Queued)),
        (3, 6),
        "one each is in doubt, the others wait"
    );
    world.sim.clear_faults();
    settle(&world).await;
    let failed = is_true(&world).await;
    assert_eq!(failed.len(), 3, "the list said that the first of each never arrived");
    send_again(&world, &failed).await;
}
