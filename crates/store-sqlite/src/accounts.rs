//! The port [`Accounts`]: connected accounts, the bindings that reach them, and their sealed tokens.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use domain::{
    account::{Account, AccountState, Connect, ProviderKind, SealedTokens},
    clock::Timestamp,
    event::{EventKind, NewEvent},
    id::Id,
    journal::{Changes, Working},
    ledger::RuleSet,
    store::{Accounts, StoreError, StoreResult},
    workspace::{Scope, Workspace},
};
use rusqlite::{Connection, params};

use crate::{
    SqliteStore,
    error::corrupt,
    load,
    persist::persist,
    rows::{self, account_columns, account_tables},
    sql::{Columns, execute, id_list, many, one, statements, to_json},
    text::Text,
    writer::Tx,
};

statements! {
    LIST = concat!("SELECT ", account_columns!(), " FROM ", account_tables!(), " WHERE a.workspace_id = ?1 ORDER BY a.created_at, a.id");
    BY_IDS = concat!("SELECT ", account_columns!(), " FROM ", account_tables!(), " WHERE a.id IN (SELECT value FROM json_each(?1))");
    TOKENS_ENDING = concat!(
        "SELECT ", account_columns!(), " FROM ", account_tables!(),
        " WHERE t.access_expires_at < ?1 AND a.state IN ('active', 'paused', 'expiring') ORDER BY t.access_expires_at, a.id"
    );
    INSERT_ACCOUNT = "INSERT INTO account (id, workspace_id, username, display_name, avatar_url, state, rule_set, scopes, connected_at, created_at) \
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)";
    INSERT_BINDING = "INSERT INTO binding (id, workspace_id, account_id, provider, external_id, sends) VALUES (?1, ?2, ?3, ?4, ?5, 1)";
    // A refresh that was begun with the old tokens must lose, so the version never goes back.
    UPSERT_TOKENS = "INSERT INTO token (account_id, workspace_id, access, refresh, access_expires_at, refresh_expires_at, version) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (account_id) DO UPDATE SET access = excluded.access, \
                     refresh = excluded.refresh, access_expires_at = excluded.access_expires_at, \
                     refresh_expires_at = excluded.refresh_expires_at, version = max(excluded.version, token.version + 1)";
    REPLACE_TOKENS = "UPDATE token SET access = ?3, refresh = ?4, access_expires_at = ?5, refresh_expires_at = ?6, version = ?7 \
                      WHERE account_id = ?1 AND workspace_id = ?2 AND version = ?7 - 1";
    TOKENS = "SELECT access, refresh, access_expires_at, refresh_expires_at, version FROM token WHERE account_id = ?1";
    FORGET_TOKENS = "DELETE FROM token WHERE account_id = ?1";
}

#[async_trait]
impl Accounts for SqliteStore {
    async fn connect_account(&self, workspace: Id<Workspace>, connect: Connect) -> StoreResult<Account> {
        self.write(move |tx| {
            let id = match load::account_by_key(tx.connection, connect.provider, &connect.external_id)? {
                Some(known) if known.workspace_id != workspace => return Err(StoreError::Conflict { what: "account" }),
                Some(known) => {
                    reconnect(tx, known.id, workspace, &connect)?;
                    known.id
                }
                None => create(tx, workspace, &connect)?,
            };
            load::account_by_id(tx.connection, id)?.ok_or_else(|| corrupt(format!("account {id}")))
        })
        .await
    }

    async fn accounts(&self, scope: &Scope) -> StoreResult<Vec<Account>> {
        let scope = scope.clone();
        self.read(move |connection| {
            let mut found = list(connection, LIST, [scope.workspace.raw()])?;
            found.retain(|account| scope.accounts.allows(account.id));
            Ok(found)
        })
        .await
    }

    async fn account(&self, scope: &Scope, id: Id<Account>) -> StoreResult<Option<Account>> {
        let scope = scope.clone();
        self.read(move |connection| in_sight(connection, &scope, id)).await
    }

    async fn account_by_external_id_any_workspace(
        &self,
        provider: ProviderKind,
        external_id: &str,
    ) -> StoreResult<Option<Account>> {
        let external_id = external_id.to_owned();
        self.read(move |connection| load::account_by_key(connection, provider, &external_id)).await
    }

    async fn set_account_state(
        &self,
        scope: &Scope,
        id: Id<Account>,
        state: AccountState,
        reason: Option<String>,
    ) -> StoreResult<Option<Account>> {
        self.edit(scope, id, move |account| (account.state, account.state_reason) = (state, reason)).await
    }

    async fn set_rule_set(&self, scope: &Scope, id: Id<Account>, rules: RuleSet) -> StoreResult<Option<Account>> {
        self.edit(scope, id, move |account| account.rule_set = rules).await
    }

    async fn tokens(&self, scope: &Scope, id: Id<Account>) -> StoreResult<Option<SealedTokens>> {
        let scope = scope.clone();
        self.read(move |connection| {
            if in_sight(connection, &scope, id)?.is_none() {
                return Ok(None);
            }
            one(connection, TOKENS, [id.raw()], |row| {
                let mut columns = Columns::new(row, "token");
                Ok(SealedTokens {
                    access: columns.get()?,
                    refresh: columns.get()?,
                    access_expires_at: columns.time()?,
                    refresh_expires_at: columns.time()?,
                    version: columns.get()?,
                })
            })
        })
        .await
    }

    async fn replace_tokens(&self, scope: &Scope, id: Id<Account>, tokens: SealedTokens) -> StoreResult<bool> {
        let scope = scope.clone();
        self.write(move |tx| {
            if in_sight(tx.connection, &scope, id)?.is_none() {
                return Ok(false);
            }
            write_tokens(tx, REPLACE_TOKENS, id, scope.workspace, &tokens).map(|rows| rows == 1)
        })
        .await
    }

    async fn forget_tokens(&self, scope: &Scope, id: Id<Account>) -> StoreResult<()> {
        let scope = scope.clone();
        self.write(move |tx| match in_sight(tx.connection, &scope, id)? {
            Some(_) => execute(tx.connection, FORGET_TOKENS, [id.raw()]).map(drop),
            None => Ok(()),
        })
        .await
    }

    async fn tokens_ending_any_workspace(&self, before: Timestamp) -> StoreResult<Vec<Account>> {
        self.read(move |connection| list(connection, TOKENS_ENDING, [before.as_millis()])).await
    }
}

impl SqliteStore {
    /// Changes an account in sight and writes its event.
    async fn edit(
        &self,
        scope: &Scope,
        id: Id<Account>,
        change: impl FnOnce(&mut Account) + Send + 'static,
    ) -> StoreResult<Option<Account>> {
        let scope = scope.clone();
        self.write(move |tx| {
            let Some(account) = in_sight(tx.connection, &scope, id)? else { return Ok(None) };
            let mut working = Working::new(tx.now, tx.ids);
            working.add_account(account);
            working.edit_account(id, change);
            persist(tx, &working.into_changes())?;
            load::account_by_id(tx.connection, id)
        })
        .await
    }
}

/// Accounts by id: for events.
pub(crate) fn by_ids(
    connection: &Connection,
    ids: &BTreeSet<Id<Account>>,
) -> StoreResult<HashMap<Id<Account>, Account>> {
    let found = list(connection, BY_IDS, [id_list(ids.iter().copied())])?;
    Ok(found.into_iter().map(|account| (account.id, account)).collect())
}

fn list(connection: &Connection, sql: &'static str, params: impl rusqlite::Params) -> StoreResult<Vec<Account>> {
    many(connection, sql, params, |row| rows::account(&mut Columns::new(row, "account")))
}

fn in_sight(connection: &Connection, scope: &Scope, id: Id<Account>) -> StoreResult<Option<Account>> {
    Ok(load::account_by_id(connection, id)?.filter(|account| scope.allows(account.workspace_id, account.id)))
}

fn create(tx: &mut Tx<'_>, workspace: Id<Workspace>, connect: &Connect) -> StoreResult<Id<Account>> {
    let id: Id<Account> = tx.new_id()?;
    let rules = if connect.provider == ProviderKind::Thirdparty { RuleSet::Unlimited } else { RuleSet::Strict };
    let row = params![
        id.raw(),
        workspace.raw(),
        connect.username,
        connect.display_name,
        connect.avatar_url,
        AccountState::Active.text(),
        rules.text(),
        to_json(&connect.scopes, "account.scopes")?,
        tx.now.as_millis(),
    ];
    execute(tx.connection, INSERT_ACCOUNT, row)?;
    let binding: Id<Connect> = tx.new_id()?;
    let row = (binding.raw(), workspace.raw(), id.raw(), connect.provider.text(), connect.external_id.as_str());
    execute(tx.connection, INSERT_BINDING, row)?;
    put_tokens(tx, id, workspace, connect)?;
    let event = NewEvent {
        workspace_id: workspace,
        account_id: id,
        kind: EventKind::Account,
        conversation_id: None,
        message_id: None,
        comment_id: None,
    };
    persist(tx, &Changes { events: vec![event], ..Changes::default() })?;
    Ok(id)
}

/// The same account again: names that are told replace the old ones, silence leaves them.
fn reconnect(tx: &mut Tx<'_>, id: Id<Account>, workspace: Id<Workspace>, connect: &Connect) -> StoreResult<()> {
    let mut working = Working::new(tx.now, tx.ids);
    if let Some(account) = load::account_by_id(tx.connection, id)? {
        working.add_account(account);
    }
    let now = tx.now;
    working.edit_account(id, |account| {
        account.username = connect.username.clone().or(account.username.take());
        account.display_name = connect.display_name.clone().or(account.display_name.take());
        account.avatar_url = connect.avatar_url.clone().or(account.avatar_url.take());
        account.scopes.clone_from(&connect.scopes);
        (account.state, account.state_reason, account.connected_at) = (AccountState::Active, None, now);
    });
    put_tokens(tx, id, workspace, connect)?;
    persist(tx, &working.into_changes())
}

fn put_tokens(tx: &Tx<'_>, id: Id<Account>, workspace: Id<Workspace>, connect: &Connect) -> StoreResult<()> {
    match &connect.tokens {
        Some(tokens) => write_tokens(tx, UPSERT_TOKENS, id, workspace, tokens).map(drop),
        None => execute(tx.connection, FORGET_TOKENS, [id.raw()]).map(drop),
    }
}

fn write_tokens(
    tx: &Tx<'_>,
    sql: &'static str,
    id: Id<Account>,
    workspace: Id<Workspace>,
    tokens: &SealedTokens,
) -> StoreResult<usize> {
    let row = params![
        id.raw(),
        workspace.raw(),
        tokens.access,
        tokens.refresh,
        tokens.access_expires_at.as_millis(),
        tokens.refresh_expires_at.as_millis(),
        tokens.version,
    ];
    execute(tx.connection, sql, row)
}
