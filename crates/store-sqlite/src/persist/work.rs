//! What is left to do: the outbox, its attempts, what is to be looked for, and jobs. Called by `persist` and, for single jobs, by `jobs`.

use domain::{
    Timestamp,
    id::Id,
    job::{Job, NewJob},
    journal::Changes,
    store::StoreResult,
    withheld::NewWithheld,
};
use rusqlite::{Connection, params};

use crate::{
    sql::{execute, statements, to_json},
    text::Text,
    writer::Tx,
};

statements! {
    DELETE_OUTBOX = "DELETE FROM outbox WHERE message_id = ?1";
    UPSERT_OUTBOX = "INSERT INTO outbox (message_id, workspace_id, account_id, conversation_id, queued_at, due_at, phase, attempts, lease_token, \
                     lease_until, begun) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
                     ON CONFLICT (message_id) DO UPDATE SET queued_at = excluded.queued_at, due_at = excluded.due_at, phase = excluded.phase, \
                     attempts = excluded.attempts, lease_token = excluded.lease_token, lease_until = excluded.lease_until, begun = excluded.begun";
    INSERT_ATTEMPT = "INSERT INTO attempt (id, workspace_id, message_id, token, began_at, settled_at, outcome, code) \
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    SETTLE_ATTEMPT = "UPDATE attempt SET settled_at = ?3, outcome = ?4, code = ?5 WHERE message_id = ?1 AND token = ?2";
    INSERT_WITHHELD = "INSERT INTO withheld_message (id, workspace_id, account_id, said_at, state, candidates) \
                       VALUES (?1, ?2, ?3, ?4, 'looking', '[]') ON CONFLICT (account_id, said_at) DO NOTHING";
    INSERT_JOB = "INSERT INTO job (id, workspace_id, task, due_at, attempts, failed, created_at, later) VALUES (?1, ?2, ?3, ?4, 0, 0, ?5, ?6) \
                  ON CONFLICT (workspace_id, task) WHERE lease_token IS NULL AND failed = 0 DO NOTHING";
}

/// Queue rows and attempts.
pub(super) fn outbox(connection: &Connection, changes: &Changes) -> StoreResult<()> {
    // A message that left the queue and came back is in `outbox` alone, so the order of the two does not matter.
    for id in &changes.removed_outbox {
        execute(connection, DELETE_OUTBOX, [id.raw()])?;
    }
    for row in &changes.outbox {
        let values = params![
            row.message_id.raw(),
            row.workspace_id.raw(),
            row.account_id.raw(),
            row.conversation_id.raw(),
            row.queued_at.as_millis(),
            row.due_at.as_millis(),
            row.phase.text(),
            row.attempts,
            row.lease.map(|lease| lease.token),
            row.lease.map(|lease| lease.until.as_millis()),
            row.begun,
        ];
        execute(connection, UPSERT_OUTBOX, values)?;
    }
    for attempt in &changes.attempts {
        let values = params![
            attempt.id.raw(),
            attempt.workspace_id.raw(),
            attempt.message_id.raw(),
            attempt.token,
            attempt.began_at.as_millis(),
            attempt.settled_at.map(Timestamp::as_millis),
            attempt.outcome,
            attempt.code,
        ];
        execute(connection, INSERT_ATTEMPT, values)?;
    }
    for settled in &changes.settled_attempts {
        let values = (settled.message_id.raw(), settled.token, settled.at.as_millis(), settled.outcome, settled.code);
        execute(connection, SETTLE_ATTEMPT, values)?;
    }
    Ok(())
}

/// Notes a message that was not told, unless its notice came before.
pub(super) fn withheld(connection: &Connection, new: &NewWithheld) -> StoreResult<()> {
    let row = (new.id.raw(), new.workspace_id.raw(), new.account_id.raw(), new.at.as_millis());
    execute(connection, INSERT_WITHHELD, row).map(drop)
}

/// Adds a job unless an equal one waits.
pub(crate) fn insert_job(tx: &Tx<'_>, job: &NewJob) -> StoreResult<()> {
    let id: Id<Job> = tx.new_id()?;
    let task = to_json(&job.task, "job.task")?;
    let row = (id.raw(), job.workspace_id.raw(), task, job.due_at.as_millis(), tx.now.as_millis(), job.later);
    execute(tx.connection, INSERT_JOB, row).map(drop)
}
