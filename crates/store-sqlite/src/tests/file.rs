//! Whose file it is, which schema it has, and that it is there again after closing.

use std::sync::Arc;

use domain::{
    Clock, IdGenerator,
    store::{DeliveryFilter, Directory, Journal, Nodes, StoreError},
};
use rusqlite::Connection;

use super::{NOW, connect, delivery, open};
use crate::{SqliteStore, schema::MIGRATIONS};

fn try_open(path: &std::path::Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(path, Clock::manual(NOW), Arc::new(IdGenerator::without_lease()))
}

#[tokio::test]
async fn what_was_written_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let workspace = connect(&store).await;
    let kept = store.ingest(delivery(1, 10)).await.unwrap();
    store.close().await;
    drop(store);
    let again = open(folder.path());
    assert_eq!(again.default_workspace().await.unwrap().map(|one| one.id), Some(workspace));
    let listed =
        again.deliveries(workspace, DeliveryFilter { unsupported: false, before: None, limit: 5 }).await.unwrap();
    assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), [kept.delivery]);
}

#[tokio::test]
async fn two_processes_may_have_it_open() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (open(folder.path()), open(folder.path()));
    let workspace = connect(&one).await;
    assert_eq!(other.default_workspace().await.unwrap().map(|found| found.id), Some(workspace));
}

#[test]
fn a_newer_schema_is_refused_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gateway.db");
    drop(open(folder.path()));
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 999).unwrap();
    let error = try_open(&path).unwrap_err().to_string();
    assert!(error.contains("schema 999") && error.contains("newer version"), "{error}");
}

#[test]
fn another_programs_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gateway.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (id INTEGER)").unwrap();
    let error = try_open(&path).unwrap_err().to_string();
    assert!(error.contains("another program"), "{error}");
    let tables: i64 =
        Connection::open(&path).unwrap().query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 1);
}

#[test]
fn what_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gateway.db");
    std::fs::write(&path, "no database at all, but long enough to be looked at".repeat(100)).unwrap();
    assert!(matches!(try_open(&path), Err(StoreError::Corrupt { .. })));
    assert!(matches!(try_open(&folder.path().join("missing/gateway.db")), Err(StoreError::Unavailable { .. })));
}

#[test]
fn migrations_are_numbered_without_gaps() {
    for (place, (number, name, script)) in (1..).zip(MIGRATIONS) {
        assert_eq!(*number, place);
        assert!(name.starts_with(&format!("{number:04}_")) && script.contains("CREATE"));
    }
}

/// Foreign keys hold in the schema itself: no row can point into another workspace.
#[tokio::test]
async fn rows_cant_point_into_another_workspace() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    connect(&store).await;
    let answer = store
        .write(|tx| {
            crate::sql::execute(
                tx.connection,
                "INSERT INTO workspace (id, name, created_at) VALUES (7, 'Other', 0)",
                [],
            )?;
            let stolen = "INSERT INTO binding (id, workspace_id, account_id, provider, external_id, sends) \
                          SELECT 8, 7, id, 'respondio', 'x', 0 FROM account";
            crate::sql::execute(tx.connection, stolen, [])
        })
        .await;
    assert!(matches!(answer, Err(StoreError::Rejected { .. })), "{answer:?}");
}
