//! `kill -9` at seeded points over the named places, under load, and the same data opened again. `CRASH_SEED` and `CRASH_KILLS` choose
//! another run; `CRASH_REPORT` names a file for the table.

use domain::place::Place;
use futures_util::{StreamExt as _, stream};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use simulator::{FaultKind, NewFault};

use crate::{
    audit::audit,
    ear::Ear,
    faults,
    load::Load,
    process::DieAt,
    report::{Killed, Report},
    world::{DEAD_FOR, Ground, World},
};

/// Kills when nobody says otherwise.
const KILLS: usize = 60;
/// Kills in one world, before another begins afresh.
const KILLS_PER_WORLD: usize = 30;
/// Every so many kills everything is settled and compared.
const AUDIT_EVERY: usize = 6;
/// Every so many kills one comes from outside, wherever the process is.
const ANYWHERE_EVERY: usize = 4;
/// Worlds at the same time.
const WORLDS_AT_ONCE: usize = 2;

fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "a run is chosen by the environment")]
    std::env::var(name).ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_wherever_it_is_killed() {
    let seed = variable("CRASH_SEED").map_or_else(|| 20_261_126, |seed| seed.parse().unwrap());
    let kills = variable("CRASH_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    println!("CRASH_SEED={seed} CRASH_KILLS={kills}");
    let plan = plan(&mut StdRng::seed_from_u64(seed), kills);
    let worlds = plan.chunks(KILLS_PER_WORLD).zip(seed..).map(|(plan, seed)| live_and_die(seed, plan.to_vec()));
    let mut report = Report::default();
    let mut done = stream::iter(worlds).buffer_unordered(WORLDS_AT_ONCE);
    while let Some(world) = done.next().await {
        report.add(world);
    }
    println!("{}", report.table());
    if let Some(file) = variable("CRASH_REPORT") {
        std::fs::write(file, report.table() + "\n").unwrap();
    }
    report.findings.assert_none();
    assert!(report.kills.len() >= kills);
}

/// Where to kill, in which order: every place as often as any other; `None` is from outside.
fn plan(dice: &mut StdRng, kills: usize) -> Vec<Option<Place>> {
    let served: Vec<_> = Place::ALL.iter().copied().filter(|place| !is_of_migration(*place)).collect();
    let mut places = Vec::new();
    while places.len() < kills {
        let mut round = served.clone();
        round.shuffle(dice);
        places.extend(round);
    }
    let mut places = places.into_iter();
    (0..kills).map(|number| if number % ANYWHERE_EVERY == 0 { None } else { places.next() }).collect()
}

fn is_of_migration(place: Place) -> bool {
    place.as_str().starts_with("migration.")
}

/// How often a process may come by a place before it dies there: as often as the load of a second leads there.
fn times(place: Place) -> u32 {
    match place {
        Place::CommitBefore | Place::CommitAfter => 50,
        Place::IngestVerified | Place::IngestWritten | Place::IngestCommitted => 20,
        Place::QueueWritten | Place::QueueCommitted => 10,
        Place::LoseWritten => 1,
        Place::CheckAnswered | Place::CheckApplied | Place::CheckWritten | Place::CheckCommitted => 3,
        _ => 6,
    }
}

/// One world: killed again and again, settled and compared in between and at the end.
async fn live_and_die(seed: u64, plan: Vec<Option<Place>>) -> Report {
    let mut dice = StdRng::seed_from_u64(seed);
    let world = World::new(Ground { seed, ..Ground::default() }, 1).await;
    let (load, ear) = (Load::new(&world), Ear::open(&world).await);
    let mut life = Life { world, load, ear, report: Report::default(), last: None };
    for (number, place) in plan.into_iter().enumerate() {
        if number > 0 && number % AUDIT_EVERY == 0 {
            life.settle().await;
        }
        match place {
            Some(place) => {
                if place == Place::LoseWritten && !life.left_an_attempt() {
                    life.die_at(Place::BeginCommitted, 1).await;
                }
                life.die_at(place, dice.random_range(1..=times(place))).await;
            }
            None => life.die_anywhere(dice.random_range(1..=40)).await,
        }
    }
    life.settle().await;
    let heard = life.ear.heard();
    (life.report.resumes, life.report.heard) = (heard.connects, heard.seqs.len());
    life.report
}

struct Life {
    world: World,
    load: Load,
    ear: Ear,
    report: Report,
    last: Option<Place>,
}

impl Life {
    /// The process that was killed last had begun an attempt and not settled it.
    fn left_an_attempt(&self) -> bool {
        matches!(
            self.last,
            Some(Place::BeginCommitted | Place::SendLeaving | Place::SendAnswered | Place::SettleWritten)
        )
    }

    /// Starts over the same data with an appointment to die, and lives until then.
    async fn die_at(&mut self, place: Place, nth: u32) {
        if self.world.lives(0) {
            self.world.kill(0).await;
        }
        self.world.wall.advance(DEAD_FOR);
        faults::everyday(&self.world.sim);
        if matches!(place, Place::CheckAnswered | Place::CheckApplied | Place::CheckWritten | Place::CheckCommitted) {
            // An attempt that never arrives is looked for four times.
            self.world.sim.set_fault(NewFault::new("message/send", FaultKind::ResetBefore).times(2));
        }
        let (before, told) = (self.load.accepted(), self.world.sim.now_ms());
        let die_at = DieAt { place, nth };
        if self.world.start(0, Some(die_at)).await.is_ok() {
            let mut process = self.world.take(0);
            let world = &self.world;
            self.load.run(world, world.dies(&mut process, die_at)).await;
            world.tell_front();
        }
        self.note(Some(place), before, told);
    }

    /// Starts, and ends by `kill -9` once it has acknowledged so many webhooks.
    async fn die_anywhere(&mut self, acknowledged: usize) {
        self.revive().await;
        faults::everyday(&self.world.sim);
        let (before, told) = (self.load.accepted(), self.world.sim.now_ms());
        let world = &self.world;
        self.load.run(world, world.in_a_hurry(faults::answered(world, 200, acknowledged))).await;
        self.world.kill(0).await;
        self.note(None, before, told);
    }

    async fn revive(&mut self) {
        if !self.world.lives(0) {
            self.world.wall.advance(DEAD_FOR);
            self.world.start(0, None).await.unwrap();
        }
    }

    async fn settle(&mut self) {
        self.revive().await;
        self.world.sim.clear_faults();
        self.report.findings.add(audit(&self.world, &mut self.load, &self.ear).await);
        self.report.audits += 1;
    }

    fn note(&mut self, place: Option<Place>, accepted: usize, since_ms: i64) {
        self.last = place;
        let (accepted, acknowledged) =
            (self.load.accepted() - accepted, faults::answered_since(&self.world, 200, since_ms));
        self.report.kills.push(Killed { place, acknowledged, accepted });
    }
}
