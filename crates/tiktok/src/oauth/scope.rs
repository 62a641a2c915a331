//! The permissions an account holder grants.

use crate::model::string_enum::{string_enum, string_set};

string_enum! {
    /// One permission.
    ///
    /// Source: sample answer of portal page 1833997638479041, read 2026-11-20.
    Scope {
        /// Read direct messages, receive `im_*` events.
        MessageListRead = "message.list.read",
        /// Send direct messages.
        MessageListSend = "message.list.send",
        /// Read state and automatic messages.
        MessageListManage = "message.list.manage",
        /// Tell business from personal accounts.
        UserAccountType = "user.account.type",
        /// Name and picture.
        UserInfoBasic = "user.info.basic",
        /// Username (handle).
        UserInfoUsername = "user.info.username",
        /// Deep link, biography, check mark.
        UserInfoProfile = "user.info.profile",
        /// Counts of followers, likes and posts.
        UserInfoStats = "user.info.stats",
        /// Account insights.
        UserInsights = "user.insights",
        /// Read comments.
        CommentList = "comment.list",
        /// Answer and hide comments.
        CommentListManage = "comment.list.manage",
        /// List own posts, to pick one to share.
        VideoList = "video.list",
    }
}

/// What direct messages need at least.
pub const MESSAGING_SCOPES: [Scope; 6] = [
    Scope::UserInfoBasic,
    Scope::UserInfoUsername,
    Scope::UserAccountType,
    Scope::MessageListRead,
    Scope::MessageListSend,
    Scope::MessageListManage,
];

string_set! {
    /// A set of permissions as TikTok writes it, separated by commas.
    ///
    /// ```
    /// use tiktok::oauth::{MESSAGING_SCOPES, Scope, Scopes};
    ///
    /// let granted = Scopes::parse("user.info.basic,message.list.read");
    /// assert!(granted.contains(&Scope::MessageListRead));
    /// assert!(granted.missing(&MESSAGING_SCOPES).contains(&Scope::MessageListSend));
    /// ```
    Scopes of Scope
}
