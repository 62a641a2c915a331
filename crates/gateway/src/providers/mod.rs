//! Who carries messages: TikTok itself, Respond.io, or another system through our generic webhook; and Login Kit, which carries none. Everything beyond this module speaks
//! the words of `domain`. `inbox`, `connect` and `workers` call it.

mod fetch;
mod login;
mod official;
mod pace;
pub mod respondio;
pub mod thirdparty;
pub mod tokens;

use std::sync::Arc;

use domain::{Clock, account::ProviderKind};
use secrecy::ExposeSecret;
use tiktok::{AppSecret, login::Credentials, oauth::AppCredentials};

pub use self::respondio::{Respondio, RespondioSettings};
pub use fetch::{AddressError, fetch};
pub use login::{Identity, Login, LoginSettings, USERNAME_SCOPE, missing_scopes as missing_identity_scopes};
pub use official::{
    At, FetchError, Fetched, Granted, Listed, NewTokens, NewestConversation, Official, OfficialSettings, Parcel,
    SendError, Stage, Translated, Wanted, cause_of, cause_of_kept, missing_scopes, outcome_of, words_of,
};
pub use pace::Turn;
use thirdparty::Outgoing;
pub use thirdparty::Thirdparty;

use crate::config::Config;

/// A provider can't be set up.
#[derive(Debug, thiserror::Error)]
#[error("{what} can't be used")]
pub struct SetupError {
    /// The setting, such as `TIKTOK_BUSINESS_API_URL`.
    pub what: &'static str,
    /// Why.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// One provider.
#[derive(Debug, Clone, Copy)]
pub enum Provider<'a> {
    /// TikTok's Business Messaging API.
    Official(&'a Official),
    /// Respond.io.
    Respondio(&'a Respondio),
    /// Our generic webhook.
    Thirdparty(&'a Thirdparty),
}

/// The providers, as configured. Cloned cheaply.
#[derive(Debug, Clone)]
pub struct Providers {
    official: Arc<Official>,
    login: Arc<Login>,
    respondio: Arc<Respondio>,
    thirdparty: Thirdparty,
}

impl Providers {
    /// From the configuration.
    ///
    /// # Errors
    /// [`SetupError`] naming the setting.
    pub fn from_config(config: &Config, clock: &Clock) -> Result<Self, SetupError> {
        let app = config.tiktok.business_app();
        let official = OfficialSettings {
            app: app.map(|app| AppCredentials::new(app.id, app.secret.expose_secret())),
            login_secret: config.tiktok.client_secret.as_ref().map(|secret| AppSecret::new(secret.expose_secret())),
            login_key: config.tiktok.client_key.clone(),
            api_url: config.tiktok.business_api_url.clone(),
            authorize_url: config.tiktok.authorize_url.clone(),
            tolerance: config.messages.webhook_tolerance,
        };
        let login = LoginSettings {
            app: config.tiktok.login_app().map(|app| Credentials::new(app.id, app.secret.expose_secret())),
            api_url: config.tiktok.open_api_url.clone(),
            authorize_url: config.tiktok.authorize_url.clone(),
        };
        let secrets = config.messages.respondio_webhook_secrets.iter();
        let respondio = RespondioSettings {
            api_url: config.messages.respondio_api_url.clone(),
            secrets: secrets.map(|one| (one.account.clone(), one.secret.clone())).collect(),
        };
        let messages = &config.messages;
        let outgoing =
            messages.thirdparty_api_url.as_ref().map(|url| Outgoing::new(url, messages.thirdparty_api_key.clone()));
        let outgoing = outgoing.transpose().map_err(|source| SetupError { what: "THIRDPARTY_API_URL", source })?;
        Ok(Self {
            official: Arc::new(Official::new(official)?),
            login: Arc::new(Login::new(login)?),
            respondio: Arc::new(Respondio::new(respondio, clock)?),
            thirdparty: Thirdparty::new(config.messages.webhook_verify_token.clone(), outgoing),
        })
    }

    /// The one that carries the messages of an account of this kind; `None` for one that carries none.
    pub fn of(&self, kind: ProviderKind) -> Option<Provider<'_>> {
        match kind {
            ProviderKind::Official => Some(Provider::Official(&self.official)),
            ProviderKind::Thirdparty => Some(Provider::Thirdparty(&self.thirdparty)),
            ProviderKind::Respondio => Some(Provider::Respondio(&self.respondio)),
            ProviderKind::Login => None,
        }
    }

    /// TikTok.
    pub const fn official(&self) -> &Arc<Official> {
        &self.official
    }

    /// Login Kit.
    pub const fn login(&self) -> &Arc<Login> {
        &self.login
    }

    /// Respond.io.
    pub const fn respondio(&self) -> &Arc<Respondio> {
        &self.respondio
    }

    /// The generic webhook.
    pub const fn thirdparty(&self) -> &Thirdparty {
        &self.thirdparty
    }
}
