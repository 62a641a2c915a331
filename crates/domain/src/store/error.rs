//! What can go wrong in a store.

use std::error::Error;

use crate::{account::MergeRefusal, id::NoLease, reply::Refusal};

/// A store's failure. Sources are kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The rules refuse; nothing was written.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Two accounts can't become one; nothing was written.
    #[error(transparent)]
    CantMerge(#[from] MergeRefusal),
    /// A key is taken, or the row changed in the meantime.
    #[error("{what} is taken or has changed in the meantime")]
    Conflict {
        /// Which key or row, such as `user.email`.
        what: &'static str,
    },
    /// Busy, full, cut off, out of disk: may work later; nothing was written.
    #[error("the database is unavailable: {what}")]
    Unavailable {
        /// What failed, without any data.
        what: String,
        /// The driver's error.
        #[source]
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// A row does not say what it must.
    #[error("the database is inconsistent at {place}")]
    Corrupt {
        /// Table, column and row.
        place: String,
        /// Why.
        #[source]
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// This one use case can't be written (a constraint, a value out of range); others are not affected.
    #[error("the database refused the change: {what}")]
    Rejected {
        /// Which constraint, without any data.
        what: String,
        /// The driver's error.
        #[source]
        source: Option<Box<dyn Error + Send + Sync>>,
    },
}

impl StoreError {
    /// Whether the same call may succeed later.
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }
}

impl From<NoLease> for StoreError {
    fn from(source: NoLease) -> Self {
        Self::Unavailable { what: source.to_string(), source: Some(Box::new(source)) }
    }
}
