//! Connecting through Respond.io: the access token of a workspace there, its channels, and which of them are accounts here.

use axum::{extract::State, http::StatusCode};
use domain::{Id, account as da, space as ds};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::accounts::shown;
use crate::{
    app::App,
    http::{
        extract::{Auth, Json, Path},
        problem::{Problem, Problems},
    },
    spaces,
    view::{Account, Page, Space, SpacePage},
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_spaces, add_space))
        .routes(routes!(look_at_space, remove_space))
        .routes(routes!(replace_space_token))
        .routes(routes!(connect_channel))
        .routes(routes!(ask_history))
}

/// An access token.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SpaceToken {
    /// From Respond.io: Settings, Integrations, Developer API. Never shown again.
    token: String,
}

/// Which channel becomes an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChannelChoice {
    /// Respond.io's id of the channel.
    #[schema(example = "54321")]
    channel_id: String,
    /// `acc_…` of the account that it is a second side of; left out, it is an account of its own.
    #[schema(value_type = Option<String>)]
    account_id: Option<Id<da::Account>>,
}

/// Lists the connected workspaces of Respond.io, oldest first, with their channels as they were listed last.
#[utoipa::path(get, path = "/api/v1/respondio/spaces", tag = "respondio",
    responses((status = 200, description = "All of them", body = SpacePage), Problems))]
async fn list_spaces(State(app): State<App>, Auth(caller): Auth) -> Result<Json<SpacePage>, Problem> {
    caller.require_admin()?;
    let mut shown = Vec::new();
    for space in app.store.spaces(caller.workspace).await? {
        shown.push(view(&app, space).await?);
    }
    Ok(Json(Page::whole(shown).into()))
}

/// Connects a workspace of Respond.io by its access token, which is tried with the cheapest question and kept encrypted. The answer
/// names the workspace's channels. A token of a workspace that is connected already replaces the one before.
#[utoipa::path(post, path = "/api/v1/respondio/spaces", tag = "respondio", request_body = SpaceToken,
    responses((status = 201, description = "The workspace", body = Space), Problems))]
async fn add_space(
    State(app): State<App>,
    Auth(caller): Auth,
    Json(body): Json<SpaceToken>,
) -> Result<(StatusCode, Json<Space>), Problem> {
    caller.require_admin()?;
    let token = SecretString::from(body.token);
    let space = spaces::add(&*app.store, &app.lines, caller.workspace, token.expose_secret()).await?;
    Ok((StatusCode::CREATED, Json(view(&app, space).await?)))
}

/// Reads a workspace with its channels as Respond.io lists them now, TikTok's first. For whoever waits until a channel appears: ask every
/// few seconds.
#[utoipa::path(get, path = "/api/v1/respondio/spaces/{id}", tag = "respondio", params(("id" = String, Path, description = "`spc_…`")),
    responses((status = 200, description = "The workspace", body = Space), Problems))]
async fn look_at_space(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<ds::Space>>,
) -> Result<Json<Space>, Problem> {
    caller.require_admin()?;
    let space = spaces::look(&*app.store, &app.lines, caller.workspace, id).await?;
    Ok(Json(view(&app, space).await?))
}

/// Gives a workspace another access token, such as after Respond.io refused the one before. Its accounts work again.
#[utoipa::path(put, path = "/api/v1/respondio/spaces/{id}/token", tag = "respondio", params(("id" = String, Path, description = "`spc_…`")),
    request_body = SpaceToken,
    responses((status = 200, description = "The workspace", body = Space), Problems))]
async fn replace_space_token(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<ds::Space>>,
    Json(body): Json<SpaceToken>,
) -> Result<Json<Space>, Problem> {
    caller.require_admin()?;
    let token = SecretString::from(body.token);
    let space = spaces::replace_token(&*app.store, &app.lines, caller.workspace, id, token.expose_secret()).await?;
    Ok(Json(view(&app, space).await?))
}

/// Makes a channel an account: TikTok's, or any that a person knows to be one. Messages come in from now on; what was said before is
/// filed without alerts.
#[utoipa::path(post, path = "/api/v1/respondio/spaces/{id}/accounts", tag = "respondio", params(("id" = String, Path, description = "`spc_…`")),
    request_body = ChannelChoice,
    responses((status = 201, description = "The account", body = Account), Problems))]
async fn connect_channel(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<ds::Space>>,
    Json(body): Json<ChannelChoice>,
) -> Result<(StatusCode, Json<Account>), Problem> {
    caller.require_admin()?;
    let account =
        spaces::connect(&*app.store, &app.lines, caller.workspace, id, &body.channel_id, body.account_id).await?;
    Ok((StatusCode::CREATED, shown(&app, &caller.scope, account.id).await?))
}

/// Brings over everything that Respond.io keeps of a workspace's contacts, not only the newest 200 messages of each: in the pauses of asking
/// what is new, filed without alerts. `history` of the workspace shows how far it is. Asking again changes nothing.
#[utoipa::path(post, path = "/api/v1/respondio/spaces/{id}/history", tag = "respondio", params(("id" = String, Path, description = "`spc_…`")),
    responses((status = 202, description = "The workspace", body = Space), Problems))]
async fn ask_history(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<ds::Space>>,
) -> Result<(StatusCode, Json<Space>), Problem> {
    caller.require_admin()?;
    let space = spaces::ask_history(&*app.store, &app.lines, caller.workspace, id).await?;
    Ok((StatusCode::ACCEPTED, Json(view(&app, space).await?)))
}

/// Forgets a workspace and its token. Its accounts are disconnected, replies that wait fail visibly, messages stay.
#[utoipa::path(delete, path = "/api/v1/respondio/spaces/{id}", tag = "respondio", params(("id" = String, Path, description = "`spc_…`")),
    responses((status = 204, description = "Forgotten"), Problems))]
async fn remove_space(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<ds::Space>>,
) -> Result<StatusCode, Problem> {
    caller.require_admin()?;
    spaces::remove(&*app.store, &app.lines, caller.workspace, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn view(app: &App, space: ds::Space) -> Result<Space, Problem> {
    let accounts = app.store.accounts_of_space(space.workspace_id, space.id).await?;
    let history = app.store.whole_history(space.workspace_id, space.id).await?;
    Ok(Space::new(space, &accounts, history))
}
