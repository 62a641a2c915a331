//! `POST /business/webhook/delete/`: ends a subscription.

use serde_json::json;

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{WebhookCategory, WebhookConfig},
    oauth::AppCredentials,
};

/// Ends the subscription of a category. Made by [`Client::delete_webhook`].
///
/// Failures: 40101 (app id and secret), 40002 (category). Repeating is harmless.
/// Source: portal page 1832184497985537, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct DeleteWebhook {
    client: Client,
    app: AppCredentials,
    category: WebhookCategory,
}

impl DeleteWebhook {
    pub(crate) fn new(client: &Client, app: &AppCredentials, category: WebhookCategory) -> Self {
        Self { client: client.clone(), app: app.clone(), category }
    }
}

impl TryIntoRequest for DeleteWebhook {
    fn try_into_request(self) -> Result<Request, Error> {
        let body = json!({
            "app_id": self.app.app_id,
            "secret": self.app.secret.expose(),
            "event_type": self.category,
        });
        Ok(Request::post("/business/webhook/delete/", &body))
    }
}

awaitable!(DeleteWebhook => WebhookConfig, WebhookConfig::read);
