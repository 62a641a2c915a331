//! Which events an app receives and where: the answers of the webhook configuration calls.

use serde_json::Value;

use super::{AppId, PostId, string_enum::string_enum};
use crate::wire::{FieldError, Fields};

string_enum! {
    /// A subscription category (`event_type`), one callback address each for the whole app. Event
    /// names such as `im_receive_msg` are not valid here.
    WebhookCategory {
        /// All `im_*` events.
        DirectMessage = "DIRECT_MESSAGE",
        /// `comment.update`.
        Comment = "COMMENT",
        /// `post.publish.*`.
        Video = "VIDEO",
        /// `brand.mention.event`.
        BrandMention = "BRAND_MENTION",
    }
}

/// The subscription of one category.
///
/// Source: portal pages 1832184470423554, 1832184488625234 and 1832184497985537, read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookConfig {
    /// The app.
    pub app_id: Option<AppId>,
    /// The category.
    pub category: Option<WebhookCategory>,
    /// Where events go; `None` means nothing is configured.
    pub callback_url: Option<String>,
    /// For [`WebhookCategory::Comment`]: the posts whose comments are reported, if TikTok tells;
    /// empty means all or unknown.
    pub posts: Vec<PostId>,
}

impl WebhookConfig {
    pub(crate) fn read(data: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(data, "data")?;
        Ok(Self {
            app_id: fields.filled("app_id"),
            category: fields.filled("event_type"),
            callback_url: fields.filled("callback_url"),
            posts: fields.list("item_list").iter().filter_map(|id| serde_json::from_value(id.clone()).ok()).collect(),
        })
    }
}
