//! Several processes on one database, and connections that break: what only PostgreSQL can show.

#![expect(clippy::unwrap_used, reason = "a test ends with a panic that says what was broken")]

mod fixtures;
mod support;

use std::sync::Arc;

use domain::{
    Clock, IdGenerator, Timestamp,
    content::Content,
    delivery::DeliveryOutcome,
    identity::FirstOwner,
    message::Author,
    outbox::Outcome,
    reply::Draft,
    store::{
        Accounts as _, Directory as _, Events as _, Inbox as _, Journal as _, Nodes as _, Outbox as _, StoreError,
    },
    workspace::Scope,
};
use fixtures::{connect, delivery};
use sqlx::{AssertSqlSafe, Row as _, raw_sql};
use store_postgres::PostgresStore;
use support::{Database, plain};

async fn process(database: &Database, clock: &Clock) -> Arc<PostgresStore> {
    let ids = Arc::new(IdGenerator::without_lease());
    let store = PostgresStore::connect(&database.url, clock.clone(), Arc::clone(&ids)).await.unwrap();
    ids.grant(store.lease_node().await.unwrap().node, Timestamp::MAX);
    Arc::new(store)
}

/// Two processes, one workspace, one account `shop`.
async fn two_processes(database: &Database) -> (Arc<PostgresStore>, Arc<PostgresStore>, Scope) {
    let clock = Clock::manual(Timestamp::from_secs(1_790_000_000));
    let (one, two) = (process(database, &clock).await, process(database, &clock).await);
    let first = FirstOwner { workspace_name: "One".to_owned(), owner_name: "Ploy".to_owned() };
    let (owner, again) = tokio::join!(one.ensure_first_owner(first.clone()), two.ensure_first_owner(first));
    let workspace = owner.unwrap().workspace.id;
    assert_eq!(again.unwrap().workspace.id, workspace, "the first owner is made once");
    one.connect_account(workspace, connect("shop")).await.unwrap();
    (one, two, Scope::all(workspace))
}

/// Ends all connections to this database but the asking one.
async fn cut_connections(database: &Database) {
    let mut conn = plain(&database.url).await;
    raw_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        .execute(&mut conn)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_same_deliveries_in_both_are_stored_once() {
    let database = Database::new().await;
    let (one, two, scope) = two_processes(&database).await;
    let names: Vec<String> = (0..100).map(|number| format!("m{number}")).collect();
    let mut waiting = tokio::task::JoinSet::new();
    for (at, store) in [Arc::clone(&one), Arc::clone(&two)].into_iter().enumerate() {
        for shift in 0..names.len() {
            // The two run through the names in opposite directions.
            let name = if at == 0 { &names[shift] } else { &names[names.len() - 1 - shift] };
            let (store, delivery) = (Arc::clone(&store), delivery("shop", name));
            waiting.spawn(async move { store.ingest(delivery).await.unwrap().outcome });
        }
    }
    let outcomes = waiting.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == DeliveryOutcome::Stored).count(), 100);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == DeliveryOutcome::Duplicate).count(), 100);
    let totals = one.totals(&scope).await.unwrap();
    assert_eq!((totals.messages, totals.conversations, totals.contacts), (100, 1, 1));
    let id = two.conversation_by_external_id(&scope, "chat of shop").await.unwrap().unwrap();
    assert_eq!(two.conversation(&scope, id).await.unwrap().unwrap().conversation.unread, 100);
}

#[tokio::test]
async fn accounts_that_share_customers_do_not_wait_in_a_circle() {
    let database = Database::new().await;
    let (one, two, scope) = two_processes(&database).await;
    two.connect_account(scope.workspace, connect("other")).await.unwrap();
    let mut waiting = tokio::task::JoinSet::new();
    for (store, account) in [(Arc::clone(&one), "shop"), (Arc::clone(&two), "other"), (two, "shop"), (one, "other")] {
        for number in 0..50 {
            let (store, delivery) = (Arc::clone(&store), delivery(account, &format!("{account} {number}")));
            waiting.spawn(async move { store.ingest(delivery).await });
        }
    }
    for stored in waiting.join_all().await {
        stored.unwrap();
    }
}

#[tokio::test]
async fn a_reader_in_one_misses_no_event_of_the_other() {
    let database = Database::new().await;
    let (one, two, scope) = two_processes(&database).await;
    let mut waiting = tokio::task::JoinSet::new();
    for number in 0..120 {
        let store = if number % 2 == 0 { Arc::clone(&one) } else { Arc::clone(&two) };
        let delivery = delivery("shop", &format!("m{number}"));
        waiting.spawn(async move { store.ingest(delivery).await.unwrap() });
    }
    // A cursor that only goes forward sees all: numbers become visible in their order.
    let (mut cursor, mut messages) = (0, 0);
    while messages < 120 {
        let changed = two.changed();
        let page = two.events_after(Some(scope.workspace), cursor, 7).await.unwrap();
        assert!(page.events.iter().all(|event| event.seq > cursor));
        messages +=
            page.events.iter().filter(|event| matches!(event.subject, domain::event::Subject::Message(_))).count();
        if page.next == cursor {
            changed.await;
        }
        cursor = page.next;
    }
    assert_eq!(waiting.join_all().await.len(), 120);
}

#[tokio::test]
async fn a_row_is_claimed_by_one_of_them() {
    let database = Database::new().await;
    let (one, two, scope) = two_processes(&database).await;
    one.ingest(delivery("shop", "hello")).await.unwrap();
    let conversation_id = one.conversation_by_external_id(&scope, "chat of shop").await.unwrap().unwrap();
    let draft = Draft {
        conversation_id,
        content: Content::Text { body: "hi".to_owned() },
        quoted_external_id: None,
        author: Author::ApiKey { id: None },
        idempotency_key: Some("key".to_owned()),
        send_anyway: false,
        priority: domain::message::Priority::Normal,
    };
    let (first, second) = tokio::join!(one.queue_reply(&scope, draft.clone()), two.queue_reply(&scope, draft));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first.record.message.id, second.record.message.id, "one key, one message");
    assert!(first.fresh != second.fresh);
    let (ours, theirs) = tokio::join!(one.claim_any_workspace(10), two.claim_any_workspace(10));
    let mut claimed = ours.unwrap();
    claimed.extend(theirs.unwrap());
    assert_eq!(claimed.len(), 1);
    assert!(two.begin(&claimed[0]).await.unwrap());
    assert!(!one.begin(&claimed[0]).await.unwrap(), "it was begun");
    assert!(one.settle(&claimed[0], Outcome::Sent { external_id: "sent-1".to_owned() }).await.unwrap());
    assert!(!two.settle(&claimed[0], Outcome::Sent { external_id: "sent-1".to_owned() }).await.unwrap());
}

#[tokio::test]
async fn a_connection_that_died_idle_is_replaced_unseen() {
    let database = Database::new().await;
    let (one, _two, scope) = two_processes(&database).await;
    one.ingest(delivery("shop", "before")).await.unwrap();
    cut_connections(&database).await;
    one.ingest(delivery("shop", "after")).await.unwrap();
    assert_eq!(one.totals(&scope).await.unwrap().messages, 2);
}

#[tokio::test]
async fn a_connection_that_breaks_within_a_transaction_leaves_nothing() {
    let database = Database::new().await;
    let (one, _two, scope) = two_processes(&database).await;
    let mut holder = plain(&database.url).await;
    raw_sql("BEGIN; SET LOCAL app.system = 'on'; SELECT id FROM account FOR UPDATE")
        .execute(&mut holder)
        .await
        .unwrap();
    let store = Arc::clone(&one);
    let mut waiting = tokio::task::JoinSet::new();
    waiting.spawn(async move { store.ingest(delivery("shop", "cut")).await });
    // The writer waits for the account: only then is its connection ended.
    let ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()";
    while raw_sql(ended).fetch_one(&mut holder).await.unwrap().get::<i64, _>(0) == 0 {}
    let error = waiting.join_next().await.unwrap().unwrap().unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
    assert_eq!(one.totals(&scope).await.unwrap().messages, 0);
    assert_eq!(one.ingest(delivery("shop", "cut")).await.unwrap().outcome, DeliveryOutcome::Stored);
}

#[tokio::test]
async fn an_unreachable_server_is_said_to_be() {
    let ids = Arc::new(IdGenerator::without_lease());
    // Port 1 of this machine: nobody listens there.
    let error = PostgresStore::connect("postgres://gateway:secret@127.0.0.1:1/gateway", Clock::system(), ids)
        .await
        .unwrap_err();
    assert!(error.is_temporary(), "{error:?}");
    assert!(!format!("{error:?}").contains("secret"), "the password is not told");
}

#[tokio::test]
async fn a_value_that_postgres_cannot_keep_hurts_nobody_else() {
    let database = Database::new().await;
    let (one, _two, scope) = two_processes(&database).await;
    let mut waiting = tokio::task::JoinSet::new();
    for number in 0..50 {
        // A zero byte is no text to PostgreSQL.
        let name = if number == 25 { "a\0b".to_owned() } else { format!("m{number}") };
        let (store, delivery) = (Arc::clone(&one), delivery("shop", &name));
        waiting.spawn(async move { store.ingest(delivery).await });
    }
    let results = waiting.join_all().await;
    assert_eq!(results.iter().filter(|result| matches!(result, Err(StoreError::Rejected { .. }))).count(), 1);
    assert_eq!(one.totals(&scope).await.unwrap().messages, 49);
    let mut conn = plain(&database.url).await;
    let sql = AssertSqlSafe("SET app.system = 'on'; SELECT count(*) FROM delivery".to_owned());
    assert_eq!(raw_sql(sql).fetch_one(&mut conn).await.unwrap().get::<i64, _>(0), 49);
}
