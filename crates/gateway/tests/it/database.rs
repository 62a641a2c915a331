//! Which database the worlds of this run live on. `TEST_POSTGRES_URL` with `TEST_GATEWAY_ON=postgres`: a PostgreSQL database of
//! its own for every world; else the embedded SQLite. `make test` runs all of it both ways.

use std::{
    str::FromStr as _,
    sync::atomic::{AtomicU32, Ordering},
};

use message_gateway::config::{Config, Database};
use secrecy::ExposeSecret as _;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, postgres::PgConnectOptions, raw_sql};

static NUMBER: AtomicU32 = AtomicU32::new(0);

fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "tests are told by the environment where their server is")]
    std::env::var(name).ok()
}

/// The settings that put a world on this run's database.
pub(crate) async fn settings() -> Vec<(&'static str, String)> {
    if variable("TEST_GATEWAY_ON").as_deref() != Some("postgres") {
        return Vec::new();
    }
    let server = variable("TEST_POSTGRES_URL")
        .expect("TEST_GATEWAY_ON=postgres needs TEST_POSTGRES_URL: export it from scripts/postgres.sh start DIR");
    let name = format!("world_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnectOptions::from_str(&server).unwrap().connect().await.unwrap();
    raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let (server, _) = server.rsplit_once('/').expect("the address ends with a database");
    vec![("DATABASE_URL", format!("{server}/{name}")), ("ENCRYPTION_KEY", "5a".repeat(32))]
}

/// Runs statements on a world's database past its store, as an administrator would.
pub(crate) async fn execute(config: &Config, statements: &str) {
    match &config.storage.database {
        Database::Sqlite { path } => {
            let connection = rusqlite::Connection::open(path).unwrap();
            connection.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
            connection.execute_batch(statements).unwrap();
        }
        Database::Postgres { url } => {
            let mut connection = PgConnectOptions::from_str(url.expose_secret()).unwrap().connect().await.unwrap();
            let statements = format!("SET app.system = 'on'; {statements}");
            raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
    }
}
