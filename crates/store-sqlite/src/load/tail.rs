//! The part of a conversation that the rules look at (see [`Working`]). Called by `load` for each conversation it adds.

use domain::{conversation::Conversation, journal::Working, message::Message, store::StoreResult};
use rusqlite::Connection;

use crate::{
    rows::{self, message_columns, outbox_columns},
    sql::{Columns, many, statements},
};

/// Newest messages that are loaded so that "the newest" is still known when one of them moves or goes.
const NEWEST: usize = 3;

statements! {
    OUTGOING_AFTER = concat!(
        "SELECT ", message_columns!(), " FROM message m WHERE m.conversation_id = ?1 AND m.direction = 'outgoing' AND m.sent_at > ?2 \
         ORDER BY m.sent_at DESC LIMIT 200"
    );
    PENDING = concat!(
        "SELECT ", message_columns!(), " FROM message m WHERE m.conversation_id = ?1 AND m.state IN ('queued', 'sending', 'unconfirmed')"
    );
    NEWEST_MESSAGES = concat!(
        "SELECT ", message_columns!(), " FROM message m WHERE m.conversation_id = ?1 ORDER BY m.sent_at DESC, m.id DESC LIMIT ?2"
    );
    QUEUE = concat!("SELECT ", outbox_columns!(), " FROM outbox o WHERE o.conversation_id = ?1");
}

/// The whole tail: the use case was told our id.
pub(super) fn full(connection: &Connection, working: &mut Working<'_>, conversation: &Conversation) -> StoreResult<()> {
    let floor = floor(conversation, true);
    outgoing_after(connection, working, conversation, floor)?;
    let waiting = pending(connection, working, conversation)?;
    newest(connection, working, conversation, NEWEST + waiting)?;
    queue(connection, working, conversation)
}

/// The tail for reports: as little as the rules need. The read mark matters only to a read receipt, and the newest messages
/// only where a known message may move: one that is `named`, or one that waits for its echo.
pub(super) fn of_reports(
    connection: &Connection,
    working: &mut Working<'_>,
    conversation: &Conversation,
    reads: bool,
    named: &[Message],
) -> StoreResult<()> {
    outgoing_after(connection, working, conversation, floor(conversation, reads))?;
    let waiting = pending(connection, working, conversation)?;
    if waiting > 0 {
        queue(connection, working, conversation)?;
    }
    let named = named.iter().filter(|message| message.conversation_id == conversation.id).count();
    if named + waiting > 0 {
        newest(connection, working, conversation, NEWEST + named + waiting)?;
    }
    Ok(())
}

fn floor(conversation: &Conversation, reads: bool) -> i64 {
    let from = |time: Option<domain::Timestamp>| time.map_or(i64::MIN, domain::Timestamp::as_millis);
    let last_incoming = from(conversation.ledger.last_incoming_at);
    if reads { last_incoming.min(from(conversation.read_up_to)) } else { last_incoming }
}

fn outgoing_after(
    connection: &Connection,
    working: &mut Working<'_>,
    conversation: &Conversation,
    floor: i64,
) -> StoreResult<()> {
    add(connection, working, OUTGOING_AFTER, (conversation.id.raw(), floor)).map(drop)
}

fn pending(connection: &Connection, working: &mut Working<'_>, conversation: &Conversation) -> StoreResult<usize> {
    add(connection, working, PENDING, [conversation.id.raw()])
}

fn newest(
    connection: &Connection,
    working: &mut Working<'_>,
    conversation: &Conversation,
    limit: usize,
) -> StoreResult<()> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    add(connection, working, NEWEST_MESSAGES, (conversation.id.raw(), limit)).map(drop)
}

fn add(
    connection: &Connection,
    working: &mut Working<'_>,
    sql: &'static str,
    params: impl rusqlite::Params,
) -> StoreResult<usize> {
    let found = many(connection, sql, params, |row| rows::message(&mut Columns::new(row, "message")))?;
    let count = found.len();
    for message in found {
        working.add_message(message);
    }
    Ok(count)
}

fn queue(connection: &Connection, working: &mut Working<'_>, conversation: &Conversation) -> StoreResult<()> {
    for row in many(connection, QUEUE, [conversation.id.raw()], |row| rows::outbox(&mut Columns::new(row, "outbox")))? {
        working.add_outbox(row);
    }
    Ok(())
}
