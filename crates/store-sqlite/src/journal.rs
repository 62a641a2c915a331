//! The port [`Journal`]: raw deliveries come in, are kept, and what they report is applied in the same transaction.

use async_trait::async_trait;
use bytes::Bytes;
use domain::{
    account::{Account, ProviderKind},
    delivery::{Delivery, DeliveryOutcome, DeliveryRecord, KeptDelivery, NewDelivery, RawDelivery, Reapplied, Retold},
    id::Id,
    inbound::Inbound,
    journal::{self, Told, Working},
    place::{self, Place},
    store::{DeliveryFilter, Ingested, Journal, KeptFilter, KeptSpan, StoreResult},
    workspace::{Scope, Workspace},
};
use rusqlite::params;

use crate::{
    SqliteStore,
    error::corrupt,
    load,
    persist::persist,
    replay,
    sql::{Columns, many, one, statements},
    text::Text,
    writer::Tx,
};

statements! {
    KEEP_DELIVERY = "INSERT INTO delivery (id, workspace_id, account_id, provider, account_external_id, event, body, digest, received_at, late, \
                     copies, unsupported) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1, ?11) \
                     ON CONFLICT (provider, digest) DO UPDATE SET copies = delivery.copies + 1 RETURNING id, copies";
    DELIVERIES = "SELECT id, provider, account_id, event, received_at, late, copies, unsupported, length(body) AS size FROM delivery \
                  WHERE workspace_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";
    UNSUPPORTED_DELIVERIES = "SELECT id, provider, account_id, event, received_at, late, copies, unsupported, length(body) AS size FROM delivery \
                              WHERE workspace_id = ?1 AND id < ?2 AND unsupported IS NOT NULL ORDER BY id DESC LIMIT ?3";
    AUTOMATION_DELIVERIES = "SELECT id, received_at, body FROM delivery WHERE workspace_id = ?1 AND account_id = ?2 AND id < ?3 \
                             AND event IN ('im_auto_message_config_update', 'im_auto_message_audit_update') ORDER BY id DESC LIMIT ?4";
    BODY = "SELECT body FROM delivery WHERE id = ?1";
}

#[async_trait]
impl Journal for SqliteStore {
    async fn ingest(&self, delivery: NewDelivery) -> StoreResult<Ingested> {
        self.write(move |tx| ingest(tx, &delivery)).await
    }

    async fn apply(&self, provider: ProviderKind, account_external_id: String, items: Vec<Inbound>) -> StoreResult<()> {
        self.write(move |tx| {
            let Some((working, account)) = load::account(tx, provider, &account_external_id)? else { return Ok(()) };
            apply(tx, working, &account, provider, &items, Told::List)
        })
        .await
    }

    async fn deliveries(&self, workspace: Id<Workspace>, filter: DeliveryFilter) -> StoreResult<Vec<DeliveryRecord>> {
        self.read(move |connection| {
            let sql = if filter.unsupported { UNSUPPORTED_DELIVERIES } else { DELIVERIES };
            let before = filter.before.map_or(i64::MAX, Id::raw);
            many(connection, sql, (workspace.raw(), before, filter.limit.clamp(1, 200)), |row| {
                let mut columns = Columns::new(row, "delivery");
                Ok(DeliveryRecord {
                    id: columns.id()?,
                    provider: columns.text()?,
                    account_id: columns.opt_id()?,
                    event: columns.get()?,
                    received_at: columns.time()?,
                    late: columns.get()?,
                    copies: columns.get()?,
                    unsupported: columns.get()?,
                    size: columns.get()?,
                })
            })
        })
        .await
    }

    async fn automation_deliveries(
        &self,
        scope: &Scope,
        account: Id<Account>,
        before: Option<Id<Delivery>>,
        limit: u32,
    ) -> StoreResult<Vec<RawDelivery>> {
        if !scope.accounts.allows(account) {
            return Ok(Vec::new());
        }
        let place = (scope.workspace.raw(), account.raw(), before.map_or(i64::MAX, Id::raw), limit.clamp(1, 200));
        self.read(move |connection| {
            many(connection, AUTOMATION_DELIVERIES, place, |row| {
                let mut columns = Columns::new(row, "delivery");
                let (id, received_at) = (columns.id()?, columns.time()?);
                Ok(RawDelivery { id, received_at, body: columns.get::<Vec<u8>>()?.into() })
            })
        })
        .await
    }

    async fn delivery_body_any_workspace(&self, delivery: Id<Delivery>) -> StoreResult<Option<Bytes>> {
        self.read(move |connection| {
            one(connection, BODY, [delivery.raw()], |row| {
                Columns::new(row, "delivery").get::<Vec<u8>>().map(Bytes::from)
            })
        })
        .await
    }

    async fn kept_span_any_workspace(&self, filter: &KeptFilter) -> StoreResult<KeptSpan> {
        let filter = filter.clone();
        self.read(move |connection| replay::span(connection, &filter)).await
    }

    async fn kept_any_workspace(
        &self,
        filter: &KeptFilter,
        after: Option<Id<Delivery>>,
        limit: u32,
    ) -> StoreResult<Vec<KeptDelivery>> {
        let filter = filter.clone();
        self.read(move |connection| replay::kept(connection, &filter, after, limit)).await
    }

    async fn reapply(&self, kept: &KeptDelivery, told: Retold) -> StoreResult<Option<Reapplied>> {
        let kept = kept.clone();
        self.write(move |tx| replay::reapply(tx, &kept, &told)).await
    }
}

fn ingest(tx: &mut Tx<'_>, delivery: &NewDelivery) -> StoreResult<Ingested> {
    let known = match &delivery.account_external_id {
        Some(external_id) => load::account(tx, delivery.provider, external_id)?,
        None => None,
    };
    let (id, copies) = keep(tx, delivery, known.as_ref().map(|(_, account)| account))?;
    let outcome = match known {
        _ if copies > 1 => DeliveryOutcome::Duplicate,
        None => DeliveryOutcome::Foreign,
        Some((working, account)) => {
            apply(tx, working, &account, delivery.provider, &delivery.items, Told::Webhook)?;
            DeliveryOutcome::Stored
        }
    };
    place::reach(Place::IngestWritten);
    Ok(Ingested { delivery: id, outcome })
}

/// Writes the raw delivery, or counts one more copy of it. Gives its id and the number of copies.
fn keep(tx: &Tx<'_>, delivery: &NewDelivery, account: Option<&Account>) -> StoreResult<(Id<Delivery>, i64)> {
    let id: Id<Delivery> = tx.new_id()?;
    let row = params![
        id.raw(),
        account.map(|account| account.workspace_id.raw()),
        account.map(|account| account.id.raw()),
        delivery.provider.text(),
        delivery.account_external_id,
        delivery.event,
        delivery.body.as_ref(),
        delivery.digest.as_slice(),
        delivery.received_at.as_millis(),
        delivery.late,
        delivery.unsupported,
    ];
    let kept = one(tx.connection, KEEP_DELIVERY, row, |row| {
        let mut columns = Columns::new(row, "delivery");
        Ok((columns.id()?, columns.get()?))
    })?;
    kept.ok_or_else(|| corrupt("delivery: neither new nor known".to_owned()))
}

fn apply(
    tx: &mut Tx<'_>,
    mut working: Working<'_>,
    account: &Account,
    side: ProviderKind,
    items: &[Inbound],
    told: Told,
) -> StoreResult<()> {
    if account.both_since.is_some() {
        return one_by_one(tx, account, side, items, told);
    }
    load::items(tx, &mut working, account, side, items)?;
    for item in items {
        journal::apply(&mut working, account.id, side, item, told)?;
    }
    persist(tx, &working.into_changes())
}

/// Where two sides tell, what one item changes decides which rows the next one needs.
fn one_by_one(
    tx: &mut Tx<'_>,
    account: &Account,
    side: ProviderKind,
    items: &[Inbound],
    told: Told,
) -> StoreResult<()> {
    for item in items {
        let mut working = Working::new(tx.now, tx.ids);
        working.add_account(account.clone());
        load::items(tx, &mut working, account, side, std::slice::from_ref(item))?;
        journal::apply(&mut working, account.id, side, item, told)?;
        persist(tx, &working.into_changes())?;
    }
    Ok(())
}
