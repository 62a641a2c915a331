//! What handlers take from a request. Each extractor rejects with a [`Problem`] that says what was wrong.

use axum::{
    body::HttpBody as _,
    extract::{
        FromRequest, FromRequestParts, OptionalFromRequest, OptionalFromRequestParts, Path as AxumPath, Request,
        rejection::{JsonRejection, PathRejection},
    },
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};

#[expect(clippy::disallowed_types, reason = "this is the wrapper that rejects with a Problem")]
type AxumJson<T> = axum::extract::Json<T>;
#[expect(clippy::disallowed_types, reason = "this is the wrapper that rejects with a Problem")]
type AxumQuery<T> = axum::extract::Query<T>;

use super::problem::{Problem, Slug};
use crate::{app::App, auth::Principal};

/// A JSON body, in or out. Malformed is 400, a wrong type or a missing field is 400 with its name.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let json = <AxumJson<T> as FromRequest<S>>::from_request(request, state).await;
        json.map(|json| Self(json.0)).map_err(json_problem)
    }
}

/// A body that may be left out, or be `null`.
impl<S: Send + Sync, T: DeserializeOwned> OptionalFromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        if request.body().is_end_stream() {
            return Ok(None);
        }
        let Json(body) = <Json<Option<T>> as FromRequest<S>>::from_request(request, state).await?;
        Ok(body.map(Self))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::response::Json(self.0).into_response()
    }
}

fn json_problem(rejection: JsonRejection) -> Problem {
    match rejection {
        JsonRejection::JsonSyntaxError(error) => {
            Problem::new(Slug::MalformedJson, format!("the body is not JSON{}", place(&error)))
        }
        JsonRejection::JsonDataError(error) => Problem::invalid_parameter("body", data_detail(&error)),
        JsonRejection::MissingJsonContentType(_) => {
            Problem::new(Slug::UnsupportedMediaType, "send Content-Type: application/json")
        }
        other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(Slug::PayloadTooLarge, "the body is larger than this address takes")
        }
        _ => Problem::new(Slug::MalformedJson, "the body could not be read"),
    }
}

/// Where the parser stumbled. Its words end in `at line 1 column 9`; the rest may quote what was sent.
fn place(error: &(dyn std::error::Error + 'static)) -> String {
    let words = data_detail(error);
    words
        .rsplit_once(" at line ")
        .map(|(_, at)| format!(" (line {})", at.replace(" column ", ", column ")))
        .unwrap_or_default()
}

fn data_detail(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    // `path: what at line 1 column 2`: what serde says of types and fields, cut where a value could be long.
    cause.to_string().chars().take(300).collect()
}

/// The query string. Anything wrong is 400.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        match AxumQuery::<T>::try_from_uri(&parts.uri) {
            Ok(query) => Ok(Self(query.0)),
            Err(rejection) => Err(Problem::invalid_parameter("query", data_detail(&rejection))),
        }
    }
}

/// Parameters of the path. One that does not parse names nothing we have: 404.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match <AxumPath<T> as FromRequestParts<S>>::from_request_parts(parts, state).await {
            Ok(AxumPath(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(_)) => {
                Err(Problem::not_found("resource: the id in the address is not valid"))
            }
            Err(rejection) => Err(Problem::internal(&rejection)),
        }
    }
}

/// The caller. 401 when there is none.
#[derive(Debug, Clone)]
pub struct Auth(pub Principal);

impl FromRequestParts<App> for Auth {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(Self(app.auth.from_headers(&parts.headers).await?))
    }
}

impl OptionalFromRequestParts<App> for Auth {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Problem> {
        match app.auth.from_headers(&parts.headers).await {
            Ok(principal) => Ok(Some(Self(principal))),
            Err(crate::auth::AuthError::Store(error)) => Err(error.into()),
            Err(_) => Ok(None),
        }
    }
}

/// Longest `Idempotency-Key`, in characters.
const IDEMPOTENCY_KEY_MAX: usize = 200;

/// The `Idempotency-Key` header: 1 to 200 printable ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(pub Option<String>);

impl IdempotencyKey {
    /// Checks a key that came by another way than the header, such as a socket.
    ///
    /// # Errors
    /// 400 when it is empty, too long or not printable ASCII.
    pub fn check(text: &str) -> Result<String, Problem> {
        let fits = (1..=IDEMPOTENCY_KEY_MAX).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        if fits {
            Ok(text.to_owned())
        } else {
            Err(Problem::invalid_parameter("Idempotency-Key", "1 to 200 printable ASCII characters"))
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        Self::check(value.to_str().unwrap_or_default()).map(|key| Self(Some(key)))
    }
}
