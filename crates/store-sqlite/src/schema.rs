//! Opening a database file: settings of a connection, whose file it is, and migrations. Called when the store opens.

use std::{path::Path, time::Duration};

use domain::{
    place::{self, Place},
    store::{StoreError, StoreResult},
};
use rusqlite::{Batch, Connection, OpenFlags, TransactionBehavior, fallible_iterator::FallibleIterator as _};

use crate::error::fault;

/// "mgw1": marks a file as ours, so that no other program's database is migrated by mistake.
const APPLICATION_ID: i64 = 0x6d67_7731;
/// How long a connection waits for another process's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// More than all statements of the crate.
const CACHED_STATEMENTS: usize = 256;

/// Append-only: number, name, script. A migration that was released is never changed.
pub(crate) const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "0001_init", include_str!("../migrations/0001_init.sql")),
    (2, "0002_rules_and_holds", include_str!("../migrations/0002_rules_and_holds.sql")),
    (3, "0003_automation_history", include_str!("../migrations/0003_automation_history.sql")),
    (4, "0004_referral_source", include_str!("../migrations/0004_referral_source.sql")),
    (5, "0005_history_and_withheld", include_str!("../migrations/0005_history_and_withheld.sql")),
    (6, "0006_comments", include_str!("../migrations/0006_comments.sql")),
    (7, "0007_identities_and_token_bindings", include_str!("../migrations/0007_identities_and_token_bindings.sql")),
    (8, "0008_spaces", include_str!("../migrations/0008_spaces.sql")),
    (9, "0009_sides", include_str!("../migrations/0009_sides.sql")),
    (10, "0010_whole_history", include_str!("../migrations/0010_whole_history.sql")),
    (11, "0011_profiles", include_str!("../migrations/0011_profiles.sql")),
    (12, "0012_unreadable", include_str!("../migrations/0012_unreadable.sql")),
];

/// The writing connection: makes the file, checks whose it is and brings its schema up to date.
pub(crate) fn open_writer(path: &Path) -> StoreResult<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(fault)?;
    configure(&connection)?;
    back_up(&connection, path)?;
    // A table that others point to can only be made anew while nobody looks; the keys are checked before the commit.
    connection.pragma_update(None, "foreign_keys", "OFF").map_err(fault)?;
    migrate(&mut connection)?;
    connection.pragma_update(None, "foreign_keys", "ON").map_err(fault)?;
    Ok(connection)
}

/// Copies the database before its schema is changed, next to it and named after the schema it has: `gateway.db.schema-1`.
fn back_up(connection: &Connection, path: &Path) -> StoreResult<()> {
    let newest = MIGRATIONS.last().map_or(0, |(number, ..)| *number);
    let version = version(connection)?;
    if version == 0 || version >= newest {
        return Ok(());
    }
    let mut copy = path.as_os_str().to_owned();
    copy.push(format!(".schema-{version}"));
    let failed = |source: std::io::Error| StoreError::Unavailable {
        what: format!("the database could not be copied to {} before its update", copy.display()),
        source: Some(Box::new(source)),
    };
    // One that an interrupted update left behind is replaced; it may be half written.
    match std::fs::remove_file(&copy) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let name = copy.to_str().ok_or_else(|| failed(std::io::ErrorKind::InvalidFilename.into()))?;
    connection.execute("VACUUM INTO ?1", [name]).map_err(fault)?;
    tracing::info!(copy = name, "the database was copied before its update");
    Ok(())
}

fn version(connection: &Connection) -> StoreResult<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(fault)
}

/// A connection that can only read.
pub(crate) fn open_reader(path: &Path) -> StoreResult<Connection> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(fault)?;
    configure(&connection)?;
    connection.pragma_update(None, "query_only", "ON").map_err(fault)?;
    Ok(connection)
}

fn configure(connection: &Connection) -> StoreResult<()> {
    connection.busy_timeout(BUSY_TIMEOUT).map_err(fault)?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).map_err(fault)?;
    for (name, value) in
        [("synchronous", "FULL"), ("foreign_keys", "ON"), ("cache_size", "-32000"), ("temp_store", "MEMORY")]
    {
        connection.pragma_update(None, name, value).map_err(fault)?;
    }
    Ok(())
}

fn migrate(connection: &mut Connection) -> StoreResult<()> {
    let newest = MIGRATIONS.last().map_or(0, |(number, ..)| *number);
    // Immediate, so that of two processes that start together one migrates and the other finds it done.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
    let application: i64 = transaction.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(fault)?;
    let version = version(&transaction)?;
    let tables: i64 =
        transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(fault)?;
    if application != APPLICATION_ID && (application != 0 || version != 0 || tables != 0) {
        return Err(refused(
            "this file is another program's database; set DATABASE_URL to a file of its own".to_owned(),
        ));
    }
    if version > newest {
        return Err(refused(format!(
            "the database has schema {version}, this program knows {newest}: it was opened by a newer version; \
             run that version or restore a backup made before the update"
        )));
    }
    place::reach(Place::MigrationBegun);
    for (number, name, script) in MIGRATIONS.iter().filter(|(number, ..)| *number > version) {
        run_script(&transaction, script)?;
        transaction.pragma_update(None, "user_version", number).map_err(fault)?;
        tracing::info!(migration = name, "schema brought up to date");
    }
    let dangling: i64 =
        transaction.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0)).map_err(fault)?;
    if dangling > 0 {
        return Err(refused(format!("{dangling} rows point to rows that are not there; nothing was changed")));
    }
    if application != APPLICATION_ID {
        transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(fault)?;
    }
    place::reach(Place::MigrationWritten);
    transaction.commit().map_err(fault)?;
    place::reach(Place::MigrationCommitted);
    Ok(())
}

fn run_script(connection: &Connection, script: &str) -> StoreResult<()> {
    let mut statements = Batch::new(connection, script);
    while let Some(mut statement) = statements.next().map_err(fault)? {
        // Run to its end, whether it gives rows or not.
        let mut rows = statement.raw_query();
        while rows.next().map_err(fault)?.is_some() {}
        place::reach(Place::MigrationStatement);
    }
    Ok(())
}

fn refused(what: String) -> StoreError {
    StoreError::Rejected { what, source: None }
}
