//! What is measured: the true app, a server that does nothing, a bare fsync loop.

use std::{
    error::Error,
    fs::OpenOptions,
    io::{self, Write as _},
    path::Path,
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, http::StatusCode, routing::post};
use domain::{
    Clock,
    account::{Connect, ProviderKind},
    workspace::Scope,
};
use message_gateway::{app::Gateway, config::Config};
use tokio::{net::TcpListener, sync::oneshot};

use super::load::{APP_ID, Load, OPEN_ID, Outcome, SECRET};

/// What a commit writes at least.
const PAGE: [u8; 4096] = [0x5a; 4096];
/// Only for the sealed tokens of a throw-away database.
const ENCRYPTION_KEY: &str = "b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5";

/// The PostgreSQL database to measure as well; it must be one that may be filled.
#[expect(clippy::disallowed_methods, reason = "a load tool; the product's configuration has nothing to do with it")]
pub(crate) fn postgres_url() -> Option<String> {
    std::env::var("BENCH_POSTGRES_URL").ok().filter(|url| !url.is_empty())
}

/// Appends a page and waits for the disk, again and again. Gives the number per second.
///
/// # Errors
/// The disk's.
pub(crate) fn bare_fsyncs(folder: &Path, time: Duration) -> io::Result<f64> {
    let mut file = OpenOptions::new().create(true).append(true).open(folder.join("fsync"))?;
    let begin = Instant::now();
    let mut count = 0_u32;
    while begin.elapsed() < time {
        file.write_all(&PAGE)?;
        file.sync_data()?;
        count += 1;
    }
    Ok(f64::from(count) / begin.elapsed().as_secs_f64())
}

/// A server on the same stack that reads the body and answers.
///
/// # Errors
/// The network's.
pub(crate) async fn noop(load: Load) -> Result<Outcome, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let routes = Router::new().route(
        "/webhook/tiktok",
        post(|body: Bytes| async move { if body.is_empty() { StatusCode::BAD_REQUEST } else { StatusCode::OK } }),
    );
    let server = axum::serve(listener, routes).with_graceful_shutdown(async {
        // Ends also when the sender is dropped.
        drop(stopped.await);
    });
    let drive = async {
        let outcome = load.run(address).await;
        drop(stop);
        outcome
    };
    let (ended, outcome) = tokio::join!(server, drive);
    ended?;
    Ok(outcome?)
}

/// The true app with a fresh database (SQLite) or the given one (PostgreSQL); checks that everything acknowledged is there.
///
/// # Errors
/// The app's, the network's, or a message that is missing.
pub(crate) async fn gateway(folder: &Path, postgres: Option<&str>, load: Load) -> Result<Outcome, Box<dyn Error>> {
    let data = tempfile::tempdir_in(folder)?;
    let data_dir = data.path().to_string_lossy().into_owned();
    let mut settings = vec![
        ("DATA_DIR", data_dir.as_str()),
        ("TIKTOK_APP_ID", APP_ID),
        ("TIKTOK_APP_SECRET", SECRET),
        ("ENCRYPTION_KEY", ENCRYPTION_KEY),
    ];
    settings.extend(postgres.map(|url| ("DATABASE_URL", url)));
    let config = Config::from_pairs(settings)?;
    let gateway = Gateway::start(config, TcpListener::bind("127.0.0.1:0").await?, Clock::system()).await?;
    let store = &gateway.app().store;
    let workspace = store.default_workspace().await?.ok_or("there is no workspace")?;
    store.connect_account(workspace.id, account()).await?;
    let scope = Scope::all(workspace.id);
    let before = store.totals(&scope).await?.messages;
    let outcome = load.run(gateway.address()).await?;
    let stored = store.totals(&scope).await?.messages - before;
    gateway.stop().await?;
    if stored != outcome.acknowledged {
        return Err(format!("{} were acknowledged, {stored} are stored", outcome.acknowledged).into());
    }
    Ok(outcome)
}

fn account() -> Connect {
    Connect {
        provider: ProviderKind::Official,
        external_id: OPEN_ID.to_owned(),
        username: Some("bench.shop".to_owned()),
        display_name: None,
        avatar_url: None,
        scopes: Vec::new(),
        tokens: None,
    }
}
