//! The port [`Withheld`]: messages that the provider does not tell, and how the search for them ended.

use async_trait::async_trait;
use domain::{
    account::Account,
    clock::Timestamp,
    conversation::Conversation,
    id::Id,
    store::{StoreResult, Withheld},
    withheld::{Verdict, WithheldMessage, WithheldState},
    workspace::{Scope, Workspace},
};
use rusqlite::{Row, params};

use crate::{
    SqliteStore,
    sql::{Columns, execute, many, one, statements, to_json},
    text::Text,
};

statements! {
    PAGE = "SELECT id, workspace_id, account_id, said_at, state, conversation_id, candidates, settled_at FROM withheld_message \
            WHERE account_id = ?1 AND workspace_id = ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4";
    BY_TIME = "SELECT id, workspace_id, account_id, said_at, state, conversation_id, candidates, settled_at FROM withheld_message \
               WHERE account_id = ?1 AND workspace_id = ?2 AND said_at = ?3";
    SETTLE = "UPDATE withheld_message SET state = ?3, conversation_id = ?4, candidates = ?5, settled_at = ?6 \
              WHERE id = ?1 AND workspace_id = ?2 AND state = 'looking'";
    INCOMING_AT = "SELECT conversation_id FROM message WHERE workspace_id = ?1 AND sent_at = ?2 AND account_id = ?3 AND direction = 'incoming' LIMIT 1";
    HOLDS = "SELECT 1 FROM conversation c JOIN message m ON m.conversation_id = c.id \
             WHERE c.workspace_id = ?1 AND c.account_id = ?2 AND c.external_id = ?3 AND m.sent_at IN (?4, ?5) LIMIT 1";
}

#[async_trait]
impl Withheld for SqliteStore {
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
        let before = before.map_or(i64::MAX, Id::raw);
        let page = (account.raw(), scope.workspace.raw(), before, limit.clamp(1, 200));
        self.read(move |connection| many(connection, PAGE, page, withheld)).await
    }

    async fn withheld_message(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        at: Timestamp,
    ) -> StoreResult<Option<WithheldMessage>> {
        let key = (account.raw(), workspace.raw(), at.as_millis());
        self.read(move |connection| one(connection, BY_TIME, key, withheld)).await
    }

    async fn settle_withheld(
        &self,
        workspace: Id<Workspace>,
        id: Id<WithheldMessage>,
        verdict: Verdict,
    ) -> StoreResult<bool> {
        self.write(move |tx| {
            let (state, conversation, candidates) = verdict.parts();
            let row = params![
                id.raw(),
                workspace.raw(),
                state.text(),
                conversation.map(Id::raw),
                to_json(&candidates, "withheld_message.candidates")?,
                tx.now.as_millis(),
            ];
            Ok(execute(tx.connection, SETTLE, row)? == 1)
        })
        .await
    }

    async fn incoming_at(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        at: Timestamp,
    ) -> StoreResult<Option<Id<Conversation>>> {
        let key = (workspace.raw(), at.as_millis(), account.raw());
        self.read(move |connection| one(connection, INCOMING_AT, key, |row| Columns::new(row, "message").id())).await
    }

    async fn holds_message_at(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        external_id: &str,
        times: [Timestamp; 2],
    ) -> StoreResult<bool> {
        let [one_time, other] = times.map(Timestamp::as_millis);
        let key = (workspace.raw(), account.raw(), external_id.to_owned(), one_time, other);
        self.read(move |connection| Ok(one(connection, HOLDS, key, |_| Ok(()))?.is_some())).await
    }
}

fn withheld(row: &Row<'_>) -> StoreResult<WithheldMessage> {
    let mut columns = Columns::new(row, "withheld_message");
    Ok(WithheldMessage {
        id: columns.id()?,
        workspace_id: columns.id()?,
        account_id: columns.id()?,
        at: columns.time()?,
        state: columns.text::<WithheldState>()?,
        conversation_id: columns.opt_id()?,
        candidates: columns.json()?,
        settled_at: columns.opt_time()?,
    })
}
