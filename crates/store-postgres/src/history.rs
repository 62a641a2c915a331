//! The port `Filing`: what was said before an account was connected, expected from the lists and filed one by one.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Id, Timestamp,
    account::Account,
    conversation::Conversation,
    history::{HistoryState, ListedConversation, PastConversation, unreadable},
    job::{NewJob, Task},
    journal::{self, Working},
    message::Message,
    store::{Filing, StoreResult},
    withheld::STAND_IN,
    workspace::{Scope, Workspace},
};

use crate::{
    PostgresStore,
    edit::touches,
    error::Fault,
    ingest, load,
    rows::{all, from_json, json, message_rows, unsigned, word},
    transaction::Tx,
};

#[async_trait]
impl Filing for PostgresStore {
    async fn begin_history(&self, scope: &Scope, account: Id<Account>) -> StoreResult<Option<Account>> {
        let scope = scope.clone();
        self.write(touches(account), move |tx| {
            let scope = scope.clone();
            Box::pin(async move { begin(tx, &scope, account).await })
        })
        .await
    }

    async fn expect_conversations(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        listed: Vec<ListedConversation>,
    ) -> StoreResult<()> {
        let listed = Arc::new(listed);
        self.write(touches(account), move |tx| {
            let listed = Arc::clone(&listed);
            Box::pin(async move { expect(tx, workspace, account, &listed).await })
        })
        .await
    }

    async fn expected_conversation(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        external_id: &str,
    ) -> StoreResult<Option<ListedConversation>> {
        let mut tx = self.read(workspace).await?;
        let row = sqlx::query!(
            "SELECT external_id, request, moved_at, referrals FROM expected_conversation
            WHERE workspace_id = $1 AND account_id = $2 AND external_id = $3 AND failure IS NULL",
            workspace.raw(),
            account.raw(),
            external_id,
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(ListedConversation {
            external_id: row.external_id,
            request: row.request,
            moved_at: Timestamp::from_millis(row.moved_at),
            referrals: from_json("expected_conversation.referrals", &row.referrals)?,
        }))
    }

    async fn file_conversation(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        past: PastConversation,
    ) -> StoreResult<Option<Id<Conversation>>> {
        let past = Arc::new(past);
        self.write(touches(account), move |tx| {
            let past = Arc::clone(&past);
            Box::pin(async move { file(tx, workspace, account, &past).await })
        })
        .await
    }

    async fn fail_history(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        external_id: Option<&str>,
        reason: &str,
    ) -> StoreResult<()> {
        let (external_id, reason) = (external_id.map(str::to_owned), reason.to_owned());
        self.write(touches(account), move |tx| {
            let (external_id, reason) = (external_id.clone(), reason.clone());
            Box::pin(async move { fail(tx, workspace, account, external_id, reason).await })
        })
        .await
    }
}

async fn begin(tx: &mut Tx, scope: &Scope, id: Id<Account>) -> Result<Option<Account>, Fault> {
    let account = load::accounts(&mut tx.conn, &[id.raw()]).await?.into_iter().next();
    let Some(account) = account.filter(|account| scope.allows(account.workspace_id, account.id)) else {
        return Ok(None);
    };
    let now = tx.now();
    let workspace_id = account.workspace_id;
    sqlx::query!(
        "INSERT INTO history (account_id, workspace_id, state, begun_at) VALUES ($1, $2, 'filing', $3)
        ON CONFLICT (account_id) DO UPDATE SET state = 'filing', reason = NULL, begun_at = excluded.begun_at, settled_at = NULL",
        id.raw(),
        workspace_id.raw(),
        now.as_millis(),
    )
    .execute(&mut tx.conn)
    .await?;
    sqlx::query!("DELETE FROM expected_conversation WHERE account_id = $1 AND failure IS NOT NULL", id.raw())
        .execute(&mut tx.conn)
        .await?;
    let ids = Arc::clone(&tx.ids);
    let mut working = Working::new(now, &ids);
    working.add_account(account);
    working.enqueue(NewJob { workspace_id, task: Task::FileHistory { account: id }, due_at: now, later: true });
    tell(tx, working, workspace_id, id).await?;
    Ok(load::accounts(&mut tx.conn, &[id.raw()]).await?.into_iter().next())
}

async fn expect(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    id: Id<Account>,
    listed: &[ListedConversation],
) -> Result<(), Fault> {
    let Some(account) = of(tx, workspace, id).await? else { return Ok(()) };
    let now = tx.now();
    let ids = Arc::clone(&tx.ids);
    let mut working = Working::new(now, &ids);
    working.add_account(account);
    for one in listed {
        sqlx::query!(
            "INSERT INTO expected_conversation (workspace_id, account_id, external_id, request, moved_at, referrals)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (account_id, external_id) DO UPDATE
            SET request = excluded.request, moved_at = excluded.moved_at, referrals = excluded.referrals, failure = NULL",
            workspace.raw(),
            id.raw(),
            one.external_id,
            one.request,
            one.moved_at.as_millis(),
            json(&one.referrals)?,
        )
        .execute(&mut tx.conn)
        .await?;
        let task = Task::FileConversation { account: id, external_id: one.external_id.clone() };
        working.enqueue(NewJob { workspace_id: workspace, task, due_at: now, later: true });
    }
    settle(tx, id).await?;
    tell(tx, working, workspace, id).await
}

async fn file(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    id: Id<Account>,
    past: &PastConversation,
) -> Result<Option<Id<Conversation>>, Fault> {
    let Some(account) = of(tx, workspace, id).await? else { return Ok(None) };
    let ids = Arc::clone(&tx.ids);
    let mut working = Working::new(tx.now(), &ids);
    ingest::load_items(tx, &mut working, &account, past.provider, &past.items).await?;
    add_stand_ins(tx, &mut working, id, &past.external_id).await?;
    let conversation = journal::file(&mut working, id, past)?;
    let filed = sqlx::query!(
        "DELETE FROM expected_conversation WHERE account_id = $1 AND external_id = $2",
        id.raw(),
        past.external_id,
    )
    .execute(&mut tx.conn)
    .await?;
    if filed.rows_affected() == 1 {
        settle(tx, id).await?;
        tell(tx, working, workspace, id).await?;
    } else {
        tx.persist(working, &[workspace.raw()]).await?;
    }
    Ok(conversation)
}

/// The messages that stand in for withheld ones, which no item names.
async fn add_stand_ins(
    tx: &mut Tx,
    working: &mut Working<'_>,
    account: Id<Account>,
    external_id: &str,
) -> Result<(), Fault> {
    let stand_ins = message_rows!(
        "message m WHERE m.account_id = $1 AND starts_with(m.external_id, $2)
            AND m.conversation_id = (SELECT c.id FROM conversation c WHERE c.account_id = $1 AND c.external_id = $3)",
        account.raw(),
        STAND_IN,
        external_id,
    )
    .fetch_all(&mut tx.conn)
    .await?;
    for message in all::<_, Message>(stand_ins)? {
        working.add_message(message);
    }
    Ok(())
}

async fn fail(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    id: Id<Account>,
    external_id: Option<String>,
    reason: String,
) -> Result<(), Fault> {
    let Some(account) = of(tx, workspace, id).await? else { return Ok(()) };
    match external_id {
        Some(external_id) => {
            sqlx::query!(
                "UPDATE expected_conversation SET failure = $3 WHERE account_id = $1 AND external_id = $2",
                id.raw(),
                external_id,
                reason,
            )
            .execute(&mut tx.conn)
            .await?;
            settle(tx, id).await?;
        }
        None => end(tx, id, HistoryState::Failed, Some(&reason)).await?,
    }
    let ids = Arc::clone(&tx.ids);
    let mut working = Working::new(tx.now(), &ids);
    working.add_account(account);
    tell(tx, working, workspace, id).await
}

/// The account, if it is the workspace's.
async fn of(tx: &mut Tx, workspace: Id<Workspace>, id: Id<Account>) -> Result<Option<Account>, Fault> {
    let account = load::accounts(&mut tx.conn, &[id.raw()]).await?.into_iter().next();
    Ok(account.filter(|account| account.workspace_id == workspace))
}

/// Writes everything with the account's event.
async fn tell(
    tx: &mut Tx,
    mut working: Working<'_>,
    workspace: Id<Workspace>,
    account: Id<Account>,
) -> Result<(), Fault> {
    working.edit_account(account, |_| {});
    tx.persist(working, &[workspace.raw()]).await
}

/// Ends the filing if nothing is expected any more.
async fn settle(tx: &mut Tx, account: Id<Account>) -> Result<(), Fault> {
    let rest = sqlx::query!(
        r#"SELECT count(*) FILTER (WHERE failure IS NULL) AS "waiting!", count(failure) AS "failed!", max(failure) AS why
        FROM expected_conversation WHERE account_id = $1"#,
        account.raw(),
    )
    .fetch_one(&mut tx.conn)
    .await?;
    match (rest.waiting, rest.failed) {
        (0, 0) => end(tx, account, HistoryState::Filed, None).await,
        (0, failed) => {
            let failed = unsigned("expected_conversation.failure", failed)?;
            let reason = unreadable(failed, &rest.why.unwrap_or_default());
            end(tx, account, HistoryState::Failed, Some(&reason)).await
        }
        _ => Ok(()),
    }
}

async fn end(tx: &mut Tx, account: Id<Account>, state: HistoryState, reason: Option<&str>) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE history SET state = $2, reason = $3, settled_at = $4 WHERE account_id = $1 AND state = 'filing'",
        account.raw(),
        word(&state),
        reason,
        tx.now().as_millis(),
    )
    .execute(&mut tx.conn)
    .await?;
    Ok(())
}
