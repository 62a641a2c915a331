//! The customer at the other end.

use crate::{
    clock::Timestamp,
    id::{Entity, Id},
    workspace::Workspace,
};

/// A TikTok user who wrote to one of the workspace's accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Printed `ctc_…`.
    pub id: Id<Self>,
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// Where the person is known.
    pub channel: Channel,
    /// TikTok's `unique_identifier`, or the contact id of Respond.io or of a third party. Unique per workspace and channel.
    pub external_id: String,
    /// Handle without `@`.
    pub username: Option<String>,
    /// `None` until content/list told us.
    pub display_name: Option<String>,
    /// A temporary address at TikTok.
    pub avatar_url: Option<String>,
    /// Whether the person follows the business.
    pub is_follower: Option<bool>,
    /// When we first heard of them.
    pub created_at: Timestamp,
}

impl Entity for Contact {
    const PREFIX: &'static str = "ctc";
}

/// Where a contact is known by its `external_id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    /// A TikTok user as TikTok's Business API names them.
    Tiktok,
    /// A TikTok user as Respond.io names them: by a number of its own, never by TikTok's id.
    Respondio,
    /// Somebody another system named.
    Thirdparty,
}

impl Channel {
    /// As stores keep it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tiktok => "tiktok",
            Self::Respondio => "respondio",
            Self::Thirdparty => "thirdparty",
        }
    }

    /// Back from [`as_str`](Self::as_str).
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Tiktok, Self::Respondio, Self::Thirdparty].into_iter().find(|channel| channel.as_str() == text)
    }
}
