//! Avatars, stickers and the console's view of sent media.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::avatar;
use crate::simulator::Simulator;

const STICKER: &[u8] = include_bytes!("../../assets/sticker.webp");
const EMOJI: &[u8] = include_bytes!("../../assets/emoji.webp");

/// Pictures that anyone may load, as from TikTok's image servers.
pub(super) fn routes() -> Router<Simulator> {
    Router::new().route("/sim/avatars/{file}", get(avatars)).route("/sim/stickers/{file}", get(stickers))
}

fn expired(uri: &Uri, now: i64) -> bool {
    let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let expires =
        query.into_iter().find(|(name, _)| name == "x-expires").and_then(|(_, value)| value.parse::<i64>().ok());
    expires.is_some_and(|at| now.div_euclid(1000) >= at)
}

fn svg(text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "max-age=3600"),
    ];
    (headers, text).into_response()
}

async fn avatars(State(sim): State<Simulator>, Path(file): Path<String>, uri: Uri) -> Response {
    if expired(&uri, sim.now_ms()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let username = file.strip_suffix(".svg").unwrap_or(&file);
    let name = sim.with(|state| {
        let business = state.business(username).map(|one| one.display_name.clone());
        business.or_else(|_| state.customer(username).map(|one| one.display_name.clone())).ok()
    });
    match name {
        Some(name) => svg(avatar::svg(username, &name)),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn stickers(State(sim): State<Simulator>, Path(file): Path<String>, uri: Uri) -> Response {
    if expired(&uri, sim.now_ms()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let bytes = if file.starts_with('1') { STICKER } else { EMOJI };
    ([(header::CONTENT_TYPE, "image/webp"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")], bytes).into_response()
}

/// A sent file for the phone screen. Never as a page of its own: `sandbox`, `nosniff`.
pub(super) async fn media(State(sim): State<Simulator>, Path(id): Path<String>) -> Response {
    let found = sim.with(|state| state.media.get(&id).map(|file| (file.mime, file.bytes.clone())));
    match found {
        Some((mime, bytes)) => {
            let headers = [
                (header::CONTENT_TYPE, mime),
                (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                (header::CACHE_CONTROL, "private, max-age=3600"),
            ];
            (headers, bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
