//! What came in: raw deliveries, and what they report.

use async_trait::async_trait;
use bytes::Bytes;

use super::StoreResult;
use crate::{
    account::{Account, ProviderKind},
    clock::Timestamp,
    delivery::{Delivery, DeliveryOutcome, DeliveryRecord, KeptDelivery, NewDelivery, RawDelivery, Reapplied, Retold},
    id::Id,
    inbound::Inbound,
    workspace::{Scope, Workspace},
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

/// Which kept deliveries to read again, of all workspaces and of none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeptFilter {
    /// Only those not understood whole.
    pub unsupported: bool,
    /// Only those received at this time or later.
    pub since: Option<Timestamp>,
    /// Only those with this event name.
    pub event: Option<String>,
}

/// How many kept deliveries a filter finds, and where they end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptSpan {
    /// Their number.
    pub count: u64,
    /// The one with the highest id; `None` when there is none.
    pub last: Option<Id<Delivery>>,
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

    /// Kept deliveries about the automatic messages of an account in sight (`im_auto_message_config_update`,
    /// `im_auto_message_audit_update`), newest first, before a delivery (exclusive); at most 200.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn automation_deliveries(
        &self,
        scope: &Scope,
        account: Id<Account>,
        before: Option<Id<Delivery>>,
        limit: u32,
    ) -> StoreResult<Vec<RawDelivery>>;

    /// The exact bytes of a delivery, of any workspace or none: for `replay` and tests, never for a request.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn delivery_body_any_workspace(&self, delivery: Id<Delivery>) -> StoreResult<Option<Bytes>>;

    /// What [`kept_any_workspace`](Self::kept_any_workspace) will find from the beginning.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn kept_span_any_workspace(&self, filter: &KeptFilter) -> StoreResult<KeptSpan>;

    /// Up to `limit` kept deliveries with an id after `after`, by id, which is nearly the order in which they came. For `replay`.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn kept_any_workspace(
        &self,
        filter: &KeptFilter,
        after: Option<Id<Delivery>>,
        limit: u32,
    ) -> StoreResult<Vec<KeptDelivery>>;

    /// Applies a kept delivery again, as [`reapply`](crate::journal::reapply) does, and writes down how well it is understood now, in
    /// one transaction. One that belongs to nobody goes to the account that it names, if that is known by now; one that
    /// belongs to an account stays with it. `None`: it is gone, or was given to an account since `kept` was read.
    ///
    /// # Errors
    /// `Unavailable`, or `Rejected` for what it says; then it stays as it was.
    async fn reapply(&self, kept: &KeptDelivery, told: Retold) -> StoreResult<Option<Reapplied>>;
}
