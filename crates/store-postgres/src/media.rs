//! The port `MediaStore`: rows of pictures and videos.

use async_trait::async_trait;
use domain::{
    Id,
    event::{EventKind, NewEvent},
    media::{Media, MediaFacts, MediaOrigin, MediaState},
    store::{MediaStore, StoreResult},
    workspace::{Scope, Workspace},
};
use sqlx::PgConnection;

use crate::{
    PostgresStore,
    error::Fault,
    rows::{json, media_rows, word},
    transaction::{Touches, Tx},
};

#[async_trait]
impl MediaStore for PostgresStore {
    async fn create_upload(&self, workspace: Id<Workspace>, id: Id<Media>, facts: MediaFacts) -> StoreResult<Media> {
        self.write(Touches::default(), move |tx| {
            let facts = facts.clone();
            Box::pin(async move { upload(tx, workspace, id, facts).await })
        })
        .await
    }

    async fn new_media_id(&self) -> StoreResult<Id<Media>> {
        Ok(self.ids.next(self.clock.now())?)
    }

    async fn media(&self, scope: &Scope, id: Id<Media>) -> StoreResult<Option<Media>> {
        let mut tx = self.read(scope.workspace).await?;
        let media = in_sight(&mut tx, scope, id).await?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(media)
    }

    async fn settle_media(
        &self,
        workspace: Id<Workspace>,
        id: Id<Media>,
        facts: Option<MediaFacts>,
    ) -> StoreResult<()> {
        let touches = Touches { media: vec![id.raw()], ..Touches::default() };
        self.write(touches, move |tx| {
            let facts = facts.clone();
            Box::pin(async move { settle(tx, workspace, id, facts).await })
        })
        .await
    }
}

/// An upload of the workspace, or received in a conversation of a permitted account.
async fn in_sight(conn: &mut PgConnection, scope: &Scope, id: Id<Media>) -> Result<Option<Media>, Fault> {
    let row = media_rows!("WHERE d.workspace_id = $1 AND d.id = $2", scope.workspace.raw(), id.raw())
        .fetch_optional(&mut *conn)
        .await?;
    let Some(media) = row.map(Media::try_from).transpose()? else {
        return Ok(None);
    };
    let Some(conversation) = media.conversation_id else {
        return Ok(Some(media));
    };
    let account = sqlx::query_scalar!("SELECT account_id FROM conversation WHERE id = $1", conversation.raw())
        .fetch_one(conn)
        .await?;
    Ok(scope.accounts.allows(Id::from_raw(account)).then_some(media))
}

/// Whether a reply may carry this picture: in the caller's sight, and its bytes are here.
pub(crate) async fn is_sendable(conn: &mut PgConnection, scope: &Scope, id: Id<Media>) -> Result<bool, Fault> {
    Ok(in_sight(conn, scope, id).await?.is_some_and(|media| media.state == MediaState::Ready))
}

async fn upload(tx: &mut Tx, workspace: Id<Workspace>, id: Id<Media>, facts: MediaFacts) -> Result<Media, Fault> {
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
        created_at: tx.now(),
    };
    sqlx::query!(
        "INSERT INTO media (id, workspace_id, origin, state, mime, width, height, size, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id.raw(),
        workspace.raw(),
        json(&media.origin)?,
        word(&media.state),
        media.mime,
        media.width.map(i64::from),
        media.height.map(i64::from),
        media.size.and_then(|size| i64::try_from(size).ok()),
        media.created_at.as_millis(),
    )
    .execute(&mut tx.conn)
    .await?;
    Ok(media)
}

async fn settle(tx: &mut Tx, workspace: Id<Workspace>, id: Id<Media>, facts: Option<MediaFacts>) -> Result<(), Fault> {
    let state = if facts.is_some() { MediaState::Ready } else { MediaState::Failed };
    // What is here stays here: a late failure of a second fetch takes nothing back.
    let shown = sqlx::query!(
        "UPDATE media SET state = $3, mime = $4, width = $5, height = $6, size = $7
        WHERE workspace_id = $1 AND id = $2 AND state <> 'ready' RETURNING message_id",
        workspace.raw(),
        id.raw(),
        word(&state),
        facts.as_ref().map(|facts| facts.mime.clone()),
        facts.as_ref().and_then(|facts| facts.width).map(i64::from),
        facts.as_ref().and_then(|facts| facts.height).map(i64::from),
        facts.as_ref().and_then(|facts| i64::try_from(facts.size).ok()),
    )
    .fetch_optional(&mut tx.conn)
    .await?;
    let Some(message) = shown.and_then(|row| row.message_id) else {
        return Ok(());
    };
    let row = sqlx::query!(
        "SELECT account_id, conversation_id FROM message WHERE workspace_id = $1 AND id = $2",
        workspace.raw(),
        message
    )
    .fetch_optional(&mut tx.conn)
    .await?;
    if let Some(row) = row {
        tx.note_events(vec![NewEvent {
            workspace_id: workspace,
            account_id: Id::from_raw(row.account_id),
            kind: EventKind::Status,
            conversation_id: Some(Id::from_raw(row.conversation_id)),
            message_id: Some(Id::from_raw(message)),
            comment_id: None,
        }]);
    }
    Ok(())
}
