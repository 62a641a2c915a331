//! Uploaded pictures and videos, and the links they can be fetched by.

use bytes::Bytes;

use crate::error::ApiError;
use crate::signing::Ids;

/// A `media_id` lives 30 days.
const MEDIA_MS: i64 = 30 * 86_400_000;
/// A download link lives 24 hours.
pub(crate) const LINK_MS: i64 = 86_400_000;
/// Largest picture, 3 MB.
pub(crate) const MAX_IMAGE: usize = 3 * 1024 * 1024;

/// One stored file.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) media_id: String,
    pub(crate) mime: &'static str,
    pub(crate) bytes: Bytes,
    /// `open_id` of the business that uploaded it; `None` for a customer's file.
    pub(crate) owner: Option<String>,
    created_at: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) id: String,
    pub(crate) media_id: String,
    pub(crate) open_id: String,
    pub(crate) expires_at: i64,
}

/// All files and links.
#[derive(Debug, Default)]
pub(crate) struct Media {
    files: Vec<Stored>,
    links: Vec<Link>,
}

/// The type told by the first bytes, whatever the upload claims.
pub(crate) fn sniff(bytes: &[u8]) -> Option<&'static str> {
    infer::get(bytes).map(|kind| kind.mime_type())
}

impl Media {
    /// Stores a file unchecked (a customer's, or one that passed [`check_image`]).
    pub(crate) fn put(&mut self, ids: &mut Ids, bytes: Bytes, owner: Option<String>, now: i64) -> String {
        let media_id = ids.media();
        let mime = sniff(&bytes).unwrap_or("application/octet-stream");
        self.files.push(Stored { media_id: media_id.clone(), mime, bytes, owner, created_at: now });
        media_id
    }

    pub(crate) fn get(&self, media_id: &str) -> Option<&Stored> {
        self.files.iter().find(|one| one.media_id == media_id)
    }

    /// A file a business may send: its own, not older than 30 days.
    pub(crate) fn sendable(&self, media_id: &str, open_id: &str, now: i64) -> Option<&Stored> {
        self.get(media_id).filter(|one| one.owner.as_deref() == Some(open_id) && now < one.created_at + MEDIA_MS)
    }

    /// Whether a `media_id` still works.
    pub(crate) fn is_alive(&self, media_id: &str, now: i64) -> bool {
        self.get(media_id).is_some_and(|one| now < one.created_at + MEDIA_MS)
    }

    pub(crate) fn link(&mut self, ids: &mut Ids, media_id: &str, open_id: &str, now: i64) -> Link {
        let link = Link {
            id: ids.number("link"),
            media_id: media_id.to_owned(),
            open_id: open_id.to_owned(),
            expires_at: now + LINK_MS,
        };
        self.links.push(link.clone());
        link
    }

    pub(crate) fn by_link(&self, id: &str) -> Option<(&Link, &Stored)> {
        let link = self.links.iter().find(|one| one.id == id)?;
        Some((link, self.get(&link.media_id)?))
    }
}

/// JPG or PNG by its first bytes (40908), at most 3 MB (40907), not empty (40906).
pub(crate) fn check_image(bytes: &[u8]) -> Result<(), ApiError> {
    if bytes.is_empty() {
        return Err(ApiError::new(40906, "File is empty."));
    }
    if bytes.len() > MAX_IMAGE {
        return Err(ApiError::of(40907));
    }
    match sniff(bytes) {
        Some("image/jpeg" | "image/png") => Ok(()),
        _ => Err(ApiError::of(40908)),
    }
}
