//! Names that further sides give, and conversations that are one. Called by `persist`.

use domain::{
    conversation::Conversation,
    id::Id,
    journal::{ConversationName, MergedConversation, MessageName},
    message::Message,
    store::StoreResult,
};
use rusqlite::{Connection, params};

use crate::{
    sql::{execute, statements},
    text::Text,
};

statements! {
    UPSERT_CONVERSATION_NAME = "INSERT INTO conversation_name (workspace_id, account_id, provider, external_id, conversation_id, guessed) \
                                VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (account_id, provider, external_id) DO UPDATE \
                                SET conversation_id = excluded.conversation_id, guessed = excluded.guessed";
    UPSERT_MESSAGE_NAME = "INSERT INTO message_name (workspace_id, account_id, provider, external_id, message_id, platform_id, told_at, guessed) \
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (account_id, provider, external_id) DO UPDATE \
                           SET message_id = excluded.message_id, platform_id = excluded.platform_id, told_at = excluded.told_at, \
                           guessed = excluded.guessed";
    MOVE_MESSAGE = "UPDATE message SET conversation_id = ?2 WHERE id = ?1";
    MOVE_OUTBOX = "UPDATE outbox SET conversation_id = ?2 WHERE message_id = ?1";
    MOVE_MEDIA = "UPDATE media SET conversation_id = ?2 WHERE message_id = ?1";
    // A key that both have stays with the one that is there.
    MOVE_MESSAGES = "UPDATE message SET conversation_id = ?2, idempotency_key = CASE WHEN EXISTS (SELECT 1 FROM message o \
                     WHERE o.conversation_id = ?2 AND o.idempotency_key = message.idempotency_key) THEN NULL ELSE idempotency_key END \
                     WHERE conversation_id = ?1";
    MOVE_QUEUE = "UPDATE outbox SET conversation_id = ?2 WHERE conversation_id = ?1";
    MOVE_ALL_MEDIA = "UPDATE media SET conversation_id = ?2 WHERE conversation_id = ?1";
    MOVE_REFERRALS = "UPDATE OR IGNORE referral SET conversation_id = ?2 WHERE conversation_id = ?1";
    LEAVE_REFERRALS = "DELETE FROM referral WHERE conversation_id = ?1";
    MOVE_WITHHELD = "UPDATE withheld_message SET conversation_id = ?2 WHERE conversation_id = ?1";
    MOVE_NAMES = "UPDATE conversation_name SET conversation_id = ?2 WHERE conversation_id = ?1";
    REMOVE_CONVERSATION = "DELETE FROM conversation WHERE id = ?1";
}

pub(super) fn conversation_name(connection: &Connection, name: &ConversationName) -> StoreResult<()> {
    let row = (
        name.workspace_id.raw(),
        name.account_id.raw(),
        name.provider.text(),
        &name.external_id,
        name.conversation_id.raw(),
        name.guessed,
    );
    execute(connection, UPSERT_CONVERSATION_NAME, row).map(drop)
}

pub(super) fn message_name(connection: &Connection, name: &MessageName) -> StoreResult<()> {
    let row = params![
        name.workspace_id.raw(),
        name.account_id.raw(),
        name.provider.text(),
        name.external_id,
        name.message_id.raw(),
        name.platform_id,
        name.told_at.as_millis(),
        name.guessed,
    ];
    execute(connection, UPSERT_MESSAGE_NAME, row).map(drop)
}

/// A message goes to another conversation, with what is its own.
pub(super) fn move_message(connection: &Connection, id: Id<Message>, into: Id<Conversation>) -> StoreResult<()> {
    for sql in [MOVE_MESSAGE, MOVE_OUTBOX, MOVE_MEDIA] {
        execute(connection, sql, (id.raw(), into.raw()))?;
    }
    Ok(())
}

/// Everything of a conversation goes to the one that it is.
pub(super) fn merge(connection: &Connection, merged: &MergedConversation) -> StoreResult<()> {
    let (from, into) = (merged.from.raw(), merged.into.raw());
    for sql in [MOVE_MESSAGES, MOVE_QUEUE, MOVE_ALL_MEDIA, MOVE_REFERRALS, MOVE_WITHHELD, MOVE_NAMES] {
        execute(connection, sql, (from, into))?;
    }
    execute(connection, LEAVE_REFERRALS, [from])?;
    execute(connection, REMOVE_CONVERSATION, [from]).map(drop)
}
