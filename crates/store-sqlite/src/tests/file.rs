//! Whose file it is, which schema it has, and that it is there again after closing.

use std::sync::Arc;

use domain::{
    Clock, Id, IdGenerator, Timestamp,
    ledger::RuleSet,
    message::Priority,
    store::{Accounts, Bindings as _, DeliveryFilter, Directory, Inbox, Jobs as _, Journal, Nodes, Outbox, StoreError},
    workspace::Scope,
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
        assert!(name.starts_with(&format!("{number:04}_")));
        assert!(script.contains("CREATE") || script.contains("ALTER"), "{name} changes nothing");
    }
}

/// A database of an older version, with a row in every table that a migration makes anew.
fn older(path: &std::path::Path) {
    let connection = Connection::open(path).unwrap();
    let (number, _, script) = MIGRATIONS[0];
    connection.execute_batch(script).unwrap();
    connection.pragma_update(None, "user_version", number).unwrap();
    connection.pragma_update(None, "application_id", 0x6d67_7731_i64).unwrap();
    connection
        .execute_batch(
            "INSERT INTO workspace VALUES (1, 'Ban Suan', 0);
             INSERT INTO account VALUES (2, 1, 'ban.suan', NULL, NULL, 'active', NULL, 'strict', '[\"message.list.send\"]', 4, NULL, 0);
             INSERT INTO binding VALUES (3, 1, 2, 'official', 'business-1', 1);
             INSERT INTO token VALUES (2, 1, x'01', x'02', 5, 6, 7);
             INSERT INTO delivery VALUES (8, 1, 2, 'official', 'business-1', 'im_receive_msg', x'7b7d', zeroblob(16), 9, 0, 1, NULL);
             INSERT INTO job VALUES (9, 1, '{\"task\":\"refresh_tokens\",\"account\":\"acc_2\"}', 0, 0, NULL, NULL, 0, NULL, 0);
             INSERT INTO contact VALUES (4, 1, 'tiktok', 'mali', NULL, NULL, NULL, NULL, 0);
             INSERT INTO conversation VALUES (5, 1, 2, 4, 'c+/=', 'open', NULL, 'human', 0, 0, 6, 9, 1, 1, NULL, 0, NULL, NULL, 0, 0);
             INSERT INTO message VALUES (6, 1, 2, 5, 'outgoing', '{\"kind\":\"tiktok_app\"}', '{\"type\":\"text\",\"body\":\"x\"}', 'm-1',
                0, 1, 'sent', NULL, 9, 9, NULL, NULL, 0, NULL, 0);
             INSERT INTO message VALUES (7, 1, 2, 5, 'outgoing', '{\"kind\":\"rule\"}', '{\"type\":\"text\",\"body\":\"y\"}', NULL,
                0, 0, 'queued', NULL, 10, 10, NULL, NULL, 0, NULL, 0);
             INSERT INTO outbox VALUES (7, 1, 2, 5, 10, 10, 'send', 0, NULL, NULL, 0);
             INSERT INTO referral VALUES (1, 5, 1700, '{\"source\":\"ad\",\"ad\":{\"ad_id\":\"42\",\"timestamp_ms\":1500}}');
             INSERT INTO referral VALUES (1, 5, 1900, '{\"source\":\"ad\",\"ad\":{\"ad_id\":\"42\",\"timestamp_ms\":1500}}');
             INSERT INTO referral VALUES (1, 5, 2999, '{\"source\":\"short_link\",\"short_link\":{\"ref\":\"bio\"}}');
             INSERT INTO referral VALUES (1, 5, 3000, '{\"source\":\"ad\"}');
             INSERT INTO referral VALUES (1, 5, 4000, '{\"source\":\"qr_code\"}');",
        )
        .unwrap();
}

#[tokio::test]
async fn an_older_database_is_copied_and_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gateway.db");
    older(&path);
    let store = open(folder.path());
    let scope = Scope::all(Id::from_raw(1));
    let account = store.account(&scope, Id::from_raw(2)).await.unwrap().unwrap();
    assert_eq!((account.rule_set, account.external_id.as_str()), (RuleSet::Strict, "business-1"));
    let binding = store.binding(&scope, account.binding).await.unwrap().unwrap();
    assert_eq!((binding.id, binding.connected_at, binding.sends), (Id::from_raw(3), Timestamp::from_millis(4), true));
    assert_eq!((&account.scopes, &binding.scopes), (&vec!["message.list.send".to_owned()], &account.scopes));
    assert_eq!(binding.profile.username.as_deref(), Some("ban.suan"), "whoever sends has told the names so far");
    let tokens = store.tokens(&scope, account.binding).await.unwrap().unwrap();
    assert_eq!((tokens.access, tokens.refresh, tokens.version), (vec![1], vec![2], 7));
    let body = store.delivery_body_any_workspace(Id::from_raw(8)).await.unwrap().unwrap();
    assert_eq!(body, "{}", "the raw webhooks are the same bytes");
    assert_eq!(store.claim_jobs_any_workspace(5).await.unwrap(), Vec::new(), "a job that names no binding is gone");
    let chat = store.conversation(&scope, Id::from_raw(5)).await.unwrap().unwrap().conversation;
    assert_eq!(chat.ledger.first_outgoing_at, Some(Timestamp::from_millis(9)), "told from the messages");
    let claimed = store.claim_any_workspace(5).await.unwrap();
    assert_eq!(claimed.iter().map(|one| one.message.priority).collect::<Vec<_>>(), [Priority::Normal]);
    store.set_rule_set(&scope, account.id, RuleSet::Guide).await.unwrap();
    let ways = store.referrals(&scope, Id::from_raw(5), 50).await.unwrap().unwrap().here;
    let ways: Vec<_> = ways.iter().map(|one| (one.referral.source.key(), one.referral.at.as_millis())).collect();
    let expected = [("other:qr_code", 4000), ("ad:", 3000), ("link:bio", 2000), ("ad:42", 1000)];
    assert_eq!(ways, expected.map(|(source, at)| (source.to_owned(), at)), "one click that was told twice is one");
    let from_ad = crate::sql::many(
        &Connection::open(&path).unwrap(),
        "SELECT conversation_id FROM referral WHERE source_key = 'ad:42'",
        [],
        |row| row.get::<_, i64>(0).map_err(crate::error::fault),
    );
    assert_eq!(from_ad.unwrap(), [5]);
    let copy = Connection::open(folder.path().join("gateway.db.schema-1")).unwrap();
    let version: i64 = copy.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    let messages: i64 = copy.query_row("SELECT count(*) FROM message", [], |row| row.get(0)).unwrap();
    assert_eq!((version, messages), (1, 2));
    // Foreign keys hold again.
    let orphan = store.write(|tx| crate::sql::execute(tx.connection, "DELETE FROM account", [])).await;
    assert!(matches!(orphan, Err(StoreError::Rejected { .. })), "{orphan:?}");
}

#[test]
fn an_update_that_breaks_keys_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gateway.db");
    older(&path);
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM contact").unwrap();
    let error = try_open(&path).unwrap_err().to_string();
    assert!(error.contains("1 rows point to rows that are not there"), "{error}");
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 1);
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
