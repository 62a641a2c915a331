//! The queue, its attempts, jobs, referrals, and messages that were not told.

use domain::{
    Id,
    job::{Job, NewJob},
    journal::{NewReferral, ReferralKey, SettledAttempt},
    message::Message,
    outbox::{Attempt, OutboxRow},
    withheld::NewWithheld,
};
use sqlx::PgConnection;

use super::column;
use crate::{
    error::Fault,
    rows::{json, phase_word, raw},
    transaction::Tx,
};

/// Deletes referrals whose time is told now.
pub(super) async fn remove_referrals(conn: &mut PgConnection, rows: &[ReferralKey]) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "DELETE FROM referral r USING unnest($1::bigint[], $2::text[], $3::bigint[]) AS k (conversation_id, source_key, at)
        WHERE r.conversation_id = k.conversation_id AND r.source_key = k.source_key AND r.referred_at = k.at",
        &raw(rows.iter().map(|row| row.conversation_id)),
        &column!(rows, row => row.source.clone()),
        &column!(rows, row => row.at.as_millis()),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Inserts referrals.
pub(super) async fn referrals(conn: &mut PgConnection, rows: &[NewReferral]) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    let details = rows.iter().map(|row| json(&row.referral.source)).collect::<Result<Vec<_>, _>>()?;
    sqlx::query!(
        "INSERT INTO referral (workspace_id, conversation_id, source_key, referred_at, dated, detail)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bool[], $6::text[])",
        &raw(rows.iter().map(|row| row.workspace_id)),
        &raw(rows.iter().map(|row| row.conversation_id)),
        &column!(rows, row => row.referral.source.key()),
        &column!(rows, row => row.referral.at.as_millis()),
        &column!(rows, row => row.referral.dated),
        &details,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Inserts notices of messages that were not told; a known one stays as it is.
pub(super) async fn withheld(conn: &mut PgConnection, rows: &[NewWithheld]) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO withheld_message (id, workspace_id, account_id, said_at, state, candidates)
        SELECT n.id, n.workspace_id, n.account_id, n.said_at, 'looking', '[]'
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS n (id, workspace_id, account_id, said_at)
        ON CONFLICT (account_id, said_at) DO NOTHING",
        &raw(rows.iter().map(|row| row.id)),
        &raw(rows.iter().map(|row| row.workspace_id)),
        &raw(rows.iter().map(|row| row.account_id)),
        &column!(rows, row => row.at.as_millis()),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Inserts or replaces outbox rows.
pub(super) async fn upsert(conn: &mut PgConnection, rows: &[OutboxRow]) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO outbox (message_id, workspace_id, account_id, conversation_id, queued_at, due_at, phase, attempts, lease_token,
            lease_until, begun)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::bigint[],
            $9::bigint[], $10::bigint[], $11::bool[])
        ON CONFLICT (message_id) DO UPDATE SET queued_at = excluded.queued_at, due_at = excluded.due_at, phase = excluded.phase,
            attempts = excluded.attempts, lease_token = excluded.lease_token, lease_until = excluded.lease_until, begun = excluded.begun",
        &raw(rows.iter().map(|row| row.message_id)),
        &raw(rows.iter().map(|row| row.workspace_id)),
        &raw(rows.iter().map(|row| row.account_id)),
        &raw(rows.iter().map(|row| row.conversation_id)),
        &column!(rows, row => row.queued_at.as_millis()),
        &column!(rows, row => row.due_at.as_millis()),
        &column!(rows, row => phase_word(row.phase).to_owned()),
        &column!(rows, row => i64::from(row.attempts)),
        &column!(rows, row => row.lease.map(|lease| lease.token)) as &[Option<i64>],
        &column!(rows, row => row.lease.map(|lease| lease.until.as_millis())) as &[Option<i64>],
        &column!(rows, row => row.begun),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes outbox rows.
pub(super) async fn remove(conn: &mut PgConnection, ids: &[Id<Message>]) -> Result<(), Fault> {
    if !ids.is_empty() {
        let ids = raw(ids.iter().copied());
        sqlx::query!("DELETE FROM outbox WHERE message_id = ANY($1)", &ids).execute(conn).await?;
    }
    Ok(())
}

/// Inserts attempts. At most a few: one after the other.
pub(super) async fn attempts(conn: &mut PgConnection, rows: &[Attempt]) -> Result<(), Fault> {
    for attempt in rows {
        sqlx::query!(
            "INSERT INTO attempt (id, workspace_id, message_id, token, began_at) VALUES ($1, $2, $3, $4, $5)",
            attempt.id.raw(),
            attempt.workspace_id.raw(),
            attempt.message_id.raw(),
            attempt.token,
            attempt.began_at.as_millis(),
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Writes how attempts ended.
pub(super) async fn settle_attempts(
    conn: &mut PgConnection,
    workspaces: &[i64],
    rows: &[SettledAttempt],
) -> Result<(), Fault> {
    for settled in rows {
        sqlx::query!(
            "UPDATE attempt SET settled_at = $4, outcome = $5, code = $6 WHERE workspace_id = ANY($1) AND message_id = $2 AND token = $3",
            workspaces,
            settled.message_id.raw(),
            settled.token,
            settled.at.as_millis(),
            settled.outcome,
            settled.code,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Inserts jobs; one that waits already is not doubled.
pub(crate) async fn jobs(tx: &mut Tx, rows: &[NewJob]) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let ids = rows.iter().map(|_| tx.ids.next::<Job>(now).map(Id::raw)).collect::<Result<Vec<_>, _>>()?;
    let tasks = rows.iter().map(|row| json(&row.task)).collect::<Result<Vec<_>, _>>()?;
    sqlx::query!(
        "INSERT INTO job (id, workspace_id, task, due_at, attempts, failed, created_at, later)
        SELECT n.id, n.workspace_id, n.task, n.due_at, 0, false, $5, n.later
        FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $6::bool[]) AS n (id, workspace_id, task, due_at, later)
        ON CONFLICT (workspace_id, task) WHERE lease_token IS NULL AND NOT failed DO NOTHING",
        &ids,
        &raw(rows.iter().map(|row| row.workspace_id)),
        &tasks,
        &column!(rows, row => row.due_at.as_millis()),
        now.as_millis(),
        &column!(rows, row => row.later),
    )
    .execute(&mut tx.conn)
    .await?;
    Ok(())
}
