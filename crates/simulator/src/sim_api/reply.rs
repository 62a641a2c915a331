//! JSON in and out of the control API; errors are problem+json.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::error::ControlError;

pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ControlError> {
    serde_json::from_slice(body).map_err(|error| ControlError::invalid(format!("body: {error}")))
}

pub(crate) fn answer<T: Serialize>(result: Result<T, ControlError>) -> Response {
    let error = match result.map(|value| serde_json::to_vec(&value)) {
        Ok(Ok(body)) => {
            return ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body)
                .into_response();
        }
        Ok(Err(error)) => return problem(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
        Err(error) => error,
    };
    let status = match error {
        ControlError::NotFound { .. } => StatusCode::NOT_FOUND,
        ControlError::Exists { .. } => StatusCode::CONFLICT,
        ControlError::Invalid(_) => StatusCode::BAD_REQUEST,
    };
    problem(status, &error.to_string())
}

pub(super) fn problem(status: StatusCode, detail: &str) -> Response {
    let body =
        json!({"type": "about:blank", "title": status.canonical_reason(), "status": status.as_u16(), "detail": detail});
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}
