//! A gateway whose database goes away and comes back: while it is gone everything new is refused, and a COMMIT whose answer got lost is
//! neither forgotten nor done twice.

use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use crate::{
    audit::audit,
    database::Database,
    ear::Ear,
    faults::{self, answered},
    load::Load,
    process::{End, Setup},
    proxy::{Cut, Proxy},
    world::{Ground, World},
};

/// Cuts of each kind.
const CUTS: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_cut_off_and_comes_back() {
    let database = Database::create().await;
    let proxy = Proxy::open(database.port).await;
    let ground = Ground { seed: 12, environment: database.settings(proxy.port), ..Ground::default() };
    let world = World::new(ground, 1).await;
    let (mut load, ear) = (Load::new(&world), Ear::open(&world).await);
    // TikTok lists 20 messages of a conversation: no more of them than that shall pass while an answer is looked for.
    load.customers_every = Duration::from_millis(120);
    faults::everyday(&world.sim);
    let mut dice = StdRng::seed_from_u64(12);
    for _ in 0..CUTS {
        for cut in [Cut::BeforeCommit, Cut::AfterCommit, Cut::BeforeAnswer] {
            proxy.cut_at(cut, dice.random_range(1..=12));
            let made = async {
                world.until("the connection is cut", || async { proxy.has_cut().then_some(()) }).await;
                answered(&world, 200, 5).await;
            };
            load.run(&world, world.in_a_hurry(made)).await;
        }
    }
    for _ in 0..2 {
        proxy.set_open(false);
        load.run(&world, answered(&world, 503, 10)).await;
        let readiness = world.http.get(format!("http://{}/readyz", world.front.address)).send().await.unwrap();
        assert_eq!(readiness.status(), 503);
        proxy.set_open(true);
        load.run(&world, world.in_a_hurry(answered(&world, 200, 30))).await;
    }
    world.sim.clear_faults();
    audit(&world, &mut load, &ear).await.assert_none();
}

#[tokio::test]
async fn a_migration_that_is_cut_off_begins_again() {
    let database = Database::create().await;
    let proxy = Proxy::open(database.port).await;
    let folder = tempfile::tempdir().unwrap();
    let mut environment = database.settings(proxy.port);
    environment.push(("DATA_DIR", folder.path().display().to_string()));
    let setup = Setup { before: Vec::new(), arguments: vec!["migrate"], environment, folder: folder.path().to_owned() };
    // Packet after packet, until it gets through to its end.
    let mut cuts = 0;
    loop {
        proxy.cut_at(Cut::AnyPacket, cuts + 1);
        let end = setup.spawn(None).end().await;
        if !proxy.has_cut() {
            assert_eq!(end, End::Code(0));
            proxy.spare();
            break;
        }
        assert!(matches!(end, End::Code(0 | 4)), "{end:?} after packet {cuts}");
        cuts += 1;
    }
    assert!(cuts > 5, "a migration takes more than {cuts} packets");
    assert_eq!(setup.spawn(None).end().await, End::Code(0));
}
