//! The port `Watching`: the right to ask a workspace of Respond.io, and how far its contacts were read.

use std::time::Duration;

use async_trait::async_trait;
use domain::{
    Id,
    space::{Back, Mark, ReadProblem, Space, SpaceLease},
    store::{StoreResult, Watching},
};

use crate::{
    PostgresStore,
    error::Fault,
    rows::json,
    transaction::{Touches, Tx},
};

/// How long the right to ask a space is held without being kept.
const HELD: Duration = Duration::from_mins(1);

#[async_trait]
impl Watching for PostgresStore {
    async fn lease_space(&self, space: Id<Space>, held: Option<i64>) -> StoreResult<Option<SpaceLease>> {
        self.write(Touches::default(), move |tx| Box::pin(lease(tx, space, held))).await
    }

    async fn release_space(&self, lease: SpaceLease) -> StoreResult<()> {
        self.write(Touches::default(), move |tx| {
            Box::pin(async move {
                sqlx::query!(
                    "UPDATE respondio_space SET lease_token = NULL, lease_until = NULL WHERE id = $1 AND lease_token = $2",
                    lease.space.raw(),
                    lease.token,
                )
                .execute(&mut tx.conn)
                .await?;
                Ok(())
            })
        })
        .await
    }

    async fn marks(&self, space: Id<Space>) -> StoreResult<Vec<Mark>> {
        let mut tx = self.read_system().await?;
        let rows = sqlx::query!(
            "SELECT contact_id, up_to, pending, ours FROM respondio_mark WHERE space_id = $1 ORDER BY contact_id",
            space.raw(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        let marks = rows.into_iter().map(|row| Mark {
            contact: row.contact_id.cast_unsigned(),
            up_to: row.up_to.cast_unsigned(),
            pending: row.pending.map(i64::cast_unsigned),
            ours: row.ours,
        });
        Ok(marks.collect())
    }

    async fn set_mark(&self, lease: SpaceLease, mark: Mark, back: Option<Back>) -> StoreResult<bool> {
        self.write(Touches::default(), move |tx| {
            let reads = back.is_some();
            let (cursor, whole) = back.clone().map(columns_of).unzip();
            Box::pin(async move {
                let done = sqlx::query!(
                    "INSERT INTO respondio_mark (space_id, contact_id, workspace_id, up_to, pending, ours, back_cursor, whole)
                    SELECT id, $3, workspace_id, $4, $5, $6, $7, COALESCE($8::boolean, FALSE) FROM respondio_space WHERE id = $1 AND lease_token = $2
                    ON CONFLICT (space_id, contact_id) DO UPDATE SET up_to = excluded.up_to, pending = excluded.pending, ours = excluded.ours,
                    back_cursor = CASE WHEN $8::boolean IS NULL THEN respondio_mark.back_cursor ELSE excluded.back_cursor END,
                    whole = COALESCE($8::boolean, respondio_mark.whole)",
                    lease.space.raw(),
                    lease.token,
                    mark.contact.cast_signed(),
                    mark.up_to.cast_signed(),
                    mark.pending.map(u64::cast_signed),
                    mark.ours,
                    cursor.flatten(),
                    whole,
                )
                .execute(&mut tx.conn)
                .await?;
                let done = done.rows_affected() == 1;
                if done && reads {
                    was_read(tx, lease.space, mark.contact).await?;
                }
                Ok(done)
            })
        })
        .await
    }

    async fn set_back(&self, lease: SpaceLease, contact: u64, back: Back) -> StoreResult<bool> {
        self.write(Touches::default(), move |tx| {
            let (cursor, whole) = columns_of(back.clone());
            Box::pin(async move {
                let done = sqlx::query!(
                    "UPDATE respondio_mark SET back_cursor = $4, whole = $5 WHERE space_id = $1 AND contact_id = $3
                    AND EXISTS (SELECT 1 FROM respondio_space WHERE id = $1 AND lease_token = $2)",
                    lease.space.raw(),
                    lease.token,
                    contact.cast_signed(),
                    cursor,
                    whole,
                )
                .execute(&mut tx.conn)
                .await?;
                let done = done.rows_affected() == 1;
                if done {
                    was_read(tx, lease.space, contact).await?;
                }
                Ok(done)
            })
        })
        .await
    }

    async fn next_back(&self, space: Id<Space>, from: u64) -> StoreResult<Option<(u64, Back)>> {
        let mut tx = self.read_system().await?;
        let row = sqlx::query!(
            "SELECT contact_id, back_cursor FROM respondio_mark WHERE space_id = $1 AND NOT whole AND contact_id >= $2
            ORDER BY contact_id LIMIT 1",
            space.raw(),
            from.cast_signed(),
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        let back = |cursor: Option<String>| cursor.map_or(Back::Newest, |cursor| Back::Down { cursor });
        Ok(row.map(|row| (row.contact_id.cast_unsigned(), back(row.back_cursor))))
    }

    async fn read_failed(&self, lease: SpaceLease, contact: u64, problem: ReadProblem) -> StoreResult<bool> {
        self.write(Touches::default(), move |tx| {
            Box::pin(async move {
                let done = sqlx::query!(
                    "INSERT INTO respondio_unreadable (space_id, contact_id, workspace_id, problem, since, failed_at)
                    SELECT id, $3, workspace_id, $4, $5, $5 FROM respondio_space WHERE id = $1 AND lease_token = $2
                    ON CONFLICT (space_id, contact_id) DO UPDATE SET problem = excluded.problem, failed_at = excluded.failed_at",
                    lease.space.raw(),
                    lease.token,
                    contact.cast_signed(),
                    json(&problem)?,
                    tx.now().as_millis(),
                )
                .execute(&mut tx.conn)
                .await?;
                Ok(done.rows_affected() == 1)
            })
        })
        .await
    }

    async fn never_read(&self, space: Id<Space>) -> StoreResult<Vec<u64>> {
        let mut tx = self.read_system().await?;
        let contacts = sqlx::query_scalar!(
            "SELECT contact_id FROM respondio_unreadable u WHERE space_id = $1 AND NOT EXISTS
            (SELECT 1 FROM respondio_mark m WHERE m.space_id = u.space_id AND m.contact_id = u.contact_id) ORDER BY contact_id",
            space.raw(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(contacts.into_iter().map(i64::cast_unsigned).collect())
    }

    async fn forget_never_read(&self, lease: SpaceLease, contacts: Vec<u64>) -> StoreResult<bool> {
        self.write(Touches::default(), move |tx| {
            let contacts: Vec<i64> = contacts.iter().map(|contact| contact.cast_signed()).collect();
            Box::pin(async move {
                let (space, token) = (lease.space.raw(), lease.token);
                let held = sqlx::query_scalar!(
                    "SELECT id FROM respondio_space WHERE id = $1 AND lease_token = $2",
                    space,
                    token
                )
                .fetch_optional(&mut tx.conn)
                .await?;
                if held.is_none() {
                    return Ok(false);
                }
                sqlx::query!(
                    "DELETE FROM respondio_unreadable u WHERE space_id = $1 AND contact_id = ANY($2) AND NOT EXISTS
                    (SELECT 1 FROM respondio_mark m WHERE m.space_id = u.space_id AND m.contact_id = u.contact_id)",
                    space,
                    &contacts,
                )
                .execute(&mut tx.conn)
                .await?;
                Ok(true)
            })
        })
        .await
    }

    async fn history_listed(&self, lease: SpaceLease, contacts: u64) -> StoreResult<bool> {
        self.write(Touches::default(), move |tx| {
            Box::pin(async move {
                let done = sqlx::query!(
                    "UPDATE respondio_space SET history_listed_at = COALESCE(history_listed_at, $4) WHERE id = $1 AND lease_token = $2
                    AND (SELECT count(*) FROM respondio_mark WHERE space_id = $1) + (SELECT count(*) FROM respondio_unreadable u
                    WHERE u.space_id = $1 AND NOT EXISTS (SELECT 1 FROM respondio_mark m
                    WHERE m.space_id = u.space_id AND m.contact_id = u.contact_id)) >= $3",
                    lease.space.raw(),
                    lease.token,
                    contacts.cast_signed(),
                    tx.now().as_millis(),
                )
                .execute(&mut tx.conn)
                .await?;
                Ok(done.rows_affected() == 1)
            })
        })
        .await
    }
}

/// That it could not be read is over.
async fn was_read(tx: &mut Tx, space: Id<Space>, contact: u64) -> Result<(), Fault> {
    let (space, contact) = (space.raw(), contact.cast_signed());
    sqlx::query!("DELETE FROM respondio_unreadable WHERE space_id = $1 AND contact_id = $2", space, contact)
        .execute(&mut tx.conn)
        .await?;
    Ok(())
}

/// The columns `back_cursor` and `whole`.
fn columns_of(back: Back) -> (Option<String>, bool) {
    match back {
        Back::Newest => (None, false),
        Back::Down { cursor } => (Some(cursor), false),
        Back::Whole => (None, true),
    }
}

async fn lease(tx: &mut Tx, space: Id<Space>, held: Option<i64>) -> Result<Option<SpaceLease>, Fault> {
    let now = tx.now();
    let until = now.plus(HELD);
    let (fence, done) = if let Some(fence) = held {
        let keep = sqlx::query!(
            "UPDATE respondio_space SET lease_until = GREATEST(lease_until, $3) WHERE id = $1 AND lease_token = $2",
            space.raw(),
            fence,
            until.as_millis(),
        );
        (fence, keep.execute(&mut tx.conn).await?)
    } else {
        let fence = tx.ids.next::<SpaceLease>(now)?.raw();
        let take = sqlx::query!(
            "UPDATE respondio_space SET lease_token = $2, lease_until = $3 WHERE id = $1 AND (lease_until IS NULL OR lease_until <= $4)",
            space.raw(),
            fence,
            until.as_millis(),
            now.as_millis(),
        );
        (fence, take.execute(&mut tx.conn).await?)
    };
    Ok((done.rows_affected() == 1).then_some(SpaceLease { space, token: fence, until }))
}
