//! The control API `/sim/…` for the console, for tests over HTTP and for scripts: JSON, from this machine only.
//! Every route is one method of `Simulator`.

mod events;
pub(crate) mod guard;
mod pictures;
pub(crate) mod reply;
mod settings;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{StatusCode, Uri};
use axum::middleware;
use axum::response::Response;
use axum::routing::{delete, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::{AppReply, CommentAction, CommentRequest, CustomerMessage, ReferralRequest};
use crate::error::ControlError;
use crate::simulator::Simulator;
use crate::state::apps::NewApp;
use crate::state::businesses::NewBusiness;
use crate::state::customers::NewCustomer;
use crate::state::faults::NewFault;
use crate::state::go_json;
use reply::{answer, parse};

/// Largest picture or video a customer can send here.
const MAX_MEDIA: usize = 32 * 1024 * 1024;

/// Routes of the control side.
pub(crate) fn routes() -> Router<Simulator> {
    Router::new()
        .route("/sim/state", get(state))
        .route("/sim/businesses", post(create_business))
        .route("/sim/customers", post(create_customer))
        .route("/sim/messages", post(messages))
        .route("/sim/media", post(put_media))
        .route("/sim/media/{id}", get(pictures::media))
        .route("/sim/app-replies", post(app_replies))
        .route("/sim/reads", post(reads))
        .route("/sim/accepts", post(accepts))
        .route("/sim/referrals", post(referrals))
        .route("/sim/comments", post(comments))
        .route("/sim/comment-actions", post(comment_actions))
        .route("/sim/emit", post(emit))
        .route("/sim/scopes", post(scopes))
        .route("/sim/revoke", post(revoke))
        .route("/sim/apps", post(apps).get(list_apps))
        .route("/sim/clock", get(clock).post(set_clock))
        .route("/sim/faults", get(faults).post(set_fault).delete(clear_faults))
        .route("/sim/faults/{id}", delete(clear_fault))
        .route("/sim/webhooks", get(webhooks))
        .route("/sim/webhooks/{id}/resend", post(resend))
        .route("/sim/deliver", post(deliver))
        .route("/sim/calls", get(calls))
        .route("/sim/conversations/{*id}", get(conversation))
        .route("/sim/events", get(events::stream))
        .merge(settings::routes())
        .layer(DefaultBodyLimit::max(MAX_MEDIA))
        .layer(middleware::from_fn(guard::local_only))
        .merge(pictures::routes())
}

async fn state(State(sim): State<Simulator>) -> Response {
    answer(Ok(sim.state()))
}

async fn create_business(State(sim): State<Simulator>, body: Bytes) -> Response {
    answer(parse::<NewBusiness>(&body).and_then(|new| sim.create_business(new)))
}

async fn create_customer(State(sim): State<Simulator>, body: Bytes) -> Response {
    answer(parse::<NewCustomer>(&body).and_then(|new| sim.create_customer(new)))
}

async fn messages(State(sim): State<Simulator>, body: Bytes) -> Response {
    answer(parse::<CustomerMessage>(&body).and_then(|what| sim.customer_writes(&what)))
}

async fn put_media(State(sim): State<Simulator>, body: Bytes) -> Response {
    if body.is_empty() {
        return answer::<Value>(Err(ControlError::invalid("the body is empty: send the file itself")));
    }
    answer(Ok(json!({"media_id": sim.put_media(body)})))
}

async fn app_replies(State(sim): State<Simulator>, body: Bytes) -> Response {
    answer(parse::<AppReply>(&body).and_then(|reply| sim.app_reply(&reply)))
}

#[derive(Deserialize)]
struct Pair {
    customer: String,
    business: String,
}

async fn reads(State(sim): State<Simulator>, body: Bytes) -> Response {
    let read = parse::<Pair>(&body).and_then(|pair| sim.read(&pair.customer, &pair.business));
    answer(read.map(|id| json!({"conversation_id": id})))
}

async fn accepts(State(sim): State<Simulator>, body: Bytes) -> Response {
    let accepted = parse::<Pair>(&body).and_then(|pair| sim.accept(&pair.customer, &pair.business));
    answer(accepted.map(|id| json!({"conversation_id": id})))
}

async fn referrals(State(sim): State<Simulator>, body: Bytes) -> Response {
    let made = parse::<ReferralRequest>(&body).and_then(|asked| sim.refer(&asked));
    answer(made.map(|id| json!({"conversation_id": id})))
}

async fn comments(State(sim): State<Simulator>, body: Bytes) -> Response {
    let made = parse::<CommentRequest>(&body).and_then(|asked| sim.comment(&asked));
    answer(made.map(|written| json!({"comment_id": written.message_id, "conversation_id": written.conversation_id})))
}

async fn comment_actions(State(sim): State<Simulator>, body: Bytes) -> Response {
    let done = parse::<CommentAction>(&body).and_then(|asked| sim.comment_action(&asked));
    answer(done.map(|()| json!({})))
}

#[derive(Deserialize)]
struct Emit {
    /// Default `DIRECT_MESSAGE`.
    #[serde(default)]
    category: Option<String>,
    business: String,
    event: String,
    /// An object is sent as its JSON text; a string as it is.
    content: Value,
}

async fn emit(State(sim): State<Simulator>, body: Bytes) -> Response {
    let made = parse::<Emit>(&body).and_then(|asked| {
        let content = match asked.content {
            Value::String(text) => text,
            other => go_json(&other),
        };
        let category = asked.category.as_deref().unwrap_or("DIRECT_MESSAGE");
        sim.emit_as(category, &asked.business, &asked.event, &content)
    });
    answer(made.map(|()| json!({})))
}

#[derive(Deserialize)]
struct Scopes {
    business: String,
    scopes: Vec<String>,
}

async fn scopes(State(sim): State<Simulator>, body: Bytes) -> Response {
    let set = parse::<Scopes>(&body).and_then(|asked| sim.set_scopes(&asked.business, &asked.scopes));
    answer(set.map(|()| json!({})))
}

#[derive(Deserialize)]
struct Revoke {
    business: String,
    /// Tells the portal's apps too.
    #[serde(default)]
    notify: bool,
    /// Default 1: disconnected in TikTok's app.
    #[serde(default)]
    reason: Option<u8>,
}

async fn revoke(State(sim): State<Simulator>, body: Bytes) -> Response {
    let done = parse::<Revoke>(&body)
        .and_then(|asked| sim.remove_authorization(&asked.business, asked.notify, asked.reason.unwrap_or(1)));
    answer(done.map(|()| json!({})))
}

async fn apps(State(sim): State<Simulator>, body: Bytes) -> Response {
    answer(parse::<NewApp>(&body).map(|new| sim.register_app(new)))
}

async fn list_apps(State(sim): State<Simulator>) -> Response {
    answer(Ok(sim.with(|state| json!({"items": state.apps.all()}))))
}

fn clock_view(sim: &Simulator) -> Value {
    json!({"now": sim.now_ms(), "speed": sim.clock().speed(), "manual": sim.clock().is_manual()})
}

async fn clock(State(sim): State<Simulator>) -> Response {
    answer(Ok(clock_view(&sim)))
}

#[derive(Deserialize)]
struct Clock {
    #[serde(default)]
    now: Option<i64>,
    #[serde(default)]
    advance_ms: Option<i64>,
    #[serde(default)]
    speed: Option<f64>,
}

async fn set_clock(State(sim): State<Simulator>, body: Bytes) -> Response {
    let asked = match parse::<Clock>(&body) {
        Ok(asked) => asked,
        Err(error) => return answer::<Value>(Err(error)),
    };
    if asked.advance_ms.is_some_and(|ms| ms < 0) {
        return answer::<Value>(Err(ControlError::invalid("advance_ms: not below 0; use now to go back")));
    }
    if let Some(now) = asked.now {
        sim.clock().set_ms(now);
    }
    if let Some(speed) = asked.speed {
        sim.clock().set_speed(speed);
    }
    if let Some(ms) = asked.advance_ms {
        sim.advance(ms).await;
    }
    sim.tell("clock", "");
    answer(Ok(clock_view(&sim)))
}

async fn faults(State(sim): State<Simulator>) -> Response {
    answer(Ok(json!({"items": sim.faults()})))
}

async fn set_fault(State(sim): State<Simulator>, body: Bytes) -> Response {
    answer(parse::<NewFault>(&body).map(|new| sim.set_fault(new)))
}

async fn clear_faults(State(sim): State<Simulator>) -> Response {
    sim.clear_faults();
    answer(Ok(json!({})))
}

async fn clear_fault(State(sim): State<Simulator>, Path(id): Path<u64>) -> Response {
    answer(sim.clear_fault(id).map(|()| json!({})))
}

/// `?limit=100` for the newest only; the counts are of all.
async fn webhooks(State(sim): State<Simulator>, uri: Uri) -> Response {
    let mut items = sim.webhook_log();
    let count = |state: &str| items.iter().filter(|one| one.state == state).count();
    let retried = items.iter().filter(|one| one.tries.len() > 1).count();
    let counts = json!({"delivered": count("delivered"), "pending": count("pending"), "given_up": count("given_up"), "retried": retried});
    let limit =
        uri.query().and_then(|query| query.strip_prefix("limit=")).and_then(|limit| limit.parse::<usize>().ok());
    if let Some(limit) = limit {
        items.drain(..items.len().saturating_sub(limit));
    }
    answer(Ok(json!({"items": items, "counts": counts})))
}

async fn resend(State(sim): State<Simulator>, Path(id): Path<u64>) -> Response {
    answer(sim.resend(id).map(|id| json!({"id": id})))
}

async fn deliver(State(sim): State<Simulator>) -> Response {
    let tries = sim.deliver_due().await;
    answer(Ok(json!({"tries": tries})))
}

async fn calls(State(sim): State<Simulator>) -> Response {
    answer(Ok(json!({"items": sim.calls()})))
}

/// Conversation ids contain `/`; both the raw and the percent-encoded form arrive here as one piece.
async fn conversation(State(sim): State<Simulator>, Path(id): Path<String>) -> Response {
    match sim.conversation(&id) {
        Some(view) => answer(Ok(view)),
        None => reply::problem(StatusCode::NOT_FOUND, "no such conversation"),
    }
}
