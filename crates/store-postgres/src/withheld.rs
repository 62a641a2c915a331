//! The port `Withheld`: messages that the provider does not tell, and how the search for them ended.

use async_trait::async_trait;
use domain::{
    Id, Timestamp,
    account::Account,
    conversation::Conversation,
    store::{StoreResult, Withheld},
    withheld::{Verdict, WithheldMessage},
    workspace::{Scope, Workspace},
};

use crate::{
    PostgresStore,
    error::Fault,
    rows::{all, from_json, from_word, json, moment, word},
    transaction::Touches,
};

/// A row of the table.
#[derive(Debug)]
struct WithheldRow {
    id: i64,
    workspace_id: i64,
    account_id: i64,
    said_at: i64,
    state: String,
    conversation_id: Option<i64>,
    candidates: String,
    settled_at: Option<i64>,
}

impl TryFrom<WithheldRow> for WithheldMessage {
    type Error = Fault;

    fn try_from(row: WithheldRow) -> Result<Self, Fault> {
        Ok(Self {
            id: Id::from_raw(row.id),
            workspace_id: Id::from_raw(row.workspace_id),
            account_id: Id::from_raw(row.account_id),
            at: Timestamp::from_millis(row.said_at),
            state: from_word("withheld_message.state", &row.state)?,
            conversation_id: row.conversation_id.map(Id::from_raw),
            candidates: from_json("withheld_message.candidates", &row.candidates)?,
            settled_at: moment(row.settled_at),
        })
    }
}

#[async_trait]
impl Withheld for PostgresStore {
    async fn withheld_messages(
        &self,
        scope: &Scope,
        account: Id<Account>,
        before: Option<Id<WithheldMessage>>,
        limit: u32,
    ) -> StoreResult<Vec<WithheldMessage>> {
        if !scope.accounts.allows(account) {
            return Ok(Vec::new());
        }
        let mut tx = self.read(scope.workspace).await?;
        let rows = sqlx::query_as!(
            WithheldRow,
            "SELECT id, workspace_id, account_id, said_at, state, conversation_id, candidates, settled_at FROM withheld_message
            WHERE account_id = $1 AND workspace_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4",
            account.raw(),
            scope.workspace.raw(),
            before.map_or(i64::MAX, Id::raw),
            i64::from(limit.clamp(1, 200)),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(all(rows)?)
    }

    async fn withheld_message(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        at: Timestamp,
    ) -> StoreResult<Option<WithheldMessage>> {
        let mut tx = self.read(workspace).await?;
        let row = sqlx::query_as!(
            WithheldRow,
            "SELECT id, workspace_id, account_id, said_at, state, conversation_id, candidates, settled_at FROM withheld_message
            WHERE account_id = $1 AND workspace_id = $2 AND said_at = $3",
            account.raw(),
            workspace.raw(),
            at.as_millis(),
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(row.map(WithheldMessage::try_from).transpose()?)
    }

    async fn settle_withheld(
        &self,
        workspace: Id<Workspace>,
        id: Id<WithheldMessage>,
        verdict: Verdict,
    ) -> StoreResult<bool> {
        let (state, conversation, candidates) = verdict.parts();
        self.write(Touches::default(), move |tx| {
            let candidates = candidates.clone();
            Box::pin(async move {
                let done = sqlx::query!(
                    "UPDATE withheld_message SET state = $3, conversation_id = $4, candidates = $5, settled_at = $6
                    WHERE id = $1 AND workspace_id = $2 AND state = 'looking'",
                    id.raw(),
                    workspace.raw(),
                    word(&state),
                    conversation.map(Id::raw),
                    json(&candidates)?,
                    tx.now().as_millis(),
                )
                .execute(&mut tx.conn)
                .await?;
                Ok(done.rows_affected() == 1)
            })
        })
        .await
    }

    async fn incoming_at(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        at: Timestamp,
    ) -> StoreResult<Option<Id<Conversation>>> {
        let mut tx = self.read(workspace).await?;
        let found = sqlx::query_scalar!(
            "SELECT conversation_id FROM message WHERE workspace_id = $1 AND sent_at = $2 AND account_id = $3
            AND direction = 'incoming' LIMIT 1",
            workspace.raw(),
            at.as_millis(),
            account.raw(),
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(found.map(Id::from_raw))
    }

    async fn holds_message_at(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        external_id: &str,
        times: [Timestamp; 2],
    ) -> StoreResult<bool> {
        let mut tx = self.read(workspace).await?;
        let holds = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT 1 FROM conversation c JOIN message m ON m.conversation_id = c.id
            WHERE c.workspace_id = $1 AND c.account_id = $2 AND c.external_id = $3 AND m.sent_at = ANY($4)) AS "holds!""#,
            workspace.raw(),
            account.raw(),
            external_id,
            &times.map(Timestamp::as_millis),
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(holds)
    }
}
