//! The durable job table.

use async_trait::async_trait;

use super::StoreResult;
use crate::{
    clock::Timestamp,
    job::{Job, JobOutcome, NewJob},
};

/// Jobs.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Adds a job unless an equal one waits.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn enqueue(&self, job: NewJob) -> StoreResult<()>;

    /// Leases up to `limit` due jobs, over all workspaces, which take turns; those whose lease (60 s) expired included.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn claim_jobs_any_workspace(&self, limit: u32) -> StoreResult<Vec<Job>>;

    /// When the next job is due.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn next_job_due_any_workspace(&self) -> StoreResult<Option<Timestamp>>;

    /// Settles a job; false for a stale token.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn settle_job(&self, job: &Job, outcome: JobOutcome) -> StoreResult<bool>;
}
