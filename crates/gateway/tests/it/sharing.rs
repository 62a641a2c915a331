//! One app's limit, several workspaces: none waits for another's queue, and what TikTok refuses makes all of them slower.

use std::collections::HashMap;

use domain::{
    Id,
    content::Content,
    conversation::Conversation,
    message::{Author, MessageState},
    reply::Draft,
    store::{ChatFilter, MessageRecord},
    workspace::{Scope, Workspace},
};
use simulator::{CustomerMessage, FaultKind, NewBusiness, NewCustomer, NewFault};

use crate::harness::{SHOP, World};

/// Replies of the busy workspace: more than are ever on their way at once.
const MANY: usize = 44;
/// The business of the other workspace.
const CORNER: &str = "corner.shop.demo";

async fn messages_of(world: &World, workspace: Id<Workspace>) -> Vec<MessageRecord> {
    world.store().chats(&Scope::all(workspace), ChatFilter::default(), None, 200).await.unwrap()
}

/// Lets customers write to a business of the workspace, one conversation each.
async fn written_to(
    world: &World,
    workspace: Id<Workspace>,
    business: &str,
    customers: usize,
) -> Vec<Id<Conversation>> {
    for number in 0..customers {
        let name = format!("of.{business}.{number}");
        world.sim.create_customer(NewCustomer::new(&name, &name)).unwrap();
        world.sim.customer_writes(&CustomerMessage::text(&name, business, "เปิดกี่โมงคะ")).unwrap();
    }
    let all = || async { Some(messages_of(world, workspace).await).filter(|all| all.len() == customers) };
    let asked = world.until("all have written", all).await;
    asked.into_iter().map(|one| one.message.conversation_id).collect()
}

async fn answer(world: &World, workspace: Id<Workspace>, conversation_id: Id<Conversation>) {
    let draft = Draft {
        conversation_id,
        content: Content::Text { body: "เก้าโมงค่ะ".to_owned() },
        quoted_external_id: None,
        author: Author::ApiKey { id: None },
        idempotency_key: None,
        send_anyway: false,
        priority: domain::message::Priority::Normal,
    };
    world.store().queue_reply(&Scope::all(workspace), draft).await.unwrap();
}

/// How often TikTok was asked to send a message, by the code it answered.
fn sends(world: &World) -> HashMap<i64, usize> {
    let calls = world.sim.calls().into_iter().filter(|call| call.endpoint.ends_with("message/send"));
    calls.fold(HashMap::new(), |mut codes, call| {
        *codes.entry(call.code).or_default() += 1;
        codes
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_reply_does_not_wait_for_the_queue_of_another_workspace() {
    let world = World::connected().await;
    let (busy, quiet) = (world.workspace().await, world.second_workspace().await);
    world.sim.create_business(NewBusiness::new(CORNER, "ร้านหัวมุม")).unwrap();
    let connected = world.consent(&world.sign_in_to(quiet).await, CORNER, |_| true).await;
    assert!(connected.starts_with("/accounts?connected=acc_"), "{connected}");
    let one = written_to(&world, quiet, CORNER, 1).await[0];
    let many = written_to(&world, busy, SHOP, MANY).await;

    // Refusals slow everything down, so that turns are far apart and can be counted.
    world.sim.set_fault(NewFault::new("message/send", FaultKind::RateLimit).times(3));
    for conversation in many {
        answer(&world, busy, conversation).await;
    }
    let slow = || async { (sends(&world).get(&40100) == Some(&3) && sends(&world).contains_key(&0)).then_some(()) };
    world.until("three are refused and one is taken after that", slow).await;
    answer(&world, quiet, one).await;
    let before: usize = sends(&world).values().sum();
    let sent = || async {
        let messages = messages_of(&world, quiet).await;
        messages
            .iter()
            .any(|one| one.message.state == MessageState::Sent)
            .then(|| sends(&world).values().sum::<usize>())
    };
    let after = world.until("the one reply is sent", sent).await;
    // The call in flight, the one whose turn had come, its own, and one more while we looked.
    assert!(after - before <= 4, "{} calls, {MANY} were waiting", after - before);
    let waiting = messages_of(&world, busy).await;
    let waiting =
        waiting.iter().filter(|one| matches!(one.message.state, MessageState::Queued | MessageState::Sending));
    assert!(waiting.count() > MANY / 2, "the busy workspace was still at it");
}
