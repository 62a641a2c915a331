//! Row-level security as PostgreSQL itself keeps it: asked as the plain role, past the store, without any WHERE.

#![expect(clippy::unwrap_used, reason = "a test ends with a panic that says what was broken")]

mod fixtures;
mod support;

use std::sync::Arc;

use domain::{
    Clock, Id, IdGenerator, Timestamp,
    identity::FirstOwner,
    store::{Accounts as _, Directory as _, Journal as _, Nodes as _},
    workspace::Workspace,
};
use fixtures::{connect, delivery};
use sqlx::{AssertSqlSafe, PgConnection, Row as _, raw_sql};
use store_postgres::PostgresStore;
use support::{Database, plain, run};

/// Every table that names a workspace, and those that login guards.
const GUARDED: [&str; 32] = [
    "workspace",
    "\"user\"",
    "member",
    "session",
    "api_key",
    "login_link",
    "oauth_state",
    "account",
    "apart",
    "binding",
    "token",
    "contact",
    "comment",
    "conversation",
    "conversation_name",
    "message_name",
    "message",
    "media",
    "reaction",
    "referral",
    "delivery",
    "event",
    "outbox",
    "attempt",
    "job",
    "history",
    "expected_conversation",
    "withheld_message",
    "respondio_space",
    "respondio_account",
    "respondio_mark",
    "respondio_unreadable",
];

/// A store with two workspaces, each with an account and a message.
async fn two_workspaces(database: &Database) -> (PostgresStore, Id<Workspace>, Id<Workspace>) {
    let clock = Clock::manual(Timestamp::from_secs(1_790_000_000));
    let ids = Arc::new(IdGenerator::without_lease());
    let store = PostgresStore::connect(&database.url, clock, Arc::clone(&ids)).await.unwrap();
    ids.grant(store.lease_node().await.unwrap().node, Timestamp::MAX);
    let first = FirstOwner { workspace_name: "One".to_owned(), owner_name: "Ploy".to_owned() };
    let one = store.ensure_first_owner(first).await.unwrap().workspace.id;
    run(
        &database.url,
        "SET app.system = 'on'; INSERT INTO workspace VALUES (7, 'Two', 1); INSERT INTO \"user\" (id, name, created_at) VALUES (7, 'Som', 1);
        INSERT INTO member (workspace_id, user_id, role, created_at) VALUES (7, 7, 'owner', 1)",
    )
    .await;
    let two = Id::from_raw(7);
    for (workspace, external_id) in [(one, "shop-1"), (two, "shop-2")] {
        store.connect_account(workspace, connect(external_id)).await.unwrap();
        store.ingest(delivery(external_id, external_id)).await.unwrap();
    }
    store.ingest(delivery("nobody", "nobody")).await.unwrap();
    (store, one, two)
}

/// How many rows the table shows, and how many of them belong to others.
async fn shown(conn: &mut PgConnection, table: &str, workspace: i64) -> (i64, i64) {
    let column = match table {
        "workspace" => "id",
        "\"user\"" => "(SELECT workspace_id FROM member WHERE user_id = \"user\".id)",
        "login_link" => "0",
        _ => "workspace_id",
    };
    let sql = format!("SELECT count(*), count(*) FILTER (WHERE {column} IS DISTINCT FROM {workspace}) FROM {table}");
    let row = raw_sql(AssertSqlSafe(sql)).fetch_one(conn).await.unwrap();
    (row.get(0), row.get(1))
}

#[tokio::test]
async fn a_query_without_where_shows_no_foreign_row() {
    let database = Database::new().await;
    let (store, one, two) = two_workspaces(&database).await;
    let mut conn = plain(&database.url).await;
    for workspace in [one.raw(), two.raw()] {
        raw_sql(AssertSqlSafe(format!("SET app.workspace = '{workspace}'"))).execute(&mut conn).await.unwrap();
        for table in GUARDED {
            let (rows, foreign) = shown(&mut conn, table, workspace).await;
            assert_eq!(foreign, 0, "{table} shows rows of others");
            if matches!(
                table,
                "workspace"
                    | "\"user\""
                    | "member"
                    | "account"
                    | "binding"
                    | "token"
                    | "contact"
                    | "conversation"
                    | "message"
                    | "delivery"
            ) {
                assert_eq!(rows, 1, "{table} hides what is ours");
            }
        }
    }
    store.close().await;
}

#[tokio::test]
async fn without_any_context_there_is_nothing() {
    let database = Database::new().await;
    let (store, ..) = two_workspaces(&database).await;
    let mut conn = plain(&database.url).await;
    for table in GUARDED {
        assert_eq!(shown(&mut conn, table, 0).await.0, 0, "{table} shows something");
    }
    // A setting that was local to an earlier transaction leaves an empty text behind: nothing, too, and no error.
    raw_sql("BEGIN; SET LOCAL app.workspace = '7'; COMMIT").execute(&mut conn).await.unwrap();
    for table in GUARDED {
        assert_eq!(shown(&mut conn, table, 0).await.0, 0, "{table} shows something");
    }
    store.close().await;
}

#[tokio::test]
async fn no_row_can_be_written_into_another_workspace() {
    let database = Database::new().await;
    let (store, one, two) = two_workspaces(&database).await;
    let mut conn = plain(&database.url).await;
    raw_sql(AssertSqlSafe(format!("SET app.workspace = '{}'", one.raw()))).execute(&mut conn).await.unwrap();
    let insert = format!(
        "INSERT INTO event (seq, workspace_id, account_id, kind, created_at) VALUES (99, {}, 1, 'account', 1)",
        two.raw()
    );
    let error = raw_sql(AssertSqlSafe(insert)).execute(&mut conn).await.unwrap_err();
    assert!(error.to_string().contains("row-level security"), "{error}");
    let changed = raw_sql("UPDATE message SET content = '{}'").execute(&mut conn).await.unwrap();
    assert_eq!(changed.rows_affected(), 1, "only our own message");
    store.close().await;
}

#[tokio::test]
async fn every_table_is_guarded_or_holds_no_tenants_data() {
    let database = Database::new().await;
    let mut conn = plain(&database.url).await;
    let open = raw_sql(
        "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY relname",
    );
    let open: Vec<String> = open.fetch_all(&mut conn).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(open, ["_sqlx_migrations", "counter", "node_lease", "setting"]);
}

/// What a migration rewrites it finds in every workspace, although it runs as the plain role.
#[tokio::test]
async fn referrals_that_were_there_are_named_by_their_source() {
    let database = Database::new().await;
    let (store, ..) = two_workspaces(&database).await;
    store.close().await;
    let mut conn = plain(&database.url).await;
    raw_sql(
        r#"DROP INDEX conversation_contact; DROP TABLE referral;
        CREATE TABLE referral (workspace_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL, referred_at BIGINT NOT NULL, detail TEXT NOT NULL,
            PRIMARY KEY (conversation_id, referred_at),
            FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id));
        CREATE POLICY own_workspace ON referral USING (in_sight(workspace_id)) WITH CHECK (in_sight(workspace_id));
        ALTER TABLE referral ENABLE ROW LEVEL SECURITY; ALTER TABLE referral FORCE ROW LEVEL SECURITY;
        SET app.system = 'on';
        INSERT INTO referral SELECT workspace_id, id, told.at, told.detail FROM conversation, (VALUES
            (1700, '{"source":"ad","ad":{"ad_id":"42","timestamp_ms":1500}}'), (1900, '{"source":"ad","ad":{"ad_id":"42","timestamp_ms":1500}}'),
            (2999, '{"source":"short_link","short_link":{"ref":"bio"}}'), (3000, '{"source":"ad"}'), (4000, '{"source":"qr_\u0000code"}'))
            AS told (at, detail);
        RESET app.system"#,
    )
    .execute(&mut conn)
    .await
    .unwrap();
    raw_sql(concat!("BEGIN;", include_str!("../migrations/0004_referral_source.sql"), "COMMIT"))
        .execute(&mut conn)
        .await
        .unwrap();
    assert_eq!(shown(&mut conn, "referral", 7).await.0, 0, "guarded again");
    raw_sql("SET app.workspace = '7'").execute(&mut conn).await.unwrap();
    let rows = raw_sql("SELECT source_key, referred_at FROM referral WHERE dated ORDER BY referred_at");
    let rows: Vec<(String, i64)> =
        rows.fetch_all(&mut conn).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect();
    let expected = [("ad:42", 1000), ("link:bio", 2000), ("ad:", 3000), ("other:qr_\u{fffd}code", 4000)];
    assert_eq!(rows, expected.map(|(source, at)| (source.to_owned(), at)), "one click that was told twice is one");
}

/// As [`referrals_that_were_there_are_named_by_their_source`]: here of a database from before bindings had tokens.
#[tokio::test]
async fn tokens_and_scopes_that_were_there_belong_to_the_binding_that_sends() {
    let database = Database::new().await;
    let mut conn = plain(&database.url).await;
    for migration in [
        "DROP SCHEMA public CASCADE; CREATE SCHEMA public;",
        include_str!("../migrations/0001_init.sql"),
        include_str!("../migrations/0002_rules_and_holds.sql"),
        include_str!("../migrations/0003_automation_history.sql"),
        include_str!("../migrations/0004_referral_source.sql"),
        include_str!("../migrations/0005_history_and_withheld.sql"),
        include_str!("../migrations/0006_comments.sql"),
        r#"SET LOCAL app.system = 'on';
        INSERT INTO workspace VALUES (6, 'One', 1), (7, 'Two', 1);
        INSERT INTO account (id, workspace_id, state, rule_set, scopes, connected_at, created_at) VALUES
            (60, 6, 'active', 'strict', '["message.list.send"]', 5, 5), (70, 7, 'active', 'unlimited', '[]', 6, 6);
        INSERT INTO binding VALUES (61, 6, 60, 'official', 'shop-1', true), (71, 7, 70, 'thirdparty', 'shop-2', true);
        INSERT INTO token VALUES (60, 6, '\x01', '\x02', 100, 200, 3);
        INSERT INTO job (id, workspace_id, task, due_at, attempts, failed, created_at) VALUES
            (8, 6, '{"task":"refresh_tokens","account":"acc_1"}', 1, 0, false, 1), (9, 6, '{"task":"file_history","account":"acc_1"}', 1, 0, false, 1);"#,
        include_str!("../migrations/0007_identities_and_token_bindings.sql"),
    ] {
        raw_sql(AssertSqlSafe(format!("BEGIN; {migration} COMMIT"))).execute(&mut conn).await.unwrap();
    }
    for table in ["binding", "token", "apart"] {
        assert_eq!(shown(&mut conn, table, 7).await.0, 0, "{table} is guarded");
    }
    raw_sql("SET app.workspace = '6'").execute(&mut conn).await.unwrap();
    let row =
        raw_sql("SELECT b.id, b.scopes, b.connected_at, t.version FROM binding b JOIN token t ON t.binding_id = b.id");
    let row = row.fetch_one(&mut conn).await.unwrap();
    let kept: (i64, String, i64, i64) = (row.get(0), row.get(1), row.get(2), row.get(3));
    assert_eq!(kept, (61, r#"["message.list.send"]"#.to_owned(), 5, 3));
    let jobs = raw_sql("SELECT id FROM job").fetch_all(&mut conn).await.unwrap();
    assert_eq!(
        jobs.iter().map(|row| row.get::<i64, _>(0)).collect::<Vec<_>>(),
        [9],
        "one that names no binding is gone"
    );
    raw_sql("SET app.workspace = '7'").execute(&mut conn).await.unwrap();
    let other = raw_sql("SELECT scopes FROM binding").fetch_one(&mut conn).await.unwrap();
    assert_eq!(other.get::<String, _>(0), "[]", "in every workspace");
}

#[tokio::test]
async fn the_tests_role_is_a_plain_one() {
    let database = Database::new().await;
    let ids = Arc::new(IdGenerator::without_lease());
    let store = PostgresStore::connect(&database.url, Clock::system(), ids).await.unwrap();
    assert_eq!(store.warnings(), []);
    store.close().await;
}

/// Id and fix of what a store says of its database.
async fn warned(url: &str) -> Vec<(&'static str, &'static str)> {
    let store = PostgresStore::connect(url, Clock::system(), Arc::new(IdGenerator::without_lease())).await.unwrap();
    let ids = store.warnings().into_iter().map(|warning| (warning.id, warning.fix)).collect();
    store.close().await;
    ids
}

#[tokio::test]
async fn a_role_above_the_policies_and_a_forgetful_server_are_told() {
    let database = Database::new().await;
    let (before, host) = database.url.split_once("://gateway@").expect("the plain role of scripts/postgres.sh");
    let warnings = warned(&format!("{before}://superuser@{host}")).await;
    assert!(matches!(&warnings[..], [("database-role", fix)] if fix.contains("NOBYPASSRLS")), "{warnings:?}");
    let name = database.url.rsplit('/').next().unwrap();
    run(&database.url, &format!("ALTER DATABASE {name} SET synchronous_commit = off")).await;
    let warnings = warned(&database.url).await;
    assert!(
        matches!(&warnings[..], [("database-not-durable", fix)] if fix.contains("postgresql.conf")),
        "{warnings:?}"
    );
}
