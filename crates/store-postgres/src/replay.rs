//! Kept deliveries, read and applied again. Called by the port `Journal`.

use std::sync::Arc;

use bytes::Bytes;
use domain::{
    Id, Timestamp,
    account::Account,
    delivery::{Delivery, KeptDelivery, Reapplied, Retold},
    inbound::{Inbound, InboundReactions},
    journal::{self, Working},
    store::{KeptFilter, KeptSpan},
};
use sqlx::PgConnection;

use crate::{
    error::Fault,
    ingest, load,
    persist::persist,
    rows::{from_word, millis, unsigned, word},
    transaction::{Touches, Tx},
};

pub(crate) async fn span(conn: &mut PgConnection, filter: &KeptFilter) -> Result<KeptSpan, Fault> {
    let row = sqlx::query!(
        r#"SELECT count(*) AS "count!", max(id) AS last FROM delivery
        WHERE (NOT $1 OR unsupported IS NOT NULL) AND ($2::bigint IS NULL OR received_at >= $2) AND ($3::text IS NULL OR event = $3)"#,
        filter.unsupported,
        millis(filter.since),
        filter.event,
    )
    .fetch_one(conn)
    .await?;
    Ok(KeptSpan { count: unsigned("delivery.id", row.count)?, last: row.last.map(Id::from_raw) })
}

pub(crate) async fn kept(
    conn: &mut PgConnection,
    filter: &KeptFilter,
    after: Option<Id<Delivery>>,
    limit: u32,
) -> Result<Vec<KeptDelivery>, Fault> {
    let rows = sqlx::query!(
        "SELECT id, provider, account_id, account_external_id, event, received_at, unsupported, body FROM delivery WHERE id > $4
            AND (NOT $1 OR unsupported IS NOT NULL) AND ($2::bigint IS NULL OR received_at >= $2) AND ($3::text IS NULL OR event = $3)
        ORDER BY id LIMIT $5",
        filter.unsupported,
        millis(filter.since),
        filter.event,
        after.map_or(i64::MIN, Id::raw),
        i64::from(limit),
    )
    .fetch_all(conn)
    .await?;
    let kept = rows.into_iter().map(|row| {
        Ok(KeptDelivery {
            id: Id::from_raw(row.id),
            provider: from_word("delivery.provider", &row.provider)?,
            account_id: row.account_id.map(Id::from_raw),
            account_external_id: row.account_external_id,
            event: row.event,
            received_at: Timestamp::from_millis(row.received_at),
            unsupported: row.unsupported,
            body: Bytes::from(row.body),
        })
    });
    kept.collect()
}

/// What [`reapply`] writes to.
pub(crate) fn touches(kept: &KeptDelivery, told: &Retold) -> Touches {
    let key = told.account_external_id.clone().map(|external_id| (word(&kept.provider), external_id));
    Touches {
        accounts: kept.account_id.iter().map(|id| id.raw()).collect(),
        keys: key.into_iter().collect(),
        ..Touches::default()
    }
}

pub(crate) async fn reapply(tx: &mut Tx, kept: &KeptDelivery, told: &Retold) -> Result<Option<Reapplied>, Fault> {
    // Locked, so that of two replays at once the second sees what the first did.
    let owner = sqlx::query_scalar!("SELECT account_id FROM delivery WHERE id = $1 FOR UPDATE", kept.id.raw())
        .fetch_optional(&mut tx.conn)
        .await?;
    if owner != Some(kept.account_id.map(Id::raw)) {
        return Ok(None);
    }
    let account = account_of(tx, kept, told).await?;
    let changed = match &account {
        Some(account) => apply(tx, account, kept, &told.items).await?,
        None => false,
    };
    let account_id = account.as_ref().map(|account| account.id);
    sqlx::query!(
        "UPDATE delivery SET workspace_id = $2, account_id = $3, account_external_id = COALESCE($4, account_external_id), event = $5,
            unsupported = $6
        WHERE id = $1 AND (workspace_id, account_id, account_external_id, event, unsupported)
            IS DISTINCT FROM ($2, $3, COALESCE($4, account_external_id), $5, $6)",
        kept.id.raw(),
        account.as_ref().map(|account| account.workspace_id.raw()),
        account_id.map(Id::raw),
        told.account_external_id,
        told.event,
        told.unsupported,
    )
    .execute(&mut tx.conn)
    .await?;
    Ok(Some(Reapplied { account_id, attributed: kept.account_id.is_none() && account_id.is_some(), changed }))
}

async fn account_of(tx: &mut Tx, kept: &KeptDelivery, told: &Retold) -> Result<Option<Account>, Fault> {
    let id = match (kept.account_id, &told.account_external_id) {
        (Some(id), _) => Some(id),
        (None, Some(external_id)) => {
            let key = (word(&kept.provider), external_id.clone());
            ingest::bindings(tx, std::iter::once(key)).await?.into_values().next()
        }
        (None, None) => None,
    };
    match id {
        Some(id) => Ok(load::accounts(&mut tx.conn, &[id.raw()]).await?.into_iter().next()),
        None => Ok(None),
    }
}

async fn apply(tx: &mut Tx, account: &Account, kept: &KeptDelivery, items: &[Inbound]) -> Result<bool, Fault> {
    let items = news(&mut tx.conn, account.id, items).await?;
    let ids = Arc::clone(&tx.ids);
    let mut working = Working::new(tx.now(), &ids);
    ingest::load_items(tx, &mut working, account, kept.provider, &items).await?;
    for item in &items {
        journal::reapply(&mut working, account.id, kept.provider, item, kept.received_at)?;
    }
    let changes = working.into_changes();
    let is_news = !changes.is_empty();
    persist(tx, changes, &[account.workspace_id.raw()]).await?;
    Ok(is_news)
}

/// The items without the reactions and withheld messages that stand already.
async fn news(conn: &mut PgConnection, account: Id<Account>, items: &[Inbound]) -> Result<Vec<Inbound>, Fault> {
    let mut news = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Inbound::Reactions(report) => {
                let mut reactions = Vec::new();
                for reaction in &report.reactions {
                    // What would change nothing: the same operation, or a newer one, is there.
                    let stands = sqlx::query_scalar!(
                        r#"SELECT EXISTS (SELECT 1 FROM reaction WHERE account_id = $1 AND message_external_id = $2 AND reacted_by = $3
                            AND reaction_key = $4 AND (reacted_at, NOT added) >= ($5, NOT $6::bool)) AS "stands!""#,
                        account.raw(),
                        reaction.message_external_id,
                        reaction.by,
                        reaction.key,
                        reaction.at.as_millis(),
                        reaction.added,
                    )
                    .fetch_one(&mut *conn)
                    .await?;
                    if !stands {
                        reactions.push(reaction.clone());
                    }
                }
                news.push(Inbound::Reactions(InboundReactions { reactions, ..report.clone() }));
            }
            Inbound::Withheld { at } => {
                let stands = sqlx::query_scalar!(
                    r#"SELECT EXISTS (SELECT 1 FROM withheld_message WHERE account_id = $1 AND said_at = $2) AS "stands!""#,
                    account.raw(),
                    at.as_millis(),
                )
                .fetch_one(&mut *conn)
                .await?;
                if !stands {
                    news.push(item.clone());
                }
            }
            _ => news.push(item.clone()),
        }
    }
    Ok(news)
}
