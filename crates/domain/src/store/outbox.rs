//! Replies on their way out.

use async_trait::async_trait;

use super::{MessageRecord, StoreResult};
use crate::{
    account::Account,
    clock::Timestamp,
    id::Id,
    message::Message,
    outbox::{Attempt, CheckOutcome, Claimed, Outcome},
    reply::Draft,
    workspace::Scope,
};

/// A queued reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// The message.
    pub record: MessageRecord,
    /// False when the idempotency key was known and nothing new was queued.
    pub fresh: bool,
}

/// The outbox. `settle` and `begin` with a stale token change nothing and say so (`false`).
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Checks the rules and queues a reply: message, outbox row and events in one transaction.
    ///
    /// # Errors
    /// `Refused` with the rule, `Unavailable`.
    async fn queue_reply(&self, scope: &Scope, draft: Draft) -> StoreResult<Queued>;

    /// Queues a failed or unconfirmed message again, at the end of its conversation's queue.
    ///
    /// # Errors
    /// `Refused` with the rule or `NotRetryable`, `Unavailable`.
    async fn retry(&self, scope: &Scope, message: Id<Message>, send_anyway: bool) -> StoreResult<MessageRecord>;

    /// Asks for a new look at the provider's list for an unconfirmed message, now.
    ///
    /// # Errors
    /// `Refused`, `Unavailable`.
    async fn recheck(&self, scope: &Scope, message: Id<Message>) -> StoreResult<MessageRecord>;

    /// Removes a failed message, or takes back one that is still queued. One that is on its way or was sent stays.
    ///
    /// # Errors
    /// `Refused`, `Unavailable`.
    async fn discard(&self, scope: &Scope, message: Id<Message>) -> StoreResult<()>;

    /// Leases up to `limit` due rows, heads of their conversations only, over all workspaces, which take turns: the fewer rows of
    /// a workspace are leased, the sooner comes its next. Rows whose lease expired
    /// without an attempt are due again; with one, they become unconfirmed here.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn claim_any_workspace(&self, limit: u32) -> StoreResult<Vec<Claimed>>;

    /// When the next row is due, `None` for an empty queue. A hint for the worker's timer.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn next_due_any_workspace(&self) -> StoreResult<Option<Timestamp>>;

    /// Writes the attempt before the call. False: the lease is not ours any more, or the guard refuses by now and the
    /// message has failed; do not call.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn begin(&self, claimed: &Claimed) -> StoreResult<bool>;

    /// Settles a begun attempt.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn settle(&self, claimed: &Claimed, outcome: Outcome) -> StoreResult<bool>;

    /// Settles a check of an unconfirmed message.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn settle_check(&self, claimed: &Claimed, outcome: CheckOutcome) -> StoreResult<bool>;

    /// Attempts of a message, oldest first.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn attempts(&self, scope: &Scope, message: Id<Message>) -> StoreResult<Vec<Attempt>>;

    /// Fails everything queued of an account that can't send any more; what is on its way is left to settle. Gives the number.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn fail_queued(&self, scope: &Scope, account: Id<Account>) -> StoreResult<u32>;
}
