//! The port [`MediaStore`]: rows of pictures and videos. The bytes are elsewhere.

use async_trait::async_trait;
use domain::{
    event::{EventKind, NewEvent},
    id::Id,
    journal::Changes,
    media::{Media, MediaFacts, MediaOrigin, MediaState},
    message::Message,
    store::{MediaStore, StoreError, StoreResult},
    workspace::{Scope, Workspace},
};
use rusqlite::{Connection, params};

use crate::{
    SqliteStore, load,
    persist::persist,
    rows::{self, media_columns},
    sql::{Columns, execute, one, statements, to_json},
    text::Text,
};

statements! {
    BY_ID = concat!("SELECT ", media_columns!(), " FROM media d WHERE d.id = ?1 AND d.workspace_id = ?2");
    INSERT_UPLOAD = "INSERT INTO media (id, workspace_id, origin, state, mime, width, height, size, created_at) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    SETTLE = "UPDATE media SET state = ?3, mime = ?4, width = ?5, height = ?6, size = ?7 WHERE id = ?1 AND workspace_id = ?2 RETURNING message_id";
}

#[async_trait]
impl MediaStore for SqliteStore {
    async fn create_upload(&self, workspace: Id<Workspace>, id: Id<Media>, facts: MediaFacts) -> StoreResult<Media> {
        self.write(move |tx| {
            let media = Media {
                id,
                workspace_id: workspace,
                conversation_id: None,
                origin: MediaOrigin::Upload,
                state: MediaState::Ready,
                mime: Some(facts.mime),
                width: facts.width,
                height: facts.height,
                size: Some(facts.size),
                created_at: tx.now,
            };
            let row = params![
                id.raw(),
                workspace.raw(),
                to_json(&media.origin, "media.origin")?,
                media.state.text(),
                media.mime,
                media.width,
                media.height,
                signed(facts.size),
                tx.now.as_millis(),
            ];
            execute(tx.connection, INSERT_UPLOAD, row)?;
            Ok(media)
        })
        .await
    }

    async fn new_media_id(&self) -> StoreResult<Id<Media>> {
        self.write(|tx| tx.new_id()).await
    }

    async fn media(&self, scope: &Scope, id: Id<Media>) -> StoreResult<Option<Media>> {
        let scope = scope.clone();
        self.read(move |connection| in_sight(connection, &scope, id)).await
    }

    async fn settle_media(
        &self,
        workspace: Id<Workspace>,
        id: Id<Media>,
        facts: Option<MediaFacts>,
    ) -> StoreResult<()> {
        self.write(move |tx| {
            let state = if facts.is_some() { MediaState::Ready } else { MediaState::Failed };
            let (width, height) =
                (facts.as_ref().and_then(|facts| facts.width), facts.as_ref().and_then(|facts| facts.height));
            let size = facts.as_ref().map(|facts| signed(facts.size));
            let row =
                params![id.raw(), workspace.raw(), state.text(), facts.map(|facts| facts.mime), width, height, size];
            let message: Option<Id<Message>> =
                one(tx.connection, SETTLE, row, |row| Columns::new(row, "media").opt_id())?.flatten();
            let Some(message) = message else { return Ok(()) };
            let Some(message) = load::message_by_id(tx.connection, message)? else { return Ok(()) };
            let event = NewEvent {
                workspace_id: workspace,
                account_id: message.account_id,
                kind: EventKind::Status,
                conversation_id: Some(message.conversation_id),
                message_id: Some(message.id),
                comment_id: None,
            };
            persist(tx, &Changes { events: vec![event], ..Changes::default() })
        })
        .await
    }
}

fn signed(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

fn in_sight(connection: &Connection, scope: &Scope, id: Id<Media>) -> StoreResult<Option<Media>> {
    let Some(media) =
        one(connection, BY_ID, (id.raw(), scope.workspace.raw()), |row| rows::media(&mut Columns::new(row, "media")))?
    else {
        return Ok(None);
    };
    let Some(conversation) = media.conversation_id else { return Ok(Some(media)) };
    let conversation = load::conversation_by_id(connection, conversation)?
        .ok_or_else(|| StoreError::Corrupt { place: format!("media.conversation_id of {id}"), source: None })?;
    Ok(scope.allows(conversation.workspace_id, conversation.account_id).then_some(media))
}

/// Whether a reply may carry this picture: in the caller's sight, and its bytes are here.
pub(crate) fn is_sendable(connection: &Connection, scope: &Scope, id: Id<Media>) -> StoreResult<bool> {
    Ok(in_sight(connection, scope, id)?.is_some_and(|media| media.state == MediaState::Ready))
}
