//! The event log: what the live tail and `GET /api/v1/events` read.

use async_trait::async_trait;

use super::StoreResult;
use crate::{clock::Timestamp, event::Event, id::Id, workspace::Workspace};

/// A page of events.
#[derive(Debug, Clone)]
pub struct EventsPage {
    /// In order of `seq`; events whose subject is gone are left out.
    pub events: Vec<Event>,
    /// The highest `seq` looked at: the next cursor. Equals the one asked with when there was nothing.
    pub next: i64,
    /// The cursor is older than what is kept: reload over REST.
    pub too_old: bool,
}

/// Events.
#[async_trait]
pub trait Events: Send + Sync {
    /// Events after a cursor, of one workspace or (for the tail of a process) of all.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn events_after(&self, workspace: Option<Id<Workspace>>, after: i64, limit: u32) -> StoreResult<EventsPage>;

    /// The newest `seq`.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn head_seq(&self) -> StoreResult<i64>;

    /// Forgets events written before `before`. Gives the number.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn prune_events(&self, before: Timestamp) -> StoreResult<u64>;

    /// Ends when something may have been committed since this future was made, by this process or another. A hint, never data.
    async fn changed(&self);
}
