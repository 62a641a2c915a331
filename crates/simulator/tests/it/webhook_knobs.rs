//! Faults of delivery that change how often, when and whether a webhook arrives.

use simulator::{CustomerMessage, FaultKind, NewFault};
use tokio::task::JoinSet;

use crate::support::{BUSINESS, CUSTOMER, Receiver, World, world};

fn write(world: &World, text: &str) -> String {
    world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, text)).unwrap().conversation_id
}

#[tokio::test]
async fn a_webhook_can_arrive_many_times() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let receiver = Receiver::start(&world.sim, &mut tasks).await;
    let fault = NewFault { copies: Some(4), ..NewFault::new("webhook", FaultKind::Duplicate).times(1).value(1_000) };
    world.sim.set_fault(fault);
    write(&world, "hi");
    for copies in 1..=5 {
        world.sim.deliver_due().await;
        assert_eq!(receiver.received().len(), copies, "a second apart");
        world.sim.advance(1_000).await;
    }
    let bodies: Vec<_> = receiver.received().into_iter().map(|one| one.body).collect();
    assert!(bodies.len() == 5 && bodies.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn a_dropped_webhook_never_comes() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let receiver = Receiver::start(&world.sim, &mut tasks).await;
    world.sim.set_fault(NewFault::new("webhook", FaultKind::Drop).times(1));
    write(&world, "lost");
    write(&world, "here");
    world.sim.advance(80 * 3_600_000).await;
    assert_eq!(receiver.texts(), ["here"]);
    assert_eq!(world.sim.webhook_log()[0].state, "dropped");
    world.sim.resend(1).unwrap();
    world.sim.deliver_due().await;
    assert_eq!(receiver.texts(), ["here", "lost"], "by hand only");
}

#[tokio::test]
async fn one_event_can_be_late_while_others_are_not() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let receiver = Receiver::start(&world.sim, &mut tasks).await;
    world.sim.set_fault(NewFault::new("webhook/im_send_msg", FaultKind::Delay).value(60_000));
    let conversation = write(&world, "question");
    world.send(&conversation, "answer").await;
    write(&world, "thanks");
    world.sim.deliver_due().await;
    assert_eq!(receiver.texts(), ["question", "thanks"]);
    world.sim.advance(60_000).await;
    assert_eq!(receiver.texts(), ["question", "thanks", "answer"]);
}
