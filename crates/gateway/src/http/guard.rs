//! What every request passes before a handler sees it: our own host names, our own origins, a time limit.

use std::{net::SocketAddr, time::Duration};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::problem::{Problem, Slug};
use crate::{app::App, auth::SESSION_COOKIE};

/// How long a handler may take until its answer begins. Streams may then go on.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Refuses host names that are not ours, which stops DNS rebinding: a foreign page whose name suddenly points here.
pub(super) async fn host(State(app): State<App>, request: Request, next: Next) -> Response {
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = named.or_else(|| request.uri().host());
    let ours = host.is_some_and(|host| app.config.server.is_own_host(host));
    // Probes come by address and learn nothing.
    if ours || matches!(request.uri().path(), "/livez" | "/readyz" | "/health") {
        return next.run(request).await;
    }
    Problem::new(Slug::HostRefused, "this host name is not ours; if it should be, set PUBLIC_URL").into_response()
}

/// Refuses writes that a foreign page makes in a signed-in person's name.
pub(super) async fn origin(State(app): State<App>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // Webhooks are judged by their signature alone; a bearer token is never sent by a browser of its own accord.
    let judged_otherwise =
        request.uri().path().starts_with("/webhook/") || request.headers().contains_key(header::AUTHORIZATION);
    if reads || judged_otherwise || is_own_page(&app, request.headers()) {
        return next.run(request).await;
    }
    Problem::new(Slug::OriginRefused, "writes with a session come from our own pages only").into_response()
}

fn is_own_page(app: &App, headers: &HeaderMap) -> bool {
    match headers.get(header::ORIGIN) {
        Some(origin) => origin.to_str().is_ok_and(|origin| app.config.server.is_own_origin(origin)),
        // A browser tells the origin of every write; who does not and brings a session stole it or wrote no browser.
        None => !has_session(headers) || headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin"),
    }
}

fn has_session(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::COOKIE)
        .iter()
        .any(|value| value.as_bytes().windows(SESSION_COOKIE.len()).any(|part| part == SESSION_COOKIE.as_bytes()))
}

/// Ends what takes too long, such as a body that never comes.
pub(super) async fn time_limit(request: Request, next: Next) -> Response {
    match tokio::time::timeout(TIME_LIMIT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(Slug::Timeout, "the request took longer than 30 seconds").into_response(),
    }
}

/// Who is at the other end: the peer, or whom a trusted proxy speaks for.
pub(super) fn client_address(app: &App, peer: &ConnectInfo<SocketAddr>, headers: &HeaderMap) -> std::net::IpAddr {
    let server = &app.config.server;
    let mut client = peer.0.ip().to_canonical();
    let forwarded: Vec<_> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(','))
        .collect();
    // From the nearest hop outwards, as long as each is a proxy we trust; what lies beyond, anybody may have written.
    for hop in forwarded.iter().rev() {
        if !server.trusts(client) {
            break;
        }
        let Ok(ip) = hop.trim().parse::<std::net::IpAddr>() else { break };
        client = ip.to_canonical();
    }
    client
}
