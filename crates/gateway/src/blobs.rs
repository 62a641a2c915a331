//! The bytes of pictures and videos, behind one port: a folder today, a bucket by setting. Rows about them are the store's.
//! Written by uploads and by the media job, read by `GET /api/v1/media/{id}` and right before a picture is sent.

use std::{path::Path, sync::Arc};

use bytes::Bytes;
use domain::{Id, media::Media, workspace::Workspace};
use futures_util::{StreamExt, stream::BoxStream};
use object_store::{ObjectStore, ObjectStoreExt, local::LocalFileSystem, path::Path as Key};

use crate::config::{self, Config};

/// Why bytes could not be kept or found. Sources are kept.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// `BLOB_URL` names a place that this build has no driver for.
    #[error("BLOB_URL names {scheme}, but this build keeps pictures and videos in a folder only (file:path/to/folder)")]
    Unsupported {
        /// Such as `s3`.
        scheme: String,
    },
    /// The folder can't be made or used.
    #[error("the folder for pictures and videos can't be used: {folder}")]
    Folder {
        /// The folder, such as `./data/blobs`.
        folder: String,
        /// What the system or the driver said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The storage failed.
    #[error("the storage of pictures and videos failed")]
    Storage(#[source] object_store::Error),
}

/// Where pictures and videos are kept. Cloned cheaply.
#[derive(Debug, Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
}

/// Bytes on their way out.
pub struct Blob {
    /// How many.
    pub size: u64,
    /// In pieces, so that a video of 100 MB is never in memory whole.
    pub stream: BoxStream<'static, Result<Bytes, object_store::Error>>,
}

impl std::fmt::Debug for Blob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Blob").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Blobs {
    /// Where `BLOB_URL` says.
    ///
    /// # Errors
    /// [`BlobError::Folder`] or [`BlobError::Unsupported`].
    pub fn from_config(config: &Config) -> Result<Self, BlobError> {
        match &config.storage.blobs {
            config::Blobs::Folder(folder) => Self::in_folder(folder),
            config::Blobs::S3(url) => Err(BlobError::Unsupported { scheme: url.scheme().to_owned() }),
        }
    }

    /// Keeps blobs in `folder`, which is made if it is missing.
    ///
    /// # Errors
    /// [`BlobError::Folder`].
    pub fn in_folder(folder: &Path) -> Result<Self, BlobError> {
        let failed = |source| BlobError::Folder { folder: folder.display().to_string(), source };
        std::fs::create_dir_all(folder).map_err(|error| failed(Box::new(error)))?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|error| failed(Box::new(error)))?;
        Ok(Self { store: Arc::new(store.with_automatic_cleanup(true)) })
    }

    /// Writes `bytes`, replacing what is there.
    ///
    /// # Errors
    /// [`BlobError::Storage`].
    pub async fn put(&self, workspace: Id<Workspace>, media: Id<Media>, bytes: Bytes) -> Result<(), BlobError> {
        self.store.put(&key(workspace, media), bytes.into()).await.map_err(BlobError::Storage)?;
        Ok(())
    }

    /// Opens bytes for reading; `None` when there are none.
    ///
    /// # Errors
    /// [`BlobError::Storage`].
    pub async fn open(&self, workspace: Id<Workspace>, media: Id<Media>) -> Result<Option<Blob>, BlobError> {
        match self.store.get(&key(workspace, media)).await {
            Ok(found) => Ok(Some(Blob { size: found.meta.size, stream: found.into_stream().boxed() })),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(BlobError::Storage(error)),
        }
    }

    /// All bytes at once, for what is small; `None` when there are none.
    ///
    /// # Errors
    /// [`BlobError::Storage`].
    pub async fn get(&self, workspace: Id<Workspace>, media: Id<Media>) -> Result<Option<Bytes>, BlobError> {
        match self.store.get(&key(workspace, media)).await {
            Ok(found) => found.bytes().await.map(Some).map_err(BlobError::Storage),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(BlobError::Storage(error)),
        }
    }

    /// Removes bytes; none there is fine.
    ///
    /// # Errors
    /// [`BlobError::Storage`].
    pub async fn delete(&self, workspace: Id<Workspace>, media: Id<Media>) -> Result<(), BlobError> {
        match self.store.delete(&key(workspace, media)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(BlobError::Storage(error)),
        }
    }
}

/// `wsp_…/med_…`: both are made by us, so no name from outside ever reaches a path.
fn key(workspace: Id<Workspace>, media: Id<Media>) -> Key {
    Key::from_iter([workspace.to_string(), media.to_string()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn keeps_finds_and_forgets() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(&folder.path().join("blobs")).unwrap();
        let (workspace, media) = (Id::from_raw(1), Id::from_raw(2));
        assert!(blobs.get(workspace, media).await.unwrap().is_none());

        blobs.put(workspace, media, Bytes::from_static(b"bytes")).await.unwrap();
        assert_eq!(blobs.get(workspace, media).await.unwrap().unwrap(), "bytes");
        assert_eq!(blobs.open(workspace, media).await.unwrap().unwrap().size, 5);
        assert!(blobs.get(Id::from_raw(9), media).await.unwrap().is_none(), "another workspace");

        blobs.delete(workspace, media).await.unwrap();
        blobs.delete(workspace, media).await.unwrap();
        assert!(blobs.open(workspace, media).await.unwrap().is_none());
    }
}
