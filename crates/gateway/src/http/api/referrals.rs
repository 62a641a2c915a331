//! How the customer of a conversation came. An address of its own: a list of fifty conversations would carry it fifty times, and
//! most customers come by themselves.

use axum::extract::State;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::conversation_id;
use crate::{
    app::App,
    http::{
        extract::{Auth, Json, Path},
        problem::{Problem, Problems},
    },
    view::Referrals,
};

/// Most that are shown, of this conversation and of others.
const SHOWN: u32 = 100;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_referrals))
}

/// Tells through which ads and links the customer came. A `conversation` event says that there may be a new one.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/referrals", tag = "conversations",
    params(("id" = String, Path, description = "`conv_…`, or the provider's id, URL-encoded")),
    responses((status = 200, description = "How they came, here and elsewhere", body = Referrals), Problems))]
async fn list_referrals(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<String>,
) -> Result<Json<Referrals>, Problem> {
    let id = conversation_id(&*app.store, &caller.scope, &id).await?;
    let found = app.store.referrals(&caller.scope, id, SHOWN).await?;
    Ok(Json(found.ok_or_else(|| Problem::not_found("conversation"))?.into()))
}
