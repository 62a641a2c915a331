//! The port `Secrets`: API keys, OAuth round trips, settings of the installation.

use std::time::Duration;

use async_trait::async_trait;
use domain::{
    Id, Timestamp,
    identity::{ApiKey, KeyScope, OauthState, SecretHash, User},
    store::{Secrets, StoreResult},
    workspace::Workspace,
};

use crate::{
    PostgresStore,
    error::Fault,
    rows::{from_word, moment, word},
    transaction::{Touches, Tx},
};

/// How exactly the last use of a key is noted.
const USE_STEP: Duration = Duration::from_mins(1);

struct ApiKeyRow {
    id: i64,
    workspace_id: i64,
    name: String,
    scope: String,
    prefix: String,
    created_by: Option<i64>,
    created_at: i64,
    last_used_at: Option<i64>,
}

impl TryFrom<ApiKeyRow> for ApiKey {
    type Error = Fault;

    fn try_from(row: ApiKeyRow) -> Result<Self, Fault> {
        Ok(Self {
            id: Id::from_raw(row.id),
            workspace_id: Id::from_raw(row.workspace_id),
            name: row.name,
            scope: from_word("api_key.scope", &row.scope)?,
            prefix: row.prefix,
            created_by: row.created_by.map(Id::from_raw),
            created_at: Timestamp::from_millis(row.created_at),
            last_used_at: moment(row.last_used_at),
        })
    }
}

#[async_trait]
impl Secrets for PostgresStore {
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
        self.write(Touches::default(), move |tx| {
            let (prefix, name) = (prefix.clone(), name.clone());
            Box::pin(async move {
                let created_at = tx.now();
                let id = tx.ids.next(created_at)?;
                let key = ApiKey {
                    id,
                    workspace_id: workspace,
                    name,
                    scope,
                    prefix,
                    created_by,
                    created_at,
                    last_used_at: None,
                };
                insert_key(tx, hash, &key).await?;
                Ok(key)
            })
        })
        .await
    }

    async fn api_keys(&self, workspace: Id<Workspace>) -> StoreResult<Vec<ApiKey>> {
        let mut tx = self.read(workspace).await?;
        let rows = sqlx::query_as!(
            ApiKeyRow,
            "SELECT id, workspace_id, name, scope, prefix, created_by, created_at, last_used_at FROM api_key
            WHERE workspace_id = $1 AND revoked_at IS NULL ORDER BY id DESC",
            workspace.raw(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(rows.into_iter().map(ApiKey::try_from).collect::<Result<_, _>>()?)
    }

    async fn api_key_by_hash_any_workspace(&self, hash: &SecretHash, now: Timestamp) -> StoreResult<Option<ApiKey>> {
        let mut tx = self.read_system().await?;
        let row = sqlx::query_as!(
            ApiKeyRow,
            "SELECT id, workspace_id, name, scope, prefix, created_by, created_at, last_used_at FROM api_key
            WHERE hash = $1 AND revoked_at IS NULL",
            hash.as_slice(),
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        let Some(mut key) = row.map(ApiKey::try_from).transpose()? else {
            return Ok(None);
        };
        if key.last_used_at.is_none_or(|last| now.since(last) >= USE_STEP) {
            let id = key.id.raw();
            self.write(Touches::default(), move |tx| Box::pin(note_use(tx, id, now))).await?;
            key.last_used_at = Some(now);
        }
        Ok(Some(key))
    }

    async fn revoke_api_key(&self, workspace: Id<Workspace>, id: Id<ApiKey>) -> StoreResult<bool> {
        self.write(Touches::default(), move |tx| {
            Box::pin(async move {
                let now = tx.now().as_millis();
                let done = sqlx::query!(
                    "UPDATE api_key SET revoked_at = $3 WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL",
                    workspace.raw(),
                    id.raw(),
                    now,
                )
                .execute(&mut tx.conn)
                .await?;
                Ok(done.rows_affected() == 1)
            })
        })
        .await
    }

    async fn create_oauth_state(&self, hash: SecretHash, state: OauthState) -> StoreResult<()> {
        self.write(Touches::default(), move |tx| {
            let state = state.clone();
            Box::pin(async move {
                let now = tx.now().as_millis();
                sqlx::query!("DELETE FROM oauth_state WHERE expires_at <= $1", now).execute(&mut tx.conn).await?;
                sqlx::query!(
                    "INSERT INTO oauth_state (hash, workspace_id, session, kind, expires_at) VALUES ($1, $2, $3, $4, $5)",
                    hash.as_slice(),
                    state.workspace_id.raw(),
                    state.session.as_slice(),
                    state.kind,
                    state.expires_at.as_millis(),
                )
                .execute(&mut tx.conn)
                .await?;
                Ok(())
            })
        })
        .await
    }

    async fn take_oauth_state(&self, hash: &SecretHash, now: Timestamp) -> StoreResult<Option<OauthState>> {
        let hash = *hash;
        self.write(Touches::default(), move |tx| Box::pin(take_state(tx, hash, now))).await
    }

    async fn setting(&self, name: &str) -> StoreResult<Option<Vec<u8>>> {
        let mut tx = self.read_system().await?;
        let value = sqlx::query_scalar!("SELECT value FROM setting WHERE name = $1", name)
            .fetch_optional(&mut *tx)
            .await
            .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(value)
    }

    async fn setting_or_insert(&self, name: &str, value: &[u8]) -> StoreResult<Vec<u8>> {
        let (name, value) = (name.to_owned(), value.to_vec());
        self.write(Touches::default(), move |tx| {
            let (name, value) = (name.clone(), value.clone());
            Box::pin(async move {
                sqlx::query!(
                    "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
                    name,
                    value
                )
                .execute(&mut tx.conn)
                .await?;
                Ok(sqlx::query_scalar!("SELECT value FROM setting WHERE name = $1", name)
                    .fetch_one(&mut tx.conn)
                    .await?)
            })
        })
        .await
    }
}

async fn insert_key(tx: &mut Tx, hash: SecretHash, key: &ApiKey) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO api_key (id, workspace_id, hash, prefix, name, scope, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        key.id.raw(),
        key.workspace_id.raw(),
        hash.as_slice(),
        key.prefix,
        key.name,
        word(&key.scope),
        key.created_by.map(Id::raw),
        key.created_at.as_millis(),
    )
    .execute(&mut tx.conn)
    .await?;
    Ok(())
}

async fn note_use(tx: &mut Tx, id: i64, now: Timestamp) -> Result<(), Fault> {
    sqlx::query!("UPDATE api_key SET last_used_at = GREATEST(last_used_at, $2) WHERE id = $1", id, now.as_millis())
        .execute(&mut tx.conn)
        .await?;
    Ok(())
}

async fn take_state(tx: &mut Tx, hash: SecretHash, now: Timestamp) -> Result<Option<OauthState>, Fault> {
    let row = sqlx::query!(
        "DELETE FROM oauth_state WHERE hash = $1 AND expires_at > $2 RETURNING workspace_id, session, kind, expires_at",
        hash.as_slice(),
        now.as_millis(),
    )
    .fetch_optional(&mut tx.conn)
    .await?;
    row.map(|row| {
        Ok(OauthState {
            workspace_id: Id::from_raw(row.workspace_id),
            session: row.session.try_into().map_err(|_| Fault::corrupt("oauth_state.session", "not 32 bytes"))?,
            kind: row.kind,
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    })
    .transpose()
}
