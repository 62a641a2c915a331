//! From the driver's errors to the port's. Inside the crate everything fails with a [`Fault`]; the border turns it into a
//! `StoreError`.

use std::{error::Error, sync::Arc};

use domain::{id::NoLease, reply::Refusal, store::StoreError};

/// What went wrong inside the crate.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// The driver's or the server's error.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    /// An error that the caller sees as it is.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another process was faster with a row that this use case took for new: it runs again.
    #[error("another process wrote the same row")]
    Raced,
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Store(refusal.into())
    }
}

impl From<NoLease> for Fault {
    fn from(refused: NoLease) -> Self {
        Self::Store(refused.into())
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Store(error) => error,
            Fault::Raced => Self::Unavailable { what: fault.to_string(), source: None },
            Fault::Sql(error) => from_sql(error),
        }
    }
}

impl Fault {
    /// A row that does not say what it must; `place` is `table.column`.
    pub(crate) fn corrupt(place: &str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Store(StoreError::Corrupt { place: place.to_owned(), source: Some(source.into()) })
    }

    /// Whether the connection is of no more use.
    pub(crate) fn lost_connection(&self) -> bool {
        match self {
            Self::Sql(sqlx::Error::Database(error)) => {
                // Class 57: operator intervention (shutdown, termination); a cancelled statement (57014) leaves it whole.
                error.code().is_some_and(|code| {
                    code.starts_with("08") || (code.starts_with("57") && code != "57014") || code == "25P03"
                })
            }
            Self::Sql(sqlx::Error::RowNotFound | sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_))
            | Self::Store(_)
            | Self::Raced => false,
            Self::Sql(_) => true,
        }
    }

    /// Whether the whole transaction may succeed when it is run again: deadlock, serialization, a race between processes.
    pub(crate) fn wants_another_run(&self) -> bool {
        match self {
            Self::Sql(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| code == "40P01" || code == "40001")
            }
            Self::Raced => true,
            Self::Sql(_) | Self::Store(_) => false,
        }
    }

    /// Whether a unique key of this name is in the way.
    pub(crate) fn violates(&self, constraint: &str) -> bool {
        matches!(self, Self::Sql(sqlx::Error::Database(error)) if error.constraint() == Some(constraint))
    }
}

/// `Unavailable` with a plain reason.
pub(crate) fn unavailable(what: &str) -> StoreError {
    StoreError::Unavailable { what: what.to_owned(), source: None }
}

/// `Unavailable` for each of several callers whose transaction failed for one reason.
pub(crate) fn shared_failure(cause: &Arc<Fault>) -> StoreError {
    StoreError::Unavailable {
        what: "the transaction was not committed".to_owned(),
        source: Some(Box::new(Arc::clone(cause))),
    }
}

fn from_sql(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(server) => {
            let code = server.code().unwrap_or_default().into_owned();
            // 22: data exception, 23: constraint, 54: program limit (such as an index row that is too large).
            if code.starts_with("22") || code.starts_with("23") || code.starts_with("54") {
                let what = server.constraint().map_or_else(|| format!("SQLSTATE {code}"), str::to_owned);
                StoreError::Rejected { what, source: Some(Box::new(error)) }
            } else {
                StoreError::Unavailable { what: format!("SQLSTATE {code}"), source: Some(Box::new(error)) }
            }
        }
        sqlx::Error::ColumnDecode { index, .. } => {
            StoreError::Corrupt { place: index.clone(), source: Some(Box::new(error)) }
        }
        sqlx::Error::Decode(_) | sqlx::Error::RowNotFound => {
            StoreError::Corrupt { place: "a row".to_owned(), source: Some(Box::new(error)) }
        }
        _ => StoreError::Unavailable { what: "no working connection".to_owned(), source: Some(Box::new(error)) },
    }
}
