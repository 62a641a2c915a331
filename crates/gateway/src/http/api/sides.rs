//! The sides of an account: who tells its messages, who sends its replies, and what only one of them tells.

use axum::extract::State;
use domain::{Id, account as da, conversation as dc, sides::ShadowFilter};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{accounts::shown, conversation_id, cursor, list};
use crate::{
    app::App,
    connect::sides,
    http::{
        extract::{Auth, Json, Path, Query},
        problem::{Problem, Problems},
    },
    view::{Account, Conversation, Page, Provider, Shadow, ShadowPage, Side, SidePage},
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_sides))
        .routes(routes!(remove_side))
        .routes(routes!(set_sender))
        .routes(routes!(set_conversation_sender))
        .routes(routes!(list_shadows))
}

/// Who sends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Sender {
    /// One of the sides.
    provider: Provider,
}

/// Who sends in one conversation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConversationSender {
    /// One of the account's sides; null goes by the account's choice.
    #[schema(required)]
    provider: Option<Provider>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ShadowQuery {
    /// `next` of the page before.
    before: Option<String>,
    /// 1 to 100; 50 by default.
    limit: Option<u32>,
}

/// Lists the sides of an account, the sending one first.
#[utoipa::path(get, path = "/api/v1/accounts/{id}/sides", tag = "accounts", params(("id" = String, Path, description = "`acc_…`")),
    responses((status = 200, description = "One or two", body = SidePage), Problems))]
async fn list_sides(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<da::Account>>,
) -> Result<Json<SidePage>, Problem> {
    let sides = app.store.sides(&caller.scope, id).await?;
    if sides.is_empty() {
        return Err(Problem::not_found("account"));
    }
    Ok(Json(Page::whole(sides.iter().map(Side::from).collect()).into()))
}

/// Takes a side that does not send off an account: it is not heard any more, a permission at TikTok is given back, messages stay. The
/// other one is the whole account then.
#[utoipa::path(delete, path = "/api/v1/accounts/{id}/sides/{provider}", tag = "accounts",
    params(("id" = String, Path, description = "`acc_…`"), ("provider" = Provider, Path, description = "Which side")),
    responses((status = 200, description = "The account as it is now", body = Account), Problems))]
async fn remove_side(
    State(app): State<App>,
    Auth(caller): Auth,
    Path((id, provider)): Path<(Id<da::Account>, Provider)>,
) -> Result<Json<Account>, Problem> {
    caller.require_admin()?;
    let gone = sides::remove(&app, &caller.scope, id, provider.into()).await?;
    gone.ok_or_else(|| Problem::not_found("account"))?;
    shown(&app, &caller.scope, id).await
}

/// Lets another side send, at once: replies that wait leave through it, what is on its way is left to settle. Doing it the other way
/// round takes it back.
#[utoipa::path(put, path = "/api/v1/accounts/{id}/sender", tag = "accounts", params(("id" = String, Path, description = "`acc_…`")),
    request_body = Sender,
    responses((status = 200, description = "The account as it is now", body = Account), Problems))]
async fn set_sender(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<da::Account>>,
    Json(body): Json<Sender>,
) -> Result<Json<Account>, Problem> {
    caller.require_admin()?;
    let set = app.store.set_sender(&caller.scope, id, body.provider.into()).await?;
    set.ok_or_else(|| Problem::not_found("side"))?;
    shown(&app, &caller.scope, id).await
}

/// Lets a side send in one conversation, whatever the account's choice is; `null` goes by the account's again.
#[utoipa::path(put, path = "/api/v1/conversations/{id}/sender", tag = "conversations",
    params(("id" = String, Path, description = "`conv_…`, or the provider's id")), request_body = ConversationSender,
    responses((status = 200, description = "The conversation as it is now", body = Conversation), Problems))]
async fn set_conversation_sender(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<String>,
    Json(body): Json<ConversationSender>,
) -> Result<Json<Conversation>, Problem> {
    caller.require_admin()?;
    let id: Id<dc::Conversation> = conversation_id(&*app.store, &caller.scope, &id).await?;
    let set = app.store.set_conversation_sender(&caller.scope, id, body.provider.map(Into::into)).await?;
    let record = set.ok_or_else(|| Problem::not_found("conversation"))?;
    Ok(Json(Conversation::new(&record, app.clock.now())))
}

/// Lists messages since both sides receive that one of them told and the other did not within two minutes, newest first.
#[utoipa::path(get, path = "/api/v1/accounts/{id}/shadows", tag = "accounts",
    params(("id" = String, Path, description = "`acc_…`"), ShadowQuery),
    responses((status = 200, description = "A page", body = ShadowPage), Problems))]
async fn list_shadows(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<da::Account>>,
    Query(query): Query<ShadowQuery>,
) -> Result<Json<ShadowPage>, Problem> {
    let limit = list::limit(query.limit)?;
    let before = query.before.as_deref().map(cursor::message).transpose()?;
    app.store.account(&caller.scope, id).await?.ok_or_else(|| Problem::not_found("account"))?;
    let filter = ShadowFilter { account: Some(id), before, limit: limit + 1, now: app.clock.now() };
    let rows = app.store.shadows(&caller.scope, filter).await?;
    let page =
        list::page(rows, limit, |row| Shadow::from(row), |row| cursor::of_message((row.sent_at, row.message_id)));
    Ok(Json(page.into()))
}
