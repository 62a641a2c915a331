//! Messages that the provider does not tell.

use async_trait::async_trait;

use super::StoreResult;
use crate::{
    account::Account,
    clock::Timestamp,
    conversation::Conversation,
    id::Id,
    withheld::{Verdict, WithheldMessage},
    workspace::{Scope, Workspace},
};

/// Withheld messages. Their notices come through [`Journal`](super::Journal).
#[async_trait]
pub trait Withheld: Send + Sync {
    /// Of an account in sight, newest notice first, those before one (exclusive); at most 200.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn withheld_messages(
        &self,
        scope: &Scope,
        account: Id<Account>,
        before: Option<Id<WithheldMessage>>,
        limit: u32,
    ) -> StoreResult<Vec<WithheldMessage>>;

    /// The one of this time.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn withheld_message(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        at: Timestamp,
    ) -> StoreResult<Option<WithheldMessage>>;

    /// Writes down how the search ended; false when it had ended before.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn settle_withheld(
        &self,
        workspace: Id<Workspace>,
        id: Id<WithheldMessage>,
        verdict: Verdict,
    ) -> StoreResult<bool>;

    /// A conversation of the account in which the customer wrote at exactly this time.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn incoming_at(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        at: Timestamp,
    ) -> StoreResult<Option<Id<Conversation>>>;

    /// Whether a conversation, by the provider's id, holds a message of exactly one of these times.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn holds_message_at(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        external_id: &str,
        times: [Timestamp; 2],
    ) -> StoreResult<bool>;
}
