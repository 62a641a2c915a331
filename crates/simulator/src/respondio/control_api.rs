//! `/sim/respondio/…`: the methods of `control` over HTTP, from this machine only.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::middleware;
use axum::response::Response;
use axum::routing::{delete, get, post};
use serde::Deserialize;
use serde_json::json;

use super::control::{NewChannel, NewWebhook, Reply};
use super::space::{NewWorkspace, Settings};
use crate::sim_api::guard;
use crate::sim_api::reply::{answer, parse};
use crate::simulator::Simulator;

pub(super) fn routes() -> Router<Simulator> {
    Router::new()
        .route("/sim/respondio/workspaces", get(list).post(create))
        .route("/sim/respondio/workspaces/{id}", get(show))
        .route("/sim/respondio/workspaces/{id}/contacts", get(contacts))
        .route("/sim/respondio/workspaces/{id}/tokens", post(tokens))
        .route("/sim/respondio/workspaces/{id}/channels", post(channels))
        .route("/sim/respondio/workspaces/{id}/channels/{channel}", delete(remove_channel))
        .route("/sim/respondio/workspaces/{id}/webhooks", post(webhooks))
        .route("/sim/respondio/workspaces/{id}/settings", post(settings))
        .route("/sim/respondio/workspaces/{id}/replies", post(replies))
        .route("/sim/respondio/workspaces/{id}/settle", post(settle))
        .layer(middleware::from_fn(guard::local_only))
}

async fn list(State(sim): State<Simulator>) -> Response {
    answer(Ok(json!({"items": sim.respondio_workspaces()})))
}

async fn create(State(sim): State<Simulator>, body: Bytes) -> Response {
    answer(parse::<NewWorkspace>(&body).map(|new| sim.create_respondio_workspace(new)))
}

async fn show(State(sim): State<Simulator>, Path(id): Path<u64>) -> Response {
    answer(sim.respondio_workspace(id))
}

async fn contacts(State(sim): State<Simulator>, Path(id): Path<u64>) -> Response {
    answer(sim.respondio_contacts(id).map(|items| json!({"items": items})))
}

#[derive(Deserialize)]
struct NewToken {
    #[serde(default)]
    revoke_others: bool,
}

async fn tokens(State(sim): State<Simulator>, Path(id): Path<u64>, body: Bytes) -> Response {
    let made = parse::<NewToken>(&body).and_then(|asked| sim.add_respondio_token(id, asked.revoke_others));
    answer(made.map(|token| json!({"token": token})))
}

async fn channels(State(sim): State<Simulator>, Path(id): Path<u64>, body: Bytes) -> Response {
    answer(parse::<NewChannel>(&body).and_then(|new| sim.add_respondio_channel(id, &new)))
}

async fn remove_channel(State(sim): State<Simulator>, Path((id, channel)): Path<(u64, u64)>) -> Response {
    answer(sim.remove_respondio_channel(id, channel).map(|()| json!({})))
}

async fn webhooks(State(sim): State<Simulator>, Path(id): Path<u64>, body: Bytes) -> Response {
    let made = parse::<NewWebhook>(&body).and_then(|new| sim.add_respondio_webhook(id, &new));
    answer(made.map(|items| json!({"items": items})))
}

async fn settings(State(sim): State<Simulator>, Path(id): Path<u64>, body: Bytes) -> Response {
    let set = parse::<Settings>(&body).and_then(|asked| sim.set_respondio_settings(id, asked));
    answer(set.map(|()| json!({})))
}

async fn replies(State(sim): State<Simulator>, Path(id): Path<u64>, body: Bytes) -> Response {
    let written = parse::<Reply>(&body).and_then(|reply| sim.respondio_reply(id, &reply));
    answer(written.map(|message| json!({"messageId": message})))
}

async fn settle(State(sim): State<Simulator>, Path(id): Path<u64>) -> Response {
    answer(sim.settle_respondio(id).map(|settled| json!({"settled": settled})))
}
