//! Video drafts for a user's inbox: how a file is cut into chunks, and what TikTok answers.
//! The user finishes the post in the app; publishing directly is not covered.

use std::ops::Range;

use serde_json::Value;

use crate::{
    error::ValidationError,
    limits,
    model::{
        PostId,
        string_enum::{string_enum, string_id},
    },
    wire::{FieldError, Fields},
};

string_id! {
    /// A draft or post being made, at most 64 characters. Example `v_inbox_file~v2.7400000000000000601`.
    PublishId
}

string_enum! {
    /// The container of a video, as `Content-Type`.
    VideoType {
        /// MP4.
        Mp4 = "video/mp4",
        /// MOV.
        QuickTime = "video/quicktime",
        /// The format of the web, `WebM`.
        WebM = "video/webm",
    }
}

/// Where TikTok gets the video from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VideoSource {
    /// From you, in chunks.
    File(UploadPlan),
    /// From an address on a domain verified for the app.
    Url(String),
}

/// How a file is cut into chunks, by TikTok's rules: chunks of one size, and a last one that takes
/// the rest and so may be nearly twice as large.
///
/// ```
/// use tiktok::login::UploadPlan;
///
/// let plan = UploadPlan::new(50_000_123, 10_000_000)?;
/// assert_eq!(plan.chunks(), 5);
/// assert_eq!(plan.range(4), Some(40_000_000..50_000_123));
/// # Ok::<(), tiktok::ValidationError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadPlan {
    size: u64,
    chunk: u64,
}

impl UploadPlan {
    /// A file in one piece.
    ///
    /// # Errors
    /// An empty file, or one larger than [`limits::CHUNK_MAX_BYTES`].
    pub fn whole(size: u64) -> Result<Self, ValidationError> {
        Self::check("video_size", size, 1, limits::CHUNK_MAX_BYTES)?;
        Ok(Self { size, chunk: size })
    }

    /// A file of `size` bytes in chunks of `chunk` bytes.
    ///
    /// # Errors
    /// A file larger than [`limits::VIDEO_MAX_BYTES`] or smaller than a chunk, a chunk outside
    /// [`limits::CHUNK_MIN_BYTES`] and [`limits::CHUNK_MAX_BYTES`], or more than
    /// [`limits::CHUNKS_MAX`] chunks.
    pub fn new(size: u64, chunk: u64) -> Result<Self, ValidationError> {
        Self::check("chunk_size", chunk, limits::CHUNK_MIN_BYTES, limits::CHUNK_MAX_BYTES)?;
        Self::check("video_size", size, chunk, limits::VIDEO_MAX_BYTES)?;
        Self::check("total_chunk_count", size / chunk, 1, limits::CHUNKS_MAX)?;
        Ok(Self { size, chunk })
    }

    /// Bytes of the file.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Bytes of a chunk but the last.
    pub fn chunk_size(&self) -> u64 {
        self.chunk
    }

    /// How many chunks there are.
    pub fn chunks(&self) -> u64 {
        self.size / self.chunk
    }

    /// The bytes of one chunk, counted from 0; `None` after the last.
    pub fn range(&self, index: u64) -> Option<Range<u64>> {
        let start = index.checked_mul(self.chunk)?;
        match self.chunks().checked_sub(index)? {
            0 => None,
            1 => Some(start..self.size),
            _ => Some(start..start + self.chunk),
        }
    }

    fn check(field: &'static str, actual: u64, min: u64, max: u64) -> Result<(), ValidationError> {
        let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        ValidationError::check_count(field, count(actual), count(min), count(max))
    }
}

/// The start of an upload.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InboxUpload {
    /// For the status call.
    pub publish_id: PublishId,
    /// Where the chunks go, for one hour; files only. Whoever has it can upload: keep it secret.
    pub upload_url: Option<String>,
}

// The address is signed: not shown.
impl std::fmt::Debug for InboxUpload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InboxUpload").field("publish_id", &self.publish_id).finish_non_exhaustive()
    }
}

/// What an uploaded chunk leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UploadState {
    /// The next chunk is awaited (206).
    More,
    /// The file is complete (201).
    Done,
}

string_enum! {
    /// How far a draft has come.
    UploadStatus {
        /// Chunks are awaited or being put together.
        ProcessingUpload = "PROCESSING_UPLOAD",
        /// TikTok fetches the address.
        ProcessingDownload = "PROCESSING_DOWNLOAD",
        /// The user has a notice in the inbox and may post.
        SendToUserInbox = "SEND_TO_USER_INBOX",
        /// The user has posted.
        PublishComplete = "PUBLISH_COMPLETE",
        /// It failed.
        Failed = "FAILED",
    }
}

/// How far a draft has come, with details.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PublishStatus {
    /// How far.
    pub status: UploadStatus,
    /// Why it failed. Example `picture_size_check_failed`.
    pub fail_reason: Option<String>,
    /// The posts made of it, once they are public.
    pub post_ids: Vec<PostId>,
    /// Bytes that have arrived.
    pub uploaded_bytes: Option<i64>,
}

impl InboxUpload {
    pub(super) fn read(answer: &Value) -> Result<Self, FieldError> {
        let data = Fields::of(answer, "answer")?.need_object("data")?;
        Ok(Self { publish_id: data.need("publish_id")?, upload_url: data.filled("upload_url") })
    }
}

impl PublishStatus {
    pub(super) fn read(answer: &Value) -> Result<Self, FieldError> {
        let data = Fields::of(answer, "answer")?.need_object("data")?;
        // TikTok writes "publicaly"; should that be mended one day, both are read.
        let names = ["publicaly_available_post_id", "publicly_available_post_id"];
        let ids = names.into_iter().flat_map(|name| data.list(name));
        Ok(Self {
            status: data.need("status")?,
            fail_reason: data.filled("fail_reason"),
            post_ids: ids.filter_map(|id| serde_json::from_value(id.clone()).ok()).collect(),
            uploaded_bytes: data.integer("uploaded_bytes"),
        })
    }
}
