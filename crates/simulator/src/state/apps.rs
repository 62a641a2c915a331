//! Developer apps: id, secret, redirect addresses, webhook callbacks, and the calls-per-second limit.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::error::ApiError;

/// What is needed to register an app.
#[derive(Debug, Clone, Deserialize)]
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
    #[serde(skip)]
    recent: VecDeque<i64>,
}

/// All apps.
#[derive(Debug)]
pub(crate) struct Apps {
    apps: Vec<App>,
    qps: Option<u32>,
}

impl From<NewApp> for App {
    fn from(new: NewApp) -> Self {
        let all = || super::tokens::SCOPES.iter().map(|&scope| scope.to_owned()).collect();
        Self {
            app_id: new.app_id,
            secret: new.secret,
            redirect_uris: new.redirect_uris,
            approved_scopes: new.approved_scopes.unwrap_or_else(all),
            callbacks: BTreeMap::new(),
            recent: VecDeque::new(),
        }
    }
}

impl App {
    /// A registered address, byte for byte, or any on this machine.
    pub(crate) fn allows_redirect(&self, uri: &str) -> bool {
        let loopback = || {
            url::Url::parse(uri).is_ok_and(|url| {
                matches!(url.scheme(), "http" | "https")
                    && url.host_str().is_some_and(|host| matches!(host, "localhost" | "127.0.0.1" | "[::1]"))
            })
        };
        self.redirect_uris.iter().any(|one| one == uri) || loopback()
    }
}

impl Apps {
    pub(crate) fn new(config: &Config) -> Self {
        let first = NewApp {
            app_id: config.app_id.clone(),
            secret: config.app_secret.clone(),
            redirect_uris: config.redirect_uris.clone(),
            approved_scopes: None,
        };
        Self { apps: vec![first.into()], qps: config.qps_limit }
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
            app.callbacks = std::mem::take(&mut old.callbacks);
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

    /// Counts one messaging call; 40100 above the limit in any second.
    pub(crate) fn take_call(&mut self, app_id: &str, pace_ms: i64) -> Result<(), ApiError> {
        let Some(limit) = self.qps else { return Ok(()) };
        let Some(app) = self.apps.iter_mut().find(|one| one.app_id == app_id) else { return Ok(()) };
        while app.recent.front().is_some_and(|&at| at <= pace_ms - 1000) {
            app.recent.pop_front();
        }
        if app.recent.len() >= limit as usize {
            return Err(ApiError::of(40100));
        }
        app.recent.push_back(pace_ms);
        Ok(())
    }
}
