//! Every statement of the crate is a constant and fits the schema; the hot ones use their index.

use rusqlite::Connection;

use crate::schema::open_writer;

fn all() -> Vec<(&'static str, &'static [(&'static str, &'static str)])> {
    vec![
        ("accounts", crate::accounts::STATEMENTS),
        ("bind", crate::bind::STATEMENTS),
        ("bindings", crate::bindings::STATEMENTS),
        ("comments", crate::comments::STATEMENTS),
        ("directory", crate::directory::STATEMENTS),
        ("edit", crate::edit::STATEMENTS),
        ("events", crate::events::STATEMENTS),
        ("history", crate::history::STATEMENTS),
        ("inbox", crate::inbox::STATEMENTS),
        ("jobs", crate::jobs::STATEMENTS),
        ("journal", crate::journal::STATEMENTS),
        ("load/find", crate::load::FIND_STATEMENTS),
        ("load/sides", crate::load::SIDE_STATEMENTS),
        ("load/tail", crate::load::TAIL_STATEMENTS),
        ("media", crate::media::STATEMENTS),
        ("node", crate::node::STATEMENTS),
        ("outbox", crate::outbox::STATEMENTS),
        ("persist", crate::persist::STATEMENTS),
        ("persist/comments", crate::persist::COMMENT_STATEMENTS),
        ("persist/conversations", crate::persist::CONVERSATION_STATEMENTS),
        ("persist/messages", crate::persist::MESSAGE_STATEMENTS),
        ("persist/sides", crate::persist::SIDE_STATEMENTS),
        ("persist/work", crate::persist::WORK_STATEMENTS),
        ("record", crate::record::STATEMENTS),
        ("referrals", crate::referrals::STATEMENTS),
        ("replay", crate::replay::STATEMENTS),
        ("secrets", crate::secrets::STATEMENTS),
        ("reports", crate::reports::STATEMENTS),
        ("spaces", crate::spaces::STATEMENTS),
        ("watching", crate::watching::STATEMENTS),
        ("withheld", crate::withheld::STATEMENTS),
        ("sides", crate::sides::STATEMENTS),
        ("writer", crate::writer::STATEMENTS),
    ]
}

#[test]
fn every_statement_fits_the_schema() {
    let folder = tempfile::tempdir().unwrap();
    let connection = open_writer(&folder.path().join("gateway.db")).unwrap();
    let mut count = 0;
    for (topic, statements) in all() {
        for (name, sql) in statements {
            connection.prepare(sql).unwrap_or_else(|error| panic!("{topic}.{name}: {error}"));
            count += 1;
        }
    }
    assert!(count > 80, "only {count} statements were found");
}

fn plan(connection: &Connection, sql: &str) -> String {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let mut rows = statement.raw_query();
    let mut plan = String::new();
    while let Some(row) = rows.next().unwrap() {
        plan.push_str(&row.get::<_, String>(3).unwrap());
        plan.push('\n');
    }
    plan
}

/// What runs for every webhook, claim and page must never walk a whole table.
#[test]
fn hot_statements_use_their_index() {
    let folder = tempfile::tempdir().unwrap();
    let connection = open_writer(&folder.path().join("gateway.db")).unwrap();
    for (topic, statements) in all() {
        if !matches!(
            topic,
            "load/find"
                | "load/tail"
                | "record"
                | "referrals"
                | "persist/messages"
                | "journal"
                | "history"
                | "withheld"
        ) {
            continue;
        }
        for (name, sql) in statements {
            let plan = plan(&connection, sql);
            let walks = plan.lines().any(|line| line.starts_with("SCAN") && !line.contains("VIRTUAL TABLE"));
            assert!(!walks, "{topic}.{name} walks a table:\n{plan}");
        }
    }
}

/// No query reaches a page by counting rows that it skips.
#[test]
fn nothing_is_paged_by_offset() {
    assert!(all().iter().flat_map(|(_, statements)| statements.iter()).all(|(_, sql)| !sql.contains("OFFSET")));
}
