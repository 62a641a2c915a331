//! `POST /business/webhook/update/`: creates or replaces a subscription.

use serde_json::json;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::{Error, ValidationError},
    limits,
    model::{PostId, WebhookCategory, WebhookConfig},
    oauth::AppCredentials,
};

/// Sets the callback address of a category, for all connected accounts of the app. Made by
/// [`Client::update_webhook`]. TikTok makes no handshake.
///
/// Failures: 40101 (app id and secret), 40002 (category or address), 40001 (the app lacks the
/// permission for the category). Repeating is harmless.
/// Source: portal page 1832184470423554, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct UpdateWebhook {
    client: Client,
    app: AppCredentials,
    category: WebhookCategory,
    callback_url: String,
    posts: Vec<PostId>,
}

impl UpdateWebhook {
    pub(crate) fn new(client: &Client, app: &AppCredentials, category: WebhookCategory, callback_url: String) -> Self {
        Self { client: client.clone(), app: app.clone(), category, callback_url, posts: Vec::new() }
    }

    /// Only comments under these posts, at most [`limits::WEBHOOK_POSTS_MAX`];
    /// [`WebhookCategory::Comment`] only. **One-way**: TikTok adds them to those named before, and
    /// leaving them out later no longer means "all".
    pub fn posts<I: Into<PostId>>(mut self, posts: impl IntoIterator<Item = I>) -> Self {
        self.posts = posts.into_iter().map(Into::into).collect();
        self
    }
}

impl TryIntoRequest for UpdateWebhook {
    fn try_into_request(self) -> Result<Request, Error> {
        let mut body = json!({
            "app_id": self.app.app_id,
            "secret": self.app.secret.expose(),
            "event_type": self.category,
            "callback_url": self.callback_url,
        });
        if !self.posts.is_empty() {
            if self.category != WebhookCategory::Comment {
                return Err(Error::from(ValidationError::NotAllowed { field: "item_list", allowed: "COMMENT" }));
            }
            ValidationError::check_count("item_list", self.posts.len(), 1, limits::WEBHOOK_POSTS_MAX)?;
            body["item_list"] = json!(self.posts);
        }
        Ok(Request::post("/business/webhook/update/", &body))
    }
}

awaitable!(UpdateWebhook => WebhookConfig, WebhookConfig::read);
