//! The ways in which providers know an account, their sealed tokens, and accounts that are one person's.

use async_trait::async_trait;

use super::StoreResult;
use crate::{
    account::{Account, AccountRecord, Binding, SealedTokens},
    clock::Timestamp,
    id::Id,
    profile::Profile,
    workspace::Scope,
};

/// Bindings.
#[async_trait]
pub trait Bindings: Send + Sync {
    /// Accounts in sight with their bindings, oldest first, disconnected ones included.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn account_records(&self, scope: &Scope) -> StoreResult<Vec<AccountRecord>>;

    /// One binding of an account in sight.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn binding(&self, scope: &Scope, id: Id<Binding>) -> StoreResult<Option<Binding>>;

    /// The sealed tokens of a binding.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn tokens(&self, scope: &Scope, id: Id<Binding>) -> StoreResult<Option<SealedTokens>>;

    /// Replaces the tokens if their version is still `tokens.version - 1`. False: somebody was faster.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn replace_tokens(&self, scope: &Scope, id: Id<Binding>, tokens: SealedTokens) -> StoreResult<bool>;

    /// Forgets the tokens.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn forget_tokens(&self, scope: &Scope, id: Id<Binding>) -> StoreResult<()>;

    /// Bindings whose access token ends before `before` and whose authorization lets it be refreshed, over all workspaces.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn tokens_ending_any_workspace(&self, before: Timestamp) -> StoreResult<Vec<Binding>>;

    /// Says of a binding that does not send why its authorization is over, and writes the account's event. Nothing for one that
    /// sends: its account's state says it.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn set_binding_trouble(&self, scope: &Scope, id: Id<Binding>, reason: String) -> StoreResult<()>;

    /// Keeps what a provider tells anew of who an account is; what it does not tell stays. Writes the account's event where anything
    /// of it is shown. Nothing for a binding that is not in sight.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn set_profile(&self, scope: &Scope, id: Id<Binding>, profile: Profile) -> StoreResult<()>;

    /// Takes a binding that does not send off its account, with its tokens and the names it told, and writes the account's event.
    /// False when there is no such one in sight.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn remove_binding(&self, scope: &Scope, id: Id<Binding>) -> StoreResult<bool>;

    /// Makes two accounts in sight one, as [`merge`](crate::account::merge) says: binding, tokens and deliveries of the identity
    /// move, its account is gone; the other one shows the names that are known now. Events tell of both. Doing it again answers what
    /// there is. `None` when one of them is not in sight.
    ///
    /// # Errors
    /// `CantMerge`; `Unavailable`.
    async fn merge_accounts(
        &self,
        scope: &Scope,
        one: Id<Account>,
        other: Id<Account>,
    ) -> StoreResult<Option<AccountRecord>>;

    /// Remembers that two accounts in sight are not the same person's, and writes the events. False when one of them is not in
    /// sight.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn keep_apart(&self, scope: &Scope, one: Id<Account>, other: Id<Account>) -> StoreResult<bool>;
}
