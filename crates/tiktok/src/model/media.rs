//! Pictures and videos: what an upload, a download call and a fetch answer.

use bytes::Bytes;
use serde_json::Value;
use url::Url;

use super::{MediaId, string_enum::string_enum};
use crate::wire::{FieldError, Fields};

string_enum! {
    /// What a media id stands for.
    MediaType {
        /// A picture.
        Image = "IMAGE",
        /// A video; can be received, not sent.
        Video = "VIDEO",
    }
}

/// The answer to an upload.
///
/// Source: portal page 1832184437720193, read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploadedMedia {
    /// To be sent within 30 days.
    pub media_id: MediaId,
}

/// A download address, good for 24 hours. Fetch it with `Client::fetch_media`, not with a bare
/// GET: it wants the access token in the header `x-user`.
///
/// Source: portal page 1832184455450626, read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadUrl {
    /// The address as TikTok gave it.
    pub download_url: String,
}

/// A fetched picture or video.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MediaFile {
    /// The bytes, at most as many as the caller allowed.
    pub bytes: Bytes,
    /// The `Content-Type` the server claimed. From a stranger: detect the type before use.
    pub content_type: Option<String>,
}

impl std::fmt::Debug for MediaFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MediaFile").field("bytes", &self.bytes.len()).field("content_type", &self.content_type).finish()
    }
}

/// When a picture address of TikTok expires (`x-expires`), in seconds since 1970; `None` if it
/// does not say, which for `emoji.url` means never.
///
/// ```
/// let url = "https://avatar.example.invalid/p.jpeg?x-expires=1790086400";
/// assert_eq!(tiktok::model::url_expiry(url), Some(1_790_086_400));
/// ```
pub fn url_expiry(url: &str) -> Option<i64> {
    let url = Url::parse(url).ok()?;
    let (_, value) = url.query_pairs().find(|(name, _)| name == "x-expires")?;
    value.parse().ok()
}

impl UploadedMedia {
    pub(crate) fn read(data: &Value) -> Result<Self, FieldError> {
        Ok(Self { media_id: Fields::of(data, "data")?.need("media_id")? })
    }
}

impl DownloadUrl {
    pub(crate) fn read(data: &Value) -> Result<Self, FieldError> {
        Ok(Self { download_url: Fields::of(data, "data")?.need("download_url")? })
    }
}
