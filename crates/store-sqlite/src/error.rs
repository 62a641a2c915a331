//! Turns the driver's errors into the port's: what may work later, what was refused, what can't be true.
//! Called by everything that runs a statement.

use std::error::Error;

use domain::store::StoreError;
use rusqlite::{ErrorCode, ffi};

/// The driver's error in the port's words. Messages of SQLite name tables, columns and constraints, never values.
pub(crate) fn fault(error: rusqlite::Error) -> StoreError {
    match &error {
        rusqlite::Error::SqliteFailure(code, text) => {
            let what = text.clone().unwrap_or_else(|| code.to_string());
            by_code(*code, what, error)
        }
        rusqlite::Error::FromSqlConversionFailure(column, ..)
        | rusqlite::Error::IntegralValueOutOfRange(column, _)
        | rusqlite::Error::InvalidColumnType(column, ..) => {
            StoreError::Corrupt { place: format!("column {column}"), source: Some(Box::new(error)) }
        }
        _ => StoreError::Rejected { what: "a statement could not be run".to_owned(), source: Some(Box::new(error)) },
    }
}

fn by_code(code: ffi::Error, what: String, error: rusqlite::Error) -> StoreError {
    let source: Option<Box<dyn Error + Send + Sync>> = Some(Box::new(error));
    match code.code {
        ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::DiskFull
        | ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::OutOfMemory
        | ErrorCode::ReadOnly
        | ErrorCode::OperationAborted
        | ErrorCode::OperationInterrupted
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::PermissionDenied => StoreError::Unavailable { what, source },
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Corrupt { place: what, source },
        _ => StoreError::Rejected { what, source },
    }
}

/// Something of ours that can't go on for now.
pub(crate) fn unavailable(what: &str) -> StoreError {
    StoreError::Unavailable { what: what.to_owned(), source: None }
}

/// A stored value that says nothing we know.
pub(crate) fn corrupt(place: String) -> StoreError {
    StoreError::Corrupt { place, source: None }
}

/// Whether a unique key was in the way.
pub(crate) fn is_unique_violation(error: &rusqlite::Error) -> bool {
    matches!(error, rusqlite::Error::SqliteFailure(code, _)
        if code.extended_code == ffi::SQLITE_CONSTRAINT_UNIQUE || code.extended_code == ffi::SQLITE_CONSTRAINT_PRIMARYKEY)
}
