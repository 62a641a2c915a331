//! One account within a transaction: whether it is in sight, and how it changes together with its event.

use std::sync::Arc;

use domain::{
    Id,
    account::{Account, Binding},
    journal::Working,
    workspace::Scope,
};

use crate::{
    error::Fault,
    load,
    rows::{all, binding_rows},
    transaction::{Touches, Tx},
};

/// What a use case of one account locks.
pub(crate) fn touches(id: Id<Account>) -> Touches {
    Touches { accounts: vec![id.raw()], ..Touches::default() }
}

pub(crate) async fn account_in_sight(tx: &mut Tx, scope: &Scope, id: Id<Account>) -> Result<Option<Account>, Fault> {
    let account = load::accounts(&mut tx.conn, &[id.raw()]).await?.into_iter().next();
    Ok(account.filter(|account| scope.allows(account.workspace_id, account.id)))
}

/// Changes an account, writes its event, and gives it as it is then.
pub(crate) async fn edit_account(
    tx: &mut Tx,
    id: Id<Account>,
    change: impl FnOnce(&mut Account) + Send,
) -> Result<Option<Account>, Fault> {
    let ids = Arc::clone(&tx.ids);
    let mut working = Working::new(tx.now(), &ids);
    let Some(account) = load::accounts(&mut tx.conn, &[id.raw()]).await?.into_iter().next() else { return Ok(None) };
    let workspace = account.workspace_id;
    working.add_account(account);
    working.edit_account(id, change);
    tx.persist(working, &[workspace.raw()]).await?;
    Ok(load::accounts(&mut tx.conn, &[id.raw()]).await?.into_iter().next())
}

/// The bindings of one account, the sending one first.
pub(crate) async fn bindings_of(tx: &mut Tx, id: Id<Account>) -> Result<Vec<Binding>, Fault> {
    let rows = binding_rows!("WHERE b.account_id = $1 ORDER BY b.sends DESC, b.id", id.raw());
    all(rows.fetch_all(&mut tx.conn).await?)
}

/// Shows an account by the names that its bindings tell now, and writes its event.
pub(crate) async fn name_anew(tx: &mut Tx, id: Id<Account>) -> Result<Option<Account>, Fault> {
    let told = bindings_of(tx, id).await?;
    edit_account(tx, id, |account| _ = account.take_names(&told)).await
}
