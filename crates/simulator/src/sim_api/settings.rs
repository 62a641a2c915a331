//! Control routes for what stands rather than happens: settings, automatic messages, posts, authorizations, callbacks, scenarios.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;
use serde_json::json;

use super::reply::{answer, parse, problem};
use crate::control::NewAutoMessage;
use crate::error::ControlError;
use crate::scenario::Scenario;
use crate::simulator::Simulator;
use crate::state::auto_messages::AutoKind;
use crate::state::businesses::BusinessSettings;
use crate::state::tokens::SCOPES;

pub(super) fn routes() -> Router<Simulator> {
    Router::new()
        .route("/sim/settings", post(settings))
        .route("/sim/auto-messages", post(auto_messages))
        .route("/sim/auto-messages/switch", post(switch))
        .route("/sim/auto-messages/{id}/review", post(review))
        .route("/sim/posts", post(posts))
        .route("/sim/grants", post(grant).get(grants))
        .route("/sim/callbacks", post(callbacks))
        .route("/sim/scenario", post(scenario))
}

async fn settings(State(sim): State<Simulator>, body: Bytes) -> Response {
    answer(parse::<BusinessSettings>(&body).and_then(|asked| sim.change_business(asked)))
}

async fn auto_messages(State(sim): State<Simulator>, body: Bytes) -> Response {
    answer(parse::<NewAutoMessage>(&body).and_then(|new| sim.set_auto_message(&new)))
}

#[derive(Deserialize)]
struct Switch {
    business: String,
    auto_message_type: AutoKind,
    on: bool,
}

async fn switch(State(sim): State<Simulator>, body: Bytes) -> Response {
    let done = parse::<Switch>(&body);
    let done = done.and_then(|asked| sim.switch_auto_messages(&asked.business, asked.auto_message_type, asked.on));
    answer(done.map(|()| json!({})))
}

#[derive(Deserialize)]
struct Verdict {
    approve: bool,
}

async fn review(State(sim): State<Simulator>, Path(id): Path<String>, body: Bytes) -> Response {
    answer(parse::<Verdict>(&body).and_then(|asked| sim.review_auto_message(&id, asked.approve)))
}

#[derive(Deserialize)]
struct NewPost {
    business: String,
    caption: String,
}

async fn posts(State(sim): State<Simulator>, body: Bytes) -> Response {
    answer(parse::<NewPost>(&body).and_then(|new| sim.add_post(&new.business, &new.caption)))
}

#[derive(Deserialize)]
struct NewGrant {
    business: String,
    /// Default: the first app.
    #[serde(default)]
    app_id: Option<String>,
    /// Default: all of the portal's.
    #[serde(default)]
    scopes: Option<Vec<String>>,
}

/// Authorizes without the consent page; the answer holds the tokens.
async fn grant(State(sim): State<Simulator>, body: Bytes) -> Response {
    answer(parse::<NewGrant>(&body).and_then(|asked| {
        let app_id = asked.app_id.unwrap_or_else(|| sim.config().app_id.clone());
        let scopes = asked.scopes.unwrap_or_else(|| SCOPES.iter().map(|&scope| scope.to_owned()).collect());
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        sim.grant(&asked.business, &app_id, &scopes)
    }))
}

async fn grants(State(sim): State<Simulator>) -> Response {
    answer(Ok(json!({"items": sim.grants()})))
}

#[derive(Deserialize)]
struct Subscription {
    /// Default: the first app.
    #[serde(default)]
    app_id: Option<String>,
    /// e.g. `DIRECT_MESSAGE` (the default).
    #[serde(default)]
    event_type: Option<String>,
    callback_url: String,
}

/// Points webhooks at an address without the app's secret.
async fn callbacks(State(sim): State<Simulator>, body: Bytes) -> Response {
    let set = parse::<Subscription>(&body).and_then(|asked| {
        let app_id = asked.app_id.unwrap_or_else(|| sim.config().app_id.clone());
        sim.set_callback(&app_id, asked.event_type.as_deref().unwrap_or("DIRECT_MESSAGE"), &asked.callback_url)
    });
    answer(set.map(|()| json!({})))
}

/// The body is a scenario's text; answers when it is over, or 422 with the line that did not go as it says.
async fn scenario(State(sim): State<Simulator>, body: Bytes) -> Response {
    let Ok(text) = std::str::from_utf8(&body) else {
        return answer::<()>(Err(ControlError::invalid("a scenario is UTF-8 text")));
    };
    let scenario = match Scenario::parse(text) {
        Ok(scenario) => scenario,
        Err(error) => return problem(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    match sim.play(&scenario).await {
        Ok(played) => answer(Ok(json!({"steps": played.steps}))),
        Err(error) => problem(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()),
    }
}
