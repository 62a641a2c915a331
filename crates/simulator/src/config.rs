//! Settings of one simulator, with defaults that need no change for local use.
//! Built by the `simulator` and `dev` commands and by tests.

/// App id the simulator starts with, e.g. for `TIKTOK_APP_ID`.
pub const DEFAULT_APP_ID: &str = "7411000000000000042";
/// Secret of the default app. Public on purpose: it guards nothing outside this machine.
pub const DEFAULT_APP_SECRET: &str = "simulator-secret-not-for-production";

/// Client key of the web app on TikTok for Developers the simulator starts with, e.g. for `TIKTOK_CLIENT_KEY`.
pub const DEFAULT_WEB_KEY: &str = "awsimulatorweb42";
/// Client key of the desktop app the simulator starts with: PKCE, redirects to this machine.
pub const DEFAULT_DESKTOP_KEY: &str = "awsimulatordesk42";

/// How long the tokens of TikTok for Developers live. TikTok's documentation changed in 2026-11.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginLifetimes {
    /// 2 hours and 180 days: documentation of 2026-11.
    Current,
    /// 24 hours and 365 days: documentation until the middle of 2026.
    Former,
}

/// A web app's `code_challenge`. Reports disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebChallenge {
    /// It does not matter, nor does the verifier that follows: widely used login libraries send both to every provider.
    Ignored,
    /// An error page, as one report says.
    Refused,
}

/// What can be chosen about a simulator. `Config::default()` is right for people and most tests.
#[derive(Debug, Clone)]
pub struct Config {
    /// Id of the first app, see [`DEFAULT_APP_ID`].
    pub app_id: String,
    /// Secret of the first app: OAuth client secret and webhook signing key.
    pub app_secret: String,
    /// Secret of the two Login Kit apps, see [`DEFAULT_WEB_KEY`].
    pub login_secret: String,
    /// How long tokens of the Login Kit apps live.
    pub login_lifetimes: LoginLifetimes,
    /// HTTP status of a Login Kit OAuth error; TikTok does not document it.
    pub oauth_error_status: u16,
    /// What a web app on TikTok for Developers meets that sends a `code_challenge`, which it need not.
    pub web_challenge: WebChallenge,
    /// How long an automatic message is under review, ms. TikTok says seconds to three hours.
    pub review_ms: i64,
    /// Redirect addresses registered for the first apps. Any loopback address is accepted besides.
    pub redirect_uris: Vec<String>,
    /// Address written into avatar, sticker and download links, e.g. `http://localhost:4000`.
    /// `None`: taken from the listener by `serve`.
    pub public_url: Option<String>,
    /// Messaging calls per second and app before code 40100; `None` switches the limit off (for tests whose clock stands still).
    pub qps_limit: Option<u32>,
    /// Above a limit of calls one call waits for its turn instead of being refused: here nothing travels, so whoever calls one
    /// after the other would meet a limit that TikTok's own answering time keeps them from. Never with a manual clock.
    pub wait_for_turn: bool,
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
            login_secret: DEFAULT_APP_SECRET.to_owned(),
            login_lifetimes: LoginLifetimes::Current,
            oauth_error_status: 400,
            web_challenge: WebChallenge::Ignored,
            review_ms: 30_000,
            redirect_uris: vec!["http://localhost:3000/auth/callback".to_owned()],
            public_url: None,
            qps_limit: Some(10),
            wait_for_turn: true,
            seed: None,
            ordered: true,
            retry_base_ms: 10_000,
            webhook_timeout_ms: 10_000,
            resign_retries: true,
            allowed_hosts: Vec::new(),
        }
    }
}
