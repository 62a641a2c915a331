//! The port `Jobs`: everything durable that is no message.

use std::time::Duration;

use async_trait::async_trait;
use domain::{
    Id, Timestamp,
    job::{Job, JobOutcome, NewJob},
    store::{Jobs, StoreResult},
};

use crate::{
    PostgresStore,
    error::Fault,
    persist,
    rows::{from_json, unsigned},
    transaction::{Touches, Tx},
};

/// After this a worker that said nothing is taken for dead.
const LEASE: Duration = Duration::from_mins(1);

#[async_trait]
impl Jobs for PostgresStore {
    async fn enqueue(&self, job: NewJob) -> StoreResult<()> {
        self.write(Touches::default(), move |tx| {
            let job = job.clone();
            Box::pin(async move {
                tx.wake();
                persist::jobs(tx, &[job]).await
            })
        })
        .await
    }

    async fn claim_jobs_any_workspace(&self, limit: u32) -> StoreResult<Vec<Job>> {
        self.write(Touches::default(), move |tx| Box::pin(claim(tx, limit))).await
    }

    async fn next_job_due_any_workspace(&self) -> StoreResult<Option<Timestamp>> {
        let mut tx = self.read_system().await?;
        let due = sqlx::query_scalar!(
            "SELECT min(GREATEST(due_at, COALESCE(lease_until, due_at))) AS due FROM job WHERE NOT failed"
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(due.map(Timestamp::from_millis))
    }

    async fn settle_job(&self, job: &Job, outcome: JobOutcome) -> StoreResult<bool> {
        let (id, token) = (job.id.raw(), job.token);
        self.write(Touches::default(), move |tx| {
            let outcome = outcome.clone();
            Box::pin(async move {
                tx.wake();
                settle(tx, id, token, outcome).await
            })
        })
        .await
    }
}

/// Workspaces take turns, as in the outbox.
async fn claim(tx: &mut Tx, limit: u32) -> Result<Vec<Job>, Fault> {
    let now = tx.now();
    let due = sqlx::query!(
        "SELECT id, workspace_id, task, attempts FROM job
        WHERE id IN (
            SELECT h.id FROM (
                SELECT workspace_id, count(*) FILTER (WHERE lease_until > $1) AS leased FROM job WHERE NOT failed GROUP BY workspace_id
            ) w CROSS JOIN LATERAL (
                SELECT j.id, j.later, j.due_at, row_number() OVER (ORDER BY j.later, j.due_at, j.id) AS place FROM job j
                WHERE j.workspace_id = w.workspace_id AND NOT j.failed AND j.due_at <= $1 AND (j.lease_until IS NULL OR j.lease_until <= $1)
                ORDER BY j.later, j.due_at, j.id LIMIT $2
            ) h
            ORDER BY w.leased + h.place, h.later, h.due_at, h.id LIMIT $2
        ) AND (lease_until IS NULL OR lease_until <= $1)
        ORDER BY due_at, id FOR UPDATE SKIP LOCKED",
        now.as_millis(),
        i64::from(limit),
    )
    .fetch_all(&mut tx.conn)
    .await?;
    let mut jobs = Vec::with_capacity(due.len());
    for row in due {
        jobs.push(Job {
            id: Id::from_raw(row.id),
            workspace_id: Id::from_raw(row.workspace_id),
            task: from_json("job.task", &row.task)?,
            attempts: unsigned("job.attempts", row.attempts)?,
            token: tx.ids.next::<Job>(now)?.raw(),
        });
    }
    sqlx::query!(
        "UPDATE job j SET attempts = j.attempts + 1, lease_token = n.token, lease_until = $3
        FROM unnest($1::bigint[], $2::bigint[]) AS n (id, token) WHERE j.id = n.id",
        &jobs.iter().map(|job| job.id.raw()).collect::<Vec<_>>(),
        &jobs.iter().map(|job| job.token).collect::<Vec<_>>(),
        now.plus(LEASE).as_millis(),
    )
    .execute(&mut tx.conn)
    .await?;
    Ok(jobs)
}

async fn settle(tx: &mut Tx, id: i64, token: i64, outcome: JobOutcome) -> Result<bool, Fault> {
    let done = match outcome {
        JobOutcome::Done => sqlx::query!("DELETE FROM job WHERE id = $1 AND lease_token = $2", id, token).execute(&mut tx.conn).await?,
        JobOutcome::Retry { due_at, error } => {
            // An equal one may have been added in the meantime: that one does the work.
            let doubled = sqlx::query!(
                "DELETE FROM job j WHERE j.id = $1 AND j.lease_token = $2 AND EXISTS (SELECT 1 FROM job w
                WHERE w.workspace_id = j.workspace_id AND w.task = j.task AND w.lease_token IS NULL AND NOT w.failed)",
                id,
                token,
            )
            .execute(&mut tx.conn)
            .await?;
            if doubled.rows_affected() == 1 {
                return Ok(true);
            }
            sqlx::query!(
                "UPDATE job SET lease_token = NULL, lease_until = NULL, due_at = $3, error = $4 WHERE id = $1 AND lease_token = $2",
                id,
                token,
                due_at.as_millis(),
                error,
            )
            .execute(&mut tx.conn)
            .await?
        }
        JobOutcome::Failed { error } => {
            sqlx::query!(
                "UPDATE job SET lease_token = NULL, lease_until = NULL, failed = true, error = $3 WHERE id = $1 AND lease_token = $2",
                id,
                token,
                error,
            )
            .execute(&mut tx.conn)
            .await?
        }
    };
    Ok(done.rows_affected() == 1)
}
