//! One world per test: TikTok, a clock, an address, and behind it one gateway or several that live and die.

use std::{net::SocketAddr, path::Path, time::Duration};

use domain::{conversation::Conversation, id::Id};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use simulator::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Simulator};
use tokio::{net::TcpListener, time::Instant};
use tokio_util::task::AbortOnDropHandle;

use crate::{
    disk::Disk,
    front::Front,
    people::API_SECRET,
    process::{DieAt, End, Process, Setup},
    task::beside,
    wall::Wall,
};

/// How long a condition may take before the test fails. Only ever reached by a test that fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);
/// Passes between a death and the next start: leases end.
pub(crate) const DEAD_FOR: Duration = Duration::from_mins(5);
/// How soon to look again at what does not wake us.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(40);

/// What a world stands on.
#[derive(Debug, Default)]
pub(crate) struct Ground {
    /// Seed of TikTok's luck with its faults.
    pub(crate) seed: u64,
    /// More environment, such as a database.
    pub(crate) environment: Vec<(&'static str, String)>,
    /// The data lies on a disk of its own, of so many MiB.
    pub(crate) disk_mib: Option<u32>,
    /// What the shop's messages come and go through.
    pub(crate) through: Through,
}

/// See [`Ground::through`].
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Through {
    /// TikTok itself, which tells by webhooks.
    #[default]
    Tiktok,
    /// Respond.io without webhooks: it is asked.
    Respondio,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) wall: Wall,
    pub(crate) sim: Simulator,
    pub(crate) front: Front,
    pub(crate) http: reqwest::Client,
    pub(crate) setup: Setup,
    /// By customer: our id of the conversation, and the one at TikTok.
    pub(crate) conversations: Vec<(Id<Conversation>, String)>,
    /// See [`Ground::disk_mib`].
    pub(crate) disk: Option<Disk>,
    pub(crate) gateways: Vec<Option<(Process, SocketAddr)>>,
    _tiktok: AbortOnDropHandle<()>,
    pub(crate) folder: tempfile::TempDir,
}

impl World {
    /// A world in which the shop is connected, every customer has written once, and `gateways` live.
    pub(crate) async fn new(ground: Ground, gateways: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let wall = Wall::new(folder.path());
        let (sim, sim_base, tiktok) = start_simulator(&wall, ground.seed).await;
        let front = Front::open().await;
        let data = folder.path().join("data");
        let disk = match ground.disk_mib {
            Some(mib) => Some(Disk::mount(&data, mib).await),
            None => None,
        };
        let mut environment = environment(&data, &wall, &front, &sim_base);
        environment.extend(ground.environment);
        let before = disk.as_ref().map(Disk::entrance).unwrap_or_default();
        let setup = Setup { before, arguments: vec!["serve"], environment, folder: folder.path().to_owned() };
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30));
        // A connection for each request, so that all gateways get some.
        let http = http.redirect(reqwest::redirect::Policy::none()).pool_max_idle_per_host(0).build().unwrap();
        let gateways = (0..gateways).map(|_| None).collect::<Vec<_>>();
        let mut world =
            Self { wall, sim, front, http, setup, conversations: Vec::new(), disk, gateways, _tiktok: tiktok, folder };
        for number in 0..world.gateways.len() {
            world.start(number, None).await.unwrap();
        }
        world.open_shop(ground.through).await;
        world
    }

    /// Starts a gateway that does not live. `Err`: it ended before it listened.
    pub(crate) async fn start(&mut self, number: usize, die_at: Option<DieAt>) -> Result<(), End> {
        let mut process = self.setup.spawn(die_at);
        match process.ready().await {
            Ok(address) => self.gateways[number] = Some((process, address)),
            Err(end @ End::AtPlace) => return Err(end),
            Err(end) => panic!("it did not start, {end:?}: {}", process.log()),
        }
        self.tell_front();
        Ok(())
    }

    /// Whether a gateway lives, as far as the test knows.
    pub(crate) fn lives(&self, number: usize) -> bool {
        self.gateways[number].is_some()
    }

    /// Takes a gateway out, to be watched while it dies; nobody is sent to it once it is dead.
    pub(crate) fn take(&mut self, number: usize) -> Process {
        self.gateways[number].take().expect("it lives").0
    }

    /// Nobody is sent any more to those that were taken out.
    pub(crate) fn tell_front(&self) {
        self.front.set(self.gateways.iter().flatten().map(|(_, address)| *address).collect());
    }

    /// `kill -9`.
    pub(crate) async fn kill(&mut self, number: usize) {
        self.take(number).kill().await;
        self.tell_front();
    }

    /// SIGTERM, and waits for the end.
    pub(crate) async fn stop(&mut self, number: usize) {
        self.take(number).stop().await;
        self.tell_front();
    }

    /// A request with the bearer token.
    pub(crate) fn api(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("http://{}{path}", self.front.address)).bearer_auth(API_SECRET)
    }

    /// What a gateway answers, unless none does.
    pub(crate) async fn try_get(&self, path: &str) -> Option<Value> {
        let answer = self.api(Method::GET, path).send().await.ok()?;
        let answer = answer.error_for_status().ok()?;
        answer.json().await.ok()
    }

    /// What a gateway answers. One that was killed a moment ago may still be asked once.
    pub(crate) async fn get(&self, path: &str) -> Value {
        self.until(&format!("an answer to {path}"), || self.try_get(path)).await
    }

    /// Waits for `look` to give something.
    pub(crate) async fn until<T, F: Future<Output = Option<T>>>(&self, what: &str, look: impl Fn() -> F) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look().await {
                return found;
            }
            if Instant::now() >= deadline {
                let logs: Vec<_> = self.gateways.iter().flatten().map(|(process, _)| process.log()).collect();
                panic!("waited in vain: {what}\n{}", logs.join("\n\n"));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Every message saved.
    pub(crate) async fn chats(&self) -> Vec<Value> {
        serde_json::from_value(self.get("/api/chats").await).unwrap()
    }

    /// Lets time pass faster, unless a reply is on its way: TikTok answers in real time.
    pub(crate) fn hurry(&self, chats: &[Value]) {
        self.wall.hurry(chats.iter().any(|chat| chat["status"] == "sending"));
    }

    /// Time passes faster, so that retries and looks at TikTok's list become due. Never ends.
    pub(crate) async fn pass_time(&self) {
        loop {
            tokio::time::sleep(LOOK_AGAIN * 4).await;
            if let Some(chats) = self.try_get("/api/chats").await {
                self.hurry(chats.as_array().unwrap());
            }
        }
    }

    /// Waits until a process keeps its appointment to die, while time passes faster.
    pub(crate) async fn dies(&self, process: &mut Process, die_at: DieAt) {
        let late = tokio::time::sleep(PATIENCE);
        tokio::select! {
            end = process.end() => assert_eq!(end, End::AtPlace, "{}", process.log()),
            () = self.pass_time() => {}
            () = late => panic!("nothing led to {die_at:?}: {}", process.log()),
        }
    }

    /// Waits for `end` while time passes faster: as many messages, spread over minutes, as TikTok's list is made for.
    pub(crate) async fn in_a_hurry<T>(&self, end: impl Future<Output = T>) -> T {
        tokio::select! {
            ended = end => ended,
            () = self.pass_time() => unreachable!("time never ends"),
        }
    }
}

fn environment(data: &Path, wall: &Wall, front: &Front, sim_base: &str) -> Vec<(&'static str, String)> {
    let mut environment = wall.environment();
    environment.extend([
        ("DATA_DIR", data.display().to_string()),
        ("PORT", "0".to_owned()),
        ("PUBLIC_URL", format!("http://{}", front.address)),
        ("API_SECRET", API_SECRET.to_owned()),
        ("RUST_LOG", "info,message_gateway::http::layers=warn".to_owned()),
        ("TIKTOK_APP_ID", DEFAULT_APP_ID.to_owned()),
        ("TIKTOK_APP_SECRET", DEFAULT_APP_SECRET.to_owned()),
        ("TIKTOK_BUSINESS_API_URL", format!("{sim_base}/open_api/v1.3/")),
        ("TIKTOK_AUTHORIZE_URL", format!("{sim_base}/v2/auth/authorize")),
        ("RESPONDIO_API_URL", format!("{sim_base}/respondio/v2/")),
    ]);
    environment
}

async fn start_simulator(wall: &Wall, seed: u64) -> (Simulator, String, AbortOnDropHandle<()>) {
    // The gateway keeps to TikTok's pace by itself; a count of refused calls is another test's matter.
    let config =
        simulator::Config { seed: Some(seed), retry_base_ms: 1_000, qps_limit: None, ..simulator::Config::default() };
    let sim = Simulator::new(config, std::sync::Arc::new(wall.clone()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let serving = sim.clone();
    let task = beside(async move { serving.serve(listener, std::future::pending()).await.unwrap() });
    (sim, base, task)
}
