//! `GET /business/video/list/`: the account's own posts.

use serde_json::json;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::{Error, ValidationError},
    limits,
    model::{BusinessId, PostField, PostId, PostPage},
    secret::AccessToken,
};

/// Lists own posts, newest first, to pick one for
/// [`share_post`](super::ConversationDraft::share_post). Made by [`Client::list_posts`]. Needs the
/// scope `video.list`.
///
/// A page may hold fewer posts than asked for and still not be the last one.
///
/// Failures: validation before the wire; 40130 (scope not granted), 40002 (a field TikTok does not
/// know), 40105 (token).
/// Source: the path is named by portal page 1832184403754242 (read 2026-11-20); parameters and fields
/// are those on which several public clients of this endpoint agree (medium confidence), so every
/// field of the answer but the post's id may be absent.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct ListPosts {
    client: Client,
    token: AccessToken,
    business_id: BusinessId,
    fields: Vec<PostField>,
    posts: Vec<PostId>,
    limit: Option<u32>,
    cursor: Option<i64>,
}

impl ListPosts {
    pub(crate) fn new(client: &Client, token: &AccessToken, business_id: BusinessId) -> Self {
        Self {
            client: client.clone(),
            token: token.clone(),
            business_id,
            fields: PostField::SHARING.to_vec(),
            posts: Vec::new(),
            limit: None,
            cursor: None,
        }
    }

    /// Which fields to ask for. Default [`PostField::SHARING`]; the id always comes along.
    pub fn fields(mut self, fields: impl IntoIterator<Item = PostField>) -> Self {
        self.fields = fields.into_iter().collect();
        self
    }

    /// Only these posts. Default all.
    pub fn posts<I: Into<PostId>>(mut self, posts: impl IntoIterator<Item = I>) -> Self {
        self.posts = posts.into_iter().map(Into::into).collect();
        self
    }

    /// Posts per page, 1–20. Default 10.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`](crate::ErrorKind::Validation) outside that range.
    pub fn limit(mut self, limit: u32) -> Result<Self, Error> {
        ValidationError::check_count("max_count", limit as usize, 1, limits::POSTS_PAGE_MAX as usize)?;
        self.limit = Some(limit);
        Ok(self)
    }

    /// Where to continue: [`PostPage::next_cursor`] of the page before. A time in milliseconds since
    /// 1970; posts older than it follow. Default now.
    pub fn cursor(mut self, cursor: i64) -> Self {
        self.cursor = Some(cursor);
        self
    }
}

impl TryIntoRequest for ListPosts {
    fn try_into_request(self) -> Result<Request, Error> {
        let mut fields = self.fields;
        // Without the id TikTok refuses a list of fields, and nothing could be shared.
        if !fields.contains(&PostField::ItemId) {
            fields.insert(0, PostField::ItemId);
        }
        let mut request = Request::get("/business/video/list/")
            .query_pair("business_id", self.business_id)
            .query_pair("fields", json!(fields).to_string());
        if !self.posts.is_empty() {
            request = request.query_pair("filters", json!({ "video_ids": self.posts }).to_string());
        }
        if let Some(cursor) = self.cursor {
            request = request.query_pair("cursor", cursor.to_string());
        }
        if let Some(limit) = self.limit {
            request = request.query_pair("max_count", limit.to_string());
        }
        Ok(request.authorized(self.token))
    }
}

awaitable!(ListPosts => PostPage, PostPage::read);
