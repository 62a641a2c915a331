//! One world per test: gateway, simulator, clock. Nothing here sleeps: waiting is for a condition, woken by the store, with a
//! deadline after which the test says what it waited for.

use std::{
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};

use domain::{
    Clock, Id, Timestamp,
    account::{Account, Connect, ProviderKind},
    conversation::Conversation,
    history::HistoryState,
    message::Message,
    store::{ChatFilter, MessageRecord, Store},
    workspace::{Scope, Workspace},
};
use message_gateway::{
    app::{App, Gateway, open_store},
    config::Config,
};
use serde_json::{Value, json};
use simulator::{CustomerMessage, DEFAULT_APP_ID, DEFAULT_APP_SECRET, NewBusiness, NewCustomer, Simulator, Written};
use tokio::{net::TcpListener, sync::oneshot};

use crate::{clock::SharedClock, database, gate::Gate};

/// The business of most tests.
pub(crate) const SHOP: &str = "baan.kafe.demo";
/// The customer of most tests.
pub(crate) const MALI: &str = "nong.mali.demo";
/// A bearer token with owner rights.
pub(crate) const API_SECRET: &str = "api-secret-of-the-tests-0123456789abcdef";
/// Key of the generic webhook.
pub(crate) const VERIFY_TOKEN: &str = "verify-token-of-the-tests";
/// The fixtures' business account.
pub(crate) const FIXTURE_ACCOUNT: &str = "-000ShopBizOpenIdInvented42a";
/// When every world begins: ten minutes after the fixtures' first message.
pub(crate) const START: Timestamp = Timestamp::from_secs(1_790_000_600);

/// Gateway, simulator and clock of one test.
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) sim: Simulator,
    pub(crate) gateway: Gateway,
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
    pub(crate) sim_base: String,
    /// How far TikTok's clock is ahead of ours, in ms.
    pub(crate) tiktok_ahead: Arc<AtomicI64>,
    _sim_end: oneshot::Sender<()>,
    _folder: tempfile::TempDir,
}

impl World {
    /// A world in which nobody is connected yet.
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// The same, with a changed configuration.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::on(database::settings().await, None, false, change).await
    }

    /// The same, where the platforms count calls by the test's clock too.
    pub(crate) async fn by_hand(change: impl FnOnce(&mut Config)) -> Self {
        Self::on(database::settings().await, None, true, change).await
    }

    /// The same, with a gate in front of TikTok.
    pub(crate) async fn through(gate: &Gate) -> Self {
        Self::on(database::settings().await, Some(gate), false, |_| {}).await
    }

    /// The same on the embedded database, for what only that one has: files, and a lock on their folder.
    pub(crate) async fn embedded() -> Self {
        Self::embedded_with(|_| {}).await
    }

    /// The same, with a changed configuration.
    pub(crate) async fn embedded_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::on(Vec::new(), None, false, change).await
    }

    async fn on(
        database: Vec<(&'static str, String)>,
        gate: Option<&Gate>,
        by_hand: bool,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let clock = Clock::manual(START);
        let tiktok_ahead = Arc::new(AtomicI64::new(0));
        let (sim, sim_base, sim_end) = start_simulator(&clock, Arc::clone(&tiktok_ahead), by_hand).await;
        let folder = tempfile::tempdir().unwrap();
        let data_dir = folder.path().to_str().unwrap();
        let tiktok = match gate {
            Some(gate) => {
                gate.leads_to(sim_base.trim_start_matches("http://").parse().unwrap()).await;
                gate.base()
            }
            None => sim_base.clone(),
        };
        let (api, authorize) = (format!("{tiktok}/open_api/v1.3/"), format!("{sim_base}/v2/auth/authorize"));
        let open_api = format!("{sim_base}/v2/");
        let respondio = format!("{sim_base}/respondio/v2");
        let pairs = [
            ("DATA_DIR", data_dir),
            ("RESPONDIO_API_URL", &respondio),
            ("API_SECRET", API_SECRET),
            ("WEBHOOK_VERIFY_TOKEN", VERIFY_TOKEN),
            ("TIKTOK_APP_ID", DEFAULT_APP_ID),
            ("TIKTOK_APP_SECRET", DEFAULT_APP_SECRET),
            ("TIKTOK_BUSINESS_API_URL", &api),
            ("TIKTOK_OPEN_API_URL", &open_api),
            ("TIKTOK_AUTHORIZE_URL", &authorize),
        ];
        let database = database.iter().map(|(name, value)| (*name, value.as_str()));
        let mut config = Config::from_pairs(pairs.into_iter().chain(database)).unwrap();
        change(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gateway = Gateway::start(config, listener, clock.clone()).await.unwrap();
        let base = format!("http://{}", gateway.address());
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        Self { clock, sim, gateway, http, base, sim_base, tiktok_ahead, _sim_end: sim_end, _folder: folder }
    }

    /// A world in which the shop is connected through the consent page and the customer exists.
    pub(crate) async fn connected() -> Self {
        Self::new().await.with_shop().await
    }

    /// Connects the shop through the consent page, and makes the customer.
    pub(crate) async fn with_shop(self) -> Self {
        let world = self;
        world.sim.create_business(NewBusiness::new(SHOP, "บ้านกาแฟ")).unwrap();
        world.sim.create_customer(NewCustomer::new(MALI, "น้องมะลิ")).unwrap();
        let answer = world.consent(&world.sign_in().await, SHOP, |_| true).await;
        assert!(answer.starts_with("/accounts?connected=acc_"), "{answer}");
        // So that any later look at TikTok's lists is about something else.
        world.history_filed().await;
        world
    }

    /// Waits until what was said before is filed.
    pub(crate) async fn history_filed(&self) {
        let filed = || async { self.account().await.history.filter(|history| history.state == HistoryState::Filed) };
        self.until("the history is filed", filed).await;
    }

    /// The same, with one text of the customer already here. Gives the conversation.
    pub(crate) async fn in_conversation() -> (Self, Id<Conversation>) {
        let world = Self::connected().await;
        world.customer_says("สวัสดีค่ะ ☕");
        let first =
            world.message_that("the first text arrives", |one| one.message.content.words() == "สวัสดีค่ะ ☕").await;
        (world, first.message.conversation_id)
    }

    pub(crate) fn app(&self) -> &App {
        self.gateway.app()
    }

    pub(crate) fn store(&self) -> &Arc<dyn Store> {
        &self.app().store
    }

    pub(crate) async fn workspace(&self) -> Id<Workspace> {
        self.store().default_workspace().await.unwrap().unwrap().id
    }

    pub(crate) async fn scope(&self) -> Scope {
        Scope::all(self.workspace().await)
    }

    pub(crate) async fn account(&self) -> Account {
        let accounts = self.store().accounts(&self.scope().await).await.unwrap();
        accounts.into_iter().next().expect("an account is connected")
    }

    /// Lets the shop exist without OAuth.
    pub(crate) async fn adopt(&self, open_id: &str) -> Account {
        self.adopt_through(ProviderKind::Official, open_id, Some(SHOP)).await
    }

    /// Lets an account exist of which no more is known than what a provider calls it.
    pub(crate) async fn adopt_through(&self, provider: ProviderKind, id: &str, username: Option<&str>) -> Account {
        let connect = Connect {
            provider,
            external_id: id.to_owned(),
            username: username.map(str::to_owned),
            display_name: None,
            avatar_url: None,
            scopes: Vec::new(),
            tokens: None,
        };
        self.store().connect_account(self.workspace().await, connect).await.unwrap()
    }

    /// A second later, so that what follows has a time of its own.
    pub(crate) fn tick(&self) {
        self.clock.advance(Duration::from_secs(1));
    }

    /// The customer writes a text.
    pub(crate) fn customer_says(&self, text: &str) -> Written {
        self.tick();
        self.sim.customer_writes(&CustomerMessage::text(MALI, SHOP, text)).unwrap()
    }

    /// Every message saved, oldest first.
    pub(crate) async fn messages(&self) -> Vec<MessageRecord> {
        self.store().chats(&self.scope().await, ChatFilter::default(), None, 200).await.unwrap()
    }

    /// A request with the bearer token.
    pub(crate) fn api(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method.parse().unwrap(), format!("{}{path}", self.base)).bearer_auth(API_SECRET)
    }

    /// Queues a text over the API.
    pub(crate) async fn reply(&self, conversation: Id<Conversation>, text: &str) -> Id<Message> {
        let (status, answer) = self.try_reply(conversation, json!({"type": "text", "body": text}), false).await;
        assert_eq!(status, 202, "{answer}");
        answer["id"].as_str().unwrap().parse().unwrap()
    }

    /// Asks for a reply and gives status and answer.
    pub(crate) async fn try_reply(
        &self,
        conversation: Id<Conversation>,
        content: Value,
        send_anyway: bool,
    ) -> (u16, Value) {
        self.tick();
        let body = json!({"content": content, "sendAnyway": send_anyway});
        let request = self.api("POST", &format!("/api/v1/conversations/{conversation}/messages")).json(&body);
        answer(request).await
    }

    /// A second workspace with an owner of its own.
    pub(crate) async fn second_workspace(&self) -> Id<Workspace> {
        let statements = "INSERT INTO workspace (id, name, created_at) VALUES (41, 'Other', 1); \
            INSERT INTO \"user\" (id, email, name, created_at) VALUES (41, 'other@example.com', 'Other', 1); \
            INSERT INTO member (workspace_id, user_id, role, created_at) VALUES (41, 41, 'owner', 1);";
        database::execute(&self.app().config, statements).await;
        Id::from_raw(41)
    }

    /// Delivers a TikTok webhook with a right signature of now. Gives the status.
    pub(crate) async fn deliver(&self, body: &[u8]) -> u16 {
        self.deliver_signed(body, &sign(self.clock.now(), body)).await
    }

    /// Delivers a TikTok webhook under any signature.
    pub(crate) async fn deliver_signed(&self, body: &[u8], signature: &str) -> u16 {
        let request = self.http.post(format!("{}/webhook/tiktok", self.base)).header("tiktok-signature", signature);
        request.header("content-type", "application/json").body(body.to_vec()).send().await.unwrap().status().as_u16()
    }

    /// Ends the gateway in order and starts it again over the same data, at the same address.
    pub(crate) async fn restart(self) -> Self {
        let Self { gateway, clock, .. } = self;
        let (config, address) = (Config::clone(&gateway.app().config), gateway.address());
        gateway.stop().await.unwrap();
        let listener = TcpListener::bind(address).await.unwrap();
        let gateway = Gateway::start(config, listener, clock.clone()).await.unwrap();
        Self { clock, gateway, ..self }
    }

    /// Starts the gateway again where the process before it had written as much as `written` does, and died there.
    pub(crate) async fn after_a_crash(self, written: impl AsyncFnOnce(&dyn Store)) -> Self {
        let Self { gateway, clock, .. } = self;
        let (config, address) = (Config::clone(&gateway.app().config), gateway.address());
        gateway.stop().await.unwrap();
        let dead = open_store(&config, &clock, true).await.unwrap();
        dead.ids.grant(dead.store.lease_node().await.unwrap().node, Timestamp::MAX);
        written(&*dead.store).await;
        dead.store.close().await;
        drop(dead);
        let listener = TcpListener::bind(address).await.unwrap();
        let gateway = Gateway::start(config, listener, clock.clone()).await.unwrap();
        Self { clock, gateway, ..self }
    }
}

async fn start_simulator(
    clock: &Clock,
    ahead: Arc<AtomicI64>,
    by_hand: bool,
) -> (Simulator, String, oneshot::Sender<()>) {
    // A short patience with receivers that never answer, and none with callers above TikTok's limit: staying below is ours.
    let config =
        simulator::Config { seed: Some(7), retry_base_ms: 1_000, wait_for_turn: false, ..simulator::Config::default() };
    let sim = Simulator::new(config, Arc::new(SharedClock::new(clock.clone(), ahead, by_hand)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (end, ended) = oneshot::channel::<()>();
    let serving = sim.clone();
    #[expect(clippy::disallowed_methods, reason = "the simulator stands outside the gateway's life cycle")]
    tokio::spawn(async move { serving.serve(listener, async { drop(ended.await) }).await.unwrap() });
    (sim, base, end)
}

/// Status and JSON of an answer (null for an empty one).
pub(crate) async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let bytes = answer.bytes().await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

/// The signature header of the test app at a time.
pub(crate) fn sign(at: Timestamp, body: &[u8]) -> String {
    simulator::signature_header(DEFAULT_APP_SECRET, at.as_secs(), body)
}

/// The bytes of one of the fixtures that the SDK is tested with as well.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(fixtures().join(name)).unwrap()
}

/// Names of all webhook fixtures.
pub(crate) fn webhook_fixtures() -> Vec<String> {
    let names = std::fs::read_dir(fixtures()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.starts_with("webhook-")).collect();
    names.sort();
    names
}

fn fixtures() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tiktok/tests/fixtures")
}
