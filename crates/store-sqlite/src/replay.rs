//! Kept deliveries, read and applied again. Called by the port `Journal`.

use bytes::Bytes;
use domain::{
    account::Account,
    clock::Timestamp,
    delivery::{Delivery, KeptDelivery, Reapplied, Retold},
    id::Id,
    inbound::{Inbound, InboundReactions},
    journal::{self, Working},
    store::{KeptFilter, KeptSpan, StoreResult},
};
use rusqlite::Connection;

use crate::{
    load,
    persist::persist,
    sql::{Columns, execute, many, one, statements},
    writer::Tx,
};

statements! {
    SPAN = "SELECT count(*), max(id) FROM delivery \
            WHERE (?1 = 0 OR unsupported IS NOT NULL) AND (?2 IS NULL OR received_at >= ?2) AND (?3 IS NULL OR event = ?3)";
    KEPT = "SELECT id, provider, account_id, account_external_id, event, received_at, unsupported, body FROM delivery WHERE id > ?4 \
            AND (?1 = 0 OR unsupported IS NOT NULL) AND (?2 IS NULL OR received_at >= ?2) AND (?3 IS NULL OR event = ?3) \
            ORDER BY id LIMIT ?5";
    OWNER = "SELECT account_id FROM delivery WHERE id = ?1";
    RETELL = "UPDATE delivery SET workspace_id = ?2, account_id = ?3, account_external_id = coalesce(?4, account_external_id), event = ?5, \
              unsupported = ?6 WHERE id = ?1 \
              AND (workspace_id, account_id, account_external_id, event, unsupported) IS NOT (?2, ?3, coalesce(?4, account_external_id), ?5, ?6)";
    // What would change nothing: the same operation, or a newer one, is there.
    REACTION_STANDS = "SELECT 1 FROM reaction WHERE account_id = ?1 AND message_external_id = ?2 AND reacted_by = ?3 AND reaction_key = ?4 \
                       AND (reacted_at > ?5 OR (reacted_at = ?5 AND added <= ?6))";
    WITHHELD_STANDS = "SELECT 1 FROM withheld_message WHERE account_id = ?1 AND said_at = ?2";
}

pub(crate) fn span(connection: &Connection, filter: &KeptFilter) -> StoreResult<KeptSpan> {
    let wanted = (filter.unsupported, filter.since.map(Timestamp::as_millis), filter.event.as_deref());
    let found = one(connection, SPAN, wanted, |row| {
        let mut columns = Columns::new(row, "delivery");
        Ok(KeptSpan { count: columns.get()?, last: columns.opt_id()? })
    })?;
    Ok(found.unwrap_or(KeptSpan { count: 0, last: None }))
}

pub(crate) fn kept(
    connection: &Connection,
    filter: &KeptFilter,
    after: Option<Id<Delivery>>,
    limit: u32,
) -> StoreResult<Vec<KeptDelivery>> {
    let (since, event) = (filter.since.map(Timestamp::as_millis), filter.event.as_deref());
    let wanted = (filter.unsupported, since, event, after.map_or(i64::MIN, Id::raw), limit);
    many(connection, KEPT, wanted, |row| {
        let mut columns = Columns::new(row, "delivery");
        Ok(KeptDelivery {
            id: columns.id()?,
            provider: columns.text()?,
            account_id: columns.opt_id()?,
            account_external_id: columns.get()?,
            event: columns.get()?,
            received_at: columns.time()?,
            unsupported: columns.get()?,
            body: columns.get::<Vec<u8>>().map(Bytes::from)?,
        })
    })
}

pub(crate) fn reapply(tx: &mut Tx<'_>, kept: &KeptDelivery, told: &Retold) -> StoreResult<Option<Reapplied>> {
    let owner = one(tx.connection, OWNER, [kept.id.raw()], |row| Columns::new(row, "delivery").opt_id::<Account>())?;
    if owner != Some(kept.account_id) {
        return Ok(None);
    }
    let account = match (kept.account_id, &told.account_external_id) {
        (Some(id), _) => load::account_by_id(tx.connection, id)?,
        (None, Some(external_id)) => load::account_by_key(tx.connection, kept.provider, external_id)?,
        (None, None) => None,
    };
    let changed = match &account {
        Some(account) => apply(tx, account, kept, &told.items)?,
        None => false,
    };
    let account_id = account.as_ref().map(|account| account.id);
    let row = (
        kept.id.raw(),
        account.as_ref().map(|account| account.workspace_id.raw()),
        account_id.map(Id::raw),
        &told.account_external_id,
        &told.event,
        &told.unsupported,
    );
    execute(tx.connection, RETELL, row)?;
    Ok(Some(Reapplied { account_id, attributed: kept.account_id.is_none() && account_id.is_some(), changed }))
}

fn apply(tx: &mut Tx<'_>, account: &Account, kept: &KeptDelivery, items: &[Inbound]) -> StoreResult<bool> {
    let items = news(tx.connection, account.id, items)?;
    let mut working = Working::new(tx.now, tx.ids);
    working.add_account(account.clone());
    load::items(tx, &mut working, account, kept.provider, &items)?;
    for item in &items {
        journal::reapply(&mut working, account.id, kept.provider, item, kept.received_at)?;
    }
    let changes = working.into_changes();
    persist(tx, &changes)?;
    Ok(!changes.is_empty())
}

/// The items without the reactions and withheld messages that stand already.
fn news(connection: &Connection, account: Id<Account>, items: &[Inbound]) -> StoreResult<Vec<Inbound>> {
    let mut news = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Inbound::Reactions(report) => {
                let mut reactions = Vec::new();
                for one_of in &report.reactions {
                    let (message, at) = (&one_of.message_external_id, one_of.at.as_millis());
                    let key = (account.raw(), message, &one_of.by, &one_of.key, at, one_of.added);
                    if one(connection, REACTION_STANDS, key, |_| Ok(()))?.is_none() {
                        reactions.push(one_of.clone());
                    }
                }
                news.push(Inbound::Reactions(InboundReactions { reactions, ..report.clone() }));
            }
            Inbound::Withheld { at } => {
                if one(connection, WITHHELD_STANDS, (account.raw(), at.as_millis()), |_| Ok(()))?.is_none() {
                    news.push(item.clone());
                }
            }
            _ => news.push(item.clone()),
        }
    }
    Ok(news)
}
