//! The suite that every store must pass, on SQLite files of their own.

#![expect(clippy::unwrap_used, reason = "a harness panics where it can't do what the suite asks for")]

use std::sync::Arc;

use domain::{Clock, IdGenerator, contract::Harness};
use store_sqlite::SqliteStore;
use tempfile::TempDir;

struct Sqlite {
    store: SqliteStore,
    folder: TempDir,
}

impl Harness for Sqlite {
    type Store = SqliteStore;

    async fn open(clock: Clock, ids: Arc<IdGenerator>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("gateway.db"), clock, ids).unwrap();
        Self { store, folder }
    }

    fn store(&self) -> &SqliteStore {
        &self.store
    }

    fn commits(&self) -> u64 {
        self.store.commits()
    }

    async fn execute(&self, sql: &str) {
        let connection = rusqlite::Connection::open(self.folder.path().join("gateway.db")).unwrap();
        connection.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
        connection.pragma_update(None, "foreign_keys", "ON").unwrap();
        connection.execute(sql, []).unwrap();
    }
}

domain::contract_tests!(Sqlite);
