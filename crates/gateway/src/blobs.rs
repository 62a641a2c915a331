//! The bytes of pictures and videos, behind one port: a folder today, a bucket by setting. Rows about them are the store's.
//! Written by uploads and by the media job, read by `GET /api/v1/media/{id}` and right before a picture is sent.

use std::{path::Path, sync::Arc};

use bytes::Bytes;
use domain::{Id, media::Media, workspace::Workspace};
use futures_util::{StreamExt, stream::BoxStream};
use object_store::{
    ObjectStore, ObjectStoreExt,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    local::LocalFileSystem,
    path::Path as Key,
    prefix::PrefixStore,
};
use secrecy::{ExposeSecret as _, SecretString};

use crate::config::{self, Config};

/// Why bytes could not be kept or found. Sources are kept.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The bucket can't be used as it is set up: the driver says which `AWS_…` variable is missing or wrong.
    #[error("the bucket for pictures and videos can't be used: {url}")]
    Bucket {
        /// `BLOB_URL`, such as `s3://bucket/prefix`.
        url: String,
        /// What the driver said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
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
    /// [`BlobError::Folder`] or [`BlobError::Bucket`].
    pub fn from_config(config: &Config) -> Result<Self, BlobError> {
        match &config.storage.blobs {
            config::Blobs::Folder(folder) => Self::in_folder(folder),
            config::Blobs::S3(bucket) => Self::in_bucket(bucket),
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

    /// Keeps blobs in an S3 bucket, under the prefix if there is one. Nothing is asked of the bucket yet.
    ///
    /// # Errors
    /// [`BlobError::Bucket`].
    pub fn in_bucket(bucket: &config::Bucket) -> Result<Self, BlobError> {
        let secret = |value: &Option<SecretString>| value.as_ref().map(|value| value.expose_secret().to_owned());
        let settings = [
            (AmazonS3ConfigKey::AccessKeyId, bucket.access_key_id.clone()),
            (AmazonS3ConfigKey::SecretAccessKey, secret(&bucket.secret_access_key)),
            (AmazonS3ConfigKey::Token, secret(&bucket.session_token)),
            (AmazonS3ConfigKey::Region, bucket.region.clone()),
            (
                AmazonS3ConfigKey::Endpoint,
                bucket.endpoint.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned()),
            ),
            (AmazonS3ConfigKey::Bucket, bucket.url.host_str().map(str::to_owned)),
        ];
        let builder = settings.into_iter().fold(AmazonS3Builder::new(), |builder, (key, value)| match value {
            Some(value) => builder.with_config(key, value),
            None => builder,
        });
        let unusable = |source| BlobError::Bucket { url: bucket.url.to_string(), source };
        let store = builder.with_allow_http(bucket.allow_http).build().map_err(|error| unusable(error.into()))?;
        let prefix = Key::from_url_path(bucket.url.path()).map_err(|error| unusable(error.into()))?;
        Ok(Self { store: Arc::new(PrefixStore::new(store, prefix)) })
    }

    /// Writes a few bytes, reads them and removes them: whether the folder or bucket can be used now.
    ///
    /// # Errors
    /// [`BlobError::Storage`].
    pub async fn try_out(&self) -> Result<(), BlobError> {
        // No workspace is called so.
        let key = Key::from("doctor");
        self.store.put(&key, Bytes::from_static(b"doctor").into()).await.map_err(BlobError::Storage)?;
        self.store.get(&key).await.map_err(BlobError::Storage)?;
        self.store.delete(&key).await.map_err(BlobError::Storage)
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

    use std::{collections::BTreeMap, sync::Mutex};

    use axum::{
        Router,
        extract::{Request, State},
        http::{Method, StatusCode, header},
        response::{IntoResponse as _, Response},
    };

    use crate::{http::server, lifecycle::Lifecycle};

    async fn keeps_finds_and_forgets(blobs: &Blobs) {
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

    #[tokio::test]
    async fn in_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        keeps_finds_and_forgets(&Blobs::in_folder(&folder.path().join("blobs")).unwrap()).await;
    }

    /// What the bucket holds, by path, and every request it was sent.
    #[derive(Debug, Default)]
    struct Bucket {
        objects: BTreeMap<String, Bytes>,
        asked: Vec<String>,
    }

    type Shared = Arc<Mutex<Bucket>>;

    /// As much of S3 as one object needs, buckets named in the path.
    async fn s3(State(bucket): State<Shared>, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let signed = parts.headers[header::AUTHORIZATION.as_str()].to_str().unwrap().contains("Credential=key-id/");
        assert!(signed, "{parts:?}");
        let mut bucket = bucket.lock().unwrap();
        let path = parts.uri.path().replace("%20", " ");
        bucket.asked.push(format!("{} {}", parts.method, parts.uri));
        let about = [(header::ETAG, "\"1\""), (header::LAST_MODIFIED, "Fri, 20 Nov 2026 10:00:00 GMT")];
        if parts.method == Method::PUT {
            bucket.objects.insert(path, body);
            return about.into_response();
        }
        if parts.method == Method::GET {
            let found = bucket.objects.get(&path).cloned();
            return found.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |bytes| (about, bytes).into_response());
        }
        if parts.method == Method::DELETE {
            bucket.objects.remove(&path);
            return StatusCode::NO_CONTENT.into_response();
        }
        // Many at once, named in XML.
        let text = String::from_utf8(body.to_vec()).unwrap();
        let key = text.split_once("<Key>").unwrap().1.split_once("</Key>").unwrap().0.to_owned();
        bucket.objects.remove(&format!("{}/{key}", path.trim_end_matches('/')));
        format!("<DeleteResult><Deleted><Key>{key}</Key></Deleted></DeleteResult>").into_response()
    }

    #[tokio::test]
    async fn in_a_bucket() {
        let (bucket, lifecycle) = (Shared::default(), Lifecycle::new());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new().fallback(s3).with_state(Arc::clone(&bucket));
        lifecycle.spawn("s3", server::serve(listener, routes, lifecycle.clone(), server::Limits::default()));
        let config = Config::from_pairs([
            ("BLOB_URL", "s3://pictures/of the shop/"),
            ("AWS_ACCESS_KEY_ID", "key-id"),
            ("AWS_SECRET_ACCESS_KEY", "hidden-key"),
            ("AWS_ENDPOINT_URL", &endpoint),
            ("AWS_ALLOW_HTTP", "true"),
        ])
        .unwrap();
        assert!(!format!("{config:?}").contains("hidden-key"));
        let blobs = Blobs::from_config(&config).unwrap();
        assert!(!format!("{blobs:?}").contains("hidden-key"));
        keeps_finds_and_forgets(&blobs).await;
        let seen = bucket.lock().unwrap();
        assert!(seen.objects.is_empty());
        let key = format!("/pictures/of%20the%20shop/{}/{}", Id::<Workspace>::from_raw(1), Id::<Media>::from_raw(2));
        assert!(seen.asked.contains(&format!("PUT {key}")), "{:?}", seen.asked);
    }
}
