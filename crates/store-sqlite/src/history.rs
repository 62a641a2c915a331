//! The port [`Filing`]: what was said before an account was connected, expected from the lists and filed one by one.

use async_trait::async_trait;
use domain::{
    account::Account,
    conversation::Conversation,
    history::{HistoryState, ListedConversation, PastConversation},
    id::Id,
    job::{NewJob, Task},
    journal::{self, Working},
    store::{Filing, StoreResult},
    withheld::STAND_IN,
    workspace::{Scope, Workspace},
};
use rusqlite::params;

use crate::{
    SqliteStore, load,
    persist::persist,
    rows::{self, message_columns},
    sql::{Columns, execute, many, one, statements, to_json},
    text::Text,
    writer::Tx,
};

statements! {
    BEGIN = "INSERT INTO history (account_id, workspace_id, state, begun_at) VALUES (?1, ?2, 'filing', ?3) \
             ON CONFLICT (account_id) DO UPDATE SET state = 'filing', reason = NULL, begun_at = excluded.begun_at, settled_at = NULL";
    FORGET_FAILURES = "DELETE FROM expected_conversation WHERE account_id = ?1 AND failure IS NOT NULL";
    EXPECT = "INSERT INTO expected_conversation (workspace_id, account_id, external_id, request, moved_at, referrals) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
              ON CONFLICT (account_id, external_id) DO UPDATE \
              SET request = excluded.request, moved_at = excluded.moved_at, referrals = excluded.referrals, failure = NULL";
    EXPECTED = "SELECT external_id, request, moved_at, referrals FROM expected_conversation \
                WHERE workspace_id = ?1 AND account_id = ?2 AND external_id = ?3 AND failure IS NULL";
    FILED = "DELETE FROM expected_conversation WHERE account_id = ?1 AND external_id = ?2";
    GIVE_UP = "UPDATE expected_conversation SET failure = ?3 WHERE account_id = ?1 AND external_id = ?2";
    REST = "SELECT count(CASE WHEN failure IS NULL THEN 1 END), count(failure), max(failure) FROM expected_conversation WHERE account_id = ?1";
    SETTLE = "UPDATE history SET state = ?2, reason = ?3, settled_at = ?4 WHERE account_id = ?1 AND state = 'filing'";
    // ';' follows ':', so these are the ids that begin with the prefix.
    STAND_INS = concat!(
        "SELECT ", message_columns!(), " FROM message m WHERE m.account_id = ?1 AND m.external_id >= ?2 AND m.external_id < ?3 \
         AND m.conversation_id = (SELECT id FROM conversation WHERE account_id = ?1 AND external_id = ?4)"
    );
}

#[async_trait]
impl Filing for SqliteStore {
    async fn begin_history(&self, scope: &Scope, account: Id<Account>) -> StoreResult<Option<Account>> {
        let scope = scope.clone();
        self.write(move |tx| {
            let found = load::account_by_id(tx.connection, account)?;
            let Some(found) = found.filter(|found| scope.allows(found.workspace_id, found.id)) else {
                return Ok(None);
            };
            let workspace_id = found.workspace_id;
            execute(tx.connection, BEGIN, (account.raw(), workspace_id.raw(), tx.now.as_millis()))?;
            execute(tx.connection, FORGET_FAILURES, [account.raw()])?;
            let mut working = Working::new(tx.now, tx.ids);
            working.add_account(found);
            let task = Task::FileHistory { account };
            working.enqueue(NewJob { workspace_id, task, due_at: tx.now, later: true });
            tell(tx, working, account)?;
            load::account_by_id(tx.connection, account)
        })
        .await
    }

    async fn expect_conversations(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        listed: Vec<ListedConversation>,
    ) -> StoreResult<()> {
        self.write(move |tx| {
            let Some(mut working) = of(tx, workspace, account)? else { return Ok(()) };
            for one in &listed {
                let referrals = to_json(&one.referrals, "expected_conversation.referrals")?;
                let moved_at = one.moved_at.as_millis();
                let row = (workspace.raw(), account.raw(), &one.external_id, one.request, moved_at, referrals);
                execute(tx.connection, EXPECT, row)?;
                let task = Task::FileConversation { account, external_id: one.external_id.clone() };
                working.enqueue(NewJob { workspace_id: workspace, task, due_at: tx.now, later: true });
            }
            settle(tx, account)?;
            tell(tx, working, account)
        })
        .await
    }

    async fn expected_conversation(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        external_id: &str,
    ) -> StoreResult<Option<ListedConversation>> {
        let external_id = external_id.to_owned();
        self.read(move |connection| {
            one(connection, EXPECTED, (workspace.raw(), account.raw(), external_id), |row| {
                let mut columns = Columns::new(row, "expected_conversation");
                Ok(ListedConversation {
                    external_id: columns.get()?,
                    request: columns.get()?,
                    moved_at: columns.time()?,
                    referrals: columns.json()?,
                })
            })
        })
        .await
    }

    async fn file_conversation(
        &self,
        workspace: Id<Workspace>,
        account: Id<Account>,
        past: PastConversation,
    ) -> StoreResult<Option<Id<Conversation>>> {
        self.write(move |tx| {
            let found = load::account_by_id(tx.connection, account)?;
            let Some(found) = found.filter(|found| found.workspace_id == workspace) else { return Ok(None) };
            let mut working = Working::new(tx.now, tx.ids);
            working.add_account(found.clone());
            load::items(tx, &mut working, &found, past.provider, &past.items)?;
            add_stand_ins(tx, &mut working, account, &past.external_id)?;
            let conversation = journal::file(&mut working, account, &past)?;
            let was_expected = execute(tx.connection, FILED, (account.raw(), &past.external_id))? == 1;
            if was_expected {
                settle(tx, account)?;
                tell(tx, working, account)?;
            } else {
                persist(tx, &working.into_changes())?;
            }
            Ok(conversation)
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
        self.write(move |tx| {
            let Some(working) = of(tx, workspace, account)? else { return Ok(()) };
            match external_id {
                Some(external_id) => {
                    execute(tx.connection, GIVE_UP, (account.raw(), external_id, reason))?;
                    settle(tx, account)?;
                }
                None => end(tx, account, HistoryState::Failed, Some(&reason))?,
            }
            tell(tx, working, account)
        })
        .await
    }
}

/// The account alone, if it is the workspace's.
fn of<'t>(tx: &Tx<'t>, workspace: Id<Workspace>, account: Id<Account>) -> StoreResult<Option<Working<'t>>> {
    let found = load::account_by_id(tx.connection, account)?.filter(|found| found.workspace_id == workspace);
    Ok(found.map(|found| {
        let mut working = Working::new(tx.now, tx.ids);
        working.add_account(found);
        working
    }))
}

/// Writes everything with the account's event.
fn tell(tx: &mut Tx<'_>, mut working: Working<'_>, account: Id<Account>) -> StoreResult<()> {
    working.edit_account(account, |_| {});
    persist(tx, &working.into_changes())
}

/// Ends the filing if nothing is expected any more.
fn settle(tx: &Tx<'_>, account: Id<Account>) -> StoreResult<()> {
    let rest = one(tx.connection, REST, [account.raw()], |row| {
        let mut columns = Columns::new(row, "expected_conversation");
        Ok((columns.get::<u32>()?, columns.get::<u32>()?, columns.get::<Option<String>>()?))
    })?;
    match rest {
        Some((0, 0, _)) | None => end(tx, account, HistoryState::Filed, None),
        Some((0, failed, why)) => {
            let reason = domain::history::unreadable(failed, &why.unwrap_or_default());
            end(tx, account, HistoryState::Failed, Some(&reason))
        }
        Some(_) => Ok(()),
    }
}

fn end(tx: &Tx<'_>, account: Id<Account>, state: HistoryState, reason: Option<&str>) -> StoreResult<()> {
    let row = params![account.raw(), state.text(), reason, tx.now.as_millis()];
    execute(tx.connection, SETTLE, row).map(drop)
}

/// The messages that stand in for withheld ones, which no item names.
fn add_stand_ins(tx: &Tx<'_>, working: &mut Working<'_>, account: Id<Account>, external_id: &str) -> StoreResult<()> {
    let key = (account.raw(), STAND_IN, STAND_IN.replace(':', ";"), external_id);
    for message in many(tx.connection, STAND_INS, key, |row| rows::message(&mut Columns::new(row, "message")))? {
        working.add_message(message);
    }
    Ok(())
}
