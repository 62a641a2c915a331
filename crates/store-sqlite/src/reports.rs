//! The port [`Reports`]: figures over many conversations.

use std::ops::Range;

use async_trait::async_trait;
use domain::{
    clock::Timestamp,
    store::{Reports, StoreResult},
    volume::Volume,
    workspace::Scope,
};

use crate::{
    SqliteStore,
    sql::{Columns, many, statements},
};

statements! {
    VOLUME = "SELECT account_id, COUNT(DISTINCT conversation_id), SUM(direction = 'incoming'), SUM(direction = 'outgoing') FROM message \
              WHERE workspace_id = ?1 AND sent_at >= ?2 AND sent_at < ?3 AND state IN ('received', 'sent') \
              GROUP BY account_id ORDER BY account_id";
}

#[async_trait]
impl Reports for SqliteStore {
    async fn volume(&self, scope: &Scope, span: Range<Timestamp>) -> StoreResult<Vec<Volume>> {
        let key = (scope.workspace.raw(), span.start.as_millis(), span.end.as_millis());
        let rows = self.read(move |connection| {
            many(connection, VOLUME, key, |row| {
                let mut columns = Columns::new(row, "message");
                Ok(Volume {
                    account_id: columns.id()?,
                    conversations: columns.get()?,
                    incoming: columns.get()?,
                    outgoing: columns.get()?,
                })
            })
        });
        Ok(rows.await?.into_iter().filter(|row| scope.accounts.allows(row.account_id)).collect())
    }
}
