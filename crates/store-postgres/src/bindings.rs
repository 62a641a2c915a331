//! The port `Bindings`: the ways in which providers know an account, their sealed tokens, and accounts that are one person's.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use domain::{
    Id, Timestamp,
    account::{self, Account, AccountRecord, Binding, SealedTokens},
    event::{EventKind, NewEvent},
    profile::Profile,
    store::{Bindings, StoreError, StoreResult},
    workspace::{Scope, Workspace},
};
use sqlx::PgConnection;

use crate::{
    PostgresStore,
    bind::{forget, write_profile},
    edit::{account_in_sight, bindings_of, name_anew, touches},
    error::Fault,
    load,
    rows::{account_rows, all, binding_rows},
    sides,
    transaction::{Touches, Tx},
};

#[async_trait]
impl Bindings for PostgresStore {
    async fn account_records(&self, scope: &Scope) -> StoreResult<Vec<AccountRecord>> {
        let mut tx = self.read(scope.workspace).await?;
        let found = records(&mut tx, &[scope.workspace.raw()]).await?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(found.into_iter().filter_map(|record| record.seen(&scope.accounts)).collect())
    }

    async fn binding(&self, scope: &Scope, id: Id<Binding>) -> StoreResult<Option<Binding>> {
        let mut tx = self.read(scope.workspace).await?;
        let found = binding_in_sight(&mut tx, scope, id).await?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(found)
    }

    async fn tokens(&self, scope: &Scope, id: Id<Binding>) -> StoreResult<Option<SealedTokens>> {
        let mut tx = self.read(scope.workspace).await?;
        if binding_in_sight(&mut tx, scope, id).await?.is_none() {
            return Ok(None);
        }
        let row = sqlx::query!(
            "SELECT access, refresh, access_expires_at, refresh_expires_at, version FROM token WHERE workspace_id = $1 AND binding_id = $2",
            scope.workspace.raw(),
            id.raw(),
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(row.map(|row| SealedTokens {
            access: row.access,
            refresh: row.refresh,
            access_expires_at: Timestamp::from_millis(row.access_expires_at),
            refresh_expires_at: Timestamp::from_millis(row.refresh_expires_at),
            version: row.version,
        }))
    }

    async fn replace_tokens(&self, scope: &Scope, id: Id<Binding>, tokens: SealedTokens) -> StoreResult<bool> {
        let scope = scope.clone();
        self.write(Touches::default(), move |tx| {
            let (scope, tokens) = (scope.clone(), tokens.clone());
            Box::pin(async move {
                if binding_in_sight(&mut tx.conn, &scope, id).await?.is_none() {
                    return Ok(false);
                }
                let done = sqlx::query!(
                    "UPDATE token SET access = $3, refresh = $4, access_expires_at = $5, refresh_expires_at = $6, version = $7::bigint
                    WHERE workspace_id = $1 AND binding_id = $2 AND version = $7::bigint - 1",
                    scope.workspace.raw(),
                    id.raw(),
                    tokens.access,
                    tokens.refresh,
                    tokens.access_expires_at.as_millis(),
                    tokens.refresh_expires_at.as_millis(),
                    tokens.version,
                )
                .execute(&mut tx.conn)
                .await?;
                Ok(done.rows_affected() == 1)
            })
        })
        .await
    }

    async fn forget_tokens(&self, scope: &Scope, id: Id<Binding>) -> StoreResult<()> {
        let scope = scope.clone();
        self.write(Touches::default(), move |tx| {
            let scope = scope.clone();
            Box::pin(async move {
                match binding_in_sight(&mut tx.conn, &scope, id).await? {
                    Some(_) => forget(tx, scope.workspace.raw(), id.raw()).await,
                    None => Ok(()),
                }
            })
        })
        .await
    }

    async fn tokens_ending_any_workspace(&self, before: Timestamp) -> StoreResult<Vec<Binding>> {
        let mut tx = self.read_system().await?;
        let rows = binding_rows!(
            "JOIN account a ON a.workspace_id = b.workspace_id AND a.id = b.account_id WHERE t.access_expires_at < $1
            AND CASE WHEN b.sends THEN a.state IN ('active', 'paused', 'expiring') ELSE b.trouble IS NULL END
            ORDER BY t.access_expires_at, b.id",
            before.as_millis(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(all(rows)?)
    }

    async fn set_binding_trouble(&self, scope: &Scope, id: Id<Binding>, reason: String) -> StoreResult<()> {
        self.of_binding(scope, id, move |tx, binding| {
            let reason = reason.clone();
            Box::pin(async move {
                let done = sqlx::query!(
                    "UPDATE binding SET trouble = $3 WHERE workspace_id = $1 AND id = $2 AND NOT sends",
                    binding.workspace_id.raw(),
                    binding.id.raw(),
                    reason,
                )
                .execute(&mut tx.conn)
                .await?;
                Ok(done.rows_affected() == 1)
            })
        })
        .await
        .map(drop)
    }

    async fn set_profile(&self, scope: &Scope, id: Id<Binding>, profile: Profile) -> StoreResult<()> {
        self.of_binding(scope, id, move |tx, binding| {
            let profile = profile.clone();
            Box::pin(async move {
                write_profile(tx, binding.workspace_id, binding.id.raw(), &profile).await?;
                let told = bindings_of(tx, binding.account_id).await?;
                let shown = load::accounts(&mut tx.conn, &[binding.account_id.raw()]).await?;
                Ok(shown.into_iter().any(|mut account| account.take_names(&told)))
            })
        })
        .await
        .map(drop)
    }

    async fn remove_binding(&self, scope: &Scope, id: Id<Binding>) -> StoreResult<bool> {
        self.of_binding(scope, id, move |tx, binding| {
            Box::pin(async move {
                let done = sqlx::query!(
                    "DELETE FROM binding WHERE workspace_id = $1 AND id = $2 AND NOT sends",
                    binding.workspace_id.raw(),
                    binding.id.raw(),
                )
                .execute(&mut tx.conn)
                .await?;
                let removed = done.rows_affected() == 1;
                if removed && binding.provider.carries_messages() {
                    for account in load::accounts(&mut tx.conn, &[binding.account_id.raw()]).await? {
                        sides::forget(tx, &account, binding.provider).await?;
                    }
                }
                Ok(removed)
            })
        })
        .await
    }

    async fn merge_accounts(
        &self,
        scope: &Scope,
        first: Id<Account>,
        second: Id<Account>,
    ) -> StoreResult<Option<AccountRecord>> {
        let touches = Touches { accounts: vec![first.raw(), second.raw()], ..Touches::default() };
        let scope = scope.clone();
        self.write(touches, move |tx| {
            let scope = scope.clone();
            Box::pin(async move { merge(tx, &scope, first, second).await })
        })
        .await
    }

    async fn keep_apart(&self, scope: &Scope, first: Id<Account>, second: Id<Account>) -> StoreResult<bool> {
        let touches = Touches { accounts: vec![first.raw(), second.raw()], ..Touches::default() };
        let scope = scope.clone();
        self.write(touches, move |tx| {
            let scope = scope.clone();
            Box::pin(async move {
                for id in [first, second] {
                    if account_in_sight(tx, &scope, id).await?.is_none() {
                        return Ok(false);
                    }
                }
                let (low, high) = account::pair(first, second);
                sqlx::query!(
                    "INSERT INTO apart (workspace_id, account_id, other_id) VALUES ($1, $2, $3)
                    ON CONFLICT (account_id, other_id) DO NOTHING",
                    scope.workspace.raw(),
                    low.raw(),
                    high.raw(),
                )
                .execute(&mut tx.conn)
                .await?;
                tell(tx, scope.workspace, &[(EventKind::Account, first), (EventKind::Account, second)]);
                Ok(true)
            })
        })
        .await
    }
}

type Changing<'a> = futures_util::future::BoxFuture<'a, Result<bool, Fault>>;

impl PostgresStore {
    /// Changes a binding in sight and writes its account's event; the rule says whether anything changed.
    async fn of_binding(
        &self,
        scope: &Scope,
        id: Id<Binding>,
        rule: impl for<'t> Fn(&'t mut Tx, Binding) -> Changing<'t> + Clone + Send + Sync + 'static,
    ) -> StoreResult<bool> {
        let Some(known) = self.binding(scope, id).await? else { return Ok(false) };
        let scope = scope.clone();
        self.write(touches(known.account_id), move |tx| {
            let (scope, rule) = (scope.clone(), rule.clone());
            Box::pin(async move {
                let Some(binding) = binding_in_sight(&mut tx.conn, &scope, id).await? else { return Ok(false) };
                let account = binding.account_id;
                let changed = rule(tx, binding).await?;
                if changed {
                    name_anew(tx, account).await?;
                }
                Ok(changed)
            })
        })
        .await
    }
}

fn tell(tx: &mut Tx, workspace_id: Id<Workspace>, news: &[(EventKind, Id<Account>)]) {
    let event = |(kind, account_id): &(EventKind, Id<Account>)| NewEvent {
        workspace_id,
        account_id: *account_id,
        kind: *kind,
        conversation_id: None,
        message_id: None,
        comment_id: None,
    };
    tx.note_events(news.iter().map(event).collect());
}

/// Whole workspaces, with what stands beside each account.
async fn records(conn: &mut PgConnection, workspaces: &[i64]) -> Result<Vec<AccountRecord>, Fault> {
    let accounts = account_rows!("WHERE a.workspace_id = ANY($1) ORDER BY a.created_at, a.id", workspaces)
        .fetch_all(&mut *conn)
        .await?;
    let bindings = binding_rows!("WHERE b.workspace_id = ANY($1) ORDER BY b.sends DESC, b.id", workspaces)
        .fetch_all(&mut *conn)
        .await?;
    let apart = sqlx::query!("SELECT account_id, other_id FROM apart WHERE workspace_id = ANY($1)", workspaces)
        .fetch_all(&mut *conn)
        .await?;
    let apart: BTreeSet<_> =
        apart.into_iter().map(|row| (Id::from_raw(row.account_id), Id::from_raw(row.other_id))).collect();
    Ok(account::records(all(accounts)?, all(bindings)?, &apart))
}

/// Accounts of these workspaces by id: for events.
pub(crate) async fn by_id(conn: &mut PgConnection, workspaces: &[i64]) -> Result<HashMap<i64, AccountRecord>, Fault> {
    let found = records(conn, workspaces).await?;
    Ok(found.into_iter().map(|record| (record.account.id.raw(), record)).collect())
}

async fn record(conn: &mut PgConnection, scope: &Scope, id: Id<Account>) -> Result<Option<AccountRecord>, Fault> {
    let found = records(conn, &[scope.workspace.raw()]).await?;
    Ok(found.into_iter().find(|record| record.account.id == id).and_then(|record| record.seen(&scope.accounts)))
}

async fn binding_in_sight(conn: &mut PgConnection, scope: &Scope, id: Id<Binding>) -> Result<Option<Binding>, Fault> {
    let row = binding_rows!("WHERE b.workspace_id = $1 AND b.id = $2", scope.workspace.raw(), id.raw())
        .fetch_optional(conn)
        .await?;
    let found = row.map(Binding::try_from).transpose()?;
    Ok(found.filter(|binding| scope.accounts.allows(binding.account_id)))
}

async fn merge(
    tx: &mut Tx,
    scope: &Scope,
    first: Id<Account>,
    second: Id<Account>,
) -> Result<Option<AccountRecord>, Fault> {
    let workspace = scope.workspace.raw();
    for (gone, kept) in [(first, second), (second, first)] {
        let into = sqlx::query_scalar!(
            "SELECT merged_into FROM account WHERE workspace_id = $1 AND id = $2",
            workspace,
            gone.raw(),
        )
        .fetch_optional(&mut tx.conn)
        .await?;
        if into.flatten() == Some(kept.raw()) {
            return record(&mut tx.conn, scope, kept).await;
        }
    }
    let one = record(&mut tx.conn, scope, first).await?;
    let (Some(one), Some(other)) = (one, record(&mut tx.conn, scope, second).await?) else { return Ok(None) };
    let (keep, gone) = account::merge(one, other).map_err(StoreError::from)?;
    let (kept, merged) = (keep.account.id, gone.account.id);
    let trouble = (!gone.account.state.is_connected()).then_some(gone.account.state_reason).flatten();
    sqlx::query!(
        "UPDATE binding SET account_id = $3, sends = false, trouble = $4 WHERE workspace_id = $1 AND account_id = $2",
        workspace,
        merged.raw(),
        kept.raw(),
        trouble,
    )
    .execute(&mut tx.conn)
    .await?;
    sqlx::query!(
        "UPDATE delivery SET account_id = $3 WHERE workspace_id = $1 AND account_id = $2 AND provider = 'login'",
        workspace,
        merged.raw(),
        kept.raw(),
    )
    .execute(&mut tx.conn)
    .await?;
    sqlx::query!(
        "UPDATE account SET merged_into = $3 WHERE workspace_id = $1 AND id = $2",
        workspace,
        merged.raw(),
        kept.raw(),
    )
    .execute(&mut tx.conn)
    .await?;
    name_anew(tx, kept).await?;
    tell(tx, scope.workspace, &[(EventKind::Removed, merged)]);
    record(&mut tx.conn, scope, kept).await
}
