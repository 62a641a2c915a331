//! `/terms.html` and `/privacy.html`: public, because TikTok's review opens them. A file of the same name in `DATA_DIR/pages` replaces ours.

use axum::{
    Router,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::dashboard;
use crate::app::App;

const TERMS: &str = include_str!("../../pages/terms.html");
const PRIVACY: &str = include_str!("../../pages/privacy.html");

/// The two pages.
pub(super) fn router() -> Router<App> {
    Router::new().route("/terms.html", get(terms)).route("/privacy.html", get(privacy))
}

async fn terms(State(app): State<App>) -> Response {
    page(&app, "terms.html", TERMS).await
}

async fn privacy(State(app): State<App>) -> Response {
    page(&app, "privacy.html", PRIVACY).await
}

async fn page(app: &App, name: &str, ours: &str) -> Response {
    let path = app.config.storage.data_dir.join("pages").join(name);
    let html = match tokio::fs::read_to_string(&path).await {
        Ok(html) => html,
        Err(error) => {
            if error.kind() != std::io::ErrorKind::NotFound {
                tracing::warn!(%error, page = name, "the page in the data folder can't be read, showing ours");
            }
            ours.to_owned()
        }
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_str(&dashboard::policy(&html)).expect("invariant: a policy of hashes is a valid header"),
        ),
    ];
    (headers, html).into_response()
}
