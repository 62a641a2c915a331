//! The account's own posts: what can be shared in a message. Used by `posts`.

use tiktok::{
    Error,
    model::{PostField, PostPage},
};

use super::{At, Official, Turn};

impl Official {
    /// A page of own posts, newest first, from `cursor` (the page before told it) on.
    ///
    /// # Errors
    /// TikTok's; validation before the wire for a limit other than 1 to 20.
    pub async fn posts(&self, at: At<'_>, cursor: Option<i64>, limit: u32) -> Result<PostPage, Error> {
        let shown = PostField::SHARING.into_iter().chain([PostField::MediaType]);
        let list =
            self.client.list_posts(&at.token, Self::business(&at.account.external_id)).fields(shown).limit(limit)?;
        let list = match cursor {
            Some(cursor) => list.cursor(cursor),
            None => list,
        };
        self.call(at.account.workspace_id, Turn::Now, list).await
    }
}
