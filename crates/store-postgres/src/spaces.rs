//! The port `Spaces`: Respond.io's workspaces, the accounts that hang on them, and how far their whole history is here.

use async_trait::async_trait;
use domain::{
    Id, Timestamp,
    account::{Account, ProviderKind},
    space::{Space, SpaceChannel, SpacePatch, SpaceState, UNREADABLE_AFTER, Unreadable, WholeHistory},
    store::{Spaces, StoreResult},
    workspace::Workspace,
};

use crate::{
    PostgresStore,
    error::Fault,
    load,
    rows::{all, from_json, from_word, json, moment, word},
    transaction::{Touches, Tx},
};

/// A row of the table.
#[derive(Debug)]
struct SpaceRow {
    id: i64,
    workspace_id: i64,
    token: Vec<u8>,
    channels: String,
    state: String,
    reason: Option<String>,
    pushed_at: Option<i64>,
    created_at: i64,
    history_asked_at: Option<i64>,
    history_listed_at: Option<i64>,
}

impl TryFrom<SpaceRow> for Space {
    type Error = Fault;

    fn try_from(row: SpaceRow) -> Result<Self, Fault> {
        Ok(Self {
            id: Id::from_raw(row.id),
            workspace_id: Id::from_raw(row.workspace_id),
            token: row.token,
            channels: from_json("respondio_space.channels", &row.channels)?,
            state: from_word("respondio_space.state", &row.state)?,
            reason: row.reason,
            pushed_at: moment(row.pushed_at),
            created_at: Timestamp::from_millis(row.created_at),
            history_asked_at: moment(row.history_asked_at),
            history_listed_at: moment(row.history_listed_at),
        })
    }
}

macro_rules! space_rows {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            SpaceRow,
            "SELECT s.id, s.workspace_id, s.token, s.channels, s.state, s.reason, s.pushed_at, s.created_at, s.history_asked_at,
            s.history_listed_at FROM respondio_space s " + $rest
            $(, $argument)*
        )
    };
}

#[async_trait]
impl Spaces for PostgresStore {
    async fn new_space_id(&self) -> StoreResult<Id<Space>> {
        Ok(self.ids.next(self.clock.now())?)
    }

    async fn add_space(
        &self,
        workspace: Id<Workspace>,
        id: Id<Space>,
        token: Vec<u8>,
        channels: Vec<SpaceChannel>,
    ) -> StoreResult<Space> {
        self.write(Touches::default(), move |tx| {
            let (token, channels) = (token.clone(), channels.clone());
            Box::pin(async move {
                let created_at = tx.now();
                sqlx::query!(
                    "INSERT INTO respondio_space (id, workspace_id, token, channels, state, created_at) VALUES ($1, $2, $3, $4, 'active', $5)",
                    id.raw(),
                    workspace.raw(),
                    token,
                    json(&channels)?,
                    created_at.as_millis(),
                )
                .execute(&mut tx.conn)
                .await?;
                Ok(Space {
                    id,
                    workspace_id: workspace,
                    token,
                    channels,
                    state: SpaceState::Active,
                    reason: None,
                    pushed_at: None,
                    created_at,
                    history_asked_at: None,
                    history_listed_at: None,
                })
            })
        })
        .await
    }

    async fn patch_space(
        &self,
        workspace: Id<Workspace>,
        id: Id<Space>,
        patch: SpacePatch,
    ) -> StoreResult<Option<Space>> {
        self.write(Touches::default(), move |tx| {
            let patch = patch.clone();
            Box::pin(async move {
                let (state, reason) = patch.state.unzip();
                sqlx::query!(
                    "UPDATE respondio_space SET token = COALESCE($3, token), channels = COALESCE($4, channels), state = COALESCE($5, state),
                    reason = CASE WHEN $5::text IS NULL THEN reason ELSE $6 END, pushed_at = COALESCE($7, pushed_at)
                    WHERE workspace_id = $1 AND id = $2",
                    workspace.raw(),
                    id.raw(),
                    patch.token,
                    patch.channels.map(|list| json(&list)).transpose()?,
                    state.map(|state| word(&state)),
                    reason.flatten(),
                    patch.pushed_at.map(Timestamp::as_millis),
                )
                .execute(&mut tx.conn)
                .await?;
                one(tx, workspace, id).await
            })
        })
        .await
    }

    async fn spaces(&self, workspace: Id<Workspace>) -> StoreResult<Vec<Space>> {
        let mut tx = self.read(workspace).await?;
        let rows = space_rows!("WHERE s.workspace_id = $1 ORDER BY s.created_at, s.id", workspace.raw())
            .fetch_all(&mut *tx)
            .await
            .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(all(rows)?)
    }

    async fn spaces_any_workspace(&self) -> StoreResult<Vec<Space>> {
        let mut tx = self.read_system().await?;
        let rows = space_rows!("ORDER BY s.created_at, s.id").fetch_all(&mut *tx).await.map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(all(rows)?)
    }

    async fn remove_space(&self, workspace: Id<Workspace>, id: Id<Space>) -> StoreResult<bool> {
        self.write(Touches::default(), move |tx| {
            Box::pin(async move {
                let (workspace, id) = (workspace.raw(), id.raw());
                let done =
                    sqlx::query!("DELETE FROM respondio_space WHERE workspace_id = $1 AND id = $2", workspace, id)
                        .execute(&mut tx.conn)
                        .await?;
                Ok(done.rows_affected() == 1)
            })
        })
        .await
    }

    async fn hang_account(
        &self,
        workspace: Id<Workspace>,
        space: Id<Space>,
        account: Id<Account>,
    ) -> StoreResult<bool> {
        self.write(Touches::default(), move |tx| {
            Box::pin(async move {
                if one(tx, workspace, space).await?.is_none() {
                    return Ok(false);
                }
                let known =
                    sqlx::query_scalar!("SELECT space_id FROM respondio_account WHERE account_id = $1", account.raw())
                        .fetch_optional(&mut tx.conn)
                        .await?;
                if known == Some(space.raw()) {
                    return Ok(true);
                }
                sqlx::query!(
                    "INSERT INTO respondio_account (account_id, workspace_id, space_id) VALUES ($1, $2, $3)
                    ON CONFLICT (account_id) DO UPDATE SET space_id = excluded.space_id",
                    account.raw(),
                    workspace.raw(),
                    space.raw(),
                )
                .execute(&mut tx.conn)
                .await?;
                sqlx::query!("DELETE FROM respondio_mark WHERE space_id = $1", space.raw())
                    .execute(&mut tx.conn)
                    .await?;
                sqlx::query!("DELETE FROM respondio_unreadable WHERE space_id = $1", space.raw())
                    .execute(&mut tx.conn)
                    .await?;
                sqlx::query!("UPDATE respondio_space SET history_listed_at = NULL WHERE id = $1", space.raw())
                    .execute(&mut tx.conn)
                    .await?;
                Ok(true)
            })
        })
        .await
    }

    async fn space_of(&self, workspace: Id<Workspace>, account: Id<Account>) -> StoreResult<Option<Space>> {
        let mut tx = self.read(workspace).await?;
        let row = space_rows!(
            "JOIN respondio_account h ON h.space_id = s.id WHERE h.workspace_id = $1 AND h.account_id = $2",
            workspace.raw(),
            account.raw(),
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(row.map(Space::try_from).transpose()?)
    }

    async fn accounts_of_space(&self, workspace: Id<Workspace>, space: Id<Space>) -> StoreResult<Vec<Account>> {
        let mut tx = self.read(workspace).await?;
        let ids = sqlx::query_scalar!(
            "SELECT h.account_id FROM respondio_account h JOIN account a ON a.id = h.account_id
            WHERE h.workspace_id = $1 AND h.space_id = $2 ORDER BY a.created_at, a.id",
            workspace.raw(),
            space.raw(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(Fault::from)?;
        let mut accounts = Vec::new();
        for id in ids {
            // As Respond.io knows them, whoever sends.
            accounts.extend(load::account_through(&mut tx, Id::from_raw(id), ProviderKind::Respondio).await?);
        }
        tx.commit().await.map_err(Fault::from)?;
        Ok(accounts)
    }

    async fn ask_history(&self, workspace: Id<Workspace>, space: Id<Space>) -> StoreResult<Option<Space>> {
        self.write(Touches::default(), move |tx| {
            Box::pin(async move {
                sqlx::query!(
                    "UPDATE respondio_space SET history_asked_at = COALESCE(history_asked_at, $3) WHERE workspace_id = $1 AND id = $2",
                    workspace.raw(),
                    space.raw(),
                    tx.now().as_millis(),
                )
                .execute(&mut tx.conn)
                .await?;
                one(tx, workspace, space).await
            })
        })
        .await
    }

    async fn whole_history(&self, workspace: Id<Workspace>, space: Id<Space>) -> StoreResult<Option<WholeHistory>> {
        let mut tx = self.read(workspace).await?;
        let least = i64::try_from(UNREADABLE_AFTER.as_millis()).unwrap_or(i64::MAX);
        let row = sqlx::query!(
            r#"SELECT s.history_asked_at AS "asked_at!", s.history_listed_at, s.lease_until,
            (SELECT count(*) FROM respondio_mark m WHERE m.space_id = s.id)
            + (SELECT count(*) FROM respondio_unreadable u WHERE u.space_id = s.id AND NOT EXISTS
            (SELECT 1 FROM respondio_mark m WHERE m.space_id = u.space_id AND m.contact_id = u.contact_id)) AS "contacts!",
            (SELECT count(*) FROM respondio_mark m WHERE m.space_id = s.id AND m.whole) AS "whole!",
            (SELECT count(*) FROM respondio_unreadable u WHERE u.space_id = s.id AND u.failed_at - u.since >= $3) AS "unreadable!"
            FROM respondio_space s WHERE s.workspace_id = $1 AND s.id = $2 AND s.history_asked_at IS NOT NULL"#,
            workspace.raw(),
            space.raw(),
            least,
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(Fault::from)?;
        let named = sqlx::query!(
            "SELECT contact_id, problem, since FROM respondio_unreadable
            WHERE workspace_id = $1 AND space_id = $2 AND failed_at - since >= $3 ORDER BY since, contact_id LIMIT $4",
            workspace.raw(),
            space.raw(),
            least,
            i64::from(WholeHistory::SHOWN),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        let Some(row) = row else { return Ok(None) };
        let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        let named = named.into_iter().map(|row| {
            Ok(Unreadable {
                contact: row.contact_id.cast_unsigned(),
                problem: from_json("respondio_unreadable.problem", &row.problem)?,
                since: Timestamp::from_millis(row.since),
            })
        });
        Ok(Some(WholeHistory {
            asked_at: Timestamp::from_millis(row.asked_at),
            listed: row.history_listed_at.is_some(),
            contacts: count(row.contacts),
            whole: count(row.whole),
            unreadable: count(row.unreadable),
            unreadable_contacts: named.collect::<Result<_, Fault>>()?,
            leased_until: moment(row.lease_until),
        }))
    }
}

async fn one(tx: &mut Tx, workspace: Id<Workspace>, id: Id<Space>) -> Result<Option<Space>, Fault> {
    let row = space_rows!("WHERE s.workspace_id = $1 AND s.id = $2", workspace.raw(), id.raw())
        .fetch_optional(&mut tx.conn)
        .await?;
    row.map(Space::try_from).transpose()
}
