//! The port [`Jobs`]: small durable work. A claimed job is leased; who comes back with an old token changes nothing.

use std::time::Duration;

use async_trait::async_trait;
use domain::{
    clock::Timestamp,
    id::Id,
    job::{Job, JobOutcome, NewJob},
    store::{Jobs, StoreResult},
    workspace::Workspace,
};
use rusqlite::Row;

use crate::{
    SqliteStore,
    persist::insert_job,
    sql::{Columns, execute, many, one, statements, to_json},
    turns::{Waiting, in_turn},
    writer::Tx,
};

/// After this an unsettled job is due again.
const LEASE: Duration = Duration::from_mins(1);

statements! {
    WORKSPACES = "SELECT workspace_id, count(CASE WHEN lease_until > ?1 THEN 1 END) FROM job WHERE failed = 0 GROUP BY workspace_id";
    DUE = "SELECT later, due_at, id, workspace_id, task, attempts FROM job WHERE workspace_id = ?2 AND failed = 0 AND due_at <= ?1 \
           AND (lease_until IS NULL OR lease_until <= ?1) ORDER BY later, due_at, id LIMIT 1";
    LEASE_JOB = "UPDATE job SET lease_token = ?2, lease_until = ?3, attempts = attempts + 1 WHERE id = ?1";
    NEXT_DUE = "SELECT min(max(due_at, coalesce(lease_until, due_at))) FROM job WHERE failed = 0";
    DONE = "DELETE FROM job WHERE id = ?1 AND lease_token = ?2";
    FAILED = "UPDATE job SET failed = 1, error = ?3, lease_token = NULL, lease_until = NULL WHERE id = ?1 AND lease_token = ?2";
    AGAIN = "UPDATE job SET due_at = ?3, error = ?4, lease_token = NULL, lease_until = NULL WHERE id = ?1 AND lease_token = ?2";
    EQUAL_WAITS = "SELECT 1 FROM job WHERE workspace_id = ?1 AND task = ?2 AND lease_token IS NULL AND failed = 0";
}

#[async_trait]
impl Jobs for SqliteStore {
    async fn enqueue(&self, job: NewJob) -> StoreResult<()> {
        self.write(move |tx| {
            insert_job(tx, &job)?;
            tx.notify = true;
            Ok(())
        })
        .await
    }

    async fn claim_jobs_any_workspace(&self, limit: u32) -> StoreResult<Vec<Job>> {
        self.write(move |tx| {
            let now = tx.now.as_millis();
            let waiting = many(tx.connection, WORKSPACES, [now], |row| {
                let mut columns = Columns::new(row, "job");
                Ok(Waiting { workspace: columns.id()?, leased: columns.get()? })
            })?;
            let head = |workspace: Id<Workspace>| one(tx.connection, DUE, (now, workspace.raw()), job);
            in_turn(waiting, limit, head, |job| lease(tx, job))
        })
        .await
    }

    async fn next_job_due_any_workspace(&self) -> StoreResult<Option<Timestamp>> {
        self.read(|connection| Ok(one(connection, NEXT_DUE, [], |row| Columns::new(row, "job").opt_time())?.flatten()))
            .await
    }

    async fn settle_job(&self, job: &Job, outcome: JobOutcome) -> StoreResult<bool> {
        let job = job.clone();
        self.write(move |tx| settle(tx, &job, outcome)).await
    }
}

/// Whether it comes after all others, when it was due and its id; and the job.
fn job(row: &Row<'_>) -> StoreResult<((bool, i64, i64), Job)> {
    let mut columns = Columns::new(row, "job");
    let (later, due) = (columns.get()?, columns.get()?);
    let job = Job {
        id: columns.id()?,
        workspace_id: columns.id()?,
        task: columns.json()?,
        attempts: columns.get()?,
        token: 0,
    };
    Ok(((later, due, job.id.raw()), job))
}

fn lease(tx: &Tx<'_>, mut job: Job) -> StoreResult<Job> {
    job.token = tx.new_id::<Job>()?.raw();
    execute(tx.connection, LEASE_JOB, (job.id.raw(), job.token, tx.now.plus(LEASE).as_millis()))?;
    Ok(job)
}

fn settle(tx: &mut Tx<'_>, job: &Job, outcome: JobOutcome) -> StoreResult<bool> {
    let held = (job.id.raw(), job.token);
    let changed = match outcome {
        JobOutcome::Done => execute(tx.connection, DONE, held)?,
        JobOutcome::Failed { error } => execute(tx.connection, FAILED, (held.0, held.1, error))?,
        JobOutcome::Retry { due_at, error } => {
            // An equal one was added meanwhile and does the same: this one can go.
            let key = (job.workspace_id.raw(), to_json(&job.task, "job.task")?);
            match one(tx.connection, EQUAL_WAITS, key, |_| Ok(()))? {
                Some(()) => execute(tx.connection, DONE, held)?,
                None => execute(tx.connection, AGAIN, (held.0, held.1, due_at.as_millis(), error))?,
            }
        }
    };
    tx.notify |= changed == 1;
    Ok(changed == 1)
}
