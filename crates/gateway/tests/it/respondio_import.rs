//! `message-gateway import respondio`, as an operating system sees it: what it says and how it ends.

use std::{path::Path, sync::Arc, time::Duration};

use domain::{
    Clock, Id, IdGenerator, Timestamp,
    space::{ReadProblem, Space, UNREADABLE_AFTER},
    store::{Nodes, Watching},
};
use serde_json::{Value, json};
use simulator::{
    NewBusiness, Simulator, SystemClock,
    respondio::{NewChannel, NewWorkspace},
};
use tokio::{net::TcpListener, sync::oneshot, time::Instant};

use crate::{
    harness::{API_SECRET, SHOP, answer},
    process::{Server, command},
    respondio_history::talk,
};

/// A gateway that asks the space could not read one contact for some minutes.
async fn one_can_not_be_read(folder: &Path, space: Id<Space>) {
    let clock = Clock::manual(Clock::system().now().minus(UNREADABLE_AFTER));
    let ids = Arc::new(IdGenerator::without_lease());
    let store =
        store_sqlite::SqliteStore::open(&folder.join("data/gateway.db"), clock.clone(), Arc::clone(&ids)).unwrap();
    ids.grant(store.lease_node().await.unwrap().node, Timestamp::MAX);
    for after in [Duration::ZERO, UNREADABLE_AFTER] {
        clock.advance(after);
        let lease = store.lease_space(space, None).await.unwrap().unwrap();
        assert!(store.read_failed(lease, 77, ReadProblem::Status(500)).await.unwrap());
    }
}

/// `message-gateway import respondio` on a data folder: exit code, JSON, and what it says on standard error.
fn import(folder: &Path, arguments: &[&str]) -> (Option<i32>, Value, String) {
    let output = command(folder, &[&["import", "respondio"], arguments].concat()).output().unwrap();
    let json = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code(), json, String::from_utf8(output.stderr).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_asks_waits_and_says_when_nobody_is_at_work() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let sim = Simulator::new(simulator::Config::default(), Arc::new(SystemClock::new()));
    let (end, ended) = oneshot::channel::<()>();
    let serving = sim.clone();
    #[expect(clippy::disallowed_methods, reason = "the simulator stands outside the gateway's life cycle")]
    let simulated = tokio::spawn(async move { serving.serve(listener, async { drop(ended.await) }).await });
    sim.create_business(NewBusiness::new(SHOP, "บ้านกาแฟ")).unwrap();
    let workspace = sim.create_respondio_workspace(NewWorkspace::default());
    let new = NewChannel { business: SHOP.to_owned(), name: Some("ร้านกาแฟ".to_owned()) };
    let channel = sim.add_respondio_channel(workspace.id, &new).unwrap().id;
    talk(&sim, "customer.0", 260, Clock::system().now().as_millis());

    let folder = tempfile::tempdir().unwrap();
    let (code, _, words) = import(folder.path(), &[]);
    assert_eq!(code, Some(1), "{words}");
    let respondio = format!("{base}/respondio/v2");
    let start = || Server::start_with(folder.path(), &[("RESPONDIO_API_URL", respondio.as_str())]);
    let server = start();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let post = |path: &str, body: Value| {
        answer(http.post(format!("{}/api/v1/respondio/spaces{path}", server.base)).bearer_auth(API_SECRET).json(&body))
    };
    let (status, space) = post("", json!({"token": workspace.tokens[0]})).await;
    assert_eq!(status, 201, "{space}");
    let id = space["id"].as_str().unwrap();
    let stuck = tokio::task::block_in_place(|| import(folder.path(), &["--json"]));
    assert!(stuck.0 == Some(1) && stuck.2.contains("none of its channels is connected"), "{stuck:?}");
    let (status, account) = post(&format!("/{id}/accounts"), json!({"channelId": channel.to_string()})).await;
    assert_eq!(status, 201, "{account}");
    server.signal("TERM");
    assert_eq!(server.ended().0, Some(0));

    let (code, state, words) = tokio::task::block_in_place(|| import(folder.path(), &["--json"]));
    assert_eq!((code, &state["done"], &state["space"]), (Some(1), &json!(false), &json!(id)), "{words}");
    assert!(words.contains("no gateway is running") && words.contains("message-gateway serve"), "{words}");
    let unknown = tokio::task::block_in_place(|| import(folder.path(), &["spc_0000000000001"]));
    assert!(unknown.0 == Some(1) && unknown.2.contains("there is no Respond.io workspace"), "{unknown:?}");

    let fresh = sim.add_respondio_token(workspace.id, true).unwrap();
    let server = start();
    let spaces = format!("{}/api/v1/respondio/spaces", server.base);
    let begun = Instant::now();
    while answer(http.get(&spaces).bearer_auth(API_SECRET)).await.1["items"][0]["state"] != "refused" {
        assert!(begun.elapsed() < Duration::from_mins(1), "in vain: the old token is refused");
    }
    let refused = tokio::task::block_in_place(|| import(folder.path(), &[]));
    assert!(refused.0 == Some(1) && refused.2.contains("put a new one under Accounts"), "{refused:?}");
    let put = http.put(format!("{spaces}/{id}/token")).bearer_auth(API_SECRET).json(&json!({"token": fresh}));
    assert_eq!(answer(put).await.0, 200);
    let asked = tokio::task::block_in_place(|| import(folder.path(), &["--no-wait", "--json"]));
    assert!(asked.0 == Some(0) && asked.1["askedAt"] == state["askedAt"], "{asked:?}");
    let (code, state, words) = tokio::task::block_in_place(|| import(folder.path(), &["--json"]));
    assert_eq!(
        (code, &state["contacts"], &state["whole"], &state["done"]),
        (Some(0), &json!(1), &json!(1), &json!(true)),
        "{words}"
    );
    let chats = http.get(format!("{}/api/chats", server.base)).bearer_auth(API_SECRET).send().await.unwrap();
    assert_eq!(chats.json::<Vec<Value>>().await.unwrap().len(), 260);
    server.signal("TERM");
    assert_eq!(server.ended().0, Some(0));
    let again = tokio::task::block_in_place(|| import(folder.path(), &[]));
    assert_eq!(again.0, Some(0), "it is all here, whoever is at work: {again:?}");
    one_can_not_be_read(folder.path(), id.parse().unwrap()).await;
    let (code, state, words) = tokio::task::block_in_place(|| import(folder.path(), &["--json"]));
    assert_eq!(
        (code, &state["contacts"], &state["whole"], &state["unreadable"], &state["done"]),
        (Some(5), &json!(2), &json!(1), &json!(1), &json!(false)),
        "{words}"
    );
    assert_eq!(state["unreadableContacts"][0]["contactId"], "77");
    assert!(words.contains("Contact 77 can't be read: Respond.io answers 500, since"), "{words}");
    assert!(words.contains("everything else is here, but 1 contact can't be read: 77"), "{words}");
    let asked = tokio::task::block_in_place(|| import(folder.path(), &["--no-wait"]));
    assert!(asked.0 == Some(0) && asked.2.contains("Contact 77 can't be read"), "{asked:?}");
    drop(end);
    simulated.await.unwrap().unwrap();
}
