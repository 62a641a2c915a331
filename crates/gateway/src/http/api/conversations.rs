//! Conversations: lists, counts, one of them, and what a click changes.

use axum::{extract::State, http::StatusCode};
use domain::{
    Id,
    account::Account,
    store::{self, ConversationFilter, Sort, StoreError, View},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{conversation_id, cursor, list, patch::ConversationPatch};
use crate::{
    app::App,
    auth::Principal,
    http::{
        extract::{Auth, Json, Path, Query},
        problem::{Problem, Problems},
    },
    signs,
    view::{Conversation, ConversationPage, ConversationStatus, Counts},
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_conversations))
        .routes(routes!(count_conversations))
        .routes(routes!(get_conversation, patch_conversation))
        .routes(routes!(read_conversation))
        .routes(routes!(type_in_conversation))
}

/// Which conversations.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ViewName {
    #[default]
    All,
    Mine,
    Unassigned,
    Closing,
    Requests,
    Failed,
}

/// In which order: by last activity, by who waits longest, by which window closes first.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SortName {
    #[default]
    Newest,
    Waiting,
    Closing,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Which conversations; all by default.
    #[serde(default)]
    #[param(inline, required = false)]
    view: ViewName,
    /// Only those that stand so; every status by default.
    #[param(inline)]
    status: Option<ConversationStatus>,
    /// Only of this account, `acc_…`.
    #[param(value_type = Option<String>)]
    account: Option<Id<Account>>,
    /// Only those that this ad or link led to: the `key` of a referral, such as `ad:1800000000000042` or `link:bio_link-2026`.
    referral: Option<String>,
    /// In which order; newest activity first by default.
    #[serde(default)]
    #[param(inline, required = false)]
    sort: SortName,
    /// 1 to 100; 50 by default.
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

impl ListQuery {
    fn filter(&self, caller: &Principal, app: &App) -> Result<ConversationFilter, Problem> {
        let sort = match self.sort {
            SortName::Newest => Sort::Newest,
            SortName::Waiting => Sort::Waiting,
            SortName::Closing => Sort::ClosingFirst,
        };
        let view = match self.view {
            ViewName::All => View::All,
            ViewName::Mine => View::Mine(
                caller
                    .user()
                    .ok_or_else(|| Problem::invalid_parameter("view", "`mine` is for people who are signed in"))?,
            ),
            ViewName::Unassigned => View::Unassigned,
            ViewName::Closing => View::ClosingSoon,
            ViewName::Requests => View::Requests,
            ViewName::Failed => View::Failed,
        };
        Ok(ConversationFilter {
            view,
            status: self.status.map(Into::into),
            account: self.account,
            referral: self.referral.clone(),
            sort,
            after: self.after.as_deref().map(|text| cursor::conversation(sort, text)).transpose()?,
            limit: list::limit(self.limit)?,
            now: app.clock.now(),
        })
    }
}

/// Lists conversations.
#[utoipa::path(get, path = "/api/v1/conversations", tag = "conversations", params(ListQuery),
    responses((status = 200, description = "A page", body = ConversationPage), Problems))]
async fn list_conversations(
    State(app): State<App>,
    Auth(caller): Auth,
    Query(query): Query<ListQuery>,
) -> Result<Json<ConversationPage>, Problem> {
    let filter = query.filter(&caller, &app)?;
    let one_more = ConversationFilter { limit: filter.limit + 1, ..filter.clone() };
    let rows = app.store.conversations(&caller.scope, &one_more).await?;
    let page = list::page(
        rows,
        filter.limit,
        |record| Conversation::new(record, filter.now),
        |record| cursor::of_conversation(filter.sort, filter.sort_value(&record.conversation), record.conversation.id),
    );
    Ok(Json(page.into()))
}

/// Counts the open conversations of each view.
#[utoipa::path(get, path = "/api/v1/conversations/counts", tag = "conversations",
    responses((status = 200, description = "The counts", body = Counts), Problems))]
async fn count_conversations(State(app): State<App>, Auth(caller): Auth) -> Result<Json<Counts>, Problem> {
    let counts = app.store.conversation_counts(&caller.scope, caller.user(), app.clock.now()).await?;
    Ok(Json(counts.into()))
}

/// Reads one conversation.
#[utoipa::path(get, path = "/api/v1/conversations/{id}", tag = "conversations",
    params(("id" = String, Path, description = "`conv_…`, or the provider's id, URL-encoded")),
    responses((status = 200, description = "The conversation", body = Conversation), Problems))]
async fn get_conversation(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<String>,
) -> Result<Json<Conversation>, Problem> {
    let id = conversation_id(&*app.store, &caller.scope, &id).await?;
    shown(&app, app.store.conversation(&caller.scope, id).await?)
}

/// Changes where a conversation stands, who takes care of it, or who answers.
#[utoipa::path(patch, path = "/api/v1/conversations/{id}", tag = "conversations",
    params(("id" = String, Path, description = "`conv_…`, or the provider's id, URL-encoded")),
    request_body = ConversationPatch,
    responses((status = 200, description = "The conversation as it is now", body = Conversation), Problems))]
async fn patch_conversation(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<String>,
    Json(patch): Json<ConversationPatch>,
) -> Result<Json<Conversation>, Problem> {
    caller.require_send()?;
    apply(&app, &caller, &id, patch.into()).await
}

/// How a conversation is looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReadRequest {
    /// Whether the customer shall see on TikTok that their messages were looked at; by default they do.
    #[serde(default = "told")]
    #[schema(required = false, default = true)]
    tell_customer: bool,
}

const fn told() -> bool {
    true
}

/// Marks a conversation as looked at: nothing is unread any more. If anything was, the customer sees it, as with TikTok's own app.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/read", tag = "conversations",
    params(("id" = String, Path, description = "`conv_…`, or the provider's id, URL-encoded")),
    request_body = Option<ReadRequest>,
    responses((status = 200, description = "The conversation as it is now", body = Conversation), Problems))]
async fn read_conversation(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<String>,
    asked: Option<Json<ReadRequest>>,
) -> Result<Json<Conversation>, Problem> {
    caller.require_send()?;
    let quietly = asked.is_some_and(|Json(asked)| !asked.tell_customer);
    let id = conversation_id(&*app.store, &caller.scope, &id).await?;
    shown(&app, signs::read(&*app.store, &caller.scope, id, quietly, app.clock.now()).await?)
}

/// Shows the customer for five seconds that somebody types a reply. Call it while they do: TikTok is told at most once in four
/// seconds, never before the customer wrote or when no reply could leave, and not while replies need the calls.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/typing", tag = "conversations",
    params(("id" = String, Path, description = "`conv_…`, or the provider's id, URL-encoded")),
    responses((status = 204, description = "Heard; whether it is shown is not told"), Problems))]
async fn type_in_conversation(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.require_send()?;
    let id = conversation_id(&*app.store, &caller.scope, &id).await?;
    let record = app.store.conversation(&caller.scope, id).await?.ok_or_else(|| Problem::not_found("conversation"))?;
    app.signs.typed(&caller.scope, &record);
    Ok(StatusCode::NO_CONTENT)
}

async fn apply(
    app: &App,
    caller: &Principal,
    id: &str,
    patch: store::ConversationPatch,
) -> Result<Json<Conversation>, Problem> {
    let id = conversation_id(&*app.store, &caller.scope, id).await?;
    let patched = app.store.patch_conversation(&caller.scope, id, patch).await.map_err(|error| match error {
        StoreError::Conflict { .. } => {
            Problem::invalid_parameter("assignee", "the assignee is no member of this workspace")
        }
        other => other.into(),
    })?;
    shown(app, patched)
}

fn shown(app: &App, record: Option<store::ConversationRecord>) -> Result<Json<Conversation>, Problem> {
    let record = record.ok_or_else(|| Problem::not_found("conversation"))?;
    Ok(Json(Conversation::new(&record, app.clock.now())))
}
