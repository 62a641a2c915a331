//! Messages, their media and the reactions to them.

use std::collections::BTreeMap;

use domain::{
    Id,
    account::Account,
    media::Media,
    message::{Message, Reaction},
    workspace::Workspace,
};
use sqlx::PgConnection;

use super::column;
use crate::{
    error::Fault,
    rows::{json, millis, raw, word},
};

/// Deletes messages, with their outbox rows and attempts.
pub(super) async fn remove(conn: &mut PgConnection, workspaces: &[i64], ids: &[Id<Message>]) -> Result<(), Fault> {
    if !ids.is_empty() {
        let ids = raw(ids.iter().copied());
        sqlx::query!("DELETE FROM message WHERE workspace_id = ANY($1) AND id = ANY($2)", workspaces, &ids)
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Takes provider ids off messages, so that other rows can get them.
pub(super) async fn clear_external_ids(
    conn: &mut PgConnection,
    workspaces: &[i64],
    ids: &[Id<Message>],
) -> Result<(), Fault> {
    if !ids.is_empty() {
        let ids = raw(ids.iter().copied());
        sqlx::query!(
            "UPDATE message SET external_id = NULL WHERE workspace_id = ANY($1) AND id = ANY($2)",
            workspaces,
            &ids
        )
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// Inserts messages; `seq` is written with the events.
pub(super) async fn insert(conn: &mut PgConnection, rows: &[&Message]) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    let (authors, contents, failures) = kept_as_json(rows)?;
    sqlx::query!(
        "INSERT INTO message (id, workspace_id, account_id, conversation_id, direction, author, content, external_id, provisional,
            reported, state, failure, sent_at, created_at, quoted_external_id, idempotency_key, send_anyway, next_attempt_at, priority,
            filed, provider, seq)
        SELECT *, 0 FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::bool[], $10::bool[], $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::text[], $16::text[], $17::bool[],
            $18::bigint[], $19::text[], $20::bool[], $21::text[])",
        &raw(rows.iter().map(|row| row.id)),
        &raw(rows.iter().map(|row| row.workspace_id)),
        &raw(rows.iter().map(|row| row.account_id)),
        &raw(rows.iter().map(|row| row.conversation_id)),
        &column!(rows, row => word(&row.direction)),
        &authors,
        &contents,
        &column!(rows, row => row.external_id.clone()) as &[Option<String>],
        &column!(rows, row => row.provisional),
        &column!(rows, row => row.reported),
        &column!(rows, row => row.state.as_str().to_owned()),
        &failures as &[Option<String>],
        &column!(rows, row => row.sent_at.as_millis()),
        &column!(rows, row => row.created_at.as_millis()),
        &column!(rows, row => row.quoted_external_id.clone()) as &[Option<String>],
        &column!(rows, row => row.idempotency_key.clone()) as &[Option<String>],
        &column!(rows, row => row.send_anyway),
        &column!(rows, row => millis(row.next_attempt_at)) as &[Option<i64>],
        &column!(rows, row => word(&row.priority)),
        &column!(rows, row => row.filed),
        &column!(rows, row => word(&row.provider)),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Replaces what can change of messages.
pub(super) async fn update(conn: &mut PgConnection, rows: &[&Message]) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    let (authors, contents, failures) = kept_as_json(rows)?;
    sqlx::query!(
        "UPDATE message m SET author = n.author, content = n.content, external_id = n.external_id, provisional = n.provisional,
            reported = n.reported, state = n.state, failure = n.failure, sent_at = n.sent_at, send_anyway = n.send_anyway,
            next_attempt_at = n.next_attempt_at, priority = n.priority, filed = n.filed, provider = n.provider
        FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bool[], $7::bool[], $8::text[], $9::text[],
            $10::bigint[], $11::bool[], $12::bigint[], $13::text[], $14::bool[], $15::text[])
            AS n (workspace_id, id, author, content, external_id, provisional, reported, state, failure, sent_at, send_anyway,
            next_attempt_at, priority, filed, provider)
        WHERE m.workspace_id = n.workspace_id AND m.id = n.id",
        &raw(rows.iter().map(|row| row.workspace_id)),
        &raw(rows.iter().map(|row| row.id)),
        &authors,
        &contents,
        &column!(rows, row => row.external_id.clone()) as &[Option<String>],
        &column!(rows, row => row.provisional),
        &column!(rows, row => row.reported),
        &column!(rows, row => row.state.as_str().to_owned()),
        &failures as &[Option<String>],
        &column!(rows, row => row.sent_at.as_millis()),
        &column!(rows, row => row.send_anyway),
        &column!(rows, row => millis(row.next_attempt_at)) as &[Option<i64>],
        &column!(rows, row => word(&row.priority)),
        &column!(rows, row => row.filed),
        &column!(rows, row => word(&row.provider)),
    )
    .execute(conn)
    .await?;
    Ok(())
}

type JsonColumns = (Vec<String>, Vec<String>, Vec<Option<String>>);

/// Author, content and failure of each row.
fn kept_as_json(rows: &[&Message]) -> Result<JsonColumns, Fault> {
    let mut columns = JsonColumns::default();
    for row in rows {
        columns.0.push(json(&row.author)?);
        columns.1.push(json(&row.content)?);
        columns.2.push(row.failure.as_ref().map(json).transpose()?);
    }
    Ok(columns)
}

/// Inserts media, each with the message that shows it.
pub(super) async fn media(conn: &mut PgConnection, rows: &[Media], messages: &[&Message]) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    let shown: BTreeMap<_, _> =
        messages.iter().filter_map(|message| Some((message.content.media()?, message.id.raw()))).collect();
    let origins = rows.iter().map(|row| json(&row.origin)).collect::<Result<Vec<_>, _>>()?;
    sqlx::query!(
        "INSERT INTO media (id, workspace_id, conversation_id, message_id, origin, state, mime, width, height, size, created_at)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::bigint[],
            $9::bigint[], $10::bigint[], $11::bigint[])",
        &raw(rows.iter().map(|row| row.id)),
        &raw(rows.iter().map(|row| row.workspace_id)),
        &column!(rows, row => row.conversation_id.map(Id::raw)) as &[Option<i64>],
        &column!(rows, row => shown.get(&row.id).copied()) as &[Option<i64>],
        &origins,
        &column!(rows, row => word(&row.state)),
        &column!(rows, row => row.mime.clone()) as &[Option<String>],
        &column!(rows, row => row.width.map(i64::from)) as &[Option<i64>],
        &column!(rows, row => row.height.map(i64::from)) as &[Option<i64>],
        &column!(rows, row => row.size.and_then(|size| i64::try_from(size).ok())) as &[Option<i64>],
        &column!(rows, row => row.created_at.as_millis()),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes reactions. The newest operation by key wins, whichever comes first; of two at one moment, taking back does.
pub(super) async fn reactions(
    conn: &mut PgConnection,
    rows: &[(Id<Workspace>, Id<Account>, Reaction)],
) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut newest: BTreeMap<_, (Id<Workspace>, Id<Account>, &Reaction)> = BTreeMap::new();
    for (workspace, account, reaction) in rows {
        let key = (*account, &reaction.message_external_id, &reaction.by, &reaction.key);
        let known = newest.entry(key).or_insert((*workspace, *account, reaction));
        if (known.2.at, !known.2.added) < (reaction.at, !reaction.added) {
            known.2 = reaction;
        }
    }
    let rows: Vec<_> = newest.into_values().collect();
    sqlx::query!(
        "INSERT INTO reaction (workspace_id, account_id, message_external_id, reacted_by, reaction_key, image_url, by_customer, added, reacted_at)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::bool[], $9::bigint[])
        ON CONFLICT (account_id, message_external_id, reacted_by, reaction_key) DO UPDATE SET
            image_url = excluded.image_url, by_customer = excluded.by_customer, added = excluded.added, reacted_at = excluded.reacted_at
        WHERE (reaction.reacted_at, NOT reaction.added) < (excluded.reacted_at, NOT excluded.added)",
        &raw(rows.iter().map(|row| row.0)),
        &raw(rows.iter().map(|row| row.1)),
        &column!(rows, row => row.2.message_external_id.clone()),
        &column!(rows, row => row.2.by.clone()),
        &column!(rows, row => row.2.key.clone()),
        &column!(rows, row => row.2.image_url.clone()) as &[Option<String>],
        &column!(rows, row => row.2.by_customer),
        &column!(rows, row => row.2.added),
        &column!(rows, row => row.2.at.as_millis()),
    )
    .execute(conn)
    .await?;
    Ok(())
}
