//! A PostgreSQL database of its own for each test, on the server that `scripts/postgres.sh` started.

use std::{
    str::FromStr as _,
    sync::atomic::{AtomicU32, Ordering},
};

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, postgres::PgConnectOptions, raw_sql};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A new, empty database.
#[derive(Debug, Clone)]
pub(crate) struct Database {
    pub(crate) port: u16,
    name: String,
}

impl Database {
    pub(crate) async fn create() -> Self {
        #[expect(clippy::disallowed_methods, reason = "tests are told by the environment where their server is")]
        let server = std::env::var("TEST_POSTGRES_URL")
            .expect("TEST_POSTGRES_URL is not set: export it from scripts/postgres.sh start DIR");
        let name = format!("crash_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let options = PgConnectOptions::from_str(&server).unwrap();
        let mut connection = options.connect().await.unwrap();
        raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        Self { port: options.get_port(), name }
    }

    /// The settings of a gateway that reaches it through `port` of this machine.
    pub(crate) fn settings(&self, port: u16) -> Vec<(&'static str, String)> {
        vec![
            ("DATABASE_URL", format!("postgres://gateway@127.0.0.1:{port}/{}", self.name)),
            ("ENCRYPTION_KEY", "5a".repeat(32)),
        ]
    }
}
