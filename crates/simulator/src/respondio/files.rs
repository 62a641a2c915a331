//! The file host: copies of pictures and videos at addresses anyone can open.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::simulator::Simulator;

pub(super) async fn serve(State(sim): State<Simulator>, Path(file): Path<String>) -> Response {
    let id = file.rsplit_once('.').map_or(file.as_str(), |(id, _)| id);
    match sim.with(|state| state.media.get(id).map(|file| (file.mime, file.bytes.clone()))) {
        Some((mime, bytes)) => {
            let headers = [
                (header::CONTENT_TYPE, mime),
                (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (headers, bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
