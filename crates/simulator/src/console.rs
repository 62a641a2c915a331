//! Serves the phone console at `/` from files embedded in the program.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

use crate::sim_api::guard;
use crate::simulator::Simulator;

#[derive(RustEmbed)]
#[folder = "console/"]
struct Files;

/// `/` and `/console/{file}`.
pub(crate) fn routes() -> Router<Simulator> {
    let page = Router::new().route("/", get(async || file("index.html"))).layer(middleware::from_fn(guard::local_only));
    Router::new().route("/console/{*path}", get(async |Path(path): Path<String>| file(&path))).merge(page)
}

fn file(path: &str) -> Response {
    let Some(found) = Files::get(path) else { return StatusCode::NOT_FOUND.into_response() };
    let mime = found.metadata.mimetype().to_owned();
    let mime = if mime.starts_with("text/") { format!("{mime}; charset=utf-8") } else { mime };
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; font-src 'self'; \
                  form-action 'none'; frame-ancestors 'none'; base-uri 'none'";
    let headers = [
        (header::CONTENT_TYPE, mime),
        (header::CONTENT_SECURITY_POLICY, policy.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::REFERRER_POLICY, "same-origin".to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    (headers, found.data).into_response()
}
