//! `GET /api/v1/members`: the colleagues, for assigning conversations.

use axum::extract::State;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Auth, Json},
    problem::{Problem, Problems, Slug},
};
use crate::{app::App, view};

/// The members routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Members of the workspace, oldest first. For people only: an API key has no right over users.
#[utoipa::path(
    get, path = "/api/v1/members", operation_id = "listMembers", tag = "members",
    responses(
        (status = 200, description = "Members, oldest first", body = view::MemberPage),
        Problems,
    )
)]
async fn list(State(app): State<App>, Auth(caller): Auth) -> Result<Json<view::MemberPage>, Problem> {
    if !caller.is_member() {
        return Err(Problem::new(Slug::Forbidden, "members are shown to people who are signed in"));
    }
    let members = app.store.members(caller.workspace).await?;
    Ok(Json(view::MemberPage { items: members.iter().map(view::Member::from).collect(), next: None }))
}
