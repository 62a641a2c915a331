//! One transaction of the writer: the rows it locks first, the events it numbers last, and whether it really committed.

use std::{collections::HashMap, sync::Arc};

use domain::{
    Clock, IdGenerator, Timestamp,
    event::{EventKind, NewEvent},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection, postgres::PgConnectOptions, raw_sql};

use crate::{
    error::{Fault, unavailable},
    rows::raw,
};

/// The rows whose accounts a use case writes to. All accounts of a batch are locked first and in one order, so that two
/// processes neither interleave on one account nor wait for each other in a circle.
#[derive(Debug, Default, Clone)]
pub(crate) struct Touches {
    /// The workspaces of the named messages.
    pub(crate) workspaces: Vec<i64>,
    /// Accounts by our id.
    pub(crate) accounts: Vec<i64>,
    /// Accounts of these conversations.
    pub(crate) conversations: Vec<i64>,
    /// Accounts of these messages.
    pub(crate) messages: Vec<i64>,
    /// Accounts of the conversations of these media.
    pub(crate) media: Vec<i64>,
    /// Accounts by (provider, the provider's id).
    pub(crate) keys: Vec<(String, String)>,
    /// Accounts with an outbox row that is due by then (ms).
    pub(crate) due_by: Option<i64>,
}

impl Touches {
    pub(crate) fn extend(&mut self, other: &Self) {
        self.workspaces.extend(&other.workspaces);
        self.accounts.extend(&other.accounts);
        self.conversations.extend(&other.conversations);
        self.messages.extend(&other.messages);
        self.media.extend(&other.media);
        self.keys.extend(other.keys.iter().cloned());
        self.due_by = self.due_by.max(other.due_by);
    }
}

/// The numbers that a batch's events got, by what they name.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    messages: HashMap<i64, i64>,
    conversations: HashMap<i64, i64>,
    comments: HashMap<i64, i64>,
}

impl Numbers {
    /// Which event of the batch, from 1, is the last to name each subject.
    fn places(events: &[NewEvent]) -> Self {
        let mut places = Self::default();
        for (event, place) in events.iter().zip(1..) {
            places.comments.extend(event.comment_id.map(|comment| (comment.raw(), place)));
            match (event.kind, event.message_id, event.conversation_id) {
                (EventKind::Conversation, _, Some(conversation)) => {
                    places.conversations.insert(conversation.raw(), place)
                }
                (_, Some(message), _) => places.messages.insert(message.raw(), place),
                _ => None,
            };
        }
        places
    }

    /// Turns places into numbers, now that the number before the first is known.
    fn begin_after(&mut self, base: i64) {
        let known = self.messages.values_mut().chain(self.conversations.values_mut()).chain(self.comments.values_mut());
        known.for_each(|number| *number += base);
    }

    /// The number of the last event of the batch that names this message.
    pub(crate) fn of_message(&self, id: i64) -> Option<i64> {
        self.messages.get(&id).copied()
    }

    /// The number of the last event of the batch that names this conversation.
    pub(crate) fn of_conversation(&self, id: i64) -> Option<i64> {
        self.conversations.get(&id).copied()
    }

    /// The number of the last event of the batch that names this comment.
    pub(crate) fn of_comment(&self, id: i64) -> Option<i64> {
        self.comments.get(&id).copied()
    }
}

/// The writer's connection with the transaction that is open on it.
pub(crate) struct Tx {
    pub(crate) conn: PgConnection,
    pub(crate) clock: Clock,
    pub(crate) ids: Arc<IdGenerator>,
    /// Accounts that this transaction has locked, sorted.
    pub(crate) locked: Vec<i64>,
    events: Vec<NewEvent>,
    wakes: bool,
}

/// Where a savepoint stands in what is kept beside the database.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Savepoint {
    events: usize,
    wakes: bool,
}

/// A transaction that is about to be committed.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) numbers: Numbers,
    /// Whether others should look.
    pub(crate) wakes: bool,
    /// `None` when nothing was written.
    xid: Option<String>,
}

impl Tx {
    /// Connects.
    pub(crate) async fn connect(
        options: &PgConnectOptions,
        clock: Clock,
        ids: Arc<IdGenerator>,
    ) -> Result<Self, Fault> {
        let conn = PgConnection::connect_with(options).await?;
        Ok(Self { conn, clock, ids, locked: Vec::new(), events: Vec::new(), wakes: false })
    }

    /// The server's number for this connection, which its notifications carry.
    pub(crate) async fn backend(&mut self) -> Result<u32, Fault> {
        let pid = sqlx::query_scalar!(r#"SELECT pg_backend_pid() AS "pid!""#).fetch_one(&mut self.conn).await?;
        Ok(pid.cast_unsigned())
    }

    /// Now, as the use cases of this transaction see it.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Begins in the system context.
    pub(crate) async fn begin(&mut self) -> Result<(), Fault> {
        self.events.clear();
        self.wakes = false;
        self.locked.clear();
        raw_sql("BEGIN; SET LOCAL app.system = 'on'").execute(&mut self.conn).await?;
        Ok(())
    }

    /// Gives everything up.
    pub(crate) async fn rollback(&mut self) -> Result<(), Fault> {
        raw_sql("ROLLBACK").execute(&mut self.conn).await?;
        Ok(())
    }

    /// Locks the accounts, in order of their ids.
    pub(crate) async fn lock(&mut self, touches: &Touches) -> Result<(), Fault> {
        let (providers, external_ids): (Vec<String>, Vec<String>) = touches.keys.iter().cloned().unzip();
        self.locked = sqlx::query_scalar!(
            "SELECT id FROM account WHERE id IN (
                SELECT unnest($1::bigint[])
                UNION SELECT account_id FROM conversation WHERE id = ANY($2)
                UNION SELECT account_id FROM message WHERE workspace_id = ANY($3) AND id = ANY($4)
                UNION SELECT c.account_id FROM media d JOIN conversation c ON c.id = d.conversation_id WHERE d.id = ANY($5)
                UNION SELECT b.account_id FROM unnest($6::text[], $7::text[]) AS k (provider, external_id)
                    JOIN binding b ON b.provider = k.provider AND b.external_id = k.external_id
                UNION SELECT account_id FROM outbox WHERE due_at <= $8
            ) ORDER BY id FOR NO KEY UPDATE",
            &touches.accounts,
            &touches.conversations,
            &touches.workspaces,
            &touches.messages,
            &touches.media,
            &providers,
            &external_ids,
            touches.due_by,
        )
        .fetch_all(&mut self.conn)
        .await?;
        Ok(())
    }

    /// Sets a savepoint for one use case.
    pub(crate) async fn save(&mut self) -> Result<Savepoint, Fault> {
        raw_sql("SAVEPOINT use_case").execute(&mut self.conn).await?;
        Ok(Savepoint { events: self.events.len(), wakes: self.wakes })
    }

    /// Keeps what was done since the savepoint.
    pub(crate) async fn release(&mut self) -> Result<(), Fault> {
        raw_sql("RELEASE SAVEPOINT use_case").execute(&mut self.conn).await?;
        Ok(())
    }

    /// Undoes what was done since the savepoint.
    pub(crate) async fn undo(&mut self, savepoint: Savepoint) -> Result<(), Fault> {
        self.events.truncate(savepoint.events);
        self.wakes = savepoint.wakes;
        raw_sql("ROLLBACK TO SAVEPOINT use_case; RELEASE SAVEPOINT use_case").execute(&mut self.conn).await?;
        Ok(())
    }

    /// Notes events, to be numbered at the end.
    pub(crate) fn note_events(&mut self, events: Vec<NewEvent>) {
        self.wakes |= !events.is_empty();
        self.events.extend(events);
    }

    /// Notes that workers have something to look at.
    pub(crate) fn wake(&mut self) {
        self.wakes = true;
    }

    /// The last statement: takes the numbers, writes the events, tells other processes.
    pub(crate) async fn prepare(&mut self) -> Result<Prepared, Fault> {
        let events = std::mem::take(&mut self.events);
        let wakes = self.wakes;
        if events.is_empty() {
            let row = sqlx::query!(
                "SELECT pg_current_xact_id_if_assigned()::text AS xid, CASE WHEN $1 THEN pg_notify('message_gateway', '')::text END AS told",
                wakes
            )
            .fetch_one(&mut self.conn)
            .await?;
            return Ok(Prepared { numbers: Numbers::default(), wakes, xid: row.xid });
        }
        let mut numbers = Numbers::places(&events);
        let (base, xid) = self.number(&events, &numbers).await?;
        numbers.begin_after(base);
        Ok(Prepared { numbers, wakes, xid: Some(xid) })
    }

    async fn number(&mut self, events: &[NewEvent], places: &Numbers) -> Result<(i64, String), Fault> {
        let (messages, message_places): (Vec<i64>, Vec<i64>) = places.messages.iter().unzip();
        let (conversations, conversation_places): (Vec<i64>, Vec<i64>) = places.conversations.iter().unzip();
        let (comments, comment_places): (Vec<i64>, Vec<i64>) = places.comments.iter().unzip();
        let row = sqlx::query!(
            r#"WITH head AS (
                UPDATE counter SET value = value + cardinality($1::bigint[]) WHERE name = 'seq' RETURNING value - cardinality($1::bigint[]) AS base
            ), written AS (
                INSERT INTO event (seq, workspace_id, account_id, kind, conversation_id, message_id, created_at, comment_id)
                SELECT head.base + e.place, e.workspace_id, e.account_id, e.kind, e.conversation_id, e.message_id, $6, e.comment_id
                FROM head, unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $11::bigint[])
                    WITH ORDINALITY AS e (workspace_id, account_id, kind, conversation_id, message_id, comment_id, place)
            ), messages AS (
                UPDATE message m SET seq = head.base + n.place FROM head, unnest($7::bigint[], $8::bigint[]) AS n (id, place) WHERE m.id = n.id
            ), conversations AS (
                UPDATE conversation c SET seq = head.base + n.place FROM head, unnest($9::bigint[], $10::bigint[]) AS n (id, place)
                WHERE c.id = n.id
            ), comments AS (
                UPDATE comment q SET seq = head.base + n.place FROM head, unnest($12::bigint[], $13::bigint[]) AS n (id, place) WHERE q.id = n.id
            )
            SELECT base AS "base!", pg_current_xact_id()::text AS "xid!", pg_notify('message_gateway', '')::text AS told FROM head"#,
            &raw(events.iter().map(|event| event.workspace_id)),
            &raw(events.iter().map(|event| event.account_id)),
            &events.iter().map(|event| event.kind.as_str().to_owned()).collect::<Vec<_>>(),
            &events.iter().map(|event| event.conversation_id.map(domain::Id::raw)).collect::<Vec<_>>() as &[Option<i64>],
            &events.iter().map(|event| event.message_id.map(domain::Id::raw)).collect::<Vec<_>>() as &[Option<i64>],
            self.now().as_millis(),
            &messages,
            &message_places,
            &conversations,
            &conversation_places,
            &events.iter().map(|event| event.comment_id.map(domain::Id::raw)).collect::<Vec<_>>() as &[Option<i64>],
            &comments,
            &comment_places,
        )
        .fetch_optional(&mut self.conn)
        .await?
        .ok_or_else(|| Fault::corrupt("counter.seq", "the row is missing"))?;
        Ok((row.base, row.xid))
    }

    /// Commits, and believes it only when the server says so: it answers the COMMIT of an aborted transaction without an error.
    pub(crate) async fn commit(&mut self, prepared: &Prepared) -> Result<(), Fault> {
        let Some(xid) = &prepared.xid else {
            raw_sql("COMMIT").execute(&mut self.conn).await?;
            return Ok(());
        };
        // The number is the server's own and all digits; one round trip for both statements.
        let statements = AssertSqlSafe(format!("COMMIT; SELECT pg_xact_status('{xid}'::xid8) AS status"));
        let row = raw_sql(statements).fetch_one(&mut self.conn).await?;
        committed(sqlx::Row::try_get(&row, "status")?)
    }

    /// After a connection was lost while COMMIT was on its way: whether it arrived. Asked on a new connection.
    pub(crate) async fn was_committed(&mut self, prepared: &Prepared) -> Result<(), Fault> {
        let Some(xid) = &prepared.xid else {
            return Err(unavailable("the connection was lost").into());
        };
        let status =
            sqlx::query_scalar!("SELECT pg_xact_status($1::text::xid8)", xid).fetch_one(&mut self.conn).await?;
        committed(status.as_deref())
    }
}

fn committed(status: Option<&str>) -> Result<(), Fault> {
    if status == Some("committed") { Ok(()) } else { Err(unavailable("the server did not commit").into()) }
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").field("events", &self.events.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use domain::{Clock, IdGenerator};

    use super::*;

    #[tokio::test]
    async fn a_commit_that_the_server_turned_into_a_rollback_is_noticed() {
        #[expect(clippy::disallowed_methods, reason = "tests are told by the environment where their server is")]
        let url = std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL is not set; see scripts/postgres.sh");
        let options = crate::connect::options(&url).unwrap();
        let mut tx = Tx::connect(&options, Clock::system(), Arc::new(IdGenerator::without_lease())).await.unwrap();
        tx.begin().await.unwrap();
        raw_sql("CREATE TEMPORARY TABLE note (text TEXT); INSERT INTO note VALUES ('lost')")
            .execute(&mut tx.conn)
            .await
            .unwrap();
        let prepared = tx.prepare().await.unwrap();
        raw_sql("SELECT 1 / 0").execute(&mut tx.conn).await.unwrap_err();
        let error = tx.commit(&prepared).await.unwrap_err();
        assert!(error.to_string().contains("did not commit"), "{error}");
    }
}
