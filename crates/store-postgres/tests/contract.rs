//! The suite that every store must pass, on a real PostgreSQL.

mod support;

use std::sync::Arc;

use domain::{Clock, IdGenerator, contract::Harness};
use store_postgres::PostgresStore;
use support::{Database, run};

/// A store on a database of its own.
#[derive(Debug)]
struct Postgres {
    store: PostgresStore,
    database: Database,
}

impl Harness for Postgres {
    type Store = PostgresStore;

    async fn open(clock: Clock, ids: Arc<IdGenerator>) -> Self {
        let database = Database::new().await;
        let store = PostgresStore::connect(&database.url, clock, ids).await.expect("the store opens");
        Self { store, database }
    }

    fn store(&self) -> &PostgresStore {
        &self.store
    }

    fn commits(&self) -> u64 {
        self.store.commits()
    }

    async fn execute(&self, sql: &str) {
        run(&self.database.url, &format!("SET app.system = 'on'; {sql}")).await;
    }
}

domain::contract_tests!(Postgres);
