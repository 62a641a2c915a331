//! What connecting and disconnecting write of a binding: the row itself and its sealed tokens.

use domain::{
    account::{Account, Binding, Connect, SealedTokens},
    id::Id,
    profile::Profile,
    store::StoreResult,
    workspace::Workspace,
};
use rusqlite::params;

use crate::{
    error::corrupt,
    rows::{self, binding_columns, binding_tables},
    sql::{Columns, execute, one, statements, to_json},
    text::Text,
    writer::Tx,
};

statements! {
    BINDING_OF = concat!("SELECT ", binding_columns!(), " FROM ", binding_tables!(), " WHERE b.account_id = ?1 AND b.provider = ?2");
    INSERT_BINDING = "INSERT INTO binding (id, workspace_id, account_id, provider, external_id, sends, scopes, trouble, connected_at) \
                      VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, NULL, ?7)";
    RECONNECT_BINDING = "UPDATE binding SET scopes = ?2, trouble = NULL, connected_at = ?3 WHERE id = ?1";
    SET_PROFILE = "UPDATE binding SET username = coalesce(?2, username), display_name = coalesce(?3, display_name), \
                   avatar_url = coalesce(?4, avatar_url) WHERE id = ?1";
    // A refresh that was begun with the old tokens must lose, so the version never goes back.
    UPSERT_TOKENS = "INSERT INTO token (binding_id, workspace_id, access, refresh, access_expires_at, refresh_expires_at, version) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (binding_id) DO UPDATE SET access = excluded.access, \
                     refresh = excluded.refresh, access_expires_at = excluded.access_expires_at, \
                     refresh_expires_at = excluded.refresh_expires_at, version = max(excluded.version, token.version + 1)";
    REPLACE_TOKENS = "UPDATE token SET access = ?3, refresh = ?4, access_expires_at = ?5, refresh_expires_at = ?6, version = ?7 \
                      WHERE binding_id = ?1 AND workspace_id = ?2 AND version = ?7 - 1";
    FORGET_TOKENS = "DELETE FROM token WHERE binding_id = ?1";
}

/// The first binding of a new account.
pub(crate) fn bind(tx: &Tx<'_>, account: Id<Account>, workspace: Id<Workspace>, connect: &Connect) -> StoreResult<()> {
    let id: Id<Binding> = tx.new_id()?;
    let row = params![
        id.raw(),
        workspace.raw(),
        account.raw(),
        connect.provider.text(),
        connect.external_id,
        to_json(&connect.scopes, "binding.scopes")?,
        tx.now.as_millis(),
    ];
    execute(tx.connection, INSERT_BINDING, row)?;
    write_profile(tx, id, &connect.profile())?;
    put_tokens(tx, id, workspace, connect)
}

/// What connecting it again brings to a binding.
pub(crate) fn rebind(
    tx: &Tx<'_>,
    account: Id<Account>,
    workspace: Id<Workspace>,
    connect: &Connect,
) -> StoreResult<()> {
    let key = (account.raw(), connect.provider.text());
    let binding = one(tx.connection, BINDING_OF, key, |row| rows::binding(&mut Columns::new(row, "binding")))?;
    let id = binding.ok_or_else(|| corrupt(format!("the binding of account {account}")))?.id;
    let row = (id.raw(), to_json(&connect.scopes, "binding.scopes")?, tx.now.as_millis());
    execute(tx.connection, RECONNECT_BINDING, row)?;
    write_profile(tx, id, &connect.profile())?;
    put_tokens(tx, id, workspace, connect)
}

/// What a provider tells of who the account is; what it does not tell stays.
pub(crate) fn write_profile(tx: &Tx<'_>, id: Id<Binding>, told: &Profile) -> StoreResult<()> {
    let row = params![id.raw(), told.username, told.display_name, told.avatar_url];
    execute(tx.connection, SET_PROFILE, row).map(drop)
}

fn put_tokens(tx: &Tx<'_>, id: Id<Binding>, workspace: Id<Workspace>, connect: &Connect) -> StoreResult<()> {
    match &connect.tokens {
        Some(tokens) => write_tokens(tx, UPSERT_TOKENS, id, workspace, tokens).map(drop),
        None => forget_tokens(tx, id),
    }
}

/// A new pair in place of the one before it; false where that one is not there any more.
pub(crate) fn replace_tokens(
    tx: &Tx<'_>,
    id: Id<Binding>,
    workspace: Id<Workspace>,
    tokens: &SealedTokens,
) -> StoreResult<bool> {
    write_tokens(tx, REPLACE_TOKENS, id, workspace, tokens).map(|rows| rows == 1)
}

pub(crate) fn forget_tokens(tx: &Tx<'_>, id: Id<Binding>) -> StoreResult<()> {
    execute(tx.connection, FORGET_TOKENS, [id.raw()]).map(drop)
}

fn write_tokens(
    tx: &Tx<'_>,
    sql: &'static str,
    id: Id<Binding>,
    workspace: Id<Workspace>,
    tokens: &SealedTokens,
) -> StoreResult<usize> {
    let row = params![
        id.raw(),
        workspace.raw(),
        tokens.access,
        tokens.refresh,
        tokens.access_expires_at.as_millis(),
        tokens.refresh_expires_at.as_millis(),
        tokens.version,
    ];
    execute(tx.connection, sql, row)
}
