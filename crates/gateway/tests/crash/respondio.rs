//! Killed while the shop's messages come and go through Respond.io. Nothing is acknowledged there: what was written is found by asking, so
//! every message that a customer wrote must be there, also those of the time in which no gateway lived; and none is announced again.

use domain::place::Place;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};

use crate::{
    audit::audit,
    ear::Ear,
    faults,
    load::Load,
    process::{DieAt, ON_A_REPLYS_WAY},
    world::{DEAD_FOR, Ground, Through, World},
};

const SEED: u64 = 17;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_missed_or_announced_again_wherever_it_is_killed() {
    let ground = Ground { seed: SEED, through: Through::Respondio, ..Ground::default() };
    let mut world = World::new(ground, 1).await;
    let (mut load, ear) = (Load::new(&world), Ear::open(&world).await);
    let mut dice = StdRng::seed_from_u64(SEED);
    // On the way of a reply, and around any commit, as those of what was read are.
    let mut places = [&ON_A_REPLYS_WAY[..], &[Place::CommitBefore, Place::CommitAfter]].concat();
    places.shuffle(&mut dice);
    let kills = places.len();
    for place in places {
        faults::everyday_of_respondio(&world.sim);
        load.run(&world, world.in_a_hurry(more_are_here(&world, dice.random_range(5..=30)))).await;
        world.kill(0).await;
        world.wall.advance(DEAD_FOR);
        let die_at = DieAt { place, nth: dice.random_range(1..=6) };
        if world.start(0, Some(die_at)).await.is_ok() {
            let mut process = world.take(0);
            load.run(&world, world.dies(&mut process, die_at)).await;
            world.tell_front();
        }
        world.wall.advance(DEAD_FOR);
        world.start(0, None).await.unwrap();
    }
    world.sim.clear_faults();
    audit(&world, &mut load, &ear).await.assert_none();
    assert!(ear.heard().connects >= kills, "the socket went on after every kill");
}

/// Waits until so many more messages are here than now.
async fn more_are_here(world: &World, count: usize) {
    let before = world.chats().await.len();
    let more = || async { (world.chats().await.len() >= before + count).then_some(()) };
    world.until(&format!("{count} more messages"), more).await;
}
