//! Two gateways on one PostgreSQL. Either is killed at any moment while the other goes on; webhooks and programs find the one that lives,
//! and the socket goes over to it with its last `seq`.

use std::time::Duration;

use domain::place::Place;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};

use crate::{
    audit::audit,
    database::Database,
    ear::Ear,
    faults::{self, answered},
    load::Load,
    process::{DieAt, End, ON_A_REPLYS_WAY},
    world::{DEAD_FOR, Ground, PATIENCE, World},
};

/// Each has two kills: one from outside, one at a place.
const ROUNDS: usize = 8;
/// Where to die besides on the way of a reply: places that a second of load leads to while two share the work.
const PLACES: [Place; 4] = [Place::IngestVerified, Place::IngestWritten, Place::IngestCommitted, Place::CommitBefore];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_gateways_on_one_database_either_killed_at_any_moment() {
    let database = Database::create().await;
    let ground = Ground { seed: 13, environment: database.settings(database.port), ..Ground::default() };
    let mut world = World::new(ground, 2).await;
    let (mut load, ear) = (Load::new(&world), Ear::open(&world).await);
    // TikTok lists 20 messages of a conversation: no more of them than that shall pass while an answer is looked for.
    load.customers_every = Duration::from_millis(120);
    faults::everyday(&world.sim);
    let mut dice = StdRng::seed_from_u64(13);
    let places = [&PLACES[..], &ON_A_REPLYS_WAY[..]].concat();
    for _ in 0..ROUNDS {
        let victim = dice.random_range(0..2);
        load.run(&world, answered(&world, 200, dice.random_range(5..=30))).await;
        world.kill(victim).await;
        world.wall.advance(DEAD_FOR);
        load.run(&world, answered(&world, 200, 5)).await;
        let die_at = DieAt { place: *places.choose(&mut dice).unwrap(), nth: dice.random_range(1..=3) };
        if world.start(victim, Some(die_at)).await.is_ok() {
            let mut process = world.take(victim);
            let dying = async {
                let end = tokio::time::timeout(PATIENCE, process.end()).await;
                let end = end.unwrap_or_else(|_| panic!("nothing led to {die_at:?}: {}", process.log()));
                assert_eq!(end, End::AtPlace);
            };
            load.run(&world, dying).await;
            world.tell_front();
        }
        world.wall.advance(DEAD_FOR);
        load.run(&world, answered(&world, 200, 5)).await;
        world.start(victim, None).await.unwrap();
    }
    // Both end in order, with nothing of theirs on its way; then what the killed ones left can be found.
    world.stop(0).await;
    load.run(&world, answered(&world, 200, 5)).await;
    world.stop(1).await;
    world.wall.advance(DEAD_FOR);
    world.start(0, None).await.unwrap();
    world.start(1, None).await.unwrap();
    world.sim.clear_faults();
    audit(&world, &mut load, &ear).await.assert_none();
    assert!(ear.heard().connects > ROUNDS, "the socket went over again and again");
}
