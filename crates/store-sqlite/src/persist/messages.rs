//! Messages, their media and reactions. Called by `persist`.

use domain::{
    Timestamp,
    account::Account,
    id::Id,
    journal::{Change, Changes},
    message::{Message, Reaction},
    store::StoreResult,
    workspace::Workspace,
};
use rusqlite::{Connection, params};

use crate::{
    sql::{execute, statements, to_json},
    text::Text,
};

statements! {
    INSERT_MESSAGE = "INSERT INTO message (id, workspace_id, account_id, conversation_id, direction, author, content, external_id, provisional, \
                      reported, state, failure, sent_at, created_at, quoted_external_id, idempotency_key, send_anyway, priority, next_attempt_at, \
                      seq, filed, provider) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)";
    UPDATE_MESSAGE = "UPDATE message SET external_id = ?2, provisional = ?3, reported = ?4, state = ?5, failure = ?6, sent_at = ?7, \
                      send_anyway = ?8, next_attempt_at = ?9, seq = ?10, author = ?11, content = ?12, quoted_external_id = ?13, priority = ?14, filed = ?15, provider = ?16 WHERE id = ?1";
    CLEAR_EXTERNAL_ID = "UPDATE message SET external_id = NULL WHERE id = ?1";
    FREE_MEDIA = "UPDATE media SET message_id = NULL WHERE message_id = ?1";
    // Its queue row and attempts go with it.
    DELETE_MESSAGE = "DELETE FROM message WHERE id = ?1";
    INSERT_MEDIA = "INSERT INTO media (id, workspace_id, conversation_id, message_id, origin, state, mime, width, height, size, created_at) \
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    // Of two operations of the same millisecond, taking back wins, whichever comes first.
    UPSERT_REACTION = "INSERT INTO reaction (workspace_id, account_id, message_external_id, reacted_by, reaction_key, image_url, by_customer, \
                       added, reacted_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) \
                       ON CONFLICT (account_id, message_external_id, reacted_by, reaction_key) DO UPDATE \
                       SET image_url = excluded.image_url, by_customer = excluded.by_customer, added = excluded.added, \
                       reacted_at = excluded.reacted_at WHERE excluded.reacted_at > reaction.reacted_at \
                       OR (excluded.reacted_at = reaction.reacted_at AND excluded.added < reaction.added)";
}

pub(super) fn remove(connection: &Connection, id: Id<Message>) -> StoreResult<()> {
    execute(connection, FREE_MEDIA, [id.raw()])?;
    execute(connection, DELETE_MESSAGE, [id.raw()]).map(drop)
}

pub(super) fn clear_external_id(connection: &Connection, id: Id<Message>) -> StoreResult<()> {
    execute(connection, CLEAR_EXTERNAL_ID, [id.raw()]).map(drop)
}

/// `seq`: the event about it in this use case, if there is one.
pub(super) fn message(connection: &Connection, change: &Change<Message>, seq: Option<i64>) -> StoreResult<()> {
    let row = change.row();
    let seq = seq.unwrap_or(row.seq);
    let author = to_json(&row.author, "message.author")?;
    let content = to_json(&row.content, "message.content")?;
    let failure = row.failure.as_ref().map(|failure| to_json(failure, "message.failure")).transpose()?;
    let next_attempt = row.next_attempt_at.map(Timestamp::as_millis);
    match change {
        Change::Insert(_) => {
            let values = params![
                row.id.raw(),
                row.workspace_id.raw(),
                row.account_id.raw(),
                row.conversation_id.raw(),
                row.direction.text(),
                author,
                content,
                row.external_id,
                row.provisional,
                row.reported,
                row.state.text(),
                failure,
                row.sent_at.as_millis(),
                row.created_at.as_millis(),
                row.quoted_external_id,
                row.idempotency_key,
                row.send_anyway,
                row.priority.text(),
                next_attempt,
                seq,
                row.filed,
                row.provider.text(),
            ];
            execute(connection, INSERT_MESSAGE, values).map(drop)
        }
        Change::Update(_) => {
            let values = params![
                row.id.raw(),
                row.external_id,
                row.provisional,
                row.reported,
                row.state.text(),
                failure,
                row.sent_at.as_millis(),
                row.send_anyway,
                next_attempt,
                seq,
                author,
                content,
                row.quoted_external_id,
                row.priority.text(),
                row.filed,
                row.provider.text(),
            ];
            execute(connection, UPDATE_MESSAGE, values).map(drop)
        }
    }
}

/// New media, each with the message whose content it is.
pub(super) fn media(connection: &Connection, changes: &Changes) -> StoreResult<()> {
    for media in &changes.media {
        let message =
            changes.messages.iter().map(Change::row).find(|message| message.content.media() == Some(media.id));
        let row = params![
            media.id.raw(),
            media.workspace_id.raw(),
            media.conversation_id.map(Id::raw),
            message.map(|message| message.id.raw()),
            to_json(&media.origin, "media.origin")?,
            media.state.text(),
            media.mime,
            media.width,
            media.height,
            media.size.map(|size| i64::try_from(size).unwrap_or(i64::MAX)),
            media.created_at.as_millis(),
        ];
        execute(connection, INSERT_MEDIA, row)?;
    }
    Ok(())
}

pub(super) fn reaction(
    connection: &Connection,
    workspace: Id<Workspace>,
    account: Id<Account>,
    reaction: &Reaction,
) -> StoreResult<()> {
    let row = params![
        workspace.raw(),
        account.raw(),
        reaction.message_external_id,
        reaction.by,
        reaction.key,
        reaction.image_url,
        reaction.by_customer,
        reaction.added,
        reaction.at.as_millis(),
    ];
    execute(connection, UPSERT_REACTION, row).map(drop)
}
