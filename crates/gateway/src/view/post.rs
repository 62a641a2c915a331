//! One of the account's own posts as JSON.

use domain::Timestamp;
use serde::Serialize;
use tiktok::model::{self, PostKind as TiktokKind};
use utoipa::ToSchema;

/// One of the account's own posts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Post {
    /// TikTok's id, for a message of type `shared_post`.
    pub id: String,
    /// The words under it.
    #[schema(required)]
    pub caption: Option<String>,
    /// When it was published.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub published_at: Option<Timestamp>,
    /// Address of its preview picture at TikTok; it ends after a while.
    #[schema(required)]
    pub thumbnail_url: Option<String>,
    /// Address of TikTok's player for it.
    #[schema(required)]
    pub embed_url: Option<String>,
    /// Address of its page.
    #[schema(required)]
    pub share_url: Option<String>,
    /// What it consists of; null where TikTok does not say.
    #[schema(required)]
    pub kind: Option<PostKind>,
}

/// What a post consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PostKind {
    /// A video.
    Video,
    /// Photos or text.
    Photo,
}

/// A page of posts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PostPage {
    /// Newest first.
    pub items: Vec<Post>,
    /// Where the next page goes on; null at the end.
    #[schema(required)]
    pub next: Option<String>,
}

impl From<model::PostPage> for PostPage {
    fn from(page: model::PostPage) -> Self {
        let next = page.next_cursor().map(|cursor| cursor.to_string());
        Self { items: page.posts.into_iter().map(Post::from).collect(), next }
    }
}

impl From<model::Post> for Post {
    fn from(post: model::Post) -> Self {
        Self {
            id: post.id.into_string(),
            caption: post.caption,
            published_at: post.create_time_ms.map(Timestamp::from_millis),
            thumbnail_url: post.thumbnail_url,
            embed_url: post.embed_url,
            share_url: post.share_url,
            kind: match post.kind {
                Some(TiktokKind::Video) => Some(PostKind::Video),
                Some(TiktokKind::Photo) => Some(PostKind::Photo),
                _ => None,
            },
        }
    }
}
