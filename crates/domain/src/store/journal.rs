//! What came in: raw deliveries, and what they report.

use async_trait::async_trait;
use bytes::Bytes;

use super::StoreResult;
use crate::{
    account::ProviderKind,
    delivery::{Delivery, DeliveryOutcome, DeliveryRecord, NewDelivery},
    id::Id,
    inbound::Inbound,
    workspace::Workspace,
};

/// What became of an ingested delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ingested {
    /// The kept delivery; of a duplicate, the first one.
    pub delivery: Id<Delivery>,
    /// See [`DeliveryOutcome`].
    pub outcome: DeliveryOutcome,
}

/// Which kept deliveries to list, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Only those not understood whole.
    pub unsupported: bool,
    /// Those before this one.
    pub before: Option<Id<Delivery>>,
    /// 1 to 200.
    pub limit: u32,
}

/// The journal.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Keeps the raw delivery and applies what it reports, durably, in one transaction; answers after the commit.
    /// A caller that goes away does not undo it.
    ///
    /// # Errors
    /// `Unavailable` (nothing was kept: answer 503) or `Rejected`.
    async fn ingest(&self, delivery: NewDelivery) -> StoreResult<Ingested>;

    /// Applies what a list read reports about an account we know; as idempotent as [`ingest`](Self::ingest).
    ///
    /// # Errors
    /// `Unavailable` or `Rejected`.
    async fn apply(&self, provider: ProviderKind, account_external_id: String, items: Vec<Inbound>) -> StoreResult<()>;

    /// Kept deliveries of a workspace, newest first.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn deliveries(&self, workspace: Id<Workspace>, filter: DeliveryFilter) -> StoreResult<Vec<DeliveryRecord>>;

    /// The exact bytes of a delivery, of any workspace or none: for `replay` and tests, never for a request.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn delivery_body_any_workspace(&self, delivery: Id<Delivery>) -> StoreResult<Option<Bytes>>;
}
