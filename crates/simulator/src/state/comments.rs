//! Comments under a business's posts; some of them TikTok judges worth an answer by direct message.

/// One comment.
#[derive(Debug, Clone)]
pub(crate) struct Comment {
    pub(crate) id: String,
    pub(crate) business: String,
    pub(crate) customer: String,
    /// The post, 19 digits.
    pub(crate) video_id: String,
    /// The comment this one answers; `None` at first level.
    pub(crate) parent: Option<String>,
    pub(crate) created_at: i64,
    /// TikTok told the business that this one may be answered by message.
    pub(crate) flagged: bool,
    pub(crate) answered: bool,
}
