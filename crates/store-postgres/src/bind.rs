//! What connecting and disconnecting write of a binding: the row itself and its sealed tokens.

use domain::{
    Id,
    account::{Account, Binding, Connect, SealedTokens},
    profile::Profile,
    workspace::Workspace,
};

use crate::{
    error::Fault,
    rows::{json, word},
    transaction::Tx,
};

/// The first binding of a new account.
pub(crate) async fn bind(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    account: Id<Account>,
    connect: &Connect,
) -> Result<(), Fault> {
    let now = tx.now();
    let id: Id<Binding> = tx.ids.next(now)?;
    let bound = sqlx::query!(
        "INSERT INTO binding (id, workspace_id, account_id, provider, external_id, sends, scopes, connected_at)
        VALUES ($1, $2, $3, $4, $5, true, $6, $7) ON CONFLICT (provider, external_id) DO NOTHING",
        id.raw(),
        workspace.raw(),
        account.raw(),
        word(&connect.provider),
        connect.external_id,
        json(&connect.scopes)?,
        now.as_millis(),
    )
    .execute(&mut tx.conn)
    .await?;
    if bound.rows_affected() == 1 { Ok(()) } else { Err(Fault::Raced) }
}

/// What connecting brings to a binding, new or known.
pub(crate) async fn rebind(tx: &mut Tx, workspace: Id<Workspace>, connect: &Connect) -> Result<(), Fault> {
    let id = sqlx::query_scalar!(
        "UPDATE binding SET scopes = $4, trouble = NULL, connected_at = $5
        WHERE workspace_id = $1 AND provider = $2 AND external_id = $3 RETURNING id",
        workspace.raw(),
        word(&connect.provider),
        connect.external_id,
        json(&connect.scopes)?,
        tx.now().as_millis(),
    )
    .fetch_one(&mut tx.conn)
    .await?;
    write_profile(tx, workspace, id, &connect.profile()).await?;
    match &connect.tokens {
        Some(tokens) => keep_tokens(tx, workspace, id, tokens).await,
        None => forget(tx, workspace.raw(), id).await,
    }
}

/// What a provider tells of who the account is; what it does not tell stays.
pub(crate) async fn write_profile(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    binding: i64,
    told: &Profile,
) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE binding SET username = COALESCE($3, username), display_name = COALESCE($4, display_name),
            avatar_url = COALESCE($5, avatar_url) WHERE workspace_id = $1 AND id = $2",
        workspace.raw(),
        binding,
        told.username.as_deref(),
        told.display_name.as_deref(),
        told.avatar_url.as_deref(),
    )
    .execute(&mut tx.conn)
    .await?;
    Ok(())
}

/// A refresh that was begun with the old tokens must lose, so the version never goes back.
async fn keep_tokens(tx: &mut Tx, workspace: Id<Workspace>, binding: i64, tokens: &SealedTokens) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO token (binding_id, workspace_id, access, refresh, access_expires_at, refresh_expires_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (binding_id) DO UPDATE SET access = excluded.access, refresh = excluded.refresh,
            access_expires_at = excluded.access_expires_at, refresh_expires_at = excluded.refresh_expires_at,
            version = GREATEST(excluded.version, token.version + 1)",
        binding,
        workspace.raw(),
        tokens.access,
        tokens.refresh,
        tokens.access_expires_at.as_millis(),
        tokens.refresh_expires_at.as_millis(),
        tokens.version,
    )
    .execute(&mut tx.conn)
    .await?;
    Ok(())
}

pub(crate) async fn forget(tx: &mut Tx, workspace: i64, binding: i64) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM token WHERE workspace_id = $1 AND binding_id = $2", workspace, binding)
        .execute(&mut tx.conn)
        .await?;
    Ok(())
}
