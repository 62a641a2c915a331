//! The part of a conversation that the rules look at (see `Working`). Called by `load` with the conversations it has found.

use std::collections::{BTreeSet, HashMap};

use domain::{
    Id, Timestamp,
    conversation::Conversation,
    journal::Working,
    message::{Message, MessageState},
    outbox::OutboxRow,
};
use sqlx::PgConnection;

use crate::{
    error::Fault,
    rows::{all, message_rows, outbox_rows, raw},
};

/// What to load of one conversation.
struct Reach {
    /// Outgoing messages later than this (ms) matter.
    after: i64,
    /// Known messages that may move, and so make another one the newest.
    named: i64,
}

/// Adds conversations with their whole tails: the use case was told our ids.
pub(super) async fn full(
    conn: &mut PgConnection,
    working: &mut Working<'_>,
    rows: Vec<Conversation>,
) -> Result<(), Fault> {
    let reach: Vec<Reach> = rows.iter().map(|row| Reach { after: floor(row, true), named: 0 }).collect();
    messages(conn, working, &rows, &reach, true).await?;
    queue(conn, working, &raw(rows.iter().map(|row| row.id))).await?;
    for conversation in rows {
        working.add_conversation(conversation);
    }
    Ok(())
}

/// Adds conversations with as little as reports need: the read mark matters only to a read receipt, and the newest messages only
/// where a known message may move: one that is `named`, or one that waits for its echo.
pub(super) async fn of_reports(
    conn: &mut PgConnection,
    working: &mut Working<'_>,
    rows: Vec<Conversation>,
    reads: &BTreeSet<(i64, String)>,
    named: &HashMap<Id<Conversation>, i64>,
) -> Result<(), Fault> {
    let of = |row: &Conversation| Reach {
        after: floor(row, reads.contains(&(row.account_id.raw(), row.external_id.clone()))),
        named: named.get(&row.id).copied().unwrap_or(0),
    };
    let reach: Vec<Reach> = rows.iter().map(of).collect();
    if messages(conn, working, &rows, &reach, false).await? {
        queue(conn, working, &raw(rows.iter().map(|row| row.id))).await?;
    }
    for conversation in rows {
        working.add_conversation(conversation);
    }
    Ok(())
}

fn floor(conversation: &Conversation, reads: bool) -> i64 {
    let from = |time: Option<Timestamp>| time.map_or(i64::MIN, Timestamp::as_millis);
    let last_incoming = from(conversation.ledger.last_incoming_at);
    if reads { last_incoming.min(from(conversation.read_up_to)) } else { last_incoming }
}

/// Adds the messages of the tails. Gives whether any of them waits in the queue.
async fn messages(
    conn: &mut PgConnection,
    working: &mut Working<'_>,
    rows: &[Conversation],
    reach: &[Reach],
    with_newest: bool,
) -> Result<bool, Fault> {
    if rows.is_empty() {
        return Ok(false);
    }
    // OFFSET 0 holds the planner to this order: keys first, then rows by index, whatever it believes of a table without statistics.
    // The newest three are enough to know the newest one, and one more for each that may move or go.
    let found = message_rows!(
        "unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS k (workspace_id, id, after, named)
        CROSS JOIN LATERAL (
            SELECT count(*) AS count FROM message p WHERE p.conversation_id = k.id AND p.state IN ('queued', 'sending', 'unconfirmed')
        ) waiting
        CROSS JOIN LATERAL (
            SELECT p.id FROM message p
            WHERE waiting.count > 0 AND p.conversation_id = k.id AND p.state IN ('queued', 'sending', 'unconfirmed')
            UNION (SELECT o.id FROM message o WHERE o.conversation_id = k.id AND o.direction = 'outgoing' AND o.sent_at > k.after
                ORDER BY o.sent_at DESC LIMIT 200)
            UNION (SELECT n.id FROM message n WHERE n.conversation_id = k.id ORDER BY n.sent_at DESC, n.id DESC
                LIMIT CASE WHEN $5 OR k.named + waiting.count > 0 THEN 3 + k.named + waiting.count ELSE 0 END)
        ) t CROSS JOIN LATERAL (SELECT * FROM message m WHERE m.workspace_id = k.workspace_id AND m.id = t.id OFFSET 0) m",
        &raw(rows.iter().map(|row| row.workspace_id)),
        &raw(rows.iter().map(|row| row.id)),
        &reach.iter().map(|reach| reach.after).collect::<Vec<_>>(),
        &reach.iter().map(|reach| reach.named).collect::<Vec<_>>(),
        with_newest,
    )
    .fetch_all(conn)
    .await?;
    let mut waits = false;
    for message in all::<_, Message>(found)? {
        waits |= matches!(message.state, MessageState::Queued | MessageState::Sending | MessageState::Unconfirmed);
        working.add_message(message);
    }
    Ok(waits)
}

async fn queue(conn: &mut PgConnection, working: &mut Working<'_>, ids: &[i64]) -> Result<(), Fault> {
    let rows = outbox_rows!("WHERE o.conversation_id = ANY($1)", ids).fetch_all(conn).await?;
    for row in all::<_, OutboxRow>(rows)? {
        working.add_outbox(row);
    }
    Ok(())
}
