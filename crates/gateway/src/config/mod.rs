//! The whole configuration, read once at start and typed. One file per section; `settings` finds the values.
//!
//! A value comes from the environment, else from `.env`, else from a flag, else from the TOML file, else it is the default.
//! Every secret also has a `…_FILE` twin that names a file to read it from. Nothing else in the product reads the environment.

mod check;
mod error;
mod messages;
mod reader;
mod security;
mod server;
mod settings;
mod storage;
mod tiktok;
mod variables;

pub use check::{Shown, shown};
pub use error::{ConfigError, Problems};
pub use messages::{Messages, RespondioSecret};
pub use security::Security;
pub(crate) use security::parse_key;
pub use server::{Network, Server, is_inside};
pub use settings::{Origin, Settings};
pub use storage::{Blobs, Bucket, Database, Storage};
pub use tiktok::{App as TiktokApp, Tiktok};
pub use variables::{VARIABLES, Variable};

use reader::Reader;
use url::Url;

use crate::costs::Prices;

/// Everything that can be set. Example values are in `.env.example`.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address, public name, proxies, origins.
    pub server: Server,
    /// Database, files, blobs.
    pub storage: Storage,
    /// TikTok's apps and addresses.
    pub tiktok: Tiktok,
    /// Which provider new accounts use, and how webhooks are verified.
    pub messages: Messages,
    /// Keys of the installation.
    pub security: Security,
    /// What answering costs elsewhere, with the prices of `COST_PRICES`.
    pub prices: Prices,
    /// True for the `dev` command only: opens the unsigned local door of `/webhook/tiktok`.
    pub dev: bool,
    /// Where the simulator's phone is, for a link in the dashboard. Set by the `dev` command only.
    pub simulator_url: Option<Url>,
}

impl Config {
    /// Reads every setting.
    ///
    /// # Errors
    /// All that is wrong at once, each with the variable, where its value came from, and what it should look like.
    pub fn from_settings(settings: &Settings) -> Result<Self, Problems> {
        let mut reader = Reader::new(settings);
        let server = Server::read(&mut reader);
        let config = Self {
            storage: Storage::read(&mut reader),
            tiktok: Tiktok::read(&mut reader),
            messages: Messages::read(&mut reader),
            security: Security::read(&mut reader),
            prices: prices(&mut reader),
            server,
            dev: false,
            simulator_url: None,
        };
        config.check_together(&mut reader);
        reader.finish(config)
    }

    /// A configuration from pairs of variable and value and nothing else: for tests and embedding.
    ///
    /// # Errors
    /// As [`from_settings`](Self::from_settings).
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Problems> {
        Self::from_settings(&Settings::from_pairs(pairs))
    }

    /// What only shows when two settings are looked at side by side.
    fn check_together(&self, reader: &mut Reader<'_>) {
        if matches!(self.storage.database, Database::Postgres { .. }) && self.security.encryption_key.is_none() {
            reader.complain(
                "ENCRYPTION_KEY",
                "is required with PostgreSQL, because every process must hold the same key",
                "64 hexadecimal digits, made with `openssl rand -hex 32`",
            );
        }
        for (id, secret, present, absent) in [
            ("TIKTOK_APP_ID", "TIKTOK_APP_SECRET", self.tiktok.app_id.is_some(), self.tiktok.app_secret.is_none()),
            (
                "TIKTOK_CLIENT_KEY",
                "TIKTOK_CLIENT_SECRET",
                self.tiktok.client_key.is_some(),
                self.tiktok.client_secret.is_none(),
            ),
        ] {
            if present == absent {
                let (missing, given) = if present { (secret, id) } else { (id, secret) };
                reader.complain(missing, &format!("is missing, while {given} is set"), "both or neither");
            }
        }
    }
}

fn prices(reader: &mut Reader<'_>) -> Prices {
    let expected = "name=amount pairs in US dollars a month, such as respondio-growth=189,thb=34.5; `message-gateway costs` lists the names";
    reader.parsed("COST_PRICES", expected, |pairs| Prices::default().overwritten(pairs).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
