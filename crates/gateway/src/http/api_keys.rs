//! `/api/v1/api-keys`: programs' keys. Managed by admins who are signed in, never by a key.

use axum::{extract::State, http::StatusCode};
use domain::{Id, identity::ApiKey};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Auth, Json, Path},
    problem::{Problem, Problems},
};
use crate::{
    app::App,
    auth::{KEY_PREFIX, Revocation, Secret},
    view,
};

const NAME_MAX: usize = 100;
/// How much of a secret is shown to tell keys apart: the prefix and six characters.
pub(crate) const SHOWN: usize = KEY_PREFIX.len() + 6;

/// The API key routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(revoke))
}

/// What a new key is called and may do.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewApiKey {
    /// For people, 1 to 100 characters.
    #[schema(example = "shop-orders", min_length = 1, max_length = 100)]
    name: String,
    /// What it may do.
    scope: view::KeyScope,
}

/// Keys that are not revoked, newest first.
#[utoipa::path(
    get, path = "/api/v1/api-keys", operation_id = "listApiKeys", tag = "api-keys",
    responses(
        (status = 200, description = "Keys, newest first", body = view::ApiKeyPage),
        Problems,
    )
)]
async fn list(State(app): State<App>, Auth(caller): Auth) -> Result<Json<view::ApiKeyPage>, Problem> {
    caller.require_people_admin()?;
    let keys = app.store.api_keys(caller.workspace).await?;
    Ok(Json(view::ApiKeyPage { items: keys.iter().map(view::ApiKey::from).collect(), next: None }))
}

/// Makes a key. Its secret is in this answer and nowhere else.
#[utoipa::path(
    post, path = "/api/v1/api-keys", operation_id = "createApiKey", tag = "api-keys", request_body = NewApiKey,
    responses(
        (status = 201, description = "The key with its secret", body = view::ApiKeyCreated),
        Problems,
    )
)]
async fn create(
    State(app): State<App>,
    Auth(caller): Auth,
    Json(new): Json<NewApiKey>,
) -> Result<(StatusCode, Json<view::ApiKeyCreated>), Problem> {
    caller.require_people_admin()?;
    let name = checked_name(&new.name).ok_or_else(|| Problem::invalid_parameter("name", "1 to 100 characters"))?;
    let secret = Secret::generate(KEY_PREFIX);
    let shown = &secret.expose()[..SHOWN];
    let key =
        app.store.create_api_key(caller.workspace, secret.hash(), shown, name, new.scope.into(), caller.user()).await?;
    Ok((StatusCode::CREATED, Json(view::ApiKeyCreated::new(&key, secret.expose().to_owned()))))
}

/// Revokes a key; its sockets close at once.
#[utoipa::path(
    delete, path = "/api/v1/api-keys/{id}", operation_id = "revokeApiKey", tag = "api-keys",
    params(("id" = String, Path, description = "`key_…`")),
    responses(
        (status = 204, description = "Revoked"),
        Problems,
    )
)]
async fn revoke(State(app): State<App>, Auth(caller): Auth, Path(id): Path<Id<ApiKey>>) -> Result<StatusCode, Problem> {
    caller.require_people_admin()?;
    if !app.store.revoke_api_key(caller.workspace, id).await? {
        return Err(Problem::not_found("API key"));
    }
    app.auth.revoke(Revocation::Key(id));
    Ok(StatusCode::NO_CONTENT)
}

/// A key's name without white space around it.
pub(crate) fn checked_name(name: &str) -> Option<&str> {
    let name = name.trim();
    let fits = (1..=NAME_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    fits.then_some(name)
}
