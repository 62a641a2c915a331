//! The machine's clock is set an hour forward and back under load, while TikTok's goes on: ids never repeat or go back, nothing is lost or
//! sent twice, order stays, and the windows are right again as soon as the clock is.

use std::time::Duration;

use domain::{id::Id, message::Message};
use tokio::time::Instant;

use crate::{
    audit::audit,
    ear::Ear,
    faults::{self, answered},
    load::Load,
    world::{Ground, LOOK_AGAIN, PATIENCE, World},
};

const HOUR_SECS: i64 = 3_600;
/// By then every retry and lease that was noted under a clock an hour ahead is due.
const MORE_THAN_AN_HOUR: Duration = Duration::from_mins(70);

/// The ids of all messages, in the order in which they were made.
async fn ids(world: &World) -> Vec<i64> {
    let mut ids = Vec::new();
    let mut after = 0;
    loop {
        let page = world.get(&format!("/api/v1/events?after={after}&limit=1000")).await;
        let made = page["items"].as_array().unwrap().iter().filter(|event| event["event"] == "message");
        ids.extend(made.map(|event| event["data"]["id"].as_str().unwrap().parse::<Id<Message>>().unwrap().raw()));
        let next = page["next"].as_i64().unwrap();
        if next == after {
            return ids;
        }
        after = next;
    }
}

/// Load until so many more replies were accepted.
async fn replies(world: &World, load: &mut Load, count: usize) {
    let (deadline, wanted) = (Instant::now() + PATIENCE, load.accepted() + count);
    while load.accepted() < wanted {
        assert!(Instant::now() < deadline, "nobody accepts replies any more");
        load.run(world, tokio::time::sleep(LOOK_AGAIN * 10)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_hour_forward_and_back_under_load() {
    let world = World::new(Ground { seed: 14, ..Ground::default() }, 1).await;
    let (mut load, ear) = (Load::new(&world), Ear::open(&world).await);
    faults::mild(&world.sim);
    load.run(&world, answered(&world, 200, 30)).await;
    for wrong in [HOUR_SECS, 0] {
        world.wall.set_wrong_by_secs(wrong);
        load.run(&world, answered(&world, 200, 40)).await;
    }
    // An hour behind, webhooks seem to come from the future: they are refused, and TikTok tries again. Replies still go out.
    world.wall.set_wrong_by_secs(-HOUR_SECS);
    replies(&world, &mut load, 15).await;
    world.wall.set_wrong_by_secs(0);
    load.run(&world, answered(&world, 200, 40)).await;
    world.sim.clear_faults();
    load.finish(&world).await;
    world.wall.advance(MORE_THAN_AN_HOUR);
    audit(&world, &mut load, &ear).await.assert_none();
    let ids = ids(&world).await;
    assert!(ids.len() > 100 && ids.is_sorted_by(|one, next| one < next), "ids went back: {ids:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn started_again_after_the_clock_went_back() {
    let mut world = World::new(Ground { seed: 15, ..Ground::default() }, 1).await;
    let (mut load, ear) = (Load::new(&world), Ear::open(&world).await);
    faults::mild(&world.sim);
    for _ in 0..2 {
        world.wall.set_wrong_by_secs(HOUR_SECS);
        load.run(&world, answered(&world, 200, 30)).await;
        world.stop(0).await;
        world.wall.set_wrong_by_secs(0);
        world.start(0, None).await.unwrap();
        load.run(&world, answered(&world, 200, 30)).await;
    }
    // The hour comes whose ids were made already.
    world.wall.advance(Duration::from_mins(59));
    load.run(&world, answered(&world, 200, 60)).await;
    world.sim.clear_faults();
    load.finish(&world).await;
    world.wall.advance(MORE_THAN_AN_HOUR);
    audit(&world, &mut load, &ear).await.assert_none();
}
