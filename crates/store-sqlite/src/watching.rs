//! The port [`Watching`]: the right to ask a workspace of Respond.io, and how far its contacts were read.

use std::time::Duration;

use async_trait::async_trait;
use domain::{
    id::Id,
    space::{Back, Mark, ReadProblem, Space, SpaceLease},
    store::{StoreResult, Watching},
};
use rusqlite::params;

use crate::{
    SqliteStore,
    sql::{Columns, execute, many, one, statements, to_json},
};

/// How long the right to ask a space is held without being kept.
const HELD: Duration = Duration::from_mins(1);

statements! {
    TAKE_SPACE = "UPDATE respondio_space SET lease_token = ?2, lease_until = ?3 WHERE id = ?1 AND (lease_until IS NULL OR lease_until <= ?4)";
    KEEP_SPACE = "UPDATE respondio_space SET lease_until = max(lease_until, ?3) WHERE id = ?1 AND lease_token = ?2";
    RELEASE_SPACE = "UPDATE respondio_space SET lease_token = NULL, lease_until = NULL WHERE id = ?1 AND lease_token = ?2";
    MARKS = "SELECT contact_id, up_to, pending, ours FROM respondio_mark WHERE space_id = ?1 ORDER BY contact_id";
    SET_MARK = "INSERT INTO respondio_mark (space_id, contact_id, workspace_id, up_to, pending, ours, back_cursor, whole) \
                SELECT id, ?3, workspace_id, ?4, ?5, ?6, ?7, coalesce(?8, 0) FROM respondio_space WHERE id = ?1 AND lease_token = ?2 \
                ON CONFLICT (space_id, contact_id) DO UPDATE SET up_to = excluded.up_to, pending = excluded.pending, ours = excluded.ours, \
                back_cursor = CASE WHEN ?8 IS NULL THEN respondio_mark.back_cursor ELSE excluded.back_cursor END, whole = coalesce(?8, respondio_mark.whole)";
    SET_BACK = "UPDATE respondio_mark SET back_cursor = ?4, whole = ?5 WHERE space_id = ?1 AND contact_id = ?3 \
                AND EXISTS (SELECT 1 FROM respondio_space WHERE id = ?1 AND lease_token = ?2)";
    NEXT_BACK = "SELECT contact_id, back_cursor FROM respondio_mark WHERE space_id = ?1 AND whole = 0 AND contact_id >= ?2 ORDER BY contact_id LIMIT 1";
    LISTED = "UPDATE respondio_space SET history_listed_at = coalesce(history_listed_at, ?4) WHERE id = ?1 AND lease_token = ?2 \
              AND (SELECT count(*) FROM respondio_mark WHERE space_id = ?1) + (SELECT count(*) FROM respondio_unreadable u WHERE u.space_id = ?1 \
              AND NOT EXISTS (SELECT 1 FROM respondio_mark m WHERE m.space_id = u.space_id AND m.contact_id = u.contact_id)) >= ?3";
    READ_FAILED = "INSERT INTO respondio_unreadable (space_id, contact_id, workspace_id, problem, since, failed_at) \
                   SELECT id, ?3, workspace_id, ?4, ?5, ?5 FROM respondio_space WHERE id = ?1 AND lease_token = ?2 \
                   ON CONFLICT (space_id, contact_id) DO UPDATE SET problem = excluded.problem, failed_at = excluded.failed_at";
    WAS_READ = "DELETE FROM respondio_unreadable WHERE space_id = ?1 AND contact_id = ?2";
    NEVER_READ = "SELECT contact_id FROM respondio_unreadable u WHERE space_id = ?1 AND NOT EXISTS \
                  (SELECT 1 FROM respondio_mark m WHERE m.space_id = u.space_id AND m.contact_id = u.contact_id) ORDER BY contact_id";
    FORGET_NEVER_READ = "DELETE FROM respondio_unreadable WHERE space_id = ?1 AND contact_id = ?2 AND NOT EXISTS \
                         (SELECT 1 FROM respondio_mark m WHERE m.space_id = ?1 AND m.contact_id = ?2)";
    IS_OURS = "SELECT 1 FROM respondio_space WHERE id = ?1 AND lease_token = ?2";
}

#[async_trait]
impl Watching for SqliteStore {
    async fn lease_space(&self, space: Id<Space>, held: Option<i64>) -> StoreResult<Option<SpaceLease>> {
        self.write(move |tx| {
            let until = tx.now.plus(HELD);
            if let Some(token) = held {
                let kept = execute(tx.connection, KEEP_SPACE, (space.raw(), token, until.as_millis()))? == 1;
                return Ok(kept.then_some(SpaceLease { space, token, until }));
            }
            let token = tx.new_id::<SpaceLease>()?.raw();
            let row = (space.raw(), token, until.as_millis(), tx.now.as_millis());
            let is_ours = execute(tx.connection, TAKE_SPACE, row)? == 1;
            Ok(is_ours.then_some(SpaceLease { space, token, until }))
        })
        .await
    }

    async fn release_space(&self, lease: SpaceLease) -> StoreResult<()> {
        self.write(move |tx| execute(tx.connection, RELEASE_SPACE, (lease.space.raw(), lease.token)).map(drop)).await
    }

    async fn marks(&self, space: Id<Space>) -> StoreResult<Vec<Mark>> {
        self.read(move |connection| {
            many(connection, MARKS, [space.raw()], |row| {
                let mut columns = Columns::new(row, "respondio_mark");
                Ok(Mark {
                    contact: columns.get::<i64>()?.cast_unsigned(),
                    up_to: columns.get::<i64>()?.cast_unsigned(),
                    pending: columns.get::<Option<i64>>()?.map(i64::cast_unsigned),
                    ours: columns.get()?,
                })
            })
        })
        .await
    }

    async fn set_mark(&self, lease: SpaceLease, mark: Mark, back: Option<Back>) -> StoreResult<bool> {
        self.write(move |tx| {
            let reads = back.is_some();
            let (cursor, whole) = back.map(columns_of).unzip();
            let row = params![
                lease.space.raw(),
                lease.token,
                mark.contact.cast_signed(),
                mark.up_to.cast_signed(),
                mark.pending.map(u64::cast_signed),
                mark.ours,
                cursor.flatten(),
                whole,
            ];
            let done = execute(tx.connection, SET_MARK, row)? == 1;
            if done && reads {
                execute(tx.connection, WAS_READ, (lease.space.raw(), mark.contact.cast_signed()))?;
            }
            Ok(done)
        })
        .await
    }

    async fn set_back(&self, lease: SpaceLease, contact: u64, back: Back) -> StoreResult<bool> {
        self.write(move |tx| {
            let (cursor, whole) = columns_of(back);
            let row = (lease.space.raw(), lease.token, contact.cast_signed(), cursor, whole);
            let done = execute(tx.connection, SET_BACK, row)? == 1;
            if done {
                execute(tx.connection, WAS_READ, (lease.space.raw(), contact.cast_signed()))?;
            }
            Ok(done)
        })
        .await
    }

    async fn next_back(&self, space: Id<Space>, from: u64) -> StoreResult<Option<(u64, Back)>> {
        self.read(move |connection| {
            one(connection, NEXT_BACK, (space.raw(), from.cast_signed()), |row| {
                let mut columns = Columns::new(row, "respondio_mark");
                let contact = columns.get::<i64>()?.cast_unsigned();
                let cursor = columns.get::<Option<String>>()?;
                Ok((contact, cursor.map_or(Back::Newest, |cursor| Back::Down { cursor })))
            })
        })
        .await
    }

    async fn read_failed(&self, lease: SpaceLease, contact: u64, problem: ReadProblem) -> StoreResult<bool> {
        self.write(move |tx| {
            let problem = to_json(&problem, "respondio_unreadable.problem")?;
            let row = (lease.space.raw(), lease.token, contact.cast_signed(), problem, tx.now.as_millis());
            Ok(execute(tx.connection, READ_FAILED, row)? == 1)
        })
        .await
    }

    async fn never_read(&self, space: Id<Space>) -> StoreResult<Vec<u64>> {
        self.read(move |connection| {
            many(connection, NEVER_READ, [space.raw()], |row| {
                Ok(Columns::new(row, "respondio_unreadable").get::<i64>()?.cast_unsigned())
            })
        })
        .await
    }

    async fn forget_never_read(&self, lease: SpaceLease, contacts: Vec<u64>) -> StoreResult<bool> {
        self.write(move |tx| {
            let ours = one(tx.connection, IS_OURS, (lease.space.raw(), lease.token), |_| Ok(()))?.is_some();
            for contact in contacts.into_iter().filter(|_| ours) {
                execute(tx.connection, FORGET_NEVER_READ, (lease.space.raw(), contact.cast_signed()))?;
            }
            Ok(ours)
        })
        .await
    }

    async fn history_listed(&self, lease: SpaceLease, contacts: u64) -> StoreResult<bool> {
        self.write(move |tx| {
            let row = (lease.space.raw(), lease.token, contacts.cast_signed(), tx.now.as_millis());
            Ok(execute(tx.connection, LISTED, row)? == 1)
        })
        .await
    }
}

/// The columns `back_cursor` and `whole`.
fn columns_of(back: Back) -> (Option<String>, bool) {
    match back {
        Back::Newest => (None, false),
        Back::Down { cursor } => (Some(cursor), false),
        Back::Whole => (None, true),
    }
}
