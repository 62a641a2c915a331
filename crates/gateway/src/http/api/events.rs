//! The event log over REST: what sockets are told, for programs that rather ask.

use axum::extract::State;
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::list;
use crate::{
    app::App,
    http::{
        extract::{Auth, Json, Query},
        problem::{Problem, Problems},
    },
    view::{Event, EventPage},
};

/// Events of a page when the caller does not say.
const DEFAULT: u32 = 200;
/// The most a caller may ask for.
const MAX: u32 = 1_000;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_events))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EventsQuery {
    /// The highest `seq` seen. Without it nothing is listed, and `next` says where the log ends.
    after: Option<i64>,
    /// Events looked at, 1 to 1,000; 200 by default.
    limit: Option<u32>,
}

/// Lists events after a cursor. Fewer than `limit` may come back although there are more: go on until `next` stays the same.
#[utoipa::path(get, path = "/api/v1/events", tag = "events", params(EventsQuery),
    responses((status = 200, description = "A page", body = EventPage), Problems))]
async fn list_events(
    State(app): State<App>,
    Auth(caller): Auth,
    Query(query): Query<EventsQuery>,
) -> Result<Json<EventPage>, Problem> {
    let limit = list::within(query.limit.unwrap_or(DEFAULT), MAX)?;
    let head = app.store.head_seq().await?;
    let Some(after) = query.after else {
        return Ok(Json(EventPage { items: Vec::new(), next: head, reset: false }));
    };
    // A cursor beyond the end is of another database: a restored one, for example.
    if !(0..=head).contains(&after) {
        return Ok(Json(EventPage { items: Vec::new(), next: head, reset: true }));
    }
    let page = app.store.events_after(Some(caller.scope.workspace), after, limit).await?;
    if page.too_old {
        return Ok(Json(EventPage { items: Vec::new(), next: head, reset: true }));
    }
    let now = app.clock.now();
    let visible = page.events.iter().filter(|event| caller.scope.allows(event.workspace_id, event.account_id));
    let items = visible
        .map(|event| Event::seen(event, now, &caller.scope))
        .collect::<Result<_, _>>()
        .map_err(|error| Problem::internal(&error))?;
    Ok(Json(EventPage { items, next: page.next, reset: false }))
}
