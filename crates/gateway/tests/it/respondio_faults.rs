//! Respond.io at its worst: one send in five goes wrong. None is lost, none doubled, none out of order, and every outcome is told.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use domain::{
    Id,
    conversation::Conversation,
    failure::FailureKind,
    message::{Direction, MessageState},
};
use simulator::{FaultKind, NewFault};

use crate::desk::Desk;

const CONVERSATIONS: usize = 10;
/// Replies to each message of a customer, of the ten that TikTok allows.
const REPLIES: usize = 8;
const ROUNDS: usize = 5;

fn chance(kind: FaultKind, value: Option<i64>) -> NewFault {
    NewFault { value, probability: Some(0.05), ..NewFault::new("respondio/contact/send", kind) }
}

/// What TikTok has of the shop's replies, by conversation, in its order.
fn at_tiktok(desk: &Desk) -> BTreeMap<String, Vec<String>> {
    let conversations = desk.world.sim.state().conversations;
    let said = |id: &str| {
        let messages = desk.world.sim.conversation(id).unwrap().conversation.messages;
        let ours = messages.into_iter().filter(|one| one.from_business);
        ours.map(|one| serde_json::to_value(&one.content).unwrap()["body"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    conversations.iter().map(|one| (one.customer.clone(), said(&one.id))).collect()
}

#[tokio::test]
async fn four_hundred_sends_of_which_one_in_five_goes_wrong() {
    let desk = Desk::open().await;
    let names = desk.customers(CONVERSATIONS);
    let mut conversations: BTreeMap<String, Id<Conversation>> = BTreeMap::new();
    for round in 0..ROUNDS {
        for name in &names {
            desk.says(name, &format!("{name} ถาม {round}"));
        }
        let last = format!("{} ถาม {round}", names[CONVERSATIONS - 1]);
        desk.message(&last).await;
        desk.pass(Duration::from_secs(5)).await;
        for asked in desk.all().await {
            if let Some(name) = asked.message.content.words().strip_suffix(&format!(" ถาม {round}")) {
                conversations.insert(name.to_owned(), asked.message.conversation_id);
            }
        }
        for fault in [
            chance(FaultKind::Code, Some(500)),
            chance(FaultKind::RateLimit, None),
            chance(FaultKind::ResetBefore, None),
            chance(FaultKind::ResetAfter, None),
        ] {
            desk.world.sim.set_fault(fault);
        }
        if round == 0 {
            desk.world.sim.set_fault(NewFault::new("respondio/contact/send", FaultKind::LoseAnswer).times(1));
        }
        for number in 0..REPLIES {
            for name in &names {
                desk.world.reply(conversations[name], &format!("{name} ตอบ {round}.{number}")).await;
            }
        }
        let settled = async || {
            let open =
                |state| matches!(state, MessageState::Queued | MessageState::Sending | MessageState::Unconfirmed);
            // Cheaper than all messages, and nothing once nothing waits.
            if desk.world.store().next_due_any_workspace().await.unwrap().is_some() {
                return None;
            }
            (!desk.all().await.iter().any(|one| open(one.message.state))).then_some(())
        };
        desk.in_strides(Duration::from_secs(1), "every outcome is told", Duration::from_hours(1), settled).await;
        desk.world.sim.clear_faults();
    }
    let ours: Vec<_> =
        desk.all().await.into_iter().filter(|one| one.message.direction == Direction::Outgoing).collect();
    assert_eq!(ours.len(), CONVERSATIONS * REPLIES * ROUNDS, "each is here once");
    let there = at_tiktok(&desk);
    let mut failed = 0;
    for name in &names {
        let of_name = ours.iter().filter(|one| one.message.conversation_id == conversations[name]);
        let (mut sent, mut gone) = (BTreeSet::new(), BTreeSet::new());
        for one in of_name {
            let words = one.message.content.words().to_owned();
            if one.message.state == MessageState::Sent {
                sent.insert(words);
            } else {
                let failure = one.message.failure.as_ref().unwrap();
                assert_eq!(failure.kind, FailureKind::NotDelivered, "{failure:?}");
                gone.insert(words);
            }
        }
        failed += gone.len();
        let told = &there[name];
        assert_eq!(told.iter().cloned().collect::<BTreeSet<_>>(), sent, "none lost, none that was called failed");
        assert_eq!(told.len(), sent.len(), "none doubled");
        let mut in_order = told.clone();
        in_order.sort();
        assert_eq!(*told, in_order, "none out of order");
    }
    assert!(failed > 0, "faults did strike");
    let calls = desk.calls("contact/send");
    assert!(calls.contains(&429) && calls.contains(&500) && calls.contains(&0), "{calls:?}");
}
