//! Spaces of Respond.io: their tokens, the accounts that hang on them, and how far each was read.

use async_trait::async_trait;

use super::StoreResult;
use crate::{
    account::Account,
    id::Id,
    space::{Back, Mark, ReadProblem, Space, SpaceChannel, SpaceLease, SpacePatch, WholeHistory},
    workspace::Workspace,
};

/// Spaces.
#[async_trait]
pub trait Spaces: Send + Sync {
    /// A fresh id: a token is sealed for the row that it will be in.
    ///
    /// # Errors
    /// `Unavailable` without a node lease.
    async fn new_space_id(&self) -> StoreResult<Id<Space>>;

    /// Adds a space with its sealed token and its channels; its state is active.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn add_space(
        &self,
        workspace: Id<Workspace>,
        id: Id<Space>,
        token: Vec<u8>,
        channels: Vec<SpaceChannel>,
    ) -> StoreResult<Space>;

    /// Changes a space. `None` when the workspace has no such one.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn patch_space(
        &self,
        workspace: Id<Workspace>,
        id: Id<Space>,
        patch: SpacePatch,
    ) -> StoreResult<Option<Space>>;

    /// Spaces of a workspace, oldest first.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn spaces(&self, workspace: Id<Workspace>) -> StoreResult<Vec<Space>>;

    /// Spaces of all workspaces, oldest first: for whoever asks them what is new.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn spaces_any_workspace(&self) -> StoreResult<Vec<Space>>;

    /// Forgets a space with its token and its marks; its accounts stay. False when the workspace has no such one.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn remove_space(&self, workspace: Id<Workspace>, id: Id<Space>) -> StoreResult<bool>;

    /// Hangs an account on a space, and forgets how far the space was read where the account is new to it: what its contacts said
    /// on the account's channel has to be read. False when the workspace has no such space.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn hang_account(&self, workspace: Id<Workspace>, space: Id<Space>, account: Id<Account>)
    -> StoreResult<bool>;

    /// The space that an account hangs on.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn space_of(&self, workspace: Id<Workspace>, account: Id<Account>) -> StoreResult<Option<Space>>;

    /// Accounts that hang on a space, oldest first, disconnected ones included.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn accounts_of_space(&self, workspace: Id<Workspace>, space: Id<Space>) -> StoreResult<Vec<Account>>;

    /// Asks for the whole history of a space. Once; asking again changes nothing. `None` when the workspace has no such space.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn ask_history(&self, workspace: Id<Workspace>, space: Id<Space>) -> StoreResult<Option<Space>>;

    /// How far the whole history of a space is here. `None` when nobody asked for it, or the workspace has no such space.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn whole_history(&self, workspace: Id<Workspace>, space: Id<Space>) -> StoreResult<Option<WholeHistory>>;
}

/// Asking spaces what is new.
#[async_trait]
pub trait Watching: Send + Sync {
    /// Takes the right to ask a space for 60 seconds, or keeps it with the token `held`. `None`: another process has it, or the
    /// space is gone.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn lease_space(&self, space: Id<Space>, held: Option<i64>) -> StoreResult<Option<SpaceLease>>;

    /// Gives the right back.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn release_space(&self, lease: SpaceLease) -> StoreResult<()>;

    /// How far each contact was read.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn marks(&self, space: Id<Space>) -> StoreResult<Vec<Mark>>;

    /// Writes down how far a contact was read, and how far back where `back` says so, which wipes away that it could not be read;
    /// otherwise both stay, or it is [`Newest`](Back::Newest) for a contact that has no mark yet. False: the right was lost, nothing
    /// changed.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn set_mark(&self, lease: SpaceLease, mark: Mark, back: Option<Back>) -> StoreResult<bool>;

    /// Writes down how far back a contact was read, and wipes away that it could not be. False: the right was lost, or the contact has
    /// no mark (any more); nothing changed.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn set_back(&self, lease: SpaceLease, contact: u64, back: Back) -> StoreResult<bool>;

    /// The first contact from this id on of whom not everything is here, and how far back it was read.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn next_back(&self, space: Id<Space>, from: u64) -> StoreResult<Option<(u64, Back)>>;

    /// Writes down that a contact could not be read, for the first time or back: since when stays until it is. False: the right was
    /// lost, nothing changed.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn read_failed(&self, lease: SpaceLease, contact: u64, problem: ReadProblem) -> StoreResult<bool>;

    /// Contacts that could not be read even once, by their ids.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn never_read(&self, space: Id<Space>) -> StoreResult<Vec<u64>>;

    /// Forgets of contacts that do not exist any more that they could not be read even once. False: the right was lost, nothing
    /// changed.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn forget_never_read(&self, lease: SpaceLease, contacts: Vec<u64>) -> StoreResult<bool>;

    /// Every contact there is was found since the whole history was asked for: so many. False: fewer have a mark or could not be
    /// read, or the right was lost; nothing changed.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn history_listed(&self, lease: SpaceLease, contacts: u64) -> StoreResult<bool>;
}
