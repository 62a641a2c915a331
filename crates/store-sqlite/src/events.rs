//! The port [`Events`]: the log of what the dashboard can learn, read with its subjects as they are now.

use std::{collections::BTreeSet, future::Future, pin::Pin};

use async_trait::async_trait;
use domain::{
    account::Account,
    clock::Timestamp,
    comment::Comment,
    conversation::Conversation,
    event::{Event, EventKind, Subject},
    id::Id,
    message::Message,
    store::{Events, EventsPage, StoreResult},
    workspace::Workspace,
};
use rusqlite::Connection;

use crate::{
    SqliteStore, bindings, comments, record,
    sql::{Columns, execute, many, one, statements},
};

statements! {
    AFTER = "SELECT seq, workspace_id, account_id, kind, conversation_id, message_id, comment_id, created_at FROM event \
             WHERE seq > ?1 ORDER BY seq LIMIT ?2";
    AFTER_IN_WORKSPACE = "SELECT seq, workspace_id, account_id, kind, conversation_id, message_id, comment_id, created_at FROM event \
                          WHERE workspace_id = ?3 AND seq > ?1 ORDER BY seq LIMIT ?2";
    COUNTER = "SELECT value FROM counter WHERE name = ?1";
    // The log is in order of commit, so the first young row ends what can go.
    FIRST_YOUNG = "SELECT seq FROM event WHERE created_at >= ?1 ORDER BY seq LIMIT 1";
    PRUNE = "DELETE FROM event WHERE seq < ?1";
    NOTE_PRUNED = "UPDATE counter SET value = max(value, ?1) WHERE name = 'pruned'";
}

/// Largest page.
const PAGE_MAX: u32 = 1_000;

#[async_trait]
impl Events for SqliteStore {
    async fn events_after(&self, workspace: Option<Id<Workspace>>, after: i64, limit: u32) -> StoreResult<EventsPage> {
        self.read(move |connection| page(connection, workspace, after, limit.clamp(1, PAGE_MAX))).await
    }

    async fn head_seq(&self) -> StoreResult<i64> {
        self.read(|connection| counter(connection, "seq")).await
    }

    async fn prune_events(&self, before: Timestamp) -> StoreResult<u64> {
        self.write(move |tx| {
            let first_young =
                one(tx.connection, FIRST_YOUNG, [before.as_millis()], |row| Columns::new(row, "event").get())?;
            let keep_from = first_young.unwrap_or(tx.seq + 1);
            let gone = execute(tx.connection, PRUNE, [keep_from])?;
            if gone > 0 {
                execute(tx.connection, NOTE_PRUNED, [keep_from - 1])?;
            }
            Ok(u64::try_from(gone).unwrap_or(u64::MAX))
        })
        .await
    }

    // Not an `async fn`: the watch begins when this is called, not when the future is first polled, so no commit in between is missed.
    fn changed<'s, 'f>(&'s self) -> Pin<Box<dyn Future<Output = ()> + Send + 'f>>
    where
        's: 'f,
        Self: 'f,
    {
        let mut watch = self.writer.watch();
        // An error means that the writer ended: whoever waits should look, and will be told.
        Box::pin(async move { drop(watch.changed().await) })
    }
}

fn counter(connection: &Connection, name: &'static str) -> StoreResult<i64> {
    Ok(one(connection, COUNTER, [name], |row| Columns::new(row, "counter").get())?.unwrap_or(0))
}

struct Row {
    seq: i64,
    workspace_id: Id<Workspace>,
    account_id: Id<Account>,
    kind: EventKind,
    conversation_id: Option<Id<Conversation>>,
    message_id: Option<Id<Message>>,
    comment_id: Option<Id<Comment>>,
    at: Timestamp,
}

fn row(row: &rusqlite::Row<'_>) -> StoreResult<Row> {
    let mut columns = Columns::new(row, "event");
    Ok(Row {
        seq: columns.get()?,
        workspace_id: columns.id()?,
        account_id: columns.id()?,
        kind: columns.text()?,
        conversation_id: columns.opt_id()?,
        message_id: columns.opt_id()?,
        comment_id: columns.opt_id()?,
        at: columns.time()?,
    })
}

fn page(connection: &Connection, workspace: Option<Id<Workspace>>, after: i64, limit: u32) -> StoreResult<EventsPage> {
    let too_old = after < counter(connection, "pruned")?;
    let rows = match workspace {
        Some(workspace) => many(connection, AFTER_IN_WORKSPACE, (after, limit, workspace.raw()), row)?,
        None => many(connection, AFTER, (after, limit), row)?,
    };
    let next = rows.last().map_or(after, |row| row.seq);
    Ok(EventsPage { events: join(connection, rows)?, next, too_old })
}

/// Each event with its subject; those whose subject is gone are left out.
fn join(connection: &Connection, rows: Vec<Row>) -> StoreResult<Vec<Event>> {
    let (mut message_ids, mut conversation_ids, mut account_homes) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let comment_ids: BTreeSet<Id<Comment>> = rows.iter().filter_map(|row| row.comment_id).collect();
    for row in &rows {
        match row.kind {
            EventKind::Message | EventKind::Status => message_ids.extend(row.message_id),
            EventKind::Conversation => conversation_ids.extend(row.conversation_id),
            EventKind::Account => drop(account_homes.insert(row.workspace_id)),
            EventKind::Removed | EventKind::Comment => {}
        }
    }
    let messages = record::messages(connection, &message_ids)?;
    let conversations = record::conversations(connection, &conversation_ids)?;
    let accounts = bindings::by_id(connection, &account_homes)?;
    let comments = comments::by_ids(connection, &comment_ids)?;
    let subject = |row: &Row| match row.kind {
        EventKind::Message => Some(Subject::Message(Box::new(messages.get(&row.message_id?)?.clone()))),
        EventKind::Status => Some(Subject::Status(Box::new(messages.get(&row.message_id?)?.clone()))),
        EventKind::Conversation => {
            Some(Subject::Conversation(Box::new(conversations.get(&row.conversation_id?)?.clone())))
        }
        EventKind::Account => Some(Subject::Account(Box::new(accounts.get(&row.account_id)?.clone()))),
        EventKind::Removed if row.message_id.is_none() => Some(match row.conversation_id {
            Some(conversation_id) => Subject::Merged { conversation_id },
            None => Subject::AccountGone,
        }),
        EventKind::Removed => {
            Some(Subject::Removed { message_id: row.message_id?, conversation_id: row.conversation_id? })
        }
        EventKind::Comment => Some(Subject::Comment(Box::new(comments.get(&row.comment_id?)?.clone()))),
    };
    let joined = rows.into_iter().filter_map(|row| {
        let subject = subject(&row)?;
        Some(Event { seq: row.seq, workspace_id: row.workspace_id, account_id: row.account_id, at: row.at, subject })
    });
    Ok(joined.collect())
}
