//! Developer apps: id, secret, redirect addresses, webhook callbacks, and the calls-per-second limit.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::{Config, DEFAULT_DESKTOP_KEY, DEFAULT_WEB_KEY};
use crate::error::ApiError;
use crate::pace::Turns;
use crate::state::businesses::Business;

/// Which of TikTok's two unrelated platforms an app belongs to, and how it signs people in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// TikTok API for Business: direct messages.
    #[default]
    Business,
    /// TikTok for Developers, web: no PKCE, see `Config::web_challenge`.
    LoginWeb,
    /// TikTok for Developers, desktop: PKCE with a hexadecimal challenge, redirects to this machine.
    LoginDesktop,
}

impl Platform {
    /// The `open_id` this platform knows an account by.
    pub(crate) fn id_of(self, account: &Business) -> String {
        if self == Self::Business { account.open_id.clone() } else { account.login_id.clone() }
    }
}

/// What is needed to register an app.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct NewApp {
    /// e.g. `7411000000000000042`.
    pub app_id: String,
    /// OAuth client secret and webhook signing key.
    pub secret: String,
    /// Redirect addresses; loopback ones are accepted besides.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// Scopes TikTok approved; default all.
    #[serde(default)]
    pub approved_scopes: Option<Vec<String>>,
    /// Where the app lives. Default TikTok API for Business.
    #[serde(default)]
    pub platform: Platform,
    /// The one webhook address of a Login Kit app; business apps set theirs by API.
    #[serde(default)]
    pub webhook_url: Option<String>,
}

/// A registered app.
#[derive(Debug, Clone, Serialize)]
#[expect(clippy::struct_field_names, reason = "TikTok's own name")]
pub struct App {
    /// `client_key`, `client_id` and `app_id` alike.
    pub app_id: String,
    /// Never shown by the control side.
    #[serde(skip)]
    pub secret: String,
    /// Registered redirect addresses.
    pub redirect_uris: Vec<String>,
    /// Scopes that may be asked for.
    pub approved_scopes: Vec<String>,
    /// Callback address by category, e.g. `DIRECT_MESSAGE`.
    pub callbacks: BTreeMap<String, String>,
    /// Where the app lives.
    pub platform: Platform,
    /// Posts whose comments are told; empty: all.
    pub comment_items: BTreeSet<String>,
    #[serde(skip)]
    turns: Turns,
}

/// Category under which a Login Kit app's only callback stands.
pub(crate) const EVERYTHING: &str = "EVERYTHING";

/// All apps.
#[derive(Debug)]
pub(crate) struct Apps {
    apps: Vec<App>,
    qps: Option<u32>,
}

impl From<NewApp> for App {
    fn from(new: NewApp) -> Self {
        let known: &[&str] =
            if new.platform == Platform::Business { &super::tokens::SCOPES } else { &super::tokens::LOGIN_SCOPES };
        let all = || known.iter().map(|&scope| scope.to_owned()).collect();
        // A Login Kit app has one address for everything.
        let callbacks = new.webhook_url.map(|url| (EVERYTHING.to_owned(), url)).into_iter().collect();
        Self {
            platform: new.platform,
            comment_items: BTreeSet::new(),
            app_id: new.app_id,
            secret: new.secret,
            redirect_uris: new.redirect_uris,
            approved_scopes: new.approved_scopes.unwrap_or_else(all),
            callbacks,
            turns: Turns::default(),
        }
    }
}

impl App {
    /// A registered address, byte for byte, or any on this machine; desktop apps only on this machine, with a port.
    pub(crate) fn allows_redirect(&self, uri: &str) -> bool {
        let url = url::Url::parse(uri).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let on_this_machine = url
            .as_ref()
            .is_some_and(|url| url.host_str().is_some_and(|host| matches!(host, "localhost" | "127.0.0.1" | "[::1]")));
        match self.platform {
            Platform::LoginDesktop => on_this_machine && url.is_some_and(|url| url.port().is_some()),
            _ => on_this_machine || self.redirect_uris.iter().any(|one| one == uri),
        }
    }

    /// Where events of a category go.
    pub(crate) fn callback(&self, category: &str) -> Option<String> {
        let category = if self.platform == Platform::Business { category } else { EVERYTHING };
        self.callbacks.get(category).cloned()
    }
}

impl Apps {
    pub(crate) fn new(config: &Config) -> Self {
        let first = NewApp {
            app_id: config.app_id.clone(),
            secret: config.app_secret.clone(),
            redirect_uris: config.redirect_uris.clone(),
            ..NewApp::default()
        };
        let login = |key: &str, platform| NewApp {
            app_id: key.to_owned(),
            secret: config.login_secret.clone(),
            redirect_uris: config.redirect_uris.clone(),
            platform,
            ..NewApp::default()
        };
        let apps =
            [first, login(DEFAULT_WEB_KEY, Platform::LoginWeb), login(DEFAULT_DESKTOP_KEY, Platform::LoginDesktop)];
        Self { apps: apps.into_iter().map(App::from).collect(), qps: config.qps_limit }
    }

    pub(crate) fn all(&self) -> &[App] {
        &self.apps
    }

    pub(crate) fn get(&self, app_id: &str) -> Option<App> {
        self.apps.iter().find(|one| one.app_id == app_id).cloned()
    }

    /// Registers an app, or replaces one (its callbacks stay).
    pub(crate) fn put(&mut self, new: NewApp) -> App {
        let mut app = App::from(new);
        if let Some(old) = self.apps.iter_mut().find(|one| one.app_id == app.app_id) {
            let given = std::mem::replace(&mut app.callbacks, std::mem::take(&mut old.callbacks));
            app.callbacks.extend(given);
            *old = app.clone();
        } else {
            self.apps.push(app.clone());
        }
        app
    }

    /// The app of an id and secret, or 40101.
    pub(crate) fn authenticate(&mut self, app_id: &str, secret: &str) -> Result<&mut App, ApiError> {
        self.apps.iter_mut().find(|one| one.app_id == app_id && one.secret == secret).ok_or_else(|| ApiError::of(40101))
    }

    /// Counts one messaging call and says how long it has to wait for its turn; 40100 above the limit in any second.
    pub(crate) fn take_call(&mut self, app_id: &str, pace_ms: i64, may_wait: bool) -> Result<Duration, ApiError> {
        let Some(limit) = self.qps else { return Ok(Duration::ZERO) };
        let Some(app) = self.apps.iter_mut().find(|one| one.app_id == app_id) else { return Ok(Duration::ZERO) };
        app.turns.take(limit as usize, pace_ms, may_wait).ok_or_else(|| ApiError::of(40100))
    }
}
