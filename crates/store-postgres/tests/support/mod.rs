//! A database of its own for every case, copied from one that has the tables, on the server that `TEST_POSTGRES_URL` names.
//! Called by the files beside it.

use std::{
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use domain::{Clock, IdGenerator, store::Nodes as _};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions, raw_sql};
use store_postgres::PostgresStore;
use tokio::sync::OnceCell;

static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// The server for tests. A case without one fails: it is never skipped.
pub(crate) fn server() -> String {
    #[expect(clippy::disallowed_methods, reason = "tests are told by the environment where their server is")]
    std::env::var("TEST_POSTGRES_URL").expect(
        "TEST_POSTGRES_URL is not set. These tests need a PostgreSQL and are never skipped: \
         export TEST_POSTGRES_URL=$(scripts/postgres.sh start .make/postgres)",
    )
}

/// An address like the server's, with another database.
fn url_of(database: &str) -> String {
    let url = server();
    let (server, _) = url.rsplit_once('/').expect("the address ends with a database");
    format!("{server}/{database}")
}

/// A connection of the plain role, past the store.
pub(crate) async fn plain(url: &str) -> PgConnection {
    PgConnectOptions::from_str(url)
        .expect("an address")
        .connect()
        .await
        .expect("TEST_POSTGRES_URL names a running server")
}

/// Runs statements as the plain role of the tests.
pub(crate) async fn run(url: &str, sql: &str) {
    let mut connection = plain(url).await;
    raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("the statement is right");
    connection.close().await.expect("closes");
}

async fn template() -> &'static str {
    TEMPLATE
        .get_or_init(|| async {
            let name = format!("template_{}", std::process::id());
            run(&server(), &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            run(&server(), &format!("CREATE DATABASE {name}")).await;
            let store = open(&url_of(&name)).await;
            store.close().await;
            name
        })
        .await
}

async fn open(url: &str) -> PostgresStore {
    PostgresStore::connect(url, Clock::system(), Arc::new(IdGenerator::without_lease())).await.expect("the store opens")
}

/// An empty database with the tables; gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Database {
    name: String,
    /// Its address, as the plain role.
    pub(crate) url: String,
}

impl Database {
    pub(crate) async fn new() -> Self {
        let template = template().await;
        let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        run(&server(), &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        Self { url: url_of(&name), name }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, name) = (server(), self.name.clone());
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(run(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        });
        drop(dropped.join());
    }
}
