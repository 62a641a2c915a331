//! The permissions a Login Kit app can ask a user for.

use crate::model::string_enum::{string_enum, string_set};

string_enum! {
    /// One permission of Login Kit. Some share a name with those of the API for Business.
    ///
    /// Source: `developers.tiktok.com` "Scopes", read 2026-11-20.
    Scope {
        /// Open id, name and pictures.
        UserInfoBasic = "user.info.basic",
        /// Username, biography, deep link, check mark.
        UserInfoProfile = "user.info.profile",
        /// Counts of followers, likes and videos.
        UserInfoStats = "user.info.stats",
        /// The user's public videos.
        VideoList = "video.list",
        /// Upload a draft to the user's inbox.
        VideoUpload = "video.upload",
        /// Publish directly.
        VideoPublish = "video.publish",
    }
}

string_set! {
    /// A set of permissions of Login Kit, separated by commas on the wire.
    ///
    /// ```
    /// use tiktok::login::{Scope, Scopes};
    ///
    /// let granted = Scopes::parse("user.info.basic,video.list");
    /// assert_eq!(granted.missing(&[Scope::UserInfoStats]), [Scope::UserInfoStats]);
    /// ```
    Scopes of Scope
}
