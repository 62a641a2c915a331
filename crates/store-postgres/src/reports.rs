//! The port `Reports`: figures over many conversations.

use std::ops::Range;

use async_trait::async_trait;
use domain::{
    Id, Timestamp,
    store::{Reports, StoreResult},
    volume::Volume,
    workspace::Scope,
};

use crate::{PostgresStore, error::Fault};

#[async_trait]
impl Reports for PostgresStore {
    async fn volume(&self, scope: &Scope, span: Range<Timestamp>) -> StoreResult<Vec<Volume>> {
        let mut tx = self.read(scope.workspace).await?;
        let rows = sqlx::query!(
            r#"SELECT account_id, COUNT(DISTINCT conversation_id) AS "conversations!",
            COUNT(*) FILTER (WHERE direction = 'incoming') AS "incoming!",
            COUNT(*) FILTER (WHERE direction = 'outgoing') AS "outgoing!" FROM message
            WHERE workspace_id = $1 AND sent_at >= $2 AND sent_at < $3 AND state IN ('received', 'sent')
            GROUP BY account_id ORDER BY account_id"#,
            scope.workspace.raw(),
            span.start.as_millis(),
            span.end.as_millis(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        let rows = rows.into_iter().map(|row| Volume {
            account_id: Id::from_raw(row.account_id),
            conversations: count(row.conversations),
            incoming: count(row.incoming),
            outgoing: count(row.outgoing),
        });
        Ok(rows.filter(|row| scope.accounts.allows(row.account_id)).collect())
    }
}
