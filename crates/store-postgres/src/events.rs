//! The port `Events`: the log that the live tail and `GET /api/v1/events` read.

use std::{
    collections::{BTreeSet, HashMap},
    future::Future,
    pin::Pin,
};

use async_trait::async_trait;
use domain::{
    Id, Timestamp,
    account::AccountRecord,
    conversation::Conversation,
    event::{Event, EventKind, Subject},
    message::Message,
    store::{CommentRecord, ConversationRecord, Events, EventsPage, MessageRecord, StoreResult},
    workspace::Workspace,
};
use sqlx::PgConnection;

use crate::{
    PostgresStore, bindings, comments,
    error::Fault,
    records,
    rows::{all, conversation_rows, message_rows, unsigned},
    transaction::Touches,
};

/// An event as it is kept.
struct EventRow {
    seq: i64,
    workspace_id: i64,
    account_id: i64,
    kind: String,
    conversation_id: Option<i64>,
    message_id: Option<i64>,
    comment_id: Option<i64>,
    created_at: i64,
}

#[async_trait]
impl Events for PostgresStore {
    async fn events_after(&self, workspace: Option<Id<Workspace>>, after: i64, limit: u32) -> StoreResult<EventsPage> {
        let mut tx = match workspace {
            Some(workspace) => self.read(workspace).await?,
            None => self.read_system().await?,
        };
        let pruned = counter(&mut tx, "pruned").await?;
        let rows = rows_after(&mut tx, workspace, after, i64::from(limit)).await?;
        let next = rows.last().map_or(after, |row| row.seq);
        let events = join(&mut tx, rows).await?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(EventsPage { events, next, too_old: after < pruned })
    }

    async fn head_seq(&self) -> StoreResult<i64> {
        let mut tx = self.read_system().await?;
        let head = counter(&mut tx, "seq").await?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(head)
    }

    async fn prune_events(&self, before: Timestamp) -> StoreResult<u64> {
        self.write(Touches::default(), move |tx| {
            Box::pin(async move {
                let pruned = sqlx::query_scalar!(
                    r#"WITH young AS (
                        SELECT COALESCE((SELECT min(seq) FROM event WHERE created_at >= $1), (SELECT value + 1 FROM counter WHERE name = 'seq')) AS seq
                    ), gone AS (
                        DELETE FROM event USING young WHERE event.seq < young.seq RETURNING event.seq
                    ), noted AS (
                        UPDATE counter SET value = GREATEST(value, (SELECT max(seq) FROM gone))
                        WHERE name = 'pruned' AND EXISTS (SELECT 1 FROM gone)
                    )
                    SELECT count(*) AS "count!" FROM gone"#,
                    before.as_millis(),
                )
                .fetch_one(&mut tx.conn)
                .await?;
                unsigned("event", pruned)
            })
        })
        .await
    }

    // Not an `async fn`: the receiver must be there from the call on, not from the first poll, or a commit in between is missed.
    fn changed<'store, 'future>(&'store self) -> Pin<Box<dyn Future<Output = ()> + Send + 'future>>
    where
        'store: 'future,
        Self: 'future,
    {
        let mut changed = self.shared.changed.subscribe();
        Box::pin(async move {
            // The sender lives as long as the store does.
            drop(changed.changed().await);
        })
    }
}

async fn counter(conn: &mut PgConnection, name: &str) -> Result<i64, Fault> {
    Ok(sqlx::query_scalar!("SELECT value FROM counter WHERE name = $1", name).fetch_one(conn).await?)
}

async fn rows_after(
    conn: &mut PgConnection,
    workspace: Option<Id<Workspace>>,
    after: i64,
    limit: i64,
) -> Result<Vec<EventRow>, Fault> {
    // Two statements, because each has an index of its own.
    let rows = if let Some(workspace) = workspace {
        sqlx::query_as!(
            EventRow,
            "SELECT seq, workspace_id, account_id, kind, conversation_id, message_id, comment_id, created_at FROM event
            WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
            workspace.raw(),
            after,
            limit,
        )
        .fetch_all(conn)
        .await?
    } else {
        sqlx::query_as!(
            EventRow,
            "SELECT seq, workspace_id, account_id, kind, conversation_id, message_id, comment_id, created_at FROM event
            WHERE seq > $1 ORDER BY seq LIMIT $2",
            after,
            limit,
        )
        .fetch_all(conn)
        .await?
    };
    Ok(rows)
}

/// What the events of a page are about, as it is now.
#[derive(Default)]
struct Subjects {
    messages: HashMap<i64, MessageRecord>,
    conversations: HashMap<i64, ConversationRecord>,
    accounts: HashMap<i64, AccountRecord>,
    comments: HashMap<i64, CommentRecord>,
}

async fn join(conn: &mut PgConnection, rows: Vec<EventRow>) -> Result<Vec<Event>, Fault> {
    let kinds = rows
        .iter()
        .map(|row| EventKind::parse(&row.kind).ok_or_else(|| Fault::corrupt("event.kind", "an unknown word")))
        .collect::<Result<Vec<_>, _>>()?;
    let workspaces: Vec<i64> = rows.iter().map(|row| row.workspace_id).collect::<BTreeSet<_>>().into_iter().collect();
    let of = |wanted: &[EventKind], id: fn(&EventRow) -> Option<i64>| -> Vec<i64> {
        let named = rows.iter().zip(&kinds).filter(|(_, kind)| wanted.contains(kind)).filter_map(|(row, _)| id(row));
        named.collect::<BTreeSet<_>>().into_iter().collect()
    };
    let messages = of(&[EventKind::Message, EventKind::Status], |row| row.message_id);
    let conversations = of(&[EventKind::Conversation], |row| row.conversation_id);
    let accounts = of(&[EventKind::Account], |row| Some(row.workspace_id));
    let mut subjects = subjects(conn, &workspaces, &messages, &conversations, &accounts).await?;
    let comments = comments::by_ids(conn, &workspaces, &of(&[EventKind::Comment], |row| row.comment_id)).await?;
    subjects.comments = comments.into_iter().map(|record| (record.comment.id.raw(), record)).collect();
    let joined = rows.into_iter().zip(kinds).filter_map(|(row, kind)| {
        Some(Event {
            subject: subjects.of(&row, kind)?,
            seq: row.seq,
            workspace_id: Id::from_raw(row.workspace_id),
            account_id: Id::from_raw(row.account_id),
            at: Timestamp::from_millis(row.created_at),
        })
    });
    Ok(joined.collect())
}

async fn subjects(
    conn: &mut PgConnection,
    workspaces: &[i64],
    messages: &[i64],
    conversations: &[i64],
    accounts: &[i64],
) -> Result<Subjects, Fault> {
    let mut subjects = Subjects::default();
    if !messages.is_empty() {
        let rows = message_rows!("message m WHERE m.workspace_id = ANY($1) AND m.id = ANY($2)", workspaces, messages)
            .fetch_all(&mut *conn)
            .await?;
        let records = records::messages(conn, all::<_, Message>(rows)?).await?;
        subjects.messages = records.into_iter().map(|record| (record.message.id.raw(), record)).collect();
    }
    if !conversations.is_empty() {
        let rows = conversation_rows!(
            "conversation c WHERE c.workspace_id = ANY($1) AND c.id = ANY($2)",
            workspaces,
            conversations
        )
        .fetch_all(&mut *conn)
        .await?;
        let records = records::conversations(conn, all::<_, Conversation>(rows)?).await?;
        subjects.conversations = records.into_iter().map(|record| (record.conversation.id.raw(), record)).collect();
    }
    if !accounts.is_empty() {
        subjects.accounts = bindings::by_id(conn, accounts).await?;
    }
    Ok(subjects)
}

impl Subjects {
    fn of(&self, row: &EventRow, kind: EventKind) -> Option<Subject> {
        let message = || row.message_id.and_then(|id| self.messages.get(&id)).cloned().map(Box::new);
        match kind {
            EventKind::Message => message().map(Subject::Message),
            EventKind::Status => message().map(Subject::Status),
            EventKind::Conversation => row
                .conversation_id
                .and_then(|id| self.conversations.get(&id))
                .cloned()
                .map(Box::new)
                .map(Subject::Conversation),
            EventKind::Account => self.accounts.get(&row.account_id).cloned().map(Box::new).map(Subject::Account),
            EventKind::Removed if row.message_id.is_none() => Some(match row.conversation_id {
                Some(id) => Subject::Merged { conversation_id: Id::from_raw(id) },
                None => Subject::AccountGone,
            }),
            EventKind::Removed => {
                let (message_id, conversation_id) = (Id::from_raw(row.message_id?), Id::from_raw(row.conversation_id?));
                Some(Subject::Removed { message_id, conversation_id })
            }
            EventKind::Comment => {
                let comment = row.comment_id.and_then(|id| self.comments.get(&id));
                comment.cloned().map(Box::new).map(Subject::Comment)
            }
        }
    }
}
