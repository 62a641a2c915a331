//! Rows of pictures and videos; the bytes are behind the gateway's blob port.

use async_trait::async_trait;

use super::StoreResult;
use crate::{
    id::Id,
    media::{Media, MediaFacts},
    workspace::{Scope, Workspace},
};

/// Media rows.
#[async_trait]
pub trait MediaStore: Send + Sync {
    /// A new upload, ready at once. The caller has written the blob under the id it was given by `new_media_id`.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn create_upload(&self, workspace: Id<Workspace>, id: Id<Media>, facts: MediaFacts) -> StoreResult<Media>;

    /// A fresh id for an upload.
    ///
    /// # Errors
    /// `Unavailable` without a node lease.
    async fn new_media_id(&self) -> StoreResult<Id<Media>>;

    /// One row; in sight when its conversation's account is permitted, or when it is an upload of the workspace.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn media(&self, scope: &Scope, id: Id<Media>) -> StoreResult<Option<Media>>;

    /// The bytes are here (`Some`) or can't be had (`None`): updates the row and writes a `status` event of its message.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn settle_media(&self, workspace: Id<Workspace>, id: Id<Media>, facts: Option<MediaFacts>)
    -> StoreResult<()>;
}
