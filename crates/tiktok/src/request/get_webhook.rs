//! `GET /business/webhook/list/`: the subscription of one category.

use super::{Request, TryIntoRequest, awaitable};
use crate::{
    client::Client,
    error::Error,
    model::{WebhookCategory, WebhookConfig},
    oauth::AppCredentials,
};

/// Reads the callback address of a category. Made by [`Client::webhook`]. TikTok wants the app
/// secret in the query: keep the address out of logs.
///
/// Failures: 40101 (app id and secret), 40002 (category).
/// Source: portal page 1832184488625234, read 2026-11-20.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct GetWebhook {
    client: Client,
    app: AppCredentials,
    category: WebhookCategory,
}

impl GetWebhook {
    pub(crate) fn new(client: &Client, app: &AppCredentials, category: WebhookCategory) -> Self {
        Self { client: client.clone(), app: app.clone(), category }
    }
}

impl TryIntoRequest for GetWebhook {
    fn try_into_request(self) -> Result<Request, Error> {
        Ok(Request::get("/business/webhook/list/")
            .query_pair("app_id", self.app.app_id)
            .query_pair("secret", self.app.secret.expose())
            .query_pair("event_type", self.category.as_str()))
    }
}

awaitable!(GetWebhook => WebhookConfig, WebhookConfig::read);
