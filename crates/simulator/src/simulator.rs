//! The handle everyone holds: state, clock, webhook client and shutdown, cheap to clone.
//! Made by the `simulator` and `dev` commands and by tests.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::config::Config;
use crate::state::State;

#[derive(Debug)]
struct Inner {
    config: Config,
    state: Mutex<State>,
    clock: Arc<dyn Clock>,
    http: reqwest::Client,
    news: broadcast::Sender<Value>,
    work: Notify,
    closing: CancellationToken,
}

/// One simulated TikTok. Clones share everything.
#[derive(Debug, Clone)]
pub struct Simulator(Arc<Inner>);

impl Simulator {
    /// A simulator without people in it; see [`Simulator::seed_demo`].
    ///
    /// # Panics
    /// When the TLS back end of the HTTP client cannot start, which only a broken build can cause.
    pub fn new(config: Config, clock: Arc<dyn Clock>) -> Self {
        let seed = config.seed.unwrap_or_else(rand::random);
        let http = reqwest::Client::builder()
            .timeout(Duration::from_millis(config.webhook_timeout_ms))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            // TikTok sends from many machines: no connection outlives its delivery, so a load balancer shares them out.
            .pool_max_idle_per_host(0)
            .user_agent("TikTokWebhook-simulator/1.0")
            // `Tiktok-Signature`, as it is documented: some receivers look it up letter by letter.
            .http1_title_case_headers()
            .build()
            .expect("invariant: a client without custom certificates always builds");
        let (news, _) = broadcast::channel(256);
        let state = Mutex::new(State::new(&config, seed));
        Self(Arc::new(Inner {
            config,
            state,
            clock,
            http,
            news,
            work: Notify::new(),
            closing: CancellationToken::new(),
        }))
    }

    /// Address of the simulator as links name it, e.g. `http://localhost:4000`.
    pub fn base_url(&self) -> String {
        self.with(|state| state.base_url.clone())
    }

    /// The simulator's time, Unix ms.
    pub fn now_ms(&self) -> i64 {
        self.0.clock.now_ms()
    }

    /// The clock, for tests that set it directly.
    pub fn clock(&self) -> &dyn Clock {
        self.0.clock.as_ref()
    }

    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    /// Whether a call above a limit may wait for its turn: not where time stands still.
    pub(crate) fn may_wait(&self) -> bool {
        self.config().wait_for_turn && !self.clock().is_manual()
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    pub(crate) fn work(&self) -> &Notify {
        &self.0.work
    }

    pub(crate) fn closing(&self) -> &CancellationToken {
        &self.0.closing
    }

    pub(crate) fn news(&self) -> broadcast::Receiver<Value> {
        self.0.news.subscribe()
    }

    /// Tells open consoles that something changed, and wakes the delivery loop.
    pub(crate) fn tell(&self, topic: &str, id: &str) {
        // Nobody listening is fine.
        _ = self.0.news.send(json!({"topic": topic, "id": id}));
        if topic != "webhook" {
            self.0.work.notify_one();
        }
    }
}
