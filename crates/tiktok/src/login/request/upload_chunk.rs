//! `PUT <upload_url>`: one chunk of a video. The address is signed, so no token goes along.

use std::{ops::Range, time::Duration};

use bytes::Bytes;
use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE};
use url::Url;

use crate::{
    error::{Error, ErrorKind, ValidationError},
    login::{Client, UploadPlan, UploadState, VideoType},
    request::ResponseFuture,
    transport::{log_id, retry_after, transport},
};

/// Uploads one chunk. Made by [`Client::upload_chunk`]. In order, one at a time; a chunk that failed
/// with [`is_retryable`](Error::is_retryable) may be sent again, its place is fixed by the range.
///
/// Failures: HTTP status 416 (wrong range), 403 (the address has expired), 5xx (send it again).
/// Source: `developers.tiktok.com` "Content Posting API: media transfer", read 2026-11-20.
#[derive(Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct UploadChunk {
    client: Client,
    upload_url: String,
    range: Range<u64>,
    size: u64,
    kind: VideoType,
    bytes: Bytes,
    timeout: Duration,
}

impl UploadChunk {
    pub(in crate::login) fn new(
        client: &Client,
        upload_url: String,
        plan: UploadPlan,
        index: u64,
        kind: VideoType,
        bytes: Bytes,
    ) -> Result<Self, Error> {
        let no_such = || ValidationError::NotAllowed { field: "chunk", allowed: "one of the plan" };
        let range = plan.range(index).ok_or_else(no_such)?;
        let wanted = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
        ValidationError::check_count("chunk", bytes.len(), wanted, wanted)?;
        let (client, timeout) = (client.clone(), Duration::from_mins(2));
        Ok(Self { client, upload_url, range, size: plan.size(), kind, bytes, timeout })
    }

    /// How long the chunk may take in all. Default two minutes.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The header `Content-Range`. Example `bytes 0-9999999/50000123`.
    pub fn content_range(&self) -> String {
        format!("bytes {}-{}/{}", self.range.start, self.range.end - 1, self.size)
    }

    async fn run(self) -> Result<UploadState, Error> {
        let unusable = || ErrorKind::Configuration("the upload address is not safe to open".to_owned());
        let url = Url::parse(&self.upload_url).map_err(|error| Error::with(unusable(), error))?;
        let plain = url.scheme() == "http" && self.client.base_url().starts_with("http:");
        if url.scheme() != "https" && !plain {
            return Err(Error::new(unusable()));
        }
        let request = self
            .client
            .pool()
            .put(url)
            .timeout(self.timeout)
            .header(CONTENT_TYPE, self.kind.as_str())
            .header(CONTENT_RANGE, self.content_range())
            .body(self.bytes);
        let response = request.send().await.map_err(transport)?;
        match response.status().as_u16() {
            201 => Ok(UploadState::Done),
            206 => Ok(UploadState::More),
            status => {
                let (request_id, retry_after) = (log_id(response.headers()), retry_after(response.headers()));
                Err(Error::new(ErrorKind::Http { status, request_id, retry_after }))
            }
        }
    }
}

impl IntoFuture for UploadChunk {
    type Output = Result<UploadState, Error>;
    type IntoFuture = ResponseFuture<UploadState>;

    fn into_future(self) -> Self::IntoFuture {
        ResponseFuture::new(self.run())
    }
}

// The address is signed and opens the user's inbox: not shown.
impl std::fmt::Debug for UploadChunk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UploadChunk").field("range", &self.range).field("size", &self.size).finish_non_exhaustive()
    }
}
