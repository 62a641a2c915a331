//! The port `Accounts`: connected accounts, their bindings and sealed tokens.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Id, Timestamp,
    account::{Account, AccountState, Connect, ProviderKind, SealedTokens},
    journal::Working,
    ledger::RuleSet,
    store::{Accounts, StoreError, StoreResult},
    workspace::{Scope, Workspace},
};

use crate::{
    PostgresStore,
    error::Fault,
    filter, load,
    rows::{account_rows, all, json, word},
    transaction::{Touches, Tx},
};

fn touches(id: Id<Account>) -> Touches {
    Touches { accounts: vec![id.raw()], ..Touches::default() }
}

#[async_trait]
impl Accounts for PostgresStore {
    async fn connect_account(&self, workspace: Id<Workspace>, connect: Connect) -> StoreResult<Account> {
        let touches =
            Touches { keys: vec![(word(&connect.provider), connect.external_id.clone())], ..Touches::default() };
        self.write(touches, move |tx| {
            let connect = connect.clone();
            Box::pin(async move { connect_in(tx, workspace, connect).await })
        })
        .await
    }

    async fn accounts(&self, scope: &Scope) -> StoreResult<Vec<Account>> {
        let mut tx = self.read(scope.workspace).await?;
        let permitted = filter::permitted(scope);
        let rows = account_rows!(
            "WHERE a.workspace_id = $1 AND ($2::bigint[] IS NULL OR a.id = ANY($2)) ORDER BY a.created_at, a.id",
            scope.workspace.raw(),
            permitted.as_deref(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(all(rows)?)
    }

    async fn account(&self, scope: &Scope, id: Id<Account>) -> StoreResult<Option<Account>> {
        let mut tx = self.read(scope.workspace).await?;
        let row = account_rows!("WHERE a.workspace_id = $1 AND a.id = $2", scope.workspace.raw(), id.raw())
            .fetch_optional(&mut *tx)
            .await
            .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(row.map(Account::try_from).transpose()?.filter(|account| scope.accounts.allows(account.id)))
    }

    async fn account_by_external_id_any_workspace(
        &self,
        provider: ProviderKind,
        external_id: &str,
    ) -> StoreResult<Option<Account>> {
        let mut tx = self.read_system().await?;
        let row = account_rows!(
            "WHERE a.id = (SELECT k.account_id FROM binding k WHERE k.provider = $1 AND k.external_id = $2)",
            word(&provider),
            external_id,
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(row.map(Account::try_from).transpose()?)
    }

    async fn set_account_state(
        &self,
        scope: &Scope,
        id: Id<Account>,
        state: AccountState,
        reason: Option<String>,
    ) -> StoreResult<Option<Account>> {
        self.edit(scope, id, move |account| (account.state, account.state_reason) = (state, reason.clone())).await
    }

    async fn set_rule_set(&self, scope: &Scope, id: Id<Account>, rules: RuleSet) -> StoreResult<Option<Account>> {
        self.edit(scope, id, move |account| account.rule_set = rules).await
    }

    async fn tokens(&self, scope: &Scope, id: Id<Account>) -> StoreResult<Option<SealedTokens>> {
        if !scope.accounts.allows(id) {
            return Ok(None);
        }
        let mut tx = self.read(scope.workspace).await?;
        let row = sqlx::query!(
            "SELECT access, refresh, access_expires_at, refresh_expires_at, version FROM token WHERE workspace_id = $1 AND account_id = $2",
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

    async fn replace_tokens(&self, scope: &Scope, id: Id<Account>, tokens: SealedTokens) -> StoreResult<bool> {
        if !scope.accounts.allows(id) {
            return Ok(false);
        }
        let workspace = scope.workspace.raw();
        self.write(touches(id), move |tx| {
            let tokens = tokens.clone();
            Box::pin(async move {
                let done = sqlx::query!(
                    "UPDATE token SET access = $3, refresh = $4, access_expires_at = $5, refresh_expires_at = $6, version = $7::bigint
                    WHERE workspace_id = $1 AND account_id = $2 AND version = $7::bigint - 1",
                    workspace,
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

    async fn forget_tokens(&self, scope: &Scope, id: Id<Account>) -> StoreResult<()> {
        if !scope.accounts.allows(id) {
            return Ok(());
        }
        let workspace = scope.workspace.raw();
        self.write(touches(id), move |tx| Box::pin(forget(tx, workspace, id))).await
    }

    async fn tokens_ending_any_workspace(&self, before: Timestamp) -> StoreResult<Vec<Account>> {
        let mut tx = self.read_system().await?;
        let rows = account_rows!(
            "WHERE t.access_expires_at < $1 AND a.state IN ('active', 'paused', 'expiring') ORDER BY t.access_expires_at, a.id",
            before.as_millis(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(all(rows)?)
    }
}

impl PostgresStore {
    /// Changes an account in sight and writes its event.
    async fn edit(
        &self,
        scope: &Scope,
        id: Id<Account>,
        change: impl Fn(&mut Account) + Clone + Send + Sync + 'static,
    ) -> StoreResult<Option<Account>> {
        let scope = scope.clone();
        self.write(touches(id), move |tx| {
            let (scope, change) = (scope.clone(), change.clone());
            Box::pin(async move {
                let Some(account) = in_sight(tx, &scope, id).await? else {
                    return Ok(None);
                };
                edit(tx, account, change).await.map(Some)
            })
        })
        .await
    }
}

async fn in_sight(tx: &mut Tx, scope: &Scope, id: Id<Account>) -> Result<Option<Account>, Fault> {
    let account = load::accounts(&mut tx.conn, &[id.raw()]).await?.into_iter().next();
    Ok(account.filter(|account| scope.allows(account.workspace_id, account.id)))
}

/// Changes an account and writes its event.
async fn edit(tx: &mut Tx, account: Account, change: impl FnOnce(&mut Account) + Send) -> Result<Account, Fault> {
    let ids = Arc::clone(&tx.ids);
    let mut working = Working::new(tx.now(), &ids);
    let (workspace, id) = (account.workspace_id, account.id);
    working.add_account(account);
    working.edit_account(id, change);
    tx.persist(working, &[workspace.raw()]).await?;
    let account = load::accounts(&mut tx.conn, &[id.raw()]).await?.into_iter().next();
    account.ok_or_else(|| Fault::corrupt("account.id", "the row is missing"))
}

async fn connect_in(tx: &mut Tx, workspace: Id<Workspace>, connect: Connect) -> Result<Account, Fault> {
    let provider = word(&connect.provider);
    let known = sqlx::query!(
        "SELECT account_id, workspace_id FROM binding WHERE provider = $1 AND external_id = $2",
        provider,
        connect.external_id,
    )
    .fetch_optional(&mut tx.conn)
    .await?;
    let id = match known {
        Some(known) if known.workspace_id != workspace.raw() => {
            return Err(StoreError::Conflict { what: "account" }.into());
        }
        Some(known) => Id::from_raw(known.account_id),
        None => insert(tx, workspace, &provider, &connect).await?,
    };
    match &connect.tokens {
        Some(tokens) => keep_tokens(tx, workspace, id, tokens).await?,
        None => forget(tx, workspace.raw(), id).await?,
    }
    let now = tx.now();
    let account = load::accounts(&mut tx.conn, &[id.raw()]).await?.into_iter().next();
    let account = account.ok_or_else(|| Fault::corrupt("binding.account_id", "the account has no sending binding"))?;
    edit(tx, account, |account| {
        account.state = AccountState::Active;
        account.state_reason = None;
        account.username = connect.username.or(account.username.take());
        account.display_name = connect.display_name.or(account.display_name.take());
        account.avatar_url = connect.avatar_url.or(account.avatar_url.take());
        account.scopes = connect.scopes;
        account.connected_at = now;
    })
    .await
}

/// A new account with its first binding.
async fn insert(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    provider: &str,
    connect: &Connect,
) -> Result<Id<Account>, Fault> {
    let now = tx.now();
    let id: Id<Account> = tx.ids.next(now)?;
    let binding: Id<Account> = tx.ids.next(now)?;
    let rules = if connect.provider == ProviderKind::Thirdparty { RuleSet::Unlimited } else { RuleSet::Strict };
    sqlx::query!(
        "INSERT INTO account (id, workspace_id, state, rule_set, scopes, connected_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $6)",
        id.raw(),
        workspace.raw(),
        word(&AccountState::Active),
        word(&rules),
        json(&connect.scopes)?,
        now.as_millis(),
    )
    .execute(&mut tx.conn)
    .await?;
    let bound = sqlx::query!(
        "INSERT INTO binding (id, workspace_id, account_id, provider, external_id, sends) VALUES ($1, $2, $3, $4, $5, true)
        ON CONFLICT (provider, external_id) DO NOTHING",
        binding.raw(),
        workspace.raw(),
        id.raw(),
        provider,
        connect.external_id,
    )
    .execute(&mut tx.conn)
    .await?;
    if bound.rows_affected() == 1 { Ok(id) } else { Err(Fault::Raced) }
}

/// A refresh that was begun with the old tokens must lose, so the version never goes back.
async fn keep_tokens(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    id: Id<Account>,
    tokens: &SealedTokens,
) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO token (account_id, workspace_id, access, refresh, access_expires_at, refresh_expires_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (account_id) DO UPDATE SET access = excluded.access, refresh = excluded.refresh,
            access_expires_at = excluded.access_expires_at, refresh_expires_at = excluded.refresh_expires_at,
            version = GREATEST(excluded.version, token.version + 1)",
        id.raw(),
        workspace.raw(),
        tokens.access,
        tokens.refresh,
        tokens.access_expires_at.as_millis(),
        tokens.refresh_expires_at.as_millis(),
        tokens.version,
    )
    .execute(&mut tx.conn)
    .await?;
    Ok(())
}

async fn forget(tx: &mut Tx, workspace: i64, id: Id<Account>) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM token WHERE workspace_id = $1 AND account_id = $2", workspace, id.raw())
        .execute(&mut tx.conn)
        .await?;
    Ok(())
}
