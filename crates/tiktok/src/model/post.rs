//! The account's own posts: what can be shared in a message.

use serde_json::Value;

use super::{PostId, string_enum::string_enum};
use crate::wire::{FieldError, Fields};

string_enum! {
    /// A field of a post that can be asked for.
    PostField {
        /// The id, for `share_post`.
        ItemId = "item_id",
        /// When it was published.
        CreateTime = "create_time",
        /// Address of the preview picture; expires, see [`crate::model::url_expiry`].
        ThumbnailUrl = "thumbnail_url",
        /// Address of the post's page.
        ShareUrl = "share_url",
        /// Address of the player.
        EmbedUrl = "embed_url",
        /// The words under the post.
        Caption = "caption",
        /// Video or photo.
        MediaType = "media_type",
        /// How often it was watched.
        VideoViews = "video_views",
        /// Likes.
        Likes = "likes",
        /// Comments.
        Comments = "comments",
        /// Shares.
        Shares = "shares",
    }
}

impl PostField {
    /// What picking a post needs. The counts lag by one to two days.
    pub const SHARING: [Self; 6] =
        [Self::ItemId, Self::CreateTime, Self::ThumbnailUrl, Self::ShareUrl, Self::EmbedUrl, Self::Caption];
}

string_enum! {
    /// What a post consists of.
    PostKind {
        /// A video.
        Video = "VIDEO",
        /// Photos or text.
        Photo = "PHOTO",
    }
}

/// One page of own posts.
///
/// Source: see [`ListPosts`](crate::request::ListPosts); medium confidence.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PostPage {
    /// The posts, newest first.
    pub posts: Vec<Post>,
    /// Whether there are more, even if this page is short.
    pub has_more: bool,
    /// Where the next page starts, in milliseconds since 1970.
    pub cursor: Option<i64>,
    /// Entries that could not be read, as received.
    pub unreadable: Vec<Value>,
}

/// One own post; what was not asked for, or TikTok does not tell, is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Post {
    /// For [`share_post`](crate::request::ConversationDraft::share_post).
    pub id: PostId,
    /// When it was published, in milliseconds since 1970.
    pub create_time_ms: Option<i64>,
    /// Address of the preview picture; expires, see [`crate::model::url_expiry`].
    pub thumbnail_url: Option<String>,
    /// Address of the post's page.
    pub share_url: Option<String>,
    /// Address of the player; shows nothing if the post is not public.
    pub embed_url: Option<String>,
    /// The words under the post.
    pub caption: Option<String>,
    /// Video or photo.
    pub kind: Option<PostKind>,
    /// How often it was watched.
    pub views: Option<i64>,
    /// Likes.
    pub likes: Option<i64>,
    /// Comments.
    pub comments: Option<i64>,
    /// Shares.
    pub shares: Option<i64>,
}

impl PostPage {
    /// Where to continue, or `None` at the end.
    pub fn next_cursor(&self) -> Option<i64> {
        self.cursor.filter(|_| self.has_more)
    }

    pub(crate) fn read(data: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(data, "data")?;
        let (mut posts, mut unreadable) = (Vec::new(), Vec::new());
        for value in fields.list("videos") {
            match Post::read(value) {
                Ok(post) => posts.push(post),
                Err(_) => unreadable.push(value.clone()),
            }
        }
        Ok(Self {
            posts,
            has_more: fields.flag("has_more").unwrap_or(false),
            cursor: fields.integer("cursor"),
            unreadable,
        })
    }
}

impl Post {
    fn read(value: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(value, "videos")?;
        Ok(Self {
            id: fields.need("item_id")?,
            create_time_ms: fields.millis("create_time"),
            thumbnail_url: fields.filled("thumbnail_url"),
            share_url: fields.filled("share_url"),
            embed_url: fields.filled("embed_url"),
            caption: fields.filled("caption"),
            kind: fields.filled("media_type"),
            views: fields.integer("video_views"),
            likes: fields.integer("likes"),
            comments: fields.integer("comments"),
            shares: fields.integer("shares"),
        })
    }
}
