//! Workspaces, members and their sessions. Login happens before a workspace is known, so some finders cross workspaces.

use async_trait::async_trait;

use super::StoreResult;
use crate::{
    clock::Timestamp,
    id::Id,
    identity::{FirstOwner, LoginLink, Member, SecretHash, Session, User},
    workspace::Workspace,
};

/// Who is who.
#[async_trait]
pub trait Directory: Send + Sync {
    /// The oldest workspace: what `API_SECRET` and the local test speak for. `None` before the first start.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn default_workspace(&self) -> StoreResult<Option<Workspace>>;

    /// Makes the first workspace with its owner, once; later calls answer what is there.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn ensure_first_owner(&self, first: FirstOwner) -> StoreResult<Member>;

    /// Members of a workspace, oldest first.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn members(&self, workspace: Id<Workspace>) -> StoreResult<Vec<Member>>;

    /// The member with this e-mail address (lower case), in their first workspace.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn member_by_email_any_workspace(&self, email: &str) -> StoreResult<Option<Member>>;

    /// The member of this user, in their first workspace.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn member_by_user_any_workspace(&self, user: Id<User>) -> StoreResult<Option<Member>>;

    /// Sets name, e-mail and password hash.
    ///
    /// # Errors
    /// `Conflict` when the address is taken; `Unavailable`.
    async fn update_user(&self, user: Id<User>, name: &str, email: &str, password_hash: &str) -> StoreResult<()>;

    /// Keeps a session.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn create_session(
        &self,
        hash: SecretHash,
        user: Id<User>,
        workspace: Id<Workspace>,
        expires_at: Timestamp,
    ) -> StoreResult<()>;

    /// The session of a cookie, if it is valid at `now`.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn session(&self, hash: &SecretHash, now: Timestamp) -> StoreResult<Option<Session>>;

    /// Signs out.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn delete_session(&self, hash: &SecretHash) -> StoreResult<()>;

    /// Keeps a one-time link.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn create_login_link(&self, hash: SecretHash, link: LoginLink) -> StoreResult<()>;

    /// Reads a link that is valid at `now`; with `spend` it is gone afterwards, and of two callers one gets it.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn login_link(&self, hash: &SecretHash, now: Timestamp, spend: bool) -> StoreResult<Option<LoginLink>>;
}
