//! Starts a gateway on a listener and ends it in order. Used by the `serve` and `dev` commands and by every integration test.

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use domain::{Clock, identity::FirstOwner, store::StoreError};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{App, OpenStore, StoreOpenError, lease::Holder, open_store};
use crate::{
    auth::{Authenticator, Passwords, Throttle},
    blobs::{BlobError, Blobs},
    config::Config,
    http,
    keyring::{Keyring, KeyringError},
    lifecycle::{Drained, Fatal, Lifecycle},
    links::Links,
    providers::{Providers, SetupError, respondio::Lines, tokens::Tokens},
    signs::Signs,
    workers,
};

/// How long shutdown waits for calls in hand: a send to TikTok may take 25 seconds.
const PATIENCE: Duration = Duration::from_secs(28);

/// Why a gateway did not start, or ended badly.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// No database.
    #[error(transparent)]
    Open(#[from] StoreOpenError),
    /// The database's answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No key.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// No place for pictures.
    #[error(transparent)]
    Blobs(#[from] BlobError),
    /// No provider.
    #[error(transparent)]
    Providers(#[from] SetupError),
    /// The listener.
    #[error("the listener can't be used")]
    Listener(#[from] io::Error),
    /// Something the gateway can't do without was lost while it ran.
    #[error(transparent)]
    Fatal(#[from] Fatal),
}

/// A running gateway.
pub struct Gateway {
    app: App,
    address: SocketAddr,
    lease_end: CancellationToken,
    lease: Lifecycle,
    lock: Option<std::fs::File>,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Runs a gateway until `shutdown` ends or something it can't do without is lost.
///
/// # Errors
/// [`LaunchError`].
pub async fn launch(
    config: Config,
    listener: TcpListener,
    clock: Clock,
    shutdown: impl Future<Output = ()>,
) -> Result<(), LaunchError> {
    Gateway::start(config, listener, clock).await?.run_until(shutdown).await
}

impl Gateway {
    /// Opens the store, makes the first owner, starts workers, sockets and the server. Answers requests when this returns.
    ///
    /// # Errors
    /// [`LaunchError`].
    pub async fn start(mut config: Config, listener: TcpListener, clock: Clock) -> Result<Self, LaunchError> {
        let address = listener.local_addr()?;
        config.server.bound(address.port());
        let OpenStore { store, ids, lock } = open_store(&config, &clock, true).await?;
        let keyring = Keyring::from_config(&config)?;
        keyring.check_canary(&*store).await?;
        let holder = Holder::take(Arc::clone(&store), ids, clock.clone()).await?;
        store.ensure_first_owner(first_owner()).await?;
        let lifecycle = Lifecycle::new();
        let (keyring, providers) = (Arc::new(keyring), Providers::from_config(&config, &clock)?);
        let tokens = Arc::new(Tokens::new(Arc::clone(&store), Arc::clone(&keyring), clock.clone(), providers.clone()));
        let respondio = Arc::clone(providers.respondio());
        let lines = Arc::new(Lines::new(Arc::clone(&store), Arc::clone(&keyring), respondio));
        let signs =
            Signs::new(Arc::clone(&store), providers.clone(), Arc::clone(&tokens), lifecycle.clone(), clock.clone());
        let app = App {
            blobs: Blobs::from_config(&config)?,
            tokens,
            lines,
            links: Arc::new(Links::new(Arc::clone(&keyring), config.server.public_url.clone())),
            signs: Arc::new(signs),
            providers,
            auth: Authenticator::new(Arc::clone(&store), clock.clone(), config.security.api_secret.clone()),
            passwords: Passwords::default(),
            throttle: Throttle::new(clock.clone()),
            keyring,
            config: Arc::new(config),
            lifecycle: lifecycle.clone(),
            clock,
            store,
        };
        // The lease outlives everything else: what workers finish during shutdown still makes ids.
        let (lease, lease_end) = (Lifecycle::new(), CancellationToken::new());
        lease.spawn("node-lease", holder.renew_until(lease_end.clone()));
        workers::start(&app);
        let routes = http::router(app.clone());
        let serving = http::server::serve(listener, routes, lifecycle.clone(), http::server::Limits::default());
        lifecycle.spawn_critical("http", serving);
        Ok(Self { app, address, lease_end, lease, lock })
    }

    /// The parts, for whoever runs a gateway in process.
    pub const fn app(&self) -> &App {
        &self.app
    }

    /// Where it really listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` ends or something fatal happens, then: takes no new connection, answers requests in flight, lets workers
    /// finish the call in hand, closes the store.
    ///
    /// # Errors
    /// [`LaunchError::Fatal`].
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) -> Result<(), LaunchError> {
        let stop = self.app.lifecycle.token();
        tokio::select! {
            () = shutdown => tracing::info!("shutting down"),
            () = stop.cancelled() => {}
        }
        self.stop().await
    }

    /// Ends it in order; see [`run_until`](Self::run_until).
    ///
    /// # Errors
    /// [`LaunchError::Fatal`].
    pub async fn stop(self) -> Result<(), LaunchError> {
        if let Drained::Cut(tasks) = self.app.lifecycle.drain(PATIENCE).await {
            tracing::warn!(tasks, "tasks were dropped after waiting");
        }
        self.lease_end.cancel();
        // Its task can't do more than one call to the store.
        self.lease.drain(Duration::from_secs(2)).await;
        self.app.store.close().await;
        drop(self.lock);
        self.app.lifecycle.fatal().map_or(Ok(()), |fatal| Err(fatal.into()))
    }
}

/// Who the first owner is until they set themselves up.
pub fn first_owner() -> FirstOwner {
    FirstOwner { workspace_name: "My workspace".into(), owner_name: "Owner".into() }
}
