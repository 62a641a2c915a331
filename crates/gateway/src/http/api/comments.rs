//! Comments that TikTok flagged, and the one direct message that may answer each.

use axum::{extract::State, http::StatusCode};
use domain::{
    Id,
    account::Account,
    comment::{AnswerDraft, Comment as Flagged},
    store::CommentFilter,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{cursor, list};
use crate::{
    app::App,
    http::{
        extract::{Auth, IdempotencyKey, Json, Path, Query},
        problem::{Problem, Problems},
    },
    replies,
    view::{Comment, CommentPage, CommentState},
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_comments)).routes(routes!(get_comment)).routes(routes!(answer_comment))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Only of this account, `acc_…`.
    #[param(value_type = Option<String>)]
    account: Option<Id<Account>>,
    /// Only those that stand so.
    #[param(inline)]
    state: Option<CommentState>,
    /// `next` of the page before; without it the newest.
    before: Option<String>,
    /// 1 to 100; 50 by default.
    limit: Option<u32>,
}

/// The direct message that shall answer a comment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewAnswer {
    /// The words, at most 6,000 UTF-16 units.
    text: String,
    /// A person decides to send an unconfirmed answer once more, in the same words. TikTok takes one message per comment: a second is
    /// refused if the first arrived.
    #[serde(default)]
    #[schema(required = false)]
    again: bool,
}

/// Lists flagged comments, newest first.
#[utoipa::path(get, path = "/api/v1/comments", tag = "comments", params(ListQuery),
    responses((status = 200, description = "A page; `next` leads to older ones", body = CommentPage), Problems))]
async fn list_comments(
    State(app): State<App>,
    Auth(caller): Auth,
    Query(query): Query<ListQuery>,
) -> Result<Json<CommentPage>, Problem> {
    let limit = list::limit(query.limit)?;
    let before = query.before.as_deref().map(cursor::comment).transpose()?;
    let state = query.state.map(Into::into);
    let filter = CommentFilter { account: query.account, state, before, limit: limit + 1 };
    let rows = app.store.comments(&caller.scope, filter).await?;
    let page = list::page(
        rows,
        limit,
        |record| Comment::from(record),
        |record| cursor::of_comment((record.comment.commented_at, record.comment.id)),
    );
    Ok(Json(page.into()))
}

/// Reads one comment.
#[utoipa::path(get, path = "/api/v1/comments/{id}", tag = "comments", params(("id" = String, Path, description = "`cmt_…`")),
    responses((status = 200, description = "The comment", body = Comment), Problems))]
async fn get_comment(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<Flagged>>,
) -> Result<Json<Comment>, Problem> {
    let record = app.store.comment(&caller.scope, id).await?;
    record.as_ref().map(|record| Json(Comment::from(record))).ok_or_else(|| Problem::not_found("comment"))
}

/// Answers a comment by one direct message: the only way to write first. A `comment` event tells what became of it. The same
/// `Idempotency-Key` and text again answer 200 with the comment as it is.
#[utoipa::path(post, path = "/api/v1/comments/{id}/answer", tag = "comments",
    params(
        ("id" = String, Path, description = "`cmt_…`"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 200 printable ASCII characters, chosen by the caller"),
    ),
    request_body = NewAnswer,
    responses(
        (status = 202, description = "It leaves now", body = Comment),
        (status = 200, description = "Taken before under the same key", body = Comment),
        Problems,
    ))]
async fn answer_comment(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(comment_id): Path<Id<Flagged>>,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Json(new): Json<NewAnswer>,
) -> Result<(StatusCode, Json<Comment>), Problem> {
    caller.require_send()?;
    let draft = AnswerDraft { comment_id, text: new.text, author: caller.author(), idempotency_key, again: new.again };
    let answered = replies::answer_comment(&*app.store, &caller.scope, draft).await?;
    let status = if answered.fresh { StatusCode::ACCEPTED } else { StatusCode::OK };
    Ok((status, Json(Comment::from(&answered.record))))
}
