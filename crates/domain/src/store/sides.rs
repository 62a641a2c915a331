//! The two sides of an account: who receives, who sends, and what only one of them tells.

use async_trait::async_trait;

use super::{ConversationRecord, StoreResult};
use crate::{
    account::{Account, ProviderKind},
    conversation::Conversation,
    id::Id,
    sides::{Shadow, ShadowFilter, Side},
    workspace::Scope,
};

/// Sides. See [`sides`](crate::sides).
#[async_trait]
pub trait Sides: Send + Sync {
    /// The sides of an account in sight, the sending one first.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn sides(&self, scope: &Scope, account: Id<Account>) -> StoreResult<Vec<Side>>;

    /// An account in sight as one of its sides shows it: by that provider's name, with that binding and its scopes. As the sending one
    /// shows it where it has no such side.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn account_through(
        &self,
        scope: &Scope,
        account: Id<Account>,
        provider: ProviderKind,
    ) -> StoreResult<Option<Account>>;

    /// A second provider tells of an account in sight from now on; the first one still sends. Doing it twice changes nothing.
    /// `None` when there is none in sight.
    ///
    /// # Errors
    /// `Conflict` when that provider knows the account by another id, or another account by this one; `Unavailable`.
    async fn add_side(
        &self,
        scope: &Scope,
        account: Id<Account>,
        provider: ProviderKind,
        external_id: &str,
    ) -> StoreResult<Option<Account>>;

    /// A side is gone; what it told stays, and conversations that chose it go by the account's choice. `None` when the account is
    /// not in sight.
    ///
    /// # Errors
    /// `Conflict` for the side that sends: let the other one send first. `Unavailable`.
    async fn remove_side(
        &self,
        scope: &Scope,
        account: Id<Account>,
        provider: ProviderKind,
    ) -> StoreResult<Option<Account>>;

    /// From now on replies leave through this side, those that wait included; what is on its way is left to settle. Writes the
    /// account's event. `None` when there is no such side in sight.
    ///
    /// # Errors
    /// `Refused` for a provider that has no way out; `Unavailable`.
    async fn set_sender(
        &self,
        scope: &Scope,
        account: Id<Account>,
        provider: ProviderKind,
    ) -> StoreResult<Option<Account>>;

    /// The same for one conversation, whatever the account's choice is; `None` goes by the account's again. Writes the conversation's
    /// event. `None` when there is none in sight.
    ///
    /// # Errors
    /// `Refused` for a side that the account does not have, that has no way out or that does not know the conversation;
    /// `Unavailable`.
    async fn set_conversation_sender(
        &self,
        scope: &Scope,
        conversation: Id<Conversation>,
        provider: Option<ProviderKind>,
    ) -> StoreResult<Option<ConversationRecord>>;

    /// Messages since both sides receive that one of them told and the other did not, newest first.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn shadows(&self, scope: &Scope, filter: ShadowFilter) -> StoreResult<Vec<Shadow>>;
}
