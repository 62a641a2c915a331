//! Keeps other machines and other sites away from the control side and the console.

use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::reply::problem;
use crate::connection::Connection;

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}

/// Without the port; IPv6 keeps its brackets.
fn name(host: &str) -> &str {
    match host.rfind(':') {
        Some(at) if !host.ends_with(']') => &host[..at],
        _ => host,
    }
}

/// No `Origin`, or the page's own. A page of another site sends its own and is refused.
pub(crate) fn same_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let origin = origin.to_str().unwrap_or_default();
    host(headers)
        .is_some_and(|host| origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")) == Some(host))
}

/// Names of this machine, and those the configuration adds (handed on in the request's extensions).
#[derive(Debug, Clone)]
pub(crate) struct AllowedHosts(pub(crate) std::sync::Arc<[String]>);

/// Middleware: loopback host names and peers, own origin.
pub(crate) async fn local_only(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let extra = request.extensions().get::<AllowedHosts>().cloned();
    let named = host(headers).map(name).unwrap_or_default();
    let added = extra.is_some_and(|hosts| hosts.0.iter().any(|one| one == named));
    let local_name = matches!(named, "localhost" | "127.0.0.1" | "[::1]");
    if !local_name && !added {
        return problem(StatusCode::MISDIRECTED_REQUEST, "the control side answers on this machine's own names only");
    }
    let peer = request.extensions().get::<ConnectInfo<Connection>>().map(|info| info.0.peer);
    if !added && peer.is_some_and(|peer| !peer.ip().to_canonical().is_loopback()) {
        return problem(StatusCode::FORBIDDEN, "the control side answers calls from this machine only");
    }
    if !same_origin(headers) {
        return problem(StatusCode::FORBIDDEN, "the control side answers its own console only");
    }
    next.run(request).await
}
