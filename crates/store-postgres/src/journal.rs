//! The port `Journal`: what came in.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use domain::{
    Id, Timestamp,
    account::{Account, ProviderKind},
    delivery::{Delivery, DeliveryRecord, KeptDelivery, NewDelivery, RawDelivery, Reapplied, Retold},
    inbound::Inbound,
    journal::Told,
    store::{DeliveryFilter, Ingested, Journal, KeptFilter, KeptSpan, StoreResult},
    workspace::{Scope, Workspace},
};

use crate::{
    PostgresStore,
    error::Fault,
    ingest, load, replay,
    rows::{from_word, unsigned, word},
    transaction::Touches,
};

#[async_trait]
impl Journal for PostgresStore {
    async fn ingest(&self, delivery: NewDelivery) -> StoreResult<Ingested> {
        self.writer.ingest(delivery).await
    }

    async fn apply(&self, provider: ProviderKind, account_external_id: String, items: Vec<Inbound>) -> StoreResult<()> {
        let key = (word(&provider), account_external_id);
        let touches = Touches { keys: vec![key.clone()], ..Touches::default() };
        let items = Arc::new(items);
        self.write(touches, move |tx| {
            let (key, items) = (key.clone(), Arc::clone(&items));
            Box::pin(async move {
                let bound = ingest::bindings(tx, std::iter::once(key)).await?;
                let ids: Vec<i64> = bound.values().map(|id| id.raw()).collect();
                let accounts = load::accounts(&mut tx.conn, &ids).await?;
                // A list of an account that we don't know has nothing to be kept.
                let Some(account) = accounts.first() else { return Ok(()) };
                let items: Vec<_> = items.iter().map(|item| (account, provider, item)).collect();
                ingest::apply(tx, &items, Told::List).await
            })
        })
        .await
    }

    async fn deliveries(&self, workspace: Id<Workspace>, filter: DeliveryFilter) -> StoreResult<Vec<DeliveryRecord>> {
        let mut tx = self.read(workspace).await?;
        let before = filter.before.map_or(i64::MAX, Id::raw);
        let limit = i64::from(filter.limit.clamp(1, 200));
        let rows = sqlx::query!(
            r#"SELECT id, provider, account_id, event, received_at, late, copies, unsupported, octet_length(body)::bigint AS "size!"
            FROM delivery WHERE workspace_id = $1 AND id < $2 AND (NOT $3 OR unsupported IS NOT NULL) ORDER BY id DESC LIMIT $4"#,
            workspace.raw(),
            before,
            filter.unsupported,
            limit,
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        let records = rows.into_iter().map(|row| {
            Ok(DeliveryRecord {
                id: Id::from_raw(row.id),
                provider: from_word("delivery.provider", &row.provider)?,
                account_id: row.account_id.map(Id::from_raw),
                event: row.event,
                received_at: Timestamp::from_millis(row.received_at),
                late: row.late,
                copies: unsigned("delivery.copies", row.copies)?,
                unsupported: row.unsupported,
                size: unsigned("delivery.body", row.size)?,
            })
        });
        Ok(records.collect::<Result<_, Fault>>()?)
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
        let mut tx = self.read(scope.workspace).await?;
        let rows = sqlx::query!(
            "SELECT id, received_at, body FROM delivery WHERE workspace_id = $1 AND account_id = $2 AND id < $3
            AND event IN ('im_auto_message_config_update', 'im_auto_message_audit_update') ORDER BY id DESC LIMIT $4",
            scope.workspace.raw(),
            account.raw(),
            before.map_or(i64::MAX, Id::raw),
            i64::from(limit.clamp(1, 200)),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        let kept = |id, received_at, body: Vec<u8>| RawDelivery {
            id: Id::from_raw(id),
            received_at: Timestamp::from_millis(received_at),
            body: body.into(),
        };
        Ok(rows.into_iter().map(|row| kept(row.id, row.received_at, row.body)).collect())
    }

    async fn delivery_body_any_workspace(&self, delivery: Id<Delivery>) -> StoreResult<Option<Bytes>> {
        let mut tx = self.read_system().await?;
        let body = sqlx::query_scalar!("SELECT body FROM delivery WHERE id = $1", delivery.raw())
            .fetch_optional(&mut *tx)
            .await
            .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(body.map(Bytes::from))
    }

    async fn kept_span_any_workspace(&self, filter: &KeptFilter) -> StoreResult<KeptSpan> {
        let mut tx = self.read_system().await?;
        let span = replay::span(&mut tx, filter).await?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(span)
    }

    async fn kept_any_workspace(
        &self,
        filter: &KeptFilter,
        after: Option<Id<Delivery>>,
        limit: u32,
    ) -> StoreResult<Vec<KeptDelivery>> {
        let mut tx = self.read_system().await?;
        let kept = replay::kept(&mut tx, filter, after, limit).await?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(kept)
    }

    async fn reapply(&self, kept: &KeptDelivery, told: Retold) -> StoreResult<Option<Reapplied>> {
        let touches = replay::touches(kept, &told);
        let (kept, told) = (kept.clone(), Arc::new(told));
        self.write(touches, move |tx| {
            let (kept, told) = (kept.clone(), Arc::clone(&told));
            Box::pin(async move { replay::reapply(tx, &kept, &told).await })
        })
        .await
    }
}
