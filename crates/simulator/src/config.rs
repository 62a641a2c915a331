//! Settings of one simulator, with defaults that need no change for local use.
//! Built by the `simulator` and `dev` commands and by tests.

/// App id the simulator starts with, e.g. for `TIKTOK_APP_ID`.
pub const DEFAULT_APP_ID: &str = "7411000000000000042";
/// Secret of the default app. Public on purpose: it guards nothing outside this machine.
pub const DEFAULT_APP_SECRET: &str = "simulator-secret-not-for-production";

/// What can be chosen about a simulator. `Config::default()` is right for people and most tests.
#[derive(Debug, Clone)]
pub struct Config {
    /// Id of the first app, see [`DEFAULT_APP_ID`].
    pub app_id: String,
    /// Secret of the first app: OAuth client secret and webhook signing key.
    pub app_secret: String,
    /// Redirect addresses registered for the first app. Any loopback address is accepted besides.
    pub redirect_uris: Vec<String>,
    /// Address written into avatar, sticker and download links, e.g. `http://localhost:4000`.
    /// `None`: taken from the listener by `serve`.
    pub public_url: Option<String>,
    /// Messaging calls per second and app before code 40100; `None` switches the limit off (for tests whose clock stands still).
    pub qps_limit: Option<u32>,
    /// Seed of message ids, tokens and fault dice. `None`: random, so that ids never repeat between runs.
    pub seed: Option<u64>,
    /// Deliver the webhooks of one conversation strictly one after the other.
    pub ordered: bool,
    /// First pause before a failed webhook is tried again; doubles each time, at most 6 hours.
    pub retry_base_ms: i64,
    /// How long a webhook receiver may take to answer.
    pub webhook_timeout_ms: u64,
    /// Whether a retry carries a fresh `t` and signature (TikTok does not say).
    pub resign_retries: bool,
    /// Host names besides loopback that may use the console and `/sim`, e.g. `simulator` inside a container network.
    pub allowed_hosts: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            app_id: DEFAULT_APP_ID.to_owned(),
            app_secret: DEFAULT_APP_SECRET.to_owned(),
            redirect_uris: vec!["http://localhost:3000/auth/callback".to_owned()],
            public_url: None,
            qps_limit: Some(10),
            seed: None,
            ordered: true,
            retry_base_ms: 10_000,
            webhook_timeout_ms: 10_000,
            resign_retries: true,
            allowed_hosts: Vec::new(),
        }
    }
}
