//! Node numbers for ids, and whether the database answers at all.

use async_trait::async_trait;

use super::StoreResult;
use crate::clock::Timestamp;

/// A leased node number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeLease {
    /// 0 to 1023, held by nobody else until then.
    pub node: u16,
    /// Proves that it is ours.
    pub token: i64,
    /// Exclusive end.
    pub until: Timestamp,
}

/// Something about a database that a person should know. `doctor` shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatabaseWarning {
    /// Stable, kebab case, such as `database-role`.
    pub id: &'static str,
    /// What is so.
    pub title: &'static str,
    /// What follows from it.
    pub cause: &'static str,
    /// What to do.
    pub fix: &'static str,
}

/// Node leases and health.
#[async_trait]
pub trait Nodes: Send + Sync {
    /// Leases the first free node number for 60 seconds.
    ///
    /// # Errors
    /// `Unavailable`, also when all are taken.
    async fn lease_node(&self) -> StoreResult<NodeLease>;

    /// Extends a lease by 60 seconds from now; `None` when it was lost.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn renew_node(&self, lease: NodeLease) -> StoreResult<Option<NodeLease>>;

    /// Gives a node number back.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn release_node(&self, lease: NodeLease) -> StoreResult<()>;

    /// Reads one row: whether the database answers.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn ping(&self) -> StoreResult<()>;

    /// What was found wrong with the database when it was opened; nothing, where nothing can be.
    fn warnings(&self) -> Vec<DatabaseWarning> {
        Vec::new()
    }

    /// Waits for what is queued, then closes. Later calls answer `Unavailable`.
    async fn close(&self);
}
