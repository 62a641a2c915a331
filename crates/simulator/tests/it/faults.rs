//! Faults as a client meets them, on real connections where the connection is what fails.

use std::time::Duration;

use simulator::{CustomerMessage, FaultKind, NewFault};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::support::{BUSINESS, CUSTOMER, World, world};

/// Serves the world's simulator; ends when the sender is dropped.
async fn served(world: &World, tasks: &mut JoinSet<()>) -> (String, oneshot::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/open_api/v1.3/business/message/send/", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let sim = world.sim.clone();
    tasks.spawn(async move {
        sim.serve(listener, async {
            stopped.await.ok();
        })
        .await
        .unwrap();
    });
    (url, stop)
}

fn conversation(world: &World) -> String {
    world.sim.customer_writes(&CustomerMessage::text(CUSTOMER, BUSINESS, "hi")).unwrap().conversation_id
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().timeout(Duration::from_mins(1)).build().unwrap()
}

async fn post(client: &reqwest::Client, url: &str, world: &World, to: &str) -> reqwest::Result<reqwest::Response> {
    client.post(url).header("Access-Token", &world.token).body(world.text(to, "x").to_string()).send().await
}

#[tokio::test]
async fn connections_cut_before_and_after() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let (url, stop) = served(&world, &mut tasks).await;
    let to = conversation(&world);
    let count = || world.sim.conversation(&to).unwrap().conversation.messages.len();
    for (kind, messages) in [(FaultKind::ResetBefore, 1), (FaultKind::ResetAfter, 2)] {
        world.sim.set_fault(NewFault::new("message/send", kind).times(1));
        let error = post(&client(), &url, &world, &to).await.unwrap_err();
        assert!(error.is_request(), "no answer at all: {error:?}");
        assert_eq!(count(), messages, "{kind:?}");
    }
    assert_eq!(post(&client(), &url, &world, &to).await.unwrap().status(), 200);
    drop(stop);
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}

#[tokio::test]
async fn a_lost_answer_leaves_the_message_and_ends_with_the_simulator() {
    let (world, mut tasks) = (world(), JoinSet::new());
    let (url, stop) = served(&world, &mut tasks).await;
    let to = conversation(&world);
    world.sim.set_fault(NewFault::new("message/send", FaultKind::LoseAnswer).times(1));
    let mut calls = JoinSet::new();
    let (body, token) = (world.text(&to, "x").to_string(), world.token.clone());
    calls.spawn(async move { client().post(url).header("Access-Token", token).body(body).send().await.is_err() });
    while world.sim.calls().is_empty() {
        tokio::task::yield_now().await;
    }
    let call = world.sim.calls().remove(0);
    assert_eq!((call.status, call.code, call.fault), (0, 0, Some("lose_answer")));
    assert_eq!(world.sim.conversation(&to).unwrap().conversation.messages.len(), 2, "it was sent");
    drop(stop);
    assert!(calls.join_next().await.unwrap().unwrap(), "the caller never got an answer");
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}

#[tokio::test]
async fn codes_statuses_and_revocation() {
    let world = world();
    let to = conversation(&world);
    for (fault, code, message) in [
        (NewFault::new("message/send", FaultKind::Code).value(51065), 51065, "Internal service error."),
        (NewFault::new("business/message/send", FaultKind::RateLimit), 40100, "App reaches the QPS limit."),
        (NewFault::new("*", FaultKind::Revoked), 40105, "Access token is incorrect or has been revoked."),
    ] {
        world.sim.set_fault(fault.times(1));
        let answer = world.send(&to, "x").await;
        assert_eq!((answer["code"].as_i64(), answer["message"].as_str()), (Some(code), Some(message)));
        assert_eq!(world.send(&to, "x").await["code"], 0, "once only");
    }
    let words = "You are sending messages too fast. Take a rest.";
    let fast =
        NewFault { message: Some(words.to_owned()), ..NewFault::new("message/send", FaultKind::Code).value(40064) };
    world.sim.set_fault(fast.times(1));
    let (told, wanted) = (world.send(&to, "x").await, crate::support::fixture("api-error-40064-too_fast"));
    assert_eq!((&told["code"], &told["message"]), (&wanted["code"], &wanted["message"]));
    world.sim.set_fault(NewFault::new("content/list", FaultKind::Code));
    assert_eq!(world.send(&to, "x").await["code"], 0, "another endpoint");
    world.sim.clear_faults();
    assert!(world.sim.faults().is_empty());
}

#[tokio::test]
async fn revoked_until_connected_anew() {
    let world = world();
    let to = conversation(&world);
    world.sim.set_fault(NewFault::new("*", FaultKind::Revoked));
    assert_eq!(world.send(&to, "x").await["code"], 40105);
    let token = world.sim.grant(BUSINESS, simulator::DEFAULT_APP_ID, &simulator::SCOPES).unwrap().access_token;
    assert!(world.sim.faults().is_empty());
    assert_eq!(World { token, ..world }.send(&to, "x").await["code"], 0);
}

#[tokio::test]
async fn chance_is_seeded() {
    let luck = async || {
        let world = world();
        let to = conversation(&world);
        world.sim.set_fault(NewFault { probability: Some(0.5), ..NewFault::new("message/send", FaultKind::Code) });
        let mut hits = Vec::new();
        for _ in 0..9 {
            hits.push(world.send(&to, "x").await["code"] == 50000);
        }
        hits
    };
    let (first, second) = (luck().await, luck().await);
    assert_eq!(first, second);
    assert!(first.contains(&true) && first.contains(&false));
}
