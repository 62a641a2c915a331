//! The composition root: picks the store, builds the providers, hands everything its parts. May name everything; nothing but
//! `commands`, HTTP state and tests may name it.

mod gateway;
mod lease;
mod store;

use std::sync::Arc;

use domain::{Clock, store::Store};

use crate::{
    auth::{Authenticator, Passwords, Throttle},
    blobs::Blobs,
    config::Config,
    keyring::Keyring,
    lifecycle::Lifecycle,
    links::Links,
    providers::{Providers, respondio::Lines, tokens::Tokens},
    signs::Signs,
};

pub use gateway::{Gateway, LaunchError, first_owner, launch};
pub use lease::Holder;
pub use store::{OpenStore, StoreOpenError, open_store};

/// Everything a handler, a socket or a worker may need. Cloned cheaply.
#[derive(Clone)]
pub struct App {
    /// The whole configuration.
    pub config: Arc<Config>,
    /// The only source of time.
    pub clock: Clock,
    /// The only way to the database.
    pub store: Arc<dyn Store>,
    /// Spawns and ends every task.
    pub lifecycle: Lifecycle,
    /// Seals and opens tokens.
    pub keyring: Arc<Keyring>,
    /// Bytes of pictures and videos.
    pub blobs: Blobs,
    /// TikTok, and whoever else carries messages.
    pub providers: Providers,
    /// Tokens that work: one place per process, so that a refresh happens once.
    pub tokens: Arc<Tokens>,
    /// Lines to Respond.io's workspaces.
    pub lines: Arc<Lines>,
    /// Addresses that open one picture for a while.
    pub links: Arc<Links>,
    /// Shows customers that somebody types.
    pub signs: Arc<Signs>,
    /// Turns a cookie or a bearer token into a principal.
    pub auth: Authenticator,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Counts tries to sign in.
    pub throttle: Throttle,
}

impl App {
    /// Whether pictures can leave through Respond.io: it fetches them from here.
    pub fn respondio_fetches(&self) -> bool {
        self.providers.respondio().fetches_from(&self.config.server)
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}
