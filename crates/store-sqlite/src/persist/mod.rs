//! Writes the [`Changes`] of a use case back, in the order of their fields, and numbers its events.
//! Called by every use case that ends in changes.

mod comments;
mod conversations;
mod messages;
mod sides;
mod work;

#[cfg(test)]
pub(crate) use self::{
    comments::STATEMENTS as COMMENT_STATEMENTS, conversations::STATEMENTS as CONVERSATION_STATEMENTS,
    messages::STATEMENTS as MESSAGE_STATEMENTS, sides::STATEMENTS as SIDE_STATEMENTS,
    work::STATEMENTS as WORK_STATEMENTS,
};

use std::collections::HashMap;

use domain::{
    comment::Comment,
    conversation::Conversation,
    event::{EventKind, NewEvent},
    id::Id,
    journal::{Change, Changes},
    message::Message,
    store::StoreResult,
};

use rusqlite::Connection;

pub(crate) use self::work::insert_job;
use crate::{
    sql::{execute, statements},
    text::Text,
    writer::Tx,
};

statements! {
    INSERT_EVENT = "INSERT INTO event (seq, workspace_id, account_id, kind, conversation_id, message_id, created_at, comment_id) \
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    MESSAGE_SEQ = "UPDATE message SET seq = ?2 WHERE id = ?1";
    CONVERSATION_SEQ = "UPDATE conversation SET seq = ?2 WHERE id = ?1";
}

/// The number of the newest event about each subject of this use case. What is left after the rows are written belongs to
/// subjects that did not change themselves.
#[derive(Debug, Default)]
struct Seqs {
    messages: HashMap<Id<Message>, i64>,
    conversations: HashMap<Id<Conversation>, i64>,
    comments: HashMap<Id<Comment>, i64>,
}

impl Seqs {
    fn of(events: &[NewEvent], first: i64) -> Self {
        let mut seqs = Self::default();
        for (seq, event) in (first..).zip(events) {
            seqs.comments.extend(event.comment_id.map(|comment| (comment, seq)));
            match (event.kind, event.message_id, event.conversation_id) {
                (EventKind::Message | EventKind::Status, Some(message), _) => drop(seqs.messages.insert(message, seq)),
                (EventKind::Conversation, _, Some(conversation)) => drop(seqs.conversations.insert(conversation, seq)),
                _ => {}
            }
        }
        seqs
    }
}

/// Writes everything.
pub(crate) fn persist(tx: &mut Tx<'_>, changes: &Changes) -> StoreResult<()> {
    let connection = tx.connection;
    let mut seqs = Seqs::of(&changes.events, tx.seq + 1);
    for account in &changes.accounts {
        conversations::update_account(connection, account)?;
    }
    for trouble in &changes.troubles {
        conversations::trouble(connection, trouble)?;
    }
    for contact in &changes.contacts {
        conversations::contact(connection, contact)?;
    }
    for comment in &changes.comments {
        comments::comment(connection, comment, seqs.comments.get(&comment.row().id).copied())?;
    }
    for conversation in &changes.conversations {
        let seq = seqs.conversations.remove(&conversation.row().id);
        conversations::conversation(connection, conversation, seq)?;
    }
    sides(connection, changes)?;
    for id in &changes.removed_messages {
        messages::remove(connection, *id)?;
    }
    for id in &changes.cleared_external_ids {
        messages::clear_external_id(connection, *id)?;
    }
    for message in &changes.messages {
        let seq = seqs.messages.remove(&message.row().id);
        messages::message(connection, message, seq)?;
    }
    for name in &changes.message_names {
        sides::message_name(connection, name)?;
    }
    messages::media(connection, changes)?;
    for (workspace, account, reaction) in &changes.reactions {
        messages::reaction(connection, *workspace, *account, reaction)?;
    }
    for key in &changes.removed_referrals {
        conversations::remove_referral(connection, key)?;
    }
    for referral in &changes.referrals {
        conversations::referral(connection, referral)?;
    }
    for withheld in &changes.withheld {
        work::withheld(connection, withheld)?;
    }
    work::outbox(connection, changes)?;
    for job in &changes.jobs {
        insert_job(tx, job)?;
    }
    events(tx, &changes.events)?;
    for (message, seq) in seqs.messages {
        execute(connection, MESSAGE_SEQ, (message.raw(), seq))?;
    }
    for (conversation, seq) in seqs.conversations {
        execute(connection, CONVERSATION_SEQ, (conversation.raw(), seq))?;
    }
    tx.notify |= !(changes.events.is_empty()
        && changes.outbox.is_empty()
        && changes.removed_outbox.is_empty()
        && changes.jobs.is_empty());
    Ok(())
}

/// What accounts with two sides change of conversations.
fn sides(connection: &Connection, changes: &Changes) -> StoreResult<()> {
    let rows = changes.conversations.iter().map(Change::row);
    for row in rows.filter(|row| changes.renamed_conversations.contains(&row.id)) {
        conversations::rename(connection, row)?;
    }
    for name in &changes.conversation_names {
        sides::conversation_name(connection, name)?;
    }
    for (id, into) in &changes.moved_messages {
        sides::move_message(connection, *id, *into)?;
    }
    for merged in &changes.merged_conversations {
        sides::merge(connection, merged)?;
    }
    Ok(())
}

fn events(tx: &mut Tx<'_>, events: &[NewEvent]) -> StoreResult<()> {
    for event in events {
        tx.seq += 1;
        let conversation = event.conversation_id.map(Id::raw);
        let message = event.message_id.map(Id::raw);
        let (workspace, account) = (event.workspace_id.raw(), event.account_id.raw());
        let comment = event.comment_id.map(Id::raw);
        let row = (tx.seq, workspace, account, event.kind.text(), conversation, message, tx.now.as_millis(), comment);
        execute(tx.connection, INSERT_EVENT, row)?;
    }
    Ok(())
}
