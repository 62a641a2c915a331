//! The health of an account, and the one setting at TikTok that can be mended from here. For admins.

use std::sync::Arc;

use axum::extract::State;
use domain::{Id, account as da};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    connect::{self, ConnectError},
    doctor::Doctor,
    http::{
        extract::{Auth, Json, Path},
        problem::{Problem, Problems, Slug},
    },
    view::{Health, WebhookAddress},
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(account_health)).routes(routes!(set_webhook))
}

/// Examines an account: settings, app, webhook, clock, permissions, and a signed test event to our own public address. Calls TikTok
/// a handful of times and may take some seconds.
#[utoipa::path(get, path = "/api/v1/accounts/{id}/health", tag = "accounts", params(("id" = String, Path, description = "`acc_…`")),
    responses((status = 200, description = "What was found, worst first", body = Health), Problems))]
async fn account_health(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<da::Account>>,
) -> Result<Json<Health>, Problem> {
    caller.require_admin()?;
    let account = app.store.account(&caller.scope, id).await?.ok_or_else(|| Problem::not_found("account"))?;
    let (config, store, keyring) = (Arc::clone(&app.config), Arc::clone(&app.store), Arc::clone(&app.keyring));
    let (providers, tokens) = (&app.providers, Arc::clone(&app.tokens));
    let doctor = Doctor::new(config, app.clock.clone(), store, keyring, providers, tokens, account.workspace_id);
    let findings = doctor.examine(&account).await;
    Ok(Json(Health::new(app.clock.now(), findings)))
}

/// Tells TikTok to deliver this app's direct messages to this gateway. An app has one address: another one gets nothing any more.
#[utoipa::path(post, path = "/api/v1/webhook", tag = "accounts",
    responses((status = 200, description = "TikTok has the address", body = WebhookAddress), Problems))]
async fn set_webhook(State(app): State<App>, Auth(caller): Auth) -> Result<Json<WebhookAddress>, Problem> {
    caller.require_admin()?;
    let (url, changed) =
        connect::point_webhook_here(app.providers.official(), caller.scope.workspace, &app.config.server.public_url)
            .await?;
    Ok(Json(WebhookAddress { url, changed }))
}

impl From<ConnectError> for Problem {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Store(error) => error.into(),
            other => Self::new(Slug::Unavailable, other.to_string()).with("reason", other.slug()),
        }
    }
}
