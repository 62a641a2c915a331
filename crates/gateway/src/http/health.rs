//! Whether we live and whether we are ready, for probes. Public; tells nothing else.

use std::time::Duration;

use axum::{Router, extract::State, response::IntoResponse, routing::get};
use serde_json::json;

use super::{
    extract::Json,
    problem::{Problem, Slug},
};
use crate::app::App;

const PING_WITHIN: Duration = Duration::from_secs(2);

/// `/health`, `/livez`, `/readyz`.
pub fn router() -> Router<App> {
    Router::new().route("/health", get(alive)).route("/livez", get(alive)).route("/readyz", get(ready))
}

/// No I/O: a database in trouble is no reason to restart the process.
async fn alive() -> impl IntoResponse {
    Json(json!({"status": "ok"}))
}

async fn ready(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    if app.lifecycle.token().is_cancelled() {
        return Err(Problem::new(Slug::Unavailable, "the gateway is shutting down"));
    }
    match tokio::time::timeout(PING_WITHIN, app.store.ping()).await {
        Ok(answer) => answer?,
        Err(_) => return Err(Problem::new(Slug::Unavailable, "the database does not answer").retry_after(2)),
    }
    Ok(Json(json!({"status": "ok"})))
}
