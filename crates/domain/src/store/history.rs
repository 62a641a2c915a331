//! Filing the history of an account.

use async_trait::async_trait;

use super::StoreResult;
use crate::{
    account::Account,
    conversation::Conversation,
    history::{ListedConversation, PastConversation},
    id::Id,
    workspace::{Scope, Workspace},
};

/// History. Everything that changes how far it is writes the account's event.
#[async_trait]
pub trait Filing: Send + Sync {
    /// Asks for the history of an account in sight, once more if it was filed or given up: its state is filing, and a job reads the
    /// lists. `None` when there is none in sight.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn begin_history(&self, scope: &Scope, account: Id<Account>) -> StoreResult<Option<Account>>;

    /// The lists hold these: each is expected, once, and gets a job. When there are none the history is filed.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn expect_conversations(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        listed: Vec<ListedConversation>,
    ) -> StoreResult<()>;

    /// An expected conversation that is not filed yet.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn expected_conversation(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        external_id: &str,
    ) -> StoreResult<Option<ListedConversation>>;

    /// Files a conversation as [`file`](crate::journal::file) does; it is expected no more, and with the last one the history is
    /// filed. Gives the conversation, as that does. Doing it twice changes nothing.
    ///
    /// # Errors
    /// `Unavailable`, or `Rejected` for what it says.
    async fn file_conversation(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        past: PastConversation,
    ) -> StoreResult<Option<Id<Conversation>>>;

    /// Gives up an expected conversation, or the lists themselves (`None`), for a reason in plain words. What failed is told once
    /// nothing else is expected.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn fail_history(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        external_id: Option<&str>,
        reason: &str,
    ) -> StoreResult<()>;
}
