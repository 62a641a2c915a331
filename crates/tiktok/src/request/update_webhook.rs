//! `POST /business/webhook/update/`: creates or replaces a subscription.

use serde_json::json;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{WebhookCategory, WebhookConfig},
    oauth::AppCredentials,
};

/// Sets the callback address of a category, for all connected accounts of the app. Made by
/// [`Client::update_webhook`]. TikTok makes no handshake.
///
/// Source: portal page 1832184470423554, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct UpdateWebhook {
    client: Client,
    app: AppCredentials,
    category: WebhookCategory,
    callback_url: String,
}

impl UpdateWebhook {
    pub(crate) fn new(client: &Client, app: &AppCredentials, category: WebhookCategory, callback_url: String) -> Self {
        Self { client: client.clone(), app: app.clone(), category, callback_url }
    }
}

impl TryIntoRequest for UpdateWebhook {
    fn try_into_request(self) -> Result<Request, Error> {
        let body = json!({
            "app_id": self.app.app_id,
            "secret": self.app.secret.expose(),
            "event_type": self.category,
            "callback_url": self.callback_url,
        });
        Ok(Request::post("/business/webhook/update/", &body))
    }
}

awaitable!(UpdateWebhook => WebhookConfig, WebhookConfig::read);
