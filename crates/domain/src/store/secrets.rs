//! API keys, OAuth round trips, and small settings of the installation.

use async_trait::async_trait;

use super::StoreResult;
use crate::{
    clock::Timestamp,
    id::Id,
    identity::{ApiKey, KeyScope, OauthState, SecretHash, User},
    workspace::Workspace,
};

/// What is kept as a hash, a ciphertext or a setting.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// Makes an API key.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn create_api_key(
        &self,
        workspace: Id<Workspace>,
        hash: SecretHash,
        prefix: &str,
        name: &str,
        scope: KeyScope,
        created_by: Option<Id<User>>,
    ) -> StoreResult<ApiKey>;

    /// Keys of a workspace that are not revoked, newest first.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn api_keys(&self, workspace: Id<Workspace>) -> StoreResult<Vec<ApiKey>>;

    /// The key of a presented secret. Notes its use, to the minute.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn api_key_by_hash_any_workspace(&self, hash: &SecretHash, now: Timestamp) -> StoreResult<Option<ApiKey>>;

    /// Revokes a key; false when there is none.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn revoke_api_key(&self, workspace: Id<Workspace>, id: Id<ApiKey>) -> StoreResult<bool>;

    /// Keeps an OAuth round trip.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn create_oauth_state(&self, hash: SecretHash, state: OauthState) -> StoreResult<()>;

    /// Takes a round trip that is valid at `now`: of two callers one gets it.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn take_oauth_state(&self, hash: &SecretHash, now: Timestamp) -> StoreResult<Option<OauthState>>;

    /// A value of the installation, such as the encryption canary.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn setting(&self, name: &str) -> StoreResult<Option<Vec<u8>>>;

    /// Writes a value unless there is one; answers the one that stands.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn setting_or_insert(&self, name: &str, value: &[u8]) -> StoreResult<Vec<u8>>;
}
