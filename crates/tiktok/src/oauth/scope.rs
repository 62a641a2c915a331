//! The permissions an account holder grants.

use crate::model::string_enum::string_enum;

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

/// A set of permissions as TikTok writes it, separated by commas.
///
/// ```
/// use tiktok::oauth::{MESSAGING_SCOPES, Scope, Scopes};
///
/// let granted = Scopes::parse("user.info.basic,message.list.read");
/// assert!(granted.contains(&Scope::MessageListRead));
/// assert!(granted.missing(&MESSAGING_SCOPES).contains(&Scope::MessageListSend));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Reads `a,b,c`; blanks separate too.
    pub fn parse(text: &str) -> Self {
        let names = text.split([',', ' ']).filter(|name| !name.is_empty());
        names.map(Scope::from).collect()
    }

    /// Whether the permission is there.
    pub fn contains(&self, scope: &Scope) -> bool {
        self.0.contains(scope)
    }

    /// Those of `needed` that are not there.
    pub fn missing(&self, needed: &[Scope]) -> Vec<Scope> {
        needed.iter().filter(|scope| !self.contains(scope)).cloned().collect()
    }

    /// All of them, in the order received.
    pub fn as_slice(&self) -> &[Scope] {
        &self.0
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, scope) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}
