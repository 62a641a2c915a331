//! The port [`Spaces`]: Respond.io's workspaces, the accounts that hang on them, and how far their whole history is here.

use async_trait::async_trait;
use domain::{
    account::Account,
    clock::Timestamp,
    id::Id,
    space::{Space, SpaceChannel, SpacePatch, SpaceState, UNREADABLE_AFTER, Unreadable, WholeHistory},
    store::{Spaces, StoreResult},
    workspace::Workspace,
};
use rusqlite::{Row, params};

use crate::{
    SqliteStore,
    rows::{self, account_columns},
    sql::{Columns, execute, many, one, statements, to_json},
    text::Text,
};

macro_rules! space_columns {
    () => {
        "s.id, s.workspace_id, s.token, s.channels, s.state, s.reason, s.pushed_at, s.created_at, s.history_asked_at, s.history_listed_at"
    };
}

statements! {
    INSERT_SPACE = "INSERT INTO respondio_space (id, workspace_id, token, channels, state, created_at) VALUES (?1, ?2, ?3, ?4, 'active', ?5)";
    PATCH_SPACE = "UPDATE respondio_space SET token = coalesce(?3, token), channels = coalesce(?4, channels), state = coalesce(?5, state), \
                   reason = CASE WHEN ?5 IS NULL THEN reason ELSE ?6 END, pushed_at = coalesce(?7, pushed_at) WHERE workspace_id = ?1 AND id = ?2";
    SPACE = concat!("SELECT ", space_columns!(), " FROM respondio_space s WHERE s.workspace_id = ?1 AND s.id = ?2");
    SPACES = concat!("SELECT ", space_columns!(), " FROM respondio_space s WHERE s.workspace_id = ?1 ORDER BY s.created_at, s.id");
    ALL_SPACES = concat!("SELECT ", space_columns!(), " FROM respondio_space s ORDER BY s.created_at, s.id");
    SPACE_OF = concat!("SELECT ", space_columns!(), " FROM respondio_account h JOIN respondio_space s ON s.id = h.space_id \
                        WHERE h.workspace_id = ?1 AND h.account_id = ?2");
    REMOVE_SPACE = "DELETE FROM respondio_space WHERE workspace_id = ?1 AND id = ?2";
    HANGS = "SELECT space_id FROM respondio_account WHERE account_id = ?1";
    HANG = "INSERT INTO respondio_account (account_id, workspace_id, space_id) VALUES (?1, ?2, ?3) \
            ON CONFLICT (account_id) DO UPDATE SET space_id = excluded.space_id";
    FORGET_MARKS = "DELETE FROM respondio_mark WHERE space_id = ?1";
    FORGET_LISTED = "UPDATE respondio_space SET history_listed_at = NULL WHERE id = ?1";
    ASK_HISTORY = "UPDATE respondio_space SET history_asked_at = coalesce(history_asked_at, ?3) WHERE workspace_id = ?1 AND id = ?2";
    FORGET_UNREADABLE = "DELETE FROM respondio_unreadable WHERE space_id = ?1";
    WHOLE_HISTORY = "SELECT s.history_asked_at, s.history_listed_at IS NOT NULL, (SELECT count(*) FROM respondio_mark m WHERE m.space_id = s.id) \
                     + (SELECT count(*) FROM respondio_unreadable u WHERE u.space_id = s.id AND NOT EXISTS \
                     (SELECT 1 FROM respondio_mark m WHERE m.space_id = u.space_id AND m.contact_id = u.contact_id)), \
                     (SELECT count(*) FROM respondio_mark m WHERE m.space_id = s.id AND m.whole = 1), \
                     (SELECT count(*) FROM respondio_unreadable u WHERE u.space_id = s.id AND u.failed_at - u.since >= ?3), s.lease_until \
                     FROM respondio_space s WHERE s.workspace_id = ?1 AND s.id = ?2 AND s.history_asked_at IS NOT NULL";
    UNREADABLE = "SELECT contact_id, problem, since FROM respondio_unreadable WHERE workspace_id = ?1 AND space_id = ?2 AND failed_at - since >= ?3 \
                  ORDER BY since, contact_id LIMIT ?4";
    // As Respond.io knows them, whoever sends.
    ACCOUNTS = concat!("SELECT ", account_columns!(), " FROM account a JOIN binding b ON b.workspace_id = a.workspace_id AND b.account_id = a.id \
                        AND b.provider = 'respondio' LEFT JOIN token t ON t.binding_id = b.id LEFT JOIN history h ON h.account_id = a.id \
                        JOIN respondio_account hung ON hung.account_id = a.id \
                        WHERE hung.workspace_id = ?1 AND hung.space_id = ?2 ORDER BY a.created_at, a.id");
}

#[async_trait]
impl Spaces for SqliteStore {
    async fn new_space_id(&self) -> StoreResult<Id<Space>> {
        self.write(|tx| tx.new_id()).await
    }

    async fn add_space(
        &self,
        workspace: Id<Workspace>,
        id: Id<Space>,
        token: Vec<u8>,
        channels: Vec<SpaceChannel>,
    ) -> StoreResult<Space> {
        self.write(move |tx| {
            let listed = to_json(&channels, "respondio_space.channels")?;
            let row = params![id.raw(), workspace.raw(), token, listed, tx.now.as_millis()];
            execute(tx.connection, INSERT_SPACE, row)?;
            Ok(Space {
                id,
                workspace_id: workspace,
                token,
                channels,
                state: SpaceState::Active,
                reason: None,
                pushed_at: None,
                created_at: tx.now,
                history_asked_at: None,
                history_listed_at: None,
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
        self.write(move |tx| {
            let channels = patch.channels.map(|list| to_json(&list, "respondio_space.channels")).transpose()?;
            let (state, reason) = patch.state.unzip();
            let state = state.map(Text::text);
            let pushed_at = patch.pushed_at.map(Timestamp::as_millis);
            let row = params![workspace.raw(), id.raw(), patch.token, channels, state, reason.flatten(), pushed_at];
            execute(tx.connection, PATCH_SPACE, row)?;
            one(tx.connection, SPACE, (workspace.raw(), id.raw()), space)
        })
        .await
    }

    async fn spaces(&self, workspace: Id<Workspace>) -> StoreResult<Vec<Space>> {
        self.read(move |connection| many(connection, SPACES, [workspace.raw()], space)).await
    }

    async fn spaces_any_workspace(&self) -> StoreResult<Vec<Space>> {
        self.read(|connection| many(connection, ALL_SPACES, [], space)).await
    }

    async fn remove_space(&self, workspace: Id<Workspace>, id: Id<Space>) -> StoreResult<bool> {
        self.write(move |tx| Ok(execute(tx.connection, REMOVE_SPACE, (workspace.raw(), id.raw()))? == 1)).await
    }

    async fn hang_account(
        &self,
        workspace: Id<Workspace>,
        space_id: Id<Space>,
        account: Id<Account>,
    ) -> StoreResult<bool> {
        self.write(move |tx| {
            if one(tx.connection, SPACE, (workspace.raw(), space_id.raw()), space)?.is_none() {
                return Ok(false);
            }
            let known = one(tx.connection, HANGS, [account.raw()], |row| Columns::new(row, "respondio_account").id())?;
            if known != Some(space_id) {
                execute(tx.connection, HANG, (account.raw(), workspace.raw(), space_id.raw()))?;
                execute(tx.connection, FORGET_MARKS, [space_id.raw()])?;
                execute(tx.connection, FORGET_UNREADABLE, [space_id.raw()])?;
                execute(tx.connection, FORGET_LISTED, [space_id.raw()])?;
            }
            Ok(true)
        })
        .await
    }

    async fn space_of(&self, workspace: Id<Workspace>, account: Id<Account>) -> StoreResult<Option<Space>> {
        self.read(move |connection| one(connection, SPACE_OF, (workspace.raw(), account.raw()), space)).await
    }

    async fn accounts_of_space(&self, workspace: Id<Workspace>, space: Id<Space>) -> StoreResult<Vec<Account>> {
        self.read(move |connection| {
            many(connection, ACCOUNTS, (workspace.raw(), space.raw()), |row| {
                rows::account(&mut Columns::new(row, "account"))
            })
        })
        .await
    }

    async fn ask_history(&self, workspace: Id<Workspace>, id: Id<Space>) -> StoreResult<Option<Space>> {
        self.write(move |tx| {
            execute(tx.connection, ASK_HISTORY, (workspace.raw(), id.raw(), tx.now.as_millis()))?;
            one(tx.connection, SPACE, (workspace.raw(), id.raw()), space)
        })
        .await
    }

    async fn whole_history(&self, workspace: Id<Workspace>, id: Id<Space>) -> StoreResult<Option<WholeHistory>> {
        self.read(move |connection| {
            let least = i64::try_from(UNREADABLE_AFTER.as_millis()).unwrap_or(i64::MAX);
            let shown = (workspace.raw(), id.raw(), least, WholeHistory::SHOWN);
            let unreadable_contacts = many(connection, UNREADABLE, shown, unreadable)?;
            one(connection, WHOLE_HISTORY, (workspace.raw(), id.raw(), least), |row| {
                let mut columns = Columns::new(row, "respondio_space");
                Ok(WholeHistory {
                    asked_at: columns.time()?,
                    listed: columns.get()?,
                    contacts: columns.get()?,
                    whole: columns.get()?,
                    unreadable: columns.get()?,
                    unreadable_contacts: unreadable_contacts.clone(),
                    leased_until: columns.opt_time()?,
                })
            })
        })
        .await
    }
}

fn unreadable(row: &Row<'_>) -> StoreResult<Unreadable> {
    let mut columns = Columns::new(row, "respondio_unreadable");
    let contact = columns.get::<i64>()?.cast_unsigned();
    Ok(Unreadable { contact, problem: columns.json()?, since: columns.time()? })
}

fn space(row: &Row<'_>) -> StoreResult<Space> {
    let mut columns = Columns::new(row, "respondio_space");
    Ok(Space {
        id: columns.id()?,
        workspace_id: columns.id()?,
        token: columns.get()?,
        channels: columns.json()?,
        state: columns.text()?,
        reason: columns.get()?,
        pushed_at: columns.opt_time()?,
        created_at: columns.time()?,
        history_asked_at: columns.opt_time()?,
        history_listed_at: columns.opt_time()?,
    })
}
