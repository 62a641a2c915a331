//! Connected accounts.

use async_trait::async_trait;

use super::StoreResult;
use crate::{
    account::{Account, AccountState, Connect, ProviderKind},
    id::Id,
    ledger::RuleSet,
    workspace::{Scope, Workspace},
};

/// Accounts.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Connects an account or connects it again through one of its bindings (see
    /// [`connected_again`](Account::connected_again)): tokens replaced, trouble forgotten, event written.
    ///
    /// # Errors
    /// `Conflict` when it belongs to another workspace; `Unavailable`.
    async fn connect_account(&self, workspace: Id<Workspace>, connect: Connect) -> StoreResult<Account>;

    /// Accounts in sight, oldest first, disconnected ones included.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn accounts(&self, scope: &Scope) -> StoreResult<Vec<Account>>;

    /// One account in sight.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn account(&self, scope: &Scope, id: Id<Account>) -> StoreResult<Option<Account>>;

    /// By the provider's id, whichever workspace it is in: for deliveries and workers.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn account_by_external_id_any_workspace(
        &self,
        provider: ProviderKind,
        external_id: &str,
    ) -> StoreResult<Option<Account>>;

    /// Changes the state and writes the event. `None` when there is none in sight.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn set_account_state(
        &self,
        scope: &Scope,
        id: Id<Account>,
        state: AccountState,
        reason: Option<String>,
    ) -> StoreResult<Option<Account>>;

    /// The same, but only from one of the states `from`: answers the account as it is then, changed or not.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn move_account_state(
        &self,
        scope: &Scope,
        id: Id<Account>,
        from: &'static [AccountState],
        to: AccountState,
        reason: Option<String>,
    ) -> StoreResult<Option<Account>>;

    /// Chooses which reading of TikTok's rules guards replies, and writes the event. `None` when there is none in sight.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn set_rule_set(&self, scope: &Scope, id: Id<Account>, rules: RuleSet) -> StoreResult<Option<Account>>;
}
