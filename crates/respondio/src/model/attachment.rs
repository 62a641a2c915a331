//! A picture, video, recording or file of a message.

use super::string_enum::string_enum;
use crate::wire::{FieldError, Fields};

string_enum! {
    /// What kind of attachment.
    AttachmentKind {
        /// A picture. On TikTok JPG or PNG, at most 3 MB; the only kind TikTok takes.
        Image = "image",
        /// A video.
        Video = "video",
        /// A recording.
        Audio = "audio",
        /// Any file.
        File = "file",
    }
}

/// An attachment as received.
///
/// Source: the vendor's TypeScript SDK and a tested webhook library, read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attachment {
    /// What kind.
    pub kind: AttachmentKind,
    /// Where to fetch it; `None` while [`Self::is_pending`].
    pub url: Option<String>,
    /// Name of the file. Example `rose.jpg`.
    pub file_name: Option<String>,
    /// Ending of the name. Example `jpg`.
    pub extension: Option<String>,
    /// Size in bytes.
    pub size: Option<u64>,
    /// Content type. Example `image/jpeg`.
    pub mime: Option<String>,
    /// Still being copied: read the message again later.
    pub is_pending: bool,
}

impl Attachment {
    pub(super) fn read(fields: Fields<'_>) -> Result<Self, FieldError> {
        let (url, is_pending) = (fields.filled("url"), fields.flag("isPending").unwrap_or(false));
        if url.is_none() && !is_pending {
            return Err(FieldError("attachment.url"));
        }
        Ok(Self {
            kind: fields.need("type")?,
            url,
            file_name: fields.filled("fileName"),
            extension: fields.filled("ext"),
            size: fields.id("size"),
            mime: fields.filled("mime"),
            is_pending,
        })
    }
}
