//! The port `Accounts`: connected accounts.

use async_trait::async_trait;
use domain::{
    Id,
    account::{Account, AccountState, Connect, ProviderKind},
    ledger::RuleSet,
    store::{Accounts, StoreError, StoreResult},
    workspace::{Scope, Workspace},
};

use crate::{
    PostgresStore, bind,
    edit::{account_in_sight, bindings_of, edit_account, touches},
    error::Fault,
    filter,
    rows::{account_rows, all, word},
    transaction::{Touches, Tx},
};

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

    async fn move_account_state(
        &self,
        scope: &Scope,
        id: Id<Account>,
        from: &'static [AccountState],
        to: AccountState,
        reason: Option<String>,
    ) -> StoreResult<Option<Account>> {
        let scope = scope.clone();
        self.write(touches(id), move |tx| {
            let (scope, reason) = (scope.clone(), reason.clone());
            Box::pin(async move {
                let Some(account) = account_in_sight(tx, &scope, id).await? else { return Ok(None) };
                if !from.contains(&account.state) {
                    return Ok(Some(account));
                }
                edit_account(tx, id, |account| (account.state, account.state_reason) = (to, reason)).await
            })
        })
        .await
    }

    async fn set_rule_set(&self, scope: &Scope, id: Id<Account>, rules: RuleSet) -> StoreResult<Option<Account>> {
        self.edit(scope, id, move |account| account.rule_set = rules).await
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
                match account_in_sight(tx, &scope, id).await? {
                    Some(_) => edit_account(tx, id, change).await,
                    None => Ok(None),
                }
            })
        })
        .await
    }
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
        None => insert(tx, workspace, &connect).await?,
    };
    bind::rebind(tx, workspace, &connect).await?;
    let now = tx.now();
    let told = bindings_of(tx, id).await?;
    let again = |account: &mut Account| {
        account.connected_again(&connect, now);
        account.take_names(&told);
    };
    let account = edit_account(tx, id, again).await?;
    account.ok_or_else(|| Fault::corrupt("binding.account_id", "the account has no sending binding"))
}

/// A new account with its first binding.
async fn insert(tx: &mut Tx, workspace: Id<Workspace>, connect: &Connect) -> Result<Id<Account>, Fault> {
    let now = tx.now();
    let id: Id<Account> = tx.ids.next(now)?;
    let rules = if connect.provider == ProviderKind::Thirdparty { RuleSet::Unlimited } else { RuleSet::Strict };
    sqlx::query!(
        "INSERT INTO account (id, workspace_id, state, rule_set, connected_at, created_at) VALUES ($1, $2, $3, $4, $5, $5)",
        id.raw(),
        workspace.raw(),
        word(&AccountState::Active),
        word(&rules),
        now.as_millis(),
    )
    .execute(&mut tx.conn)
    .await?;
    bind::bind(tx, workspace, id, connect).await?;
    Ok(id)
}
