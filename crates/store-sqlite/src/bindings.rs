//! The port [`Bindings`]: the ways in which providers know an account, their sealed tokens, and accounts that are one person's.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use domain::{
    account::{self, Account, AccountRecord, Binding, SealedTokens},
    clock::Timestamp,
    event::{EventKind, NewEvent},
    id::Id,
    journal::Changes,
    profile::Profile,
    store::{Bindings, StoreResult},
    workspace::{Scope, Workspace},
};
use rusqlite::Connection;

use crate::{
    SqliteStore, accounts,
    bind::{forget_tokens, replace_tokens, write_profile},
    edit::{account_in_sight, bindings_of, name_anew},
    load,
    persist::persist,
    rows::{self, account_columns, account_tables, binding_columns, binding_tables},
    sides,
    sql::{Columns, execute, id_list, many, one, statements},
    writer::Tx,
};

statements! {
    ACCOUNTS = concat!("SELECT ", account_columns!(), " FROM ", account_tables!(), " WHERE a.workspace_id IN (SELECT value FROM json_each(?1)) ORDER BY a.created_at, a.id");
    BINDINGS = concat!(
        "SELECT ", binding_columns!(), " FROM ", binding_tables!(),
        " WHERE b.workspace_id IN (SELECT value FROM json_each(?1)) ORDER BY b.sends DESC, b.id"
    );
    APART = "SELECT account_id, other_id FROM apart WHERE workspace_id IN (SELECT value FROM json_each(?1))";
    BINDING = concat!("SELECT ", binding_columns!(), " FROM ", binding_tables!(), " WHERE b.id = ?1");
    TOKENS_ENDING = concat!(
        "SELECT ", binding_columns!(), " FROM ", binding_tables!(), " JOIN account a ON a.workspace_id = b.workspace_id AND a.id = b.account_id \
         WHERE t.access_expires_at < ?1 AND CASE b.sends WHEN 1 THEN a.state IN ('active', 'paused', 'expiring') ELSE b.trouble IS NULL END \
         ORDER BY t.access_expires_at, b.id"
    );
    TROUBLE = "UPDATE binding SET trouble = ?2 WHERE id = ?1 AND sends = 0";
    MOVE_BINDINGS = "UPDATE binding SET account_id = ?2, sends = 0, trouble = ?3 WHERE account_id = ?1";
    REMOVE_BINDING = "DELETE FROM binding WHERE id = ?1 AND sends = 0";
    TOKENS = "SELECT access, refresh, access_expires_at, refresh_expires_at, version FROM token WHERE binding_id = ?1";
    MOVE_DELIVERIES = "UPDATE delivery SET account_id = ?2 WHERE account_id = ?1 AND provider = 'login'";
    MERGED = "UPDATE account SET merged_into = ?2 WHERE id = ?1";
    MERGED_INTO = "SELECT merged_into FROM account WHERE id = ?1";
    KEEP_APART = "INSERT INTO apart (workspace_id, account_id, other_id) VALUES (?1, ?2, ?3) ON CONFLICT (account_id, other_id) DO NOTHING";
}

#[async_trait]
impl Bindings for SqliteStore {
    async fn account_records(&self, scope: &Scope) -> StoreResult<Vec<AccountRecord>> {
        let scope = scope.clone();
        self.read(move |connection| {
            let found = records(connection, &[scope.workspace].into())?;
            Ok(found.into_iter().filter_map(|record| record.seen(&scope.accounts)).collect())
        })
        .await
    }

    async fn binding(&self, scope: &Scope, id: Id<Binding>) -> StoreResult<Option<Binding>> {
        let scope = scope.clone();
        self.read(move |connection| in_sight(connection, &scope, id)).await
    }

    async fn tokens(&self, scope: &Scope, id: Id<Binding>) -> StoreResult<Option<SealedTokens>> {
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

    async fn replace_tokens(&self, scope: &Scope, id: Id<Binding>, tokens: SealedTokens) -> StoreResult<bool> {
        let scope = scope.clone();
        self.write(move |tx| {
            if in_sight(tx.connection, &scope, id)?.is_none() {
                return Ok(false);
            }
            replace_tokens(tx, id, scope.workspace, &tokens)
        })
        .await
    }

    async fn forget_tokens(&self, scope: &Scope, id: Id<Binding>) -> StoreResult<()> {
        let scope = scope.clone();
        self.write(move |tx| match in_sight(tx.connection, &scope, id)? {
            Some(_) => forget_tokens(tx, id),
            None => Ok(()),
        })
        .await
    }

    async fn tokens_ending_any_workspace(&self, before: Timestamp) -> StoreResult<Vec<Binding>> {
        self.read(move |connection| {
            many(connection, TOKENS_ENDING, [before.as_millis()], |row| {
                rows::binding(&mut Columns::new(row, "binding"))
            })
        })
        .await
    }

    async fn set_binding_trouble(&self, scope: &Scope, id: Id<Binding>, reason: String) -> StoreResult<()> {
        let scope = scope.clone();
        self.write(move |tx| {
            let Some(binding) = in_sight(tx.connection, &scope, id)? else { return Ok(()) };
            if execute(tx.connection, TROUBLE, (id.raw(), reason))? == 1 {
                tell(tx, binding.workspace_id, &[(EventKind::Account, binding.account_id)])?;
            }
            Ok(())
        })
        .await
    }

    async fn set_profile(&self, scope: &Scope, id: Id<Binding>, profile: Profile) -> StoreResult<()> {
        let scope = scope.clone();
        self.write(move |tx| {
            let Some(binding) = in_sight(tx.connection, &scope, id)? else { return Ok(()) };
            write_profile(tx, id, &profile)?;
            let shown = load::account_by_id(tx.connection, binding.account_id)?;
            let told = bindings_of(tx.connection, binding.account_id)?;
            if shown.is_some_and(|mut account| account.take_names(&told)) {
                name_anew(tx, binding.account_id)?;
            }
            Ok(())
        })
        .await
    }

    async fn remove_binding(&self, scope: &Scope, id: Id<Binding>) -> StoreResult<bool> {
        let scope = scope.clone();
        self.write(move |tx| {
            let Some(binding) = in_sight(tx.connection, &scope, id)? else { return Ok(false) };
            let removed = execute(tx.connection, REMOVE_BINDING, [id.raw()])? == 1;
            if removed
                && binding.provider.carries_messages()
                && let Some(account) = account_in_sight(tx.connection, &scope, binding.account_id)?
            {
                sides::forget(tx, &account, binding.provider)?;
            }
            if removed {
                name_anew(tx, binding.account_id)?;
            }
            Ok(removed)
        })
        .await
    }

    async fn merge_accounts(
        &self,
        scope: &Scope,
        first: Id<Account>,
        second: Id<Account>,
    ) -> StoreResult<Option<AccountRecord>> {
        let scope = scope.clone();
        self.write(move |tx| merge(tx, &scope, first, second)).await
    }

    async fn keep_apart(&self, scope: &Scope, first: Id<Account>, second: Id<Account>) -> StoreResult<bool> {
        let scope = scope.clone();
        self.write(move |tx| {
            for id in [first, second] {
                if account_in_sight(tx.connection, &scope, id)?.is_none() {
                    return Ok(false);
                }
            }
            let (low, high) = account::pair(first, second);
            execute(tx.connection, KEEP_APART, (scope.workspace.raw(), low.raw(), high.raw()))?;
            tell(tx, scope.workspace, &[(EventKind::Account, first), (EventKind::Account, second)])?;
            Ok(true)
        })
        .await
    }
}

/// Whole workspaces, with what stands beside each account.
fn records(connection: &Connection, workspaces: &BTreeSet<Id<Workspace>>) -> StoreResult<Vec<AccountRecord>> {
    let named = id_list(workspaces.iter().copied());
    let found = accounts::list(connection, ACCOUNTS, [named.as_str()])?;
    let bindings =
        many(connection, BINDINGS, [named.as_str()], |row| rows::binding(&mut Columns::new(row, "binding")))?;
    let apart: Vec<(Id<Account>, Id<Account>)> = many(connection, APART, [named.as_str()], |row| {
        let mut columns = Columns::new(row, "apart");
        Ok((columns.id()?, columns.id()?))
    })?;
    Ok(account::records(found, bindings, &apart.into_iter().collect::<BTreeSet<_>>()))
}

/// Accounts of these workspaces by id: for events.
pub(crate) fn by_id(
    connection: &Connection,
    workspaces: &BTreeSet<Id<Workspace>>,
) -> StoreResult<HashMap<Id<Account>, AccountRecord>> {
    let found = if workspaces.is_empty() { Vec::new() } else { records(connection, workspaces)? };
    Ok(found.into_iter().map(|record| (record.account.id, record)).collect())
}

fn record(connection: &Connection, scope: &Scope, id: Id<Account>) -> StoreResult<Option<AccountRecord>> {
    let found = records(connection, &[scope.workspace].into())?;
    Ok(found.into_iter().find(|record| record.account.id == id).and_then(|record| record.seen(&scope.accounts)))
}

fn in_sight(connection: &Connection, scope: &Scope, id: Id<Binding>) -> StoreResult<Option<Binding>> {
    let found = one(connection, BINDING, [id.raw()], |row| rows::binding(&mut Columns::new(row, "binding")))?;
    Ok(found.filter(|binding| scope.allows(binding.workspace_id, binding.account_id)))
}

fn merge(
    tx: &mut Tx<'_>,
    scope: &Scope,
    first: Id<Account>,
    second: Id<Account>,
) -> StoreResult<Option<AccountRecord>> {
    for (gone, kept) in [(first, second), (second, first)] {
        let into = one(tx.connection, MERGED_INTO, [gone.raw()], |row| Columns::new(row, "account").opt_id())?;
        if into.flatten() == Some(kept) {
            return record(tx.connection, scope, kept);
        }
    }
    let (Some(one), Some(other)) = (record(tx.connection, scope, first)?, record(tx.connection, scope, second)?) else {
        return Ok(None);
    };
    let (keep, gone) = account::merge(one, other)?;
    let (kept, merged) = (keep.account.id, gone.account.id);
    let trouble = (!gone.account.state.is_connected()).then_some(gone.account.state_reason).flatten();
    execute(tx.connection, MOVE_BINDINGS, (merged.raw(), kept.raw(), trouble))?;
    execute(tx.connection, MOVE_DELIVERIES, (merged.raw(), kept.raw()))?;
    execute(tx.connection, MERGED, (merged.raw(), kept.raw()))?;
    name_anew(tx, kept)?;
    tell(tx, scope.workspace, &[(EventKind::Removed, merged)])?;
    record(tx.connection, scope, kept)
}

fn tell(tx: &mut Tx<'_>, workspace: Id<Workspace>, news: &[(EventKind, Id<Account>)]) -> StoreResult<()> {
    let event = |(kind, account_id): &(EventKind, Id<Account>)| NewEvent {
        workspace_id: workspace,
        account_id: *account_id,
        kind: *kind,
        conversation_id: None,
        message_id: None,
        comment_id: None,
    };
    persist(tx, &Changes { events: news.iter().map(event).collect(), ..Changes::default() })
}
