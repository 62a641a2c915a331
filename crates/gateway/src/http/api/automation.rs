//! What TikTok does by itself for an account: automatic messages, Comment-to-Message, and what TikTok told of them. Everything is
//! TikTok's, asked and told through here; only admins change it.

use axum::{extract::State, http::StatusCode};
use domain::{Id, account::Account};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{cursor, list};
use crate::{
    app::App,
    asking::AskError,
    auth::Principal,
    automation as use_case,
    http::{
        extract::{Auth, Json, Path, Query},
        problem::{Problem, Problems},
    },
    view::{AutoMessageEventPage, AutoMessageKind, AutoMessageWords, Automation, Page},
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_automation))
        .routes(routes!(create_auto_message))
        .routes(routes!(update_auto_message, delete_auto_message))
        .routes(routes!(sort_chat_prompts))
        .routes(routes!(switch_auto_messages))
        .routes(routes!(switch_comment_to_message))
        .routes(routes!(list_automation_history))
}

/// Which message TikTok made or changed.
#[derive(Debug, Serialize, ToSchema)]
struct AutoMessageId {
    /// TikTok's id; an edited welcome message may have got another one.
    id: String,
}

/// On or off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Switch {
    /// Whether it shall be on.
    enabled: bool,
}

/// All chat prompts, in the order in which customers shall see them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PromptOrder {
    /// TikTok's ids.
    ids: Vec<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct KindQuery {
    /// Which kind the message is of.
    #[param(inline)]
    kind: AutoMessageKind,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct HistoryQuery {
    /// `next` of the page before.
    before: Option<String>,
    /// 1 to 100; 50 by default.
    limit: Option<u32>,
}

/// Reads everything TikTok does by itself for the account, as it is there now.
#[utoipa::path(get, path = "/api/v1/accounts/{id}/automation", tag = "automation",
    params(("id" = String, Path, description = "`acc_…`")),
    responses((status = 200, description = "As TikTok has it", body = Automation), Problems))]
async fn get_automation(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<Account>>,
) -> Result<Json<Automation>, Problem> {
    Ok(Json(of(&app, &caller, id).await?.overview().await?.into()))
}

/// Writes an automatic message. TikTok reviews it before anybody sees it.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/automation/messages", tag = "automation",
    params(("id" = String, Path, description = "`acc_…`")), request_body = AutoMessageWords,
    responses((status = 201, description = "TikTok reviews it now", body = AutoMessageId), Problems))]
async fn create_auto_message(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<Account>>,
    Json(words): Json<AutoMessageWords>,
) -> Result<(StatusCode, Json<AutoMessageId>), Problem> {
    caller.require_admin()?;
    let id = of(&app, &caller, id).await?.create(&words.into()).await?;
    Ok((StatusCode::CREATED, Json(AutoMessageId { id })))
}

/// Gives an automatic message other words. TikTok reviews them anew; it refuses while a review is under way.
#[utoipa::path(patch, path = "/api/v1/accounts/{id}/automation/messages/{message}", tag = "automation",
    params(("id" = String, Path, description = "`acc_…`"), ("message" = String, Path, description = "TikTok's id")),
    request_body = AutoMessageWords,
    responses((status = 200, description = "TikTok reviews it now", body = AutoMessageId), Problems))]
async fn update_auto_message(
    State(app): State<App>,
    Auth(caller): Auth,
    Path((id, message)): Path<(Id<Account>, String)>,
    Json(words): Json<AutoMessageWords>,
) -> Result<Json<AutoMessageId>, Problem> {
    caller.require_admin()?;
    let id = of(&app, &caller, id).await?.update(&message, &words.into()).await?;
    Ok(Json(AutoMessageId { id }))
}

/// Deletes a suggested question or a chat prompt. A welcome message can only be switched off.
#[utoipa::path(delete, path = "/api/v1/accounts/{id}/automation/messages/{message}", tag = "automation",
    params(("id" = String, Path, description = "`acc_…`"), ("message" = String, Path, description = "TikTok's id"), KindQuery),
    responses((status = 204, description = "It is gone"), Problems))]
async fn delete_auto_message(
    State(app): State<App>,
    Auth(caller): Auth,
    Path((id, message)): Path<(Id<Account>, String)>,
    Query(query): Query<KindQuery>,
) -> Result<StatusCode, Problem> {
    caller.require_admin()?;
    of(&app, &caller, id).await?.delete(query.kind.into(), &message).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts the chat prompts in an order. All of them must be named.
#[utoipa::path(put, path = "/api/v1/accounts/{id}/automation/chat-prompt-order", tag = "automation",
    params(("id" = String, Path, description = "`acc_…`")), request_body = PromptOrder,
    responses((status = 204, description = "They stand so"), Problems))]
async fn sort_chat_prompts(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<Account>>,
    Json(order): Json<PromptOrder>,
) -> Result<StatusCode, Problem> {
    caller.require_admin()?;
    of(&app, &caller, id).await?.sort(&order.ids).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Switches all automatic messages of a kind on or off.
#[utoipa::path(put, path = "/api/v1/accounts/{id}/automation/kinds/{kind}", tag = "automation",
    params(("id" = String, Path, description = "`acc_…`"), ("kind" = inline(AutoMessageKind), Path, description = "Which kind")),
    request_body = Switch,
    responses((status = 204, description = "It is so"), Problems))]
async fn switch_auto_messages(
    State(app): State<App>,
    Auth(caller): Auth,
    Path((id, kind)): Path<(Id<Account>, AutoMessageKind)>,
    Json(switch): Json<Switch>,
) -> Result<StatusCode, Problem> {
    caller.require_admin()?;
    of(&app, &caller, id).await?.switch(kind.into(), switch.enabled).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Switches Comment-to-Message. TikTok has it for accounts registered in Vietnam, Indonesia and Thailand only.
#[utoipa::path(put, path = "/api/v1/accounts/{id}/automation/comment-to-message", tag = "automation",
    params(("id" = String, Path, description = "`acc_…`")), request_body = Switch,
    responses((status = 204, description = "It is so"), Problems))]
async fn switch_comment_to_message(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<Account>>,
    Json(switch): Json<Switch>,
) -> Result<StatusCode, Problem> {
    caller.require_admin()?;
    of(&app, &caller, id).await?.switch_comments(switch.enabled).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists what TikTok told of the account's automatic messages, latest webhook first.
#[utoipa::path(get, path = "/api/v1/accounts/{id}/automation/history", tag = "automation",
    params(("id" = String, Path, description = "`acc_…`"), HistoryQuery),
    responses((status = 200, description = "A page", body = AutoMessageEventPage), Problems))]
async fn list_automation_history(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<Account>>,
    Query(query): Query<HistoryQuery>,
) -> Result<Json<AutoMessageEventPage>, Problem> {
    let limit = list::limit(query.limit)?;
    let before = query.before.as_deref().map(cursor::delivery).transpose()?;
    let history = of(&app, &caller, id).await?.history(before, limit).await?;
    let items = history.entries.into_iter().map(Into::into).collect();
    Ok(Json(Page { items, next: history.next.map(cursor::of_delivery) }.into()))
}

async fn of<'a>(app: &'a App, caller: &'a Principal, id: Id<Account>) -> Result<use_case::Automation<'a>, AskError> {
    use_case::Automation::of(&*app.store, &app.providers, &app.tokens, &caller.scope, id).await
}
