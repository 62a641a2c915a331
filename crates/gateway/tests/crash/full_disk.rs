//! A disk that is full: everything new is refused so that it comes again, nothing that was acknowledged is lost, and all goes on once
//! there is space.

use reqwest::Method;
use serde_json::json;

use crate::{
    audit::audit,
    ear::Ear,
    faults::{self, answered},
    load::Load,
    world::{Ground, World},
};

/// Room for the database and what the test writes, and little more.
const DISK_MIB: u32 = 24;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_and_forgets_nothing() {
    let mut world = World::new(Ground { seed: 11, disk_mib: Some(DISK_MIB), ..Ground::default() }, 1).await;
    let (mut load, ear) = (Load::new(&world), Ear::open(&world).await);
    faults::everyday(&world.sim);
    for killed_while_full in [false, true] {
        load.run(&world, world.in_a_hurry(answered(&world, 200, 40))).await;
        world.disk.as_ref().unwrap().fill();
        load.run(&world, answered(&world, 503, 15)).await;
        // Whatever TikTok's rules leave of this conversation just now.
        let reply = json!({"content": {"type": "text", "body": "nobody is to get this"}, "sendAnyway": true});
        let path = format!("/api/v1/conversations/{}/messages", world.conversations[0].0);
        assert_eq!(world.api(Method::POST, &path).json(&reply).send().await.unwrap().status(), 503);
        // What can be read is still shown.
        assert!(!world.chats().await.is_empty());
        if killed_while_full {
            world.kill(0).await;
        }
        world.disk.as_ref().unwrap().free();
        if killed_while_full {
            world.start(0, None).await.unwrap();
        }
        load.run(&world, world.in_a_hurry(answered(&world, 200, 40))).await;
    }
    world.sim.clear_faults();
    audit(&world, &mut load, &ear).await.assert_none();
}
