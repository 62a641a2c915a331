//! The account's own posts, to pick one for a message.

use axum::extract::State;
use domain::{Id, account::Account};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    http::{
        extract::{Auth, Json, Path, Query},
        problem::{Problem, Problems},
    },
    posts,
    view::PostPage,
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_posts))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PostQuery {
    /// `next` of the page before; without it the newest.
    cursor: Option<String>,
}

/// Lists the account's own posts, newest first, as TikTok has them now. Needs the permission `video.list`, which messages do without.
#[utoipa::path(get, path = "/api/v1/accounts/{id}/posts", tag = "accounts",
    params(("id" = String, Path, description = "`acc_…`"), PostQuery),
    responses((status = 200, description = "A page; it may be short and not the last", body = PostPage), Problems))]
async fn list_posts(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<Account>>,
    Query(query): Query<PostQuery>,
) -> Result<Json<PostPage>, Problem> {
    caller.require_send()?;
    let cursor = query.cursor.map(|text| text.parse()).transpose();
    let cursor = cursor.map_err(|_| Problem::invalid_parameter("cursor", "pass `next` of the page before"))?;
    let page = posts::page(&*app.store, &app.providers, &app.tokens, &caller.scope, id, cursor).await?;
    Ok(Json(page.into()))
}
