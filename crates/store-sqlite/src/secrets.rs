//! The port [`Secrets`]: API keys, OAuth round trips and settings. Secrets are here as hashes or ciphertext only.

use async_trait::async_trait;
use domain::{
    clock::Timestamp,
    id::Id,
    identity::{ApiKey, KeyScope, OauthState, SecretHash, User},
    store::{Secrets, StoreResult},
    workspace::Workspace,
};
use rusqlite::{Row, params};

use crate::{
    SqliteStore,
    error::corrupt,
    sql::{Columns, execute, many, one, statements},
    text::Text,
};

statements! {
    INSERT_KEY = "INSERT INTO api_key (id, workspace_id, hash, prefix, name, scope, created_by, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    KEYS = "SELECT id, workspace_id, name, scope, prefix, created_by, created_at, last_used_at FROM api_key \
            WHERE workspace_id = ?1 AND revoked_at IS NULL ORDER BY id DESC";
    KEY_BY_HASH = "SELECT id, workspace_id, name, scope, prefix, created_by, created_at, last_used_at FROM api_key \
                   WHERE hash = ?1 AND revoked_at IS NULL";
    NOTE_USE = "UPDATE api_key SET last_used_at = max(coalesce(last_used_at, 0), ?2) WHERE id = ?1";
    REVOKE = "UPDATE api_key SET revoked_at = ?3 WHERE workspace_id = ?1 AND id = ?2 AND revoked_at IS NULL";
    FORGET_STATES = "DELETE FROM oauth_state WHERE expires_at <= ?1";
    INSERT_STATE = "INSERT INTO oauth_state (hash, workspace_id, session, kind, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    TAKE_STATE = "DELETE FROM oauth_state WHERE hash = ?1 RETURNING workspace_id, session, kind, expires_at";
    SETTING = "SELECT value FROM setting WHERE name = ?1";
    INSERT_SETTING = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING";
}

/// How exactly the last use of a key is kept (ms).
const USE_PRECISION: i64 = 60_000;

#[async_trait]
impl Secrets for SqliteStore {
    async fn create_api_key(
        &self,
        workspace: Id<Workspace>,
        hash: SecretHash,
        prefix: &str,
        name: &str,
        scope: KeyScope,
        created_by: Option<Id<User>>,
    ) -> StoreResult<ApiKey> {
        let (prefix, name) = (prefix.to_owned(), name.to_owned());
        self.write(move |tx| {
            let (id, created_at) = (tx.new_id()?, tx.now);
            let key =
                ApiKey { id, workspace_id: workspace, name, scope, prefix, created_by, created_at, last_used_at: None };
            let creator = created_by.map(Id::raw);
            let row = params![
                id.raw(),
                workspace.raw(),
                hash,
                key.prefix,
                key.name,
                scope.text(),
                creator,
                created_at.as_millis()
            ];
            execute(tx.connection, INSERT_KEY, row)?;
            Ok(key)
        })
        .await
    }

    async fn api_keys(&self, workspace: Id<Workspace>) -> StoreResult<Vec<ApiKey>> {
        self.read(move |connection| many(connection, KEYS, [workspace.raw()], key)).await
    }

    async fn api_key_by_hash_any_workspace(&self, hash: &SecretHash, now: Timestamp) -> StoreResult<Option<ApiKey>> {
        let hash = *hash;
        let Some(mut found) = self.read(move |connection| one(connection, KEY_BY_HASH, [hash], key)).await? else {
            return Ok(None);
        };
        let minute = Timestamp::from_millis(now.as_millis().div_euclid(USE_PRECISION) * USE_PRECISION);
        if found.last_used_at.is_none_or(|last| last < minute) {
            let id = found.id;
            // A full disk must not lock anybody out: the key is right whether or not its use can be noted.
            match self.write(move |tx| execute(tx.connection, NOTE_USE, (id.raw(), minute.as_millis()))).await {
                Ok(_) => found.last_used_at = Some(minute),
                Err(error) => tracing::warn!(%error, "the use of an API key was not noted"),
            }
        }
        Ok(Some(found))
    }

    async fn revoke_api_key(&self, workspace: Id<Workspace>, id: Id<ApiKey>) -> StoreResult<bool> {
        self.write(move |tx| Ok(execute(tx.connection, REVOKE, (workspace.raw(), id.raw(), tx.now.as_millis()))? == 1))
            .await
    }

    async fn create_oauth_state(&self, hash: SecretHash, state: OauthState) -> StoreResult<()> {
        self.write(move |tx| {
            execute(tx.connection, FORGET_STATES, [tx.now.as_millis()])?;
            let row = (hash, state.workspace_id.raw(), state.session, state.kind, state.expires_at.as_millis());
            execute(tx.connection, INSERT_STATE, row).map(drop)
        })
        .await
    }

    async fn take_oauth_state(&self, hash: &SecretHash, now: Timestamp) -> StoreResult<Option<OauthState>> {
        let hash = *hash;
        self.write(move |tx| {
            let taken = one(tx.connection, TAKE_STATE, [hash], |row| {
                let mut columns = Columns::new(row, "oauth_state");
                Ok(OauthState {
                    workspace_id: columns.id()?,
                    session: columns.get()?,
                    kind: columns.get()?,
                    expires_at: columns.time()?,
                })
            })?;
            Ok(taken.filter(|state| state.expires_at > now))
        })
        .await
    }

    async fn setting(&self, name: &str) -> StoreResult<Option<Vec<u8>>> {
        let name = name.to_owned();
        self.read(move |connection| one(connection, SETTING, [name], |row| Columns::new(row, "setting").get())).await
    }

    async fn setting_or_insert(&self, name: &str, value: &[u8]) -> StoreResult<Vec<u8>> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.write(move |tx| {
            execute(tx.connection, INSERT_SETTING, (&name, &value))?;
            let stands = one(tx.connection, SETTING, [&name], |row| Columns::new(row, "setting").get())?;
            stands.ok_or_else(|| corrupt("setting".to_owned()))
        })
        .await
    }
}

fn key(row: &Row<'_>) -> StoreResult<ApiKey> {
    let mut columns = Columns::new(row, "api_key");
    Ok(ApiKey {
        id: columns.id()?,
        workspace_id: columns.id()?,
        name: columns.get()?,
        scope: columns.text()?,
        prefix: columns.get()?,
        created_by: columns.opt_id()?,
        created_at: columns.time()?,
        last_used_at: columns.opt_time()?,
    })
}
