//! The port [`Accounts`]: connected accounts.

use async_trait::async_trait;
use domain::{
    account::{Account, AccountState, Connect, ProviderKind},
    event::{EventKind, NewEvent},
    id::Id,
    journal::Changes,
    ledger::RuleSet,
    store::{Accounts, StoreError, StoreResult},
    workspace::{Scope, Workspace},
};
use rusqlite::{Connection, params};

use crate::{
    SqliteStore,
    bind::{bind, rebind},
    edit::{account_in_sight, bindings_of, edit_account},
    error::corrupt,
    load,
    persist::persist,
    rows::{self, account_columns, account_tables},
    sql::{Columns, execute, many, statements},
    text::Text,
    writer::Tx,
};

statements! {
    LIST = concat!("SELECT ", account_columns!(), " FROM ", account_tables!(), " WHERE a.workspace_id = ?1 ORDER BY a.created_at, a.id");
    INSERT_ACCOUNT = "INSERT INTO account (id, workspace_id, username, display_name, avatar_url, state, rule_set, connected_at, created_at) \
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)";
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
        self.read(move |connection| account_in_sight(connection, &scope, id)).await
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

    async fn move_account_state(
        &self,
        scope: &Scope,
        id: Id<Account>,
        from: &'static [AccountState],
        to: AccountState,
        reason: Option<String>,
    ) -> StoreResult<Option<Account>> {
        let scope = scope.clone();
        self.write(move |tx| {
            let Some(account) = account_in_sight(tx.connection, &scope, id)? else { return Ok(None) };
            if !from.contains(&account.state) {
                return Ok(Some(account));
            }
            edit_account(tx, id, |account| (account.state, account.state_reason) = (to, reason))
        })
        .await
    }

    async fn set_rule_set(&self, scope: &Scope, id: Id<Account>, rules: RuleSet) -> StoreResult<Option<Account>> {
        self.edit(scope, id, move |account| account.rule_set = rules).await
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
        self.write(move |tx| match account_in_sight(tx.connection, &scope, id)? {
            Some(_) => edit_account(tx, id, change),
            None => Ok(None),
        })
        .await
    }
}

pub(crate) fn list(
    connection: &Connection,
    sql: &'static str,
    params: impl rusqlite::Params,
) -> StoreResult<Vec<Account>> {
    many(connection, sql, params, |row| rows::account(&mut Columns::new(row, "account")))
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
        tx.now.as_millis(),
    ];
    execute(tx.connection, INSERT_ACCOUNT, row)?;
    bind(tx, id, workspace, connect)?;
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

/// The same account again, through one of its bindings.
fn reconnect(tx: &mut Tx<'_>, id: Id<Account>, workspace: Id<Workspace>, connect: &Connect) -> StoreResult<()> {
    rebind(tx, id, workspace, connect)?;
    let told = bindings_of(tx.connection, id)?;
    let now = tx.now;
    let again = |account: &mut Account| {
        account.connected_again(connect, now);
        account.take_names(&told);
    };
    edit_account(tx, id, again).map(drop)
}
