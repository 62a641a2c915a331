//! Opening a database file: settings of a connection, whose file it is, and migrations. Called when the store opens.

use std::{path::Path, time::Duration};

use domain::store::{StoreError, StoreResult};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::error::fault;

/// "mgw1": marks a file as ours, so that no other program's database is migrated by mistake.
const APPLICATION_ID: i64 = 0x6d67_7731;
/// How long a connection waits for another process's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// More than all statements of the crate.
const CACHED_STATEMENTS: usize = 256;

/// Append-only: number, name, script. A migration that was released is never changed.
pub(crate) const MIGRATIONS: &[(i64, &str, &str)] = &[(1, "0001_init", include_str!("../migrations/0001_init.sql"))];

/// The writing connection: makes the file, checks whose it is and brings its schema up to date.
pub(crate) fn open_writer(path: &Path) -> StoreResult<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(fault)?;
    configure(&connection)?;
    migrate(&mut connection)?;
    Ok(connection)
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
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(fault)?;
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
    for (number, name, script) in MIGRATIONS.iter().filter(|(number, ..)| *number > version) {
        transaction.execute_batch(script).map_err(fault)?;
        transaction.pragma_update(None, "user_version", number).map_err(fault)?;
        tracing::info!(migration = name, "schema brought up to date");
    }
    if application != APPLICATION_ID {
        transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(fault)?;
    }
    transaction.commit().map_err(fault)
}

fn refused(what: String) -> StoreError {
    StoreError::Rejected { what, source: None }
}
