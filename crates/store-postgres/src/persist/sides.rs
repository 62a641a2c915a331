//! Names that further sides give, and conversations that are one. Rare, so mostly one after the other.

use domain::{
    Id,
    conversation::Conversation,
    journal::{Changes, ConversationName, MergedConversation, MessageName},
    message::Message,
};
use sqlx::PgConnection;

use super::column;
use crate::{
    error::Fault,
    rows::{raw, word},
};

/// What accounts with two sides change of conversations; the conversations themselves are written.
pub(super) async fn write(conn: &mut PgConnection, changes: &Changes) -> Result<(), Fault> {
    let rows = changes.conversations.iter().map(domain::journal::Change::row);
    for row in rows.filter(|row| changes.renamed_conversations.contains(&row.id)) {
        rename(conn, row).await?;
    }
    conversation_names(conn, &changes.conversation_names).await?;
    for (id, into) in &changes.moved_messages {
        move_message(conn, *id, *into).await?;
    }
    for merged in &changes.merged_conversations {
        merge(conn, merged).await?;
    }
    Ok(())
}

/// Another name comes first, with the customer as the side knows them that gave it.
async fn rename(conn: &mut PgConnection, row: &Conversation) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE conversation SET provider = $3, external_id = $4, contact_id = $5 WHERE workspace_id = $1 AND id = $2",
        row.workspace_id.raw(),
        row.id.raw(),
        word(&row.provider),
        row.external_id,
        row.contact_id.raw(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn conversation_names(conn: &mut PgConnection, rows: &[ConversationName]) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO conversation_name (workspace_id, account_id, provider, external_id, conversation_id, guessed)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bool[])
        ON CONFLICT (account_id, external_id, provider) DO UPDATE SET conversation_id = excluded.conversation_id, guessed = excluded.guessed",
        &raw(rows.iter().map(|row| row.workspace_id)),
        &raw(rows.iter().map(|row| row.account_id)),
        &column!(rows, row => word(&row.provider)),
        &column!(rows, row => row.external_id.clone()),
        &raw(rows.iter().map(|row| row.conversation_id)),
        &column!(rows, row => row.guessed),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Names of messages; these are written.
pub(super) async fn message_names(conn: &mut PgConnection, rows: &[MessageName]) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO message_name (workspace_id, account_id, provider, external_id, message_id, platform_id, told_at, guessed)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::bool[])
        ON CONFLICT (account_id, external_id, provider) DO UPDATE SET message_id = excluded.message_id, platform_id = excluded.platform_id,
            told_at = excluded.told_at, guessed = excluded.guessed",
        &raw(rows.iter().map(|row| row.workspace_id)),
        &raw(rows.iter().map(|row| row.account_id)),
        &column!(rows, row => word(&row.provider)),
        &column!(rows, row => row.external_id.clone()),
        &raw(rows.iter().map(|row| row.message_id)),
        &column!(rows, row => row.platform_id.clone()) as &[Option<String>],
        &column!(rows, row => row.told_at.as_millis()),
        &column!(rows, row => row.guessed),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A message goes to another conversation, with what is its own.
async fn move_message(conn: &mut PgConnection, id: Id<Message>, into: Id<Conversation>) -> Result<(), Fault> {
    sqlx::query!(
        "WITH moved AS (UPDATE message SET conversation_id = $2 WHERE id = $1),
            waiting AS (UPDATE outbox SET conversation_id = $2 WHERE message_id = $1)
        UPDATE media SET conversation_id = $2 WHERE message_id = $1",
        id.raw(),
        into.raw(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Everything of a conversation goes to the one that it is. An idempotency key that both have stays with the one that is there.
async fn merge(conn: &mut PgConnection, merged: &MergedConversation) -> Result<(), Fault> {
    let (workspace, from, into) = (merged.workspace_id.raw(), merged.from.raw(), merged.into.raw());
    sqlx::query!(
        "WITH moved AS (
            UPDATE message m SET conversation_id = $3, idempotency_key = CASE WHEN EXISTS (SELECT 1 FROM message o
                WHERE o.conversation_id = $3 AND o.idempotency_key = m.idempotency_key) THEN NULL ELSE m.idempotency_key END
            WHERE m.workspace_id = $1 AND m.conversation_id = $2
        ), waiting AS (UPDATE outbox SET conversation_id = $3 WHERE conversation_id = $2
        ), pictures AS (UPDATE media SET conversation_id = $3 WHERE workspace_id = $1 AND conversation_id = $2
        ), withheld AS (UPDATE withheld_message SET conversation_id = $3 WHERE workspace_id = $1 AND conversation_id = $2
        ), names AS (UPDATE conversation_name SET conversation_id = $3 WHERE workspace_id = $1 AND conversation_id = $2)
        INSERT INTO referral (workspace_id, conversation_id, source_key, referred_at, dated, detail)
        SELECT workspace_id, $3, source_key, referred_at, dated, detail FROM referral WHERE workspace_id = $1 AND conversation_id = $2
        ON CONFLICT (conversation_id, source_key, referred_at) DO NOTHING",
        workspace,
        from,
        into,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("DELETE FROM referral WHERE workspace_id = $1 AND conversation_id = $2", workspace, from)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("DELETE FROM conversation WHERE workspace_id = $1 AND id = $2", workspace, from).execute(conn).await?;
    Ok(())
}
