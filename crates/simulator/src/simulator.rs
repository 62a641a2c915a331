//! The handle everyone holds: state, clock, webhook client and shutdown, cheap to clone.
//! Made by the `simulator` and `dev` commands and by tests.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::config::Config;
use crate::connection::{Connection, Cuttable};
use crate::sim_api::guard::AllowedHosts;
use crate::state::State as Memory;

#[derive(Debug)]
struct Inner {
    config: Config,
    state: Mutex<Memory>,
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
        let state = Mutex::new(Memory::new(&config, seed));
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

    /// All routes: platform, control, console. Use [`Simulator::serve`] where possible: only it can cut connections
    /// without a trace and sends webhooks by itself.
    pub fn router(&self) -> Router {
        let hosts = AllowedHosts(self.0.config.allowed_hosts.clone().into());
        let platform = crate::platform::routes().layer(axum::middleware::from_fn_with_state(self.clone(), dated));
        let routes =
            platform.merge(crate::respondio::routes()).merge(crate::sim_api::routes()).merge(crate::console::routes());
        routes.layer(axum::Extension(hosts)).with_state(self.clone())
    }

    /// Serves until `shutdown` ends, delivering webhooks meanwhile (with a system clock).
    pub async fn serve(&self, listener: TcpListener, shutdown: impl Future<Output = ()> + Send) -> std::io::Result<()> {
        let port = listener.local_addr()?.port();
        if self.0.config.public_url.is_none() {
            self.with(|state| state.base_url = format!("http://localhost:{port}"));
        }
        let closing = self.0.closing.clone();
        let service = self.router().into_make_service_with_connect_info::<Connection>();
        let server = async {
            let served = axum::serve(Cuttable(listener), service)
                .with_graceful_shutdown(closing.clone().cancelled_owned())
                .await;
            closing.cancel();
            served
        };
        let stop = async {
            tokio::select! {
                () = shutdown => closing.cancel(),
                () = closing.cancelled() => {}
            }
        };
        let (outcome, (), ()) = tokio::join!(server, self.deliver_forever(), stop);
        outcome
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

    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Memory) -> T) -> T {
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

/// The `Date` of TikTok's answers is TikTok's time, which the receiver of its signatures compares with its own.
async fn dated(State(sim): State<Simulator>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let now = jiff::Timestamp::from_millisecond(sim.clock().wall_ms()).ok();
    let text = now.and_then(|now| DateTimePrinter::new().timestamp_to_rfc9110_string(&now).ok());
    if let Some(date) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}
