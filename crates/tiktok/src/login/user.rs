//! Who signed in.

use serde_json::Value;

use super::{OpenId, Scope, Scopes, UnionId};
use crate::{
    model::string_enum::string_enum,
    wire::{FieldError, Fields},
};

string_enum! {
    /// A field of the user that can be asked for. One whose scope was not granted fails the whole
    /// call.
    UserField {
        /// The user, as this app sees them; scope `user.info.basic`.
        OpenId = "open_id",
        /// The user, as all apps of the developer see them; scope `user.info.basic`.
        UnionId = "union_id",
        /// Address of the picture; scope `user.info.basic`.
        AvatarUrl = "avatar_url",
        /// Address of the picture in 100 × 100 pixels; scope `user.info.basic`.
        AvatarUrl100 = "avatar_url_100",
        /// Address of the large picture; scope `user.info.basic`.
        AvatarLargeUrl = "avatar_large_url",
        /// The name shown; scope `user.info.basic`.
        DisplayName = "display_name",
        /// Handle without @; scope `user.info.profile`.
        Username = "username",
        /// The text under the name; scope `user.info.profile`.
        BioDescription = "bio_description",
        /// Address that opens the profile in the app; scope `user.info.profile`.
        ProfileDeepLink = "profile_deep_link",
        /// Address of the profile's page; scope `user.info.profile`.
        ProfileWebLink = "profile_web_link",
        /// The blue check mark; scope `user.info.profile`.
        IsVerified = "is_verified",
        /// Number of followers; scope `user.info.stats`.
        FollowerCount = "follower_count",
        /// Number of accounts followed; scope `user.info.stats`.
        FollowingCount = "following_count",
        /// Likes of all videos together; scope `user.info.stats`.
        LikesCount = "likes_count",
        /// Number of videos; scope `user.info.stats`.
        VideoCount = "video_count",
    }
}

impl UserField {
    /// What `user.info.basic` allows.
    pub const BASIC: [Self; 6] =
        [Self::OpenId, Self::UnionId, Self::AvatarUrl, Self::AvatarUrl100, Self::AvatarLargeUrl, Self::DisplayName];
    /// What `user.info.profile` allows. The web link is missing: not every page of TikTok knows it.
    pub const PROFILE: [Self; 4] = [Self::Username, Self::BioDescription, Self::ProfileDeepLink, Self::IsVerified];
    /// What `user.info.stats` allows.
    pub const STATS: [Self; 4] = [Self::FollowerCount, Self::FollowingCount, Self::LikesCount, Self::VideoCount];

    /// All fields that these permissions allow.
    pub fn granted(scopes: &Scopes) -> Vec<Self> {
        let groups = [
            (Scope::UserInfoBasic, &Self::BASIC[..]),
            (Scope::UserInfoProfile, &Self::PROFILE[..]),
            (Scope::UserInfoStats, &Self::STATS[..]),
        ];
        groups.into_iter().filter(|(scope, _)| scopes.contains(scope)).flat_map(|(_, fields)| fields.to_vec()).collect()
    }
}

/// A signed-in user; what was not asked for is `None`.
///
/// Source: `developers.tiktok.com` "Get user info", read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserInfo {
    /// The user, as this app sees them.
    pub open_id: Option<OpenId>,
    /// The user, as all apps of the developer see them.
    pub union_id: Option<UnionId>,
    /// Address of the picture; expires.
    pub avatar_url: Option<String>,
    /// Address of the picture in 100 × 100 pixels; expires.
    pub avatar_url_100: Option<String>,
    /// Address of the large picture; expires.
    pub avatar_large_url: Option<String>,
    /// The name shown.
    pub display_name: Option<String>,
    /// Handle without @.
    pub username: Option<String>,
    /// The text under the name.
    pub bio_description: Option<String>,
    /// Address that opens the profile in the app.
    pub profile_deep_link: Option<String>,
    /// Address of the profile's page.
    pub profile_web_link: Option<String>,
    /// The blue check mark.
    pub is_verified: Option<bool>,
    /// Number of followers.
    pub follower_count: Option<i64>,
    /// Number of accounts followed.
    pub following_count: Option<i64>,
    /// Likes of all videos together.
    pub likes_count: Option<i64>,
    /// Number of videos.
    pub video_count: Option<i64>,
}

impl UserInfo {
    pub(super) fn read(answer: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(answer, "answer")?.need_object("data")?.need_object("user")?;
        Ok(Self {
            open_id: fields.filled("open_id"),
            union_id: fields.filled("union_id"),
            avatar_url: fields.filled("avatar_url"),
            avatar_url_100: fields.filled("avatar_url_100"),
            avatar_large_url: fields.filled("avatar_large_url"),
            display_name: fields.filled("display_name"),
            username: fields.filled("username"),
            bio_description: fields.text("bio_description"),
            profile_deep_link: fields.filled("profile_deep_link"),
            profile_web_link: fields.filled("profile_web_link"),
            is_verified: fields.flag("is_verified"),
            follower_count: fields.integer("follower_count"),
            following_count: fields.integer("following_count"),
            likes_count: fields.integer("likes_count"),
            video_count: fields.integer("video_count"),
        })
    }
}
