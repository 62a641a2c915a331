//! Messages: a conversation's pages, a new reply, and what can be done with one that did not go out.

use axum::{extract::State, http::StatusCode};
use domain::{
    Id,
    content::{self, Content},
    media::Media,
    message as dm,
    reply::Draft,
    store::MessageRecord,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{conversation_id, cursor, list};
use crate::{
    app::App,
    http::{
        extract::{Auth, IdempotencyKey, Json, Path, Query},
        problem::{Problem, Problems},
    },
    replies,
    view::{Message, MessagePage, TemplateStyle},
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_messages, send_message))
        .routes(routes!(get_message, discard_message))
        .routes(routes!(retry_message))
        .routes(routes!(check_message))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// `next` of the page before; without it the newest.
    before: Option<String>,
    /// 1 to 100; 50 by default.
    limit: Option<u32>,
}

/// A reply to send.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewMessage {
    /// A text, a picture, a question card or one of the account's own posts.
    content: NewContent,
    /// `msg_…`: the message of this conversation that a text answers. TikTok quotes texts, pictures and shared posts of either side.
    #[schema(value_type = Option<String>, nullable = false)]
    quote: Option<Id<dm::Message>>,
    /// A person decides against the window, the quota and the picture rule: TikTok has the last word.
    #[serde(default)]
    #[schema(required = false)]
    send_anyway: bool,
    /// `low` for what is automatic: it waits (`queued`, failure `held`) before it would take one of the last three messages of a
    /// window, and goes on when the customer writes.
    #[serde(default)]
    #[schema(required = false)]
    priority: Priority,
}

/// Which messages of a window a reply may take.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Priority {
    /// Any.
    #[default]
    Normal,
    /// None of the last three: they are kept for people.
    Low,
}

/// What to send. TikTok counts each as one message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
enum NewContent {
    /// Words, at most 6,000 UTF-16 units.
    Text {
        /// The words.
        body: String,
    },
    /// A picture that was uploaded before.
    Image {
        /// `med_…`.
        #[serde(rename = "mediaId")]
        #[schema(value_type = String)]
        media_id: Id<Media>,
    },
    /// A question card. TikTok's apps show it, TikTok's web page does not.
    Template {
        /// How its buttons look. Neither opens an address: a tap sends the button's title.
        style: TemplateStyle,
        /// The question; 1 to 40 UTF-16 units.
        title: String,
        /// The answers to choose from.
        #[schema(min_items = 1, max_items = 3)]
        buttons: Vec<NewButton>,
    },
    /// One of the account's own posts.
    SharedPost {
        /// TikTok's id of it, from `GET /api/v1/accounts/{id}/posts`.
        #[serde(rename = "postId")]
        post_id: String,
    },
}

/// One button of a question card.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewButton {
    /// What it says and what a tap sends; 1 to 20 UTF-16 units as a button, to 40 as a link.
    title: String,
    /// Comes back with the tap; at most 40 UTF-16 units.
    #[schema(nullable = false)]
    id: Option<String>,
}

impl From<NewContent> for Content {
    fn from(content: NewContent) -> Self {
        match content {
            NewContent::Text { body } => Self::Text { body },
            NewContent::Image { media_id } => Self::Image { media: media_id },
            NewContent::Template { style, title, buttons } => {
                let buttons = buttons.into_iter().map(|NewButton { title, id }| content::TemplateButton { id, title });
                Self::Template { style: style.into(), title, buttons: buttons.collect() }
            }
            NewContent::SharedPost { post_id } => Self::own_post(post_id),
        }
    }
}

/// How to try again.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RetryRequest {
    /// As in a new message.
    #[serde(default)]
    #[schema(required = false)]
    send_anyway: bool,
}

/// Lists the messages of a conversation: the newest page first, ascending by time within a page.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/messages", tag = "messages",
    params(("id" = String, Path, description = "`conv_…`, or the provider's id, URL-encoded"), PageQuery),
    responses((status = 200, description = "A page; `next` leads to older messages", body = MessagePage), Problems))]
async fn list_messages(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<MessagePage>, Problem> {
    let limit = list::limit(query.limit)?;
    let before = query.before.as_deref().map(cursor::message).transpose()?;
    let id = conversation_id(&*app.store, &caller.scope, &id).await?;
    let rows = app.store.messages(&caller.scope, id, before, limit + 1).await?;
    let rows = rows.ok_or_else(|| Problem::not_found("conversation"))?;
    let mut page = list::page(
        rows,
        limit,
        |record| Message::from(record),
        |record| cursor::of_message((record.message.sent_at, record.message.id)),
    );
    page.items.reverse();
    Ok(Json(page.into()))
}

/// Queues a reply. The same `Idempotency-Key` and content again answer 200 with the message that is there.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/messages", tag = "messages",
    params(
        ("id" = String, Path, description = "`conv_…`, or the provider's id, URL-encoded"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 200 printable ASCII characters, chosen by the caller"),
    ),
    request_body = NewMessage,
    responses(
        (status = 202, description = "Queued", body = Message),
        (status = 200, description = "Queued before under the same key", body = Message),
        Problems,
    ))]
async fn send_message(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<String>,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Json(new): Json<NewMessage>,
) -> Result<(StatusCode, Json<Message>), Problem> {
    caller.require_send()?;
    let conversation_id = conversation_id(&*app.store, &caller.scope, &id).await?;
    let draft = Draft {
        conversation_id,
        content: new.content.into(),
        quoted_external_id: None,
        author: caller.author(),
        idempotency_key,
        send_anyway: new.send_anyway,
        priority: match new.priority {
            Priority::Normal => dm::Priority::Normal,
            Priority::Low => dm::Priority::Low,
        },
    };
    let draft = match new.quote {
        Some(quoted) => replies::quoting(&*app.store, &caller.scope, draft, quoted).await?,
        None => draft,
    };
    let queued = replies::queue(&*app.store, &caller.scope, draft, app.respondio_fetches()).await?;
    let status = if queued.fresh { StatusCode::ACCEPTED } else { StatusCode::OK };
    Ok((status, shown(&queued.record)))
}

/// Reads one message.
#[utoipa::path(get, path = "/api/v1/messages/{id}", tag = "messages", params(("id" = String, Path, description = "`msg_…`")),
    responses((status = 200, description = "The message", body = Message), Problems))]
async fn get_message(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<dm::Message>>,
) -> Result<Json<Message>, Problem> {
    let record = app.store.message(&caller.scope, id).await?;
    record.as_ref().map(shown).ok_or_else(|| Problem::not_found("message"))
}

/// Queues a failed or unconfirmed message again, or lets a held one go.
#[utoipa::path(post, path = "/api/v1/messages/{id}/retry", tag = "messages", params(("id" = String, Path, description = "`msg_…`")),
    request_body = RetryRequest,
    responses((status = 202, description = "Queued again", body = Message), Problems))]
async fn retry_message(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<dm::Message>>,
    Json(asked): Json<RetryRequest>,
) -> Result<(StatusCode, Json<Message>), Problem> {
    caller.require_send()?;
    let (anyway, fetched) = (asked.send_anyway, app.respondio_fetches());
    let record = replies::retry(&*app.store, &caller.scope, id, anyway, fetched).await?;
    Ok((StatusCode::ACCEPTED, shown(&record)))
}

/// Asks the provider now whether it has an unconfirmed message. A `status` event tells what came of it.
#[utoipa::path(post, path = "/api/v1/messages/{id}/check", tag = "messages", params(("id" = String, Path, description = "`msg_…`")),
    responses((status = 200, description = "The message as it is", body = Message), Problems))]
async fn check_message(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<dm::Message>>,
) -> Result<Json<Message>, Problem> {
    caller.require_send()?;
    let record = replies::recheck(&*app.store, &caller.scope, id).await?;
    Ok(shown(&record))
}

/// Discards a failed message, or takes back one that still waits.
#[utoipa::path(delete, path = "/api/v1/messages/{id}", tag = "messages", params(("id" = String, Path, description = "`msg_…`")),
    responses((status = 204, description = "Gone"), Problems))]
async fn discard_message(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<dm::Message>>,
) -> Result<StatusCode, Problem> {
    caller.require_send()?;
    replies::discard(&*app.store, &caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(record: &MessageRecord) -> Json<Message> {
    Json(Message::from(record))
}
