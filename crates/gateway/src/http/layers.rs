//! What every answer gets on its way out: a line in the log, security headers, CORS, and a problem where a handler panicked.

use std::{any::Any, time::Duration};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{AllowOrigin, CorsLayer},
};
use tracing::Instrument as _;

use super::problem::{Problem, Slug};
use crate::{app::App, config::Server};

/// For answers that are no page: nothing may be loaded, run or framed from them.
const BARE_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest request id that is taken over from a proxy.
const REQUEST_ID_MAX: usize = 64;

/// One line per request (routine ones on level debug), without query, headers and bodies; and a request id, a proxy's where it sent a sane one.
pub(super) async fn trace(mut request: Request, next: Next) -> Response {
    let id = request_id(&request);
    let started = tokio::time::Instant::now();
    let method = request.method().clone();
    // The pattern, not the path: a path may hold a conversation's id.
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let span = tracing::info_span!("request", request.id = id.to_str().unwrap_or_default());
    let mut response = next.run(request).instrument(span.clone()).await;
    let duration = started.elapsed();
    let status = response.status().as_u16();
    metrics::histogram!("http_request_duration_seconds", "method" => method.to_string(), "route" => route.clone(), "status" => status.to_string())
        .record(duration.as_secs_f64());
    let duration_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    // Probes and webhooks that went well come by the thousand and are counted; a line for each would only hide the others.
    let routine =
        status < 400 && (route.starts_with("/webhook/") || matches!(route.as_str(), "/livez" | "/readyz" | "/health"));
    span.in_scope(|| {
        if routine {
            tracing::debug!(%method, route, status, duration_ms, "answered");
        } else {
            tracing::info!(%method, route, status, duration_ms, "answered");
        }
    });
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

fn request_id(request: &Request) -> HeaderValue {
    let given = request.headers().get(REQUEST_ID).filter(|id| {
        let bytes = id.as_bytes();
        (1..=REQUEST_ID_MAX).contains(&bytes.len())
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    });
    given.cloned().unwrap_or_else(|| {
        let random: u64 = rand::random();
        HeaderValue::from_str(&format!("{random:016x}")).expect("invariant: hexadecimal digits are a valid header")
    })
}

/// Headers that keep browsers from doing more with an answer than was meant. A handler's own `Content-Security-Policy` and
/// `Cache-Control` stay.
pub(super) async fn security_headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(BARE_POLICY));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Not `no-referrer`: browsers would send `Origin: null` with our own forms.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.config.server.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// Pages of `CORS_ORIGINS` may read answers to requests with a bearer token. Cookies are not for them.
pub(super) fn cors(server: &Server) -> CorsLayer {
    let origins = server.cors_origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, HeaderName::from_static("idempotency-key")])
        .expose_headers([header::RETRY_AFTER, REQUEST_ID])
        .max_age(Duration::from_hours(1))
}

/// A panic in a handler becomes a problem; the panic hook has logged it.
pub(super) fn catch_panic() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(panicked as fn(Box<dyn Any + Send>) -> Response)
}

/// What the panic says may hold data, so it goes nowhere.
fn panicked(_payload: Box<dyn Any + Send>) -> Response {
    metrics::counter!("task_panics_total", "task" => "request").increment(1);
    Problem::new(Slug::Internal, "the cause is in the gateway's log").into_response()
}
