//! Comments under the business's videos that TikTok judged worth an answer by direct message.

/// One high-intent comment.
#[derive(Debug, Clone)]
pub(crate) struct Comment {
    pub(crate) id: String,
    pub(crate) business: String,
    pub(crate) customer: String,
    pub(crate) created_at: i64,
    pub(crate) answered: bool,
}
