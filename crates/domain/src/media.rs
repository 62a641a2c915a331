//! Pictures and videos: a row here, the bytes behind the blob port.

use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    id::{Entity, Id},
    workspace::Workspace,
};

/// One picture, video or sticker. Rows are made before the bytes are here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Printed `med_…`; also the key of the blob.
    pub id: Id<Self>,
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// The conversation it was received in; `None` for an upload that is not sent yet.
    pub conversation_id: Option<Id<crate::conversation::Conversation>>,
    /// Where the bytes come from.
    pub origin: MediaOrigin,
    /// Whether the bytes are here.
    pub state: MediaState,
    /// Detected from the bytes, never believed from outside. `None` until they are here.
    pub mime: Option<String>,
    /// Pixels, where the header tells.
    pub width: Option<u32>,
    /// Pixels, where the header tells.
    pub height: Option<u32>,
    /// Bytes.
    pub size: Option<u64>,
    /// When the row was made.
    pub created_at: Timestamp,
}

impl Entity for Media {
    const PREFIX: &'static str = "med";
}

/// Where the bytes of a [`Media`] come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum MediaOrigin {
    /// A member uploaded it.
    Upload,
    /// The provider's media id, to be asked for with the message's id.
    Provider {
        /// TikTok's `media_id`.
        media_id: String,
        /// TikTok's `message_id`.
        message_id: String,
    },
    /// An address given in a message.
    Url {
        /// `https` address.
        url: String,
    },
}

/// Whether the bytes are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaState {
    /// Being fetched.
    Pending,
    /// Here.
    Ready,
    /// Could not be fetched; the message says so.
    Failed,
}

/// What was learned from the bytes once they were here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaFacts {
    /// Detected type.
    pub mime: String,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// Bytes.
    pub size: u64,
}
