//! The doors that providers knock on: `/webhook/tiktok`, `/webhook/respondio/{account}` and `/webhook/thirdparty/{account}`.
//! No session, no API key: the signature decides. In `dev` there is one more door, for unsigned tests from this machine.

use std::net::{IpAddr, SocketAddr};

use axum::{
    Router,
    extract::{ConnectInfo, DefaultBodyLimit, FromRequest, Request, State},
    http::{HeaderMap, StatusCode, header},
    routing::{get, post},
};
use bytes::Bytes;
use url::Url;

use super::{
    extract::Path,
    problem::{Problem, Slug},
};
use crate::{
    app::App,
    inbox::{self, BODY_MAX, ReceiveError},
    providers::thirdparty,
};

/// Headers that only a proxy adds: whoever comes through one is not on this machine.
const FORWARDING: [&str; 6] =
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via"];

/// The webhook routes.
pub fn router() -> Router<App> {
    Router::new()
        // TikTok has no handshake; people open the address in a browser. Nothing of the query comes back.
        .route("/webhook/tiktok", get(|| async { StatusCode::OK }).post(tiktok))
        .route("/webhook/respondio/{account}", post(from_respondio))
        .route("/webhook/thirdparty/{account}", post(from_thirdparty))
        .layer(DefaultBodyLimit::max(BODY_MAX))
}

async fn tiktok(State(app): State<App>, request: Request) -> Result<StatusCode, Problem> {
    let is_local_test = local_door_opens(&app, &request);
    let signature = text_of(request.headers(), tiktok::webhook::SIGNATURE_HEADER);
    let body = read_body(request).await?;
    let now = app.clock.now();
    if is_local_test {
        inbox::local(&*app.store, body, now).await?;
    } else {
        inbox::tiktok(&*app.store, &app.providers, signature.as_deref(), body, now).await?;
    }
    Ok(StatusCode::OK)
}

async fn from_respondio(
    State(app): State<App>,
    Path(account): Path<String>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let signature = text_of(request.headers(), respondio::webhook::SIGNATURE_HEADER);
    let body = read_body(request).await?;
    inbox::respondio(&*app.store, &app.providers, &account, signature.as_deref(), body, app.clock.now()).await?;
    Ok(StatusCode::OK)
}

async fn from_thirdparty(
    State(app): State<App>,
    Path(account): Path<String>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let signature = text_of(request.headers(), thirdparty::SIGNATURE_HEADER);
    let body = read_body(request).await?;
    inbox::thirdparty(&*app.store, &app.providers, &account, signature.as_deref(), body, app.clock.now()).await?;
    Ok(StatusCode::OK)
}

/// `None` without the header. A value that is no text is some signature, and a wrong one.
fn text_of(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

async fn read_body(request: Request) -> Result<Bytes, Problem> {
    Bytes::from_request(request, &()).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::new(Slug::PayloadTooLarge, "a webhook has at most 1 MiB").with("limit", BODY_MAX)
        } else {
            Problem::new(Slug::InvalidParameter, "the body could not be read")
        }
    })
}

/// Whether a request may use the unsigned door of the local test: only in `dev`, only JSON without any signature, only from
/// this machine to this machine, and not out of a web page of somebody else.
fn local_door_opens(app: &App, request: &Request) -> bool {
    let headers = request.headers();
    let has = |name: &str| headers.contains_key(name);
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let is_json = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|value| {
        value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
    });
    app.config.dev
        && app.config.server.host.is_loopback()
        && peer.is_some_and(|ip| ip.to_canonical().is_loopback())
        && !has(tiktok::webhook::SIGNATURE_HEADER)
        && !has(thirdparty::SIGNATURE_HEADER)
        && !FORWARDING.iter().any(|name| has(name))
        && is_json
        && headers.get(header::HOST).and_then(|value| value.to_str().ok()).is_some_and(is_loopback_host)
        && !has("origin")
        && !headers.get("sec-fetch-site").is_some_and(|value| value != "none" && value != "same-origin")
}

/// `localhost` or a loopback address, with or without a port.
fn is_loopback_host(host: &str) -> bool {
    let Ok(url) = Url::parse(&format!("http://{host}/")) else { return false };
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => IpAddr::from(ip).is_loopback(),
        Some(url::Host::Ipv6(ip)) => IpAddr::from(ip).is_loopback(),
        None => false,
    }
}

impl From<ReceiveError> for Problem {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::Unsigned => Self::new(Slug::SignatureMissing, error.to_string()),
            ReceiveError::Forged(why) => Self::new(Slug::SignatureInvalid, why),
            ReceiveError::NoAccount => Self::not_found("account"),
            ReceiveError::Payload(cause) => {
                let place = std::error::Error::source(&cause).map(|json| format!(": {json}")).unwrap_or_default();
                Self::invalid_parameter("body", format!("{cause}{place}"))
            }
            ReceiveError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_hosts_are_known() {
        for host in ["localhost", "localhost:3000", "127.0.0.1:3000", "[::1]:3000"] {
            assert!(is_loopback_host(host), "{host}");
        }
        for host in ["example.com", "localhost.example.com", "10.0.0.1:3000", "", "a b"] {
            assert!(!is_loopback_host(host), "{host}");
        }
    }
}
