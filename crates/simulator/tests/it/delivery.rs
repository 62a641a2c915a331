//! Webhooks on a real connection: signature, order, retries, faults of delivery.

use std::sync::Arc;

use serde_json::Value;
use simulator::{
    Config, CustomerMessage, DEFAULT_APP_SECRET, FaultKind, NewCustomer, NewFault, Simulator, SystemClock,
};
use tokio::task::JoinSet;

use crate::support::{BUSINESS, CUSTOMER, HOUR, Receiver, START, World, world, world_with};

fn write(world: &World, text: &str) -> String {
    world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, text)).unwrap().conversation_id
}

#[tokio::test]
async fn signed_and_labelled() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let receiver = Receiver::start(&world.sim, &mut tasks).await;
    write(&world, "สวัสดี A&B");
    assert!(receiver.received().is_empty(), "nothing leaves by itself on a manual clock");
    assert_eq!(world.sim.deliver_due().await, 1);
    let got = receiver.received().remove(0);
    let header = got.headers["tiktok-signature"].to_str().unwrap();
    assert_eq!(header, simulator::signature_header(DEFAULT_APP_SECRET, START / 1000, &got.body));
    assert_eq!(got.headers["webhook-schema-version"], "1.0");
    assert!(got.headers.contains_key("x-tt-logid"));
    let log = world.sim.webhook_log();
    assert_eq!((log[0].state, log[0].tries[0].status), ("delivered", Some(200)));
}

#[tokio::test]
async fn retries_double_and_end_after_72_hours() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let receiver = Receiver::start(&world.sim, &mut tasks).await;
    receiver.answer_with(&[503, 500, 404]);
    write(&world, "hi");
    world.sim.deliver_due().await;
    assert_eq!(world.sim.webhook_log()[0].due_at, START + 10_000);
    assert_eq!(world.sim.deliver_due().await, 0, "not before its time");
    world.sim.advance(10_000).await;
    assert_eq!(world.sim.webhook_log()[0].due_at, START + 30_000);
    world.sim.advance(20_000).await;
    assert_eq!(world.sim.webhook_log()[0].tries.len(), 3);
    world.sim.advance(40_000).await;
    let hook = world.sim.webhook_log().remove(0);
    assert_eq!((hook.state, hook.tries.len()), ("delivered", 4));
    let bodies: Vec<_> = receiver.received().iter().map(|one| one.body.clone()).collect();
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "every try has the same bytes");

    receiver.answer_with(&[500; 100]);
    write(&world, "never");
    world.sim.advance(80 * HOUR).await;
    let hook = world.sim.webhook_log().remove(1);
    assert_eq!(hook.state, "given_up");
    assert!(hook.tries.last().unwrap().at <= hook.created_at + 72 * HOUR);
    assert!(hook.tries.len() > 15, "{}", hook.tries.len());
}

#[tokio::test]
async fn in_order_within_a_conversation_and_free_across() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let receiver = Receiver::start(&world.sim, &mut tasks).await;
    world.sim.create_customer(NewCustomer::new("art.s", "Art")).unwrap();
    receiver.answer_with(&[500]);
    write(&world, "1");
    world.sim.deliver_due().await;
    write(&world, "2");
    world.sim.customer_writes(&CustomerMessage::text("art.s", BUSINESS, "other")).unwrap();
    world.sim.deliver_due().await;
    assert_eq!(receiver.texts(), ["1", "other"], "2 waits for 1, the other conversation does not");
    world.sim.advance(10_000).await;
    assert_eq!(receiver.texts(), ["1", "other", "1", "2"]);
}

#[tokio::test]
async fn without_authorization_or_callback_nothing_is_sent() {
    let (world, mut tasks) = (world(), JoinSet::new());
    write(&world, "no callback yet");
    assert_eq!(world.sim.webhook_log()[0].state, "no_callback");
    let receiver = Receiver::start(&world.sim, &mut tasks).await;
    world.sim.set_scopes(BUSINESS, &["user.info.basic".to_owned()]).unwrap();
    write(&world, "no scope");
    world.sim.set_scopes(BUSINESS, &["message.list.read".to_owned()]).unwrap();
    write(&world, "scope");
    world.sim.revoke(BUSINESS, false).unwrap();
    write(&world, "revoked");
    world.sim.deliver_due().await;
    assert_eq!(receiver.texts(), ["scope"]);
}

#[tokio::test]
async fn twice_and_again_by_hand() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let receiver = Receiver::start(&world.sim, &mut tasks).await;
    world.sim.set_fault(NewFault::new("webhook", FaultKind::Duplicate).times(1));
    write(&world, "hi");
    world.sim.deliver_due().await;
    assert_eq!(receiver.received().len(), 1);
    world.sim.advance(200).await;
    let got = receiver.received();
    assert_eq!((got.len(), got[0].body == got[1].body), (2, true));
    let id = world.sim.resend(1).unwrap();
    world.sim.deliver_due().await;
    assert_eq!((id, receiver.received().len()), (3, 3));
    assert_eq!(world.sim.webhook_log()[2].label, "text · again");
}

#[tokio::test]
async fn out_of_order() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let receiver = Receiver::start(&world.sim, &mut tasks).await;
    world.sim.set_fault(NewFault::new("webhook", FaultKind::OutOfOrder));
    for text in ["1", "2", "3"] {
        write(&world, text);
    }
    world.sim.advance(1000).await;
    assert_eq!(receiver.texts(), ["3", "2", "1"]);
}

#[tokio::test]
async fn lost_on_the_way_and_lost_answer() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let receiver = Receiver::start(&world.sim, &mut tasks).await;
    world.sim.set_fault(NewFault::new("webhook", FaultKind::ResetBefore).times(1));
    write(&world, "a");
    world.sim.deliver_due().await;
    assert_eq!(receiver.received().len(), 0);
    world.sim.set_fault(NewFault::new("webhook", FaultKind::LoseAnswer).times(1));
    world.sim.advance(10_000).await;
    assert_eq!(receiver.received().len(), 1, "it arrived, the simulator does not know");
    world.sim.advance(20_000).await;
    assert_eq!(receiver.received().len(), 2);
}

#[tokio::test]
async fn echoes_late_and_early() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let receiver = Receiver::start(&world.sim, &mut tasks).await;
    let conversation = write(&world, "hi");
    world.sim.deliver_due().await;
    world.sim.set_fault(NewFault::new("message/send", FaultKind::LateEcho).times(1));
    world.send(&conversation, "late").await;
    world.sim.advance(4_999).await;
    assert_eq!(receiver.received().len(), 1);
    world.sim.advance(1).await;
    assert_eq!(receiver.received().len(), 2);
    world.sim.set_fault(NewFault::new("message/send", FaultKind::EarlyEcho).times(1));
    let answer = world.send(&conversation, "early").await;
    let got = receiver.received();
    assert_eq!(got.len(), 3, "delivered before the answer, without any further call");
    assert_eq!(got[2].event(), "im_send_msg");
    assert_eq!(got[2].content()["message_id"], answer["data"]["message"]["message_id"]);
}

#[tokio::test]
async fn a_retry_can_keep_its_first_signature() {
    let (world, mut tasks) = (world_with(Config { resign_retries: false, ..Config::default() }), JoinSet::new());
    let receiver = Receiver::start(&world.sim, &mut tasks).await;
    receiver.answer_with(&[500]);
    write(&world, "hi");
    world.sim.advance(20_000).await;
    let got = receiver.received();
    assert_eq!(got[0].headers["tiktok-signature"], got[1].headers["tiktok-signature"]);
    let envelope: Value = serde_json::from_slice(&got[0].body).unwrap();
    assert_eq!(envelope["create_time"], START / 1000);
}

#[tokio::test]
async fn a_served_simulator_delivers_by_itself() {
    let mut tasks = JoinSet::new();
    let sim = Simulator::new(Config::default(), Arc::new(SystemClock::new()));
    sim.seed_demo();
    sim.grant("krok.coffee", simulator::DEFAULT_APP_ID, &simulator::SCOPES).unwrap();
    let receiver = Receiver::start(&sim, &mut tasks).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let served = sim.clone();
    tasks.spawn(async move {
        served.serve(listener, std::future::pending()).await.unwrap();
    });
    sim.customer_writes(&CustomerMessage::text("art.s", "krok.coffee", "hi")).unwrap();
    while receiver.received().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(receiver.texts(), ["hi"]);
}
