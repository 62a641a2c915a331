//! The profile of a connected business account.

use serde_json::Value;

use super::string_enum::string_enum;
use crate::wire::{FieldError, Fields};

string_enum! {
    /// A profile field that can be asked for. Some need a scope of their own.
    BusinessField {
        /// Handle without @; scope `user.info.username`.
        Username = "username",
        /// The name shown in the app; scope `user.info.basic`.
        DisplayName = "display_name",
        /// Address of the picture; scope `user.info.basic`.
        ProfileImage = "profile_image",
        /// Business or personal account; scope `user.account.type`.
        IsBusinessAccount = "is_business_account",
        /// Address that opens the profile in the app; scope `user.info.profile`.
        ProfileDeepLink = "profile_deep_link",
        /// The text under the name; scope `user.info.profile`.
        BioDescription = "bio_description",
        /// The blue check mark; scope `user.info.profile`.
        IsVerified = "is_verified",
        /// Number of followers; scope `user.info.stats`.
        FollowersCount = "followers_count",
        /// Number of accounts followed; scope `user.info.stats`.
        FollowingCount = "following_count",
        /// Likes of all posts together; scope `user.info.stats`.
        TotalLikes = "total_likes",
        /// Number of public posts; scope `user.info.stats`.
        VideosCount = "videos_count",
    }
}

impl BusinessField {
    /// What a messaging client needs: names, picture, and whether it is a business account.
    pub const MESSAGING: [Self; 4] = [Self::Username, Self::DisplayName, Self::ProfileImage, Self::IsBusinessAccount];
}

/// Profile of a connected account; what was not asked for is `None`. The API does not tell the
/// account's country.
///
/// Source: portal page 1762228399168514, read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BusinessProfile {
    /// Handle without @. Example `baan.kafe.demo`.
    pub username: Option<String>,
    /// The name shown in the app.
    pub display_name: Option<String>,
    /// Address of the picture; expires, see [`crate::model::url_expiry`].
    pub profile_image: Option<String>,
    /// `false` is a personal account: direct messages are not possible.
    pub is_business_account: Option<bool>,
    /// Address that opens the profile in the app.
    pub profile_deep_link: Option<String>,
    /// The text under the name.
    pub bio_description: Option<String>,
    /// The blue check mark.
    pub is_verified: Option<bool>,
    /// Number of followers.
    pub followers_count: Option<i64>,
    /// Number of accounts followed.
    pub following_count: Option<i64>,
    /// Likes of all posts together.
    pub total_likes: Option<i64>,
    /// Number of public posts.
    pub videos_count: Option<i64>,
}

impl BusinessProfile {
    pub(crate) fn read(data: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(data, "data")?;
        Ok(Self {
            username: fields.filled("username"),
            display_name: fields.filled("display_name"),
            profile_image: fields.filled("profile_image"),
            is_business_account: fields.flag("is_business_account"),
            profile_deep_link: fields.filled("profile_deep_link"),
            bio_description: fields.text("bio_description"),
            is_verified: fields.flag("is_verified"),
            followers_count: fields.integer("followers_count"),
            following_count: fields.integer("following_count"),
            total_likes: fields.integer("total_likes"),
            videos_count: fields.integer("videos_count"),
        })
    }
}
