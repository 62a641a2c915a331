//! One account within a transaction: whether it is in sight, and how it changes together with its event.

use domain::{
    account::{Account, Binding},
    id::Id,
    journal::Working,
    store::StoreResult,
    workspace::Scope,
};
use rusqlite::Connection;

use crate::{
    load,
    persist::persist,
    rows::{self, binding_columns, binding_tables},
    sql::{Columns, many, statements},
    writer::Tx,
};

statements! {
    BINDINGS = concat!("SELECT ", binding_columns!(), " FROM ", binding_tables!(), " WHERE b.account_id = ?1 ORDER BY b.sends DESC, b.id");
}

pub(crate) fn account_in_sight(
    connection: &Connection,
    scope: &Scope,
    id: Id<Account>,
) -> StoreResult<Option<Account>> {
    Ok(load::account_by_id(connection, id)?.filter(|account| scope.allows(account.workspace_id, account.id)))
}

/// Changes an account, writes its event, and gives it as it is then.
pub(crate) fn edit_account(
    tx: &mut Tx<'_>,
    id: Id<Account>,
    change: impl FnOnce(&mut Account),
) -> StoreResult<Option<Account>> {
    let mut working = Working::new(tx.now, tx.ids);
    let Some(account) = load::account_by_id(tx.connection, id)? else { return Ok(None) };
    working.add_account(account);
    working.edit_account(id, change);
    persist(tx, &working.into_changes())?;
    load::account_by_id(tx.connection, id)
}

/// The bindings of one account, the sending one first.
pub(crate) fn bindings_of(connection: &Connection, id: Id<Account>) -> StoreResult<Vec<Binding>> {
    many(connection, BINDINGS, [id.raw()], |row| rows::binding(&mut Columns::new(row, "binding")))
}

/// Shows an account by the names that its bindings tell now, and writes its event.
pub(crate) fn name_anew(tx: &mut Tx<'_>, id: Id<Account>) -> StoreResult<Option<Account>> {
    let told = bindings_of(tx.connection, id)?;
    edit_account(tx, id, |account| _ = account.take_names(&told))
}
