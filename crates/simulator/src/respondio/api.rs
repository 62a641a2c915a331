//! One call of a client: fault, token, limit, body, endpoint, answer. Errors are HTTP statuses here, not codes in a 200.
//!
//! Faults (`/sim/faults`, endpoint `respondio/…`): `code` answers JSON with that status (449, 429, 500, …; default 500),
//! `http_status` the web page of a content delivery network (default 403), `rate_limit` 429 with `Retry-After: 2`,
//! `revoked` 401; `delay`, `reset_before`, `reset_after` and `lose_answer` as on TikTok's side.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, Request, State as Extract};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::endpoints::Endpoint;
use super::limits::Allowance;
use super::refusal::Refusal;
use super::send;
use super::space::{Plan, Space};
use crate::connection::Connection;
use crate::platform::{cut, header_text, strike};
use crate::simulator::Simulator;
use crate::state::State;
use crate::state::calls::Call as Logged;
use crate::state::faults::{Fault, FaultKind};

const PREFIX: &str = "/respondio/v2/";
const MAX_BODY: usize = 1024 * 1024;
/// What a content delivery network answers in the API's place.
const PAGE: &str = "<html><body>Request blocked (cloudfront)</body></html>";

/// One call, read completely.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) space: u64,
    /// Raw path below the prefix, for the addresses of further pages.
    pub(super) path: String,
    pub(super) values: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Value,
    pub(super) base_url: String,
    pub(super) now: i64,
    /// The picture a send names, or why it could not be fetched.
    pub(super) picture: Option<Result<Bytes, String>>,
}

/// What an endpoint did: the answer, and echoes that must arrive before it.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) body: Value,
    pub(super) deliver_first: Vec<u64>,
}

impl From<Value> for Done {
    fn from(body: Value) -> Self {
        Self { body, deliver_first: Vec::new() }
    }
}

impl Call {
    pub(super) fn in_space<'a>(&self, state: &'a State) -> Result<&'a Space, Refusal> {
        state.respondio.space(self.space).map_err(|_| Refusal::of(401))
    }

    pub(super) fn in_space_mut<'a>(&self, state: &'a mut State) -> Result<&'a mut Space, Refusal> {
        state.respondio.space_mut(self.space).map_err(|_| Refusal::of(401))
    }

    /// The body, which must be an object.
    pub(super) fn object(&self) -> Result<&Map<String, Value>, Refusal> {
        self.body.as_object().ok_or_else(|| Refusal::invalid("the body must be a JSON object"))
    }

    /// A text of the body, present and not empty.
    pub(super) fn text(&self, name: &str) -> Result<&str, Refusal> {
        let text = self.object()?.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        text.ok_or_else(|| Refusal::invalid(format!("{name} is required")))
    }

    /// The number that stands in the path at this place.
    pub(super) fn number(&self, at: usize, what: &str) -> Result<u64, Refusal> {
        self.values.get(at).and_then(|value| value.parse().ok()).ok_or_else(|| Refusal::not_found(what))
    }
}

struct Outcome {
    status: u16,
    body: Value,
    allowance: Option<Allowance>,
}

impl Outcome {
    fn refused(refusal: &Refusal, allowance: Option<Allowance>) -> Self {
        Self { status: refusal.status, body: json!({"code": refusal.status, "message": refusal.message}), allowance }
    }

    fn message(&self) -> &str {
        self.body["message"].as_str().filter(|_| self.status != 200).unwrap_or_default()
    }
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
        let mut response = (status, kind, self.body.to_string()).into_response();
        if let Some(allowance) = self.allowance {
            let headers = response.headers_mut();
            headers.insert("x-ratelimit-limit", allowance.limit.into());
            headers.insert("x-ratelimit-remaining", allowance.remaining.into());
            if let Some(seconds) = allowance.retry_after {
                headers.insert(header::RETRY_AFTER, seconds.into());
            }
        }
        response
    }
}

pub(super) async fn serve(Extract(sim): Extract<Simulator>, request: Request) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let connection = request.extensions().get::<ConnectInfo<Connection>>().map(|info| info.0.clone());
    let found = Endpoint::find(&method, uri.path().strip_prefix(PREFIX).unwrap_or_default());
    let Some((endpoint, values)) = found else {
        let outcome = Outcome::refused(&Refusal::of(404), None);
        log(&sim, &method, &uri, "", None, outcome.status, outcome.message());
        return outcome.into_response();
    };
    let fault = strike(&sim, endpoint.name(), uri.path()).await;
    let log = |status, message: &str| log(&sim, &method, &uri, endpoint.name(), fault.as_ref(), status, message);
    let status_of = |default: u16| {
        let value = fault.as_ref().and_then(|fault| fault.value).and_then(|value| u16::try_from(value).ok());
        value.filter(|status| StatusCode::from_u16(*status).is_ok()).unwrap_or(default)
    };
    let refused = |status, retry_after| {
        let allowance = Allowance { limit: 5, remaining: 0, retry_after, wait: Duration::ZERO };
        Outcome::refused(&Refusal::of(status), Some(allowance))
    };
    let outcome = match fault.as_ref().map(|fault| fault.kind) {
        Some(FaultKind::ResetBefore) => {
            log(0, "");
            return cut(connection.as_ref());
        }
        Some(FaultKind::HttpStatus) => {
            let status = status_of(403);
            log(status, "");
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN);
            return (status, [(header::CONTENT_TYPE, "text/html")], PAGE).into_response();
        }
        Some(FaultKind::Code) => Outcome::refused(&Refusal::of(status_of(500)), None),
        Some(FaultKind::RateLimit) => refused(429, Some(2)),
        Some(FaultKind::Revoked) => Outcome::refused(&Refusal::of(401), None),
        _ => run(&sim, endpoint, values, request).await,
    };
    match fault.as_ref().map(|fault| fault.kind) {
        Some(FaultKind::ResetAfter) => {
            log(0, outcome.message());
            return cut(connection.as_ref());
        }
        Some(FaultKind::LoseAnswer) => {
            log(0, outcome.message());
            // The caller gives up first, or the simulator shuts down.
            sim.closing().cancelled().await;
            return cut(connection.as_ref());
        }
        _ => {}
    }
    log(outcome.status, outcome.message());
    outcome.into_response()
}

/// Checks token, plan and limit, reads the body, lets the endpoint act.
async fn run(sim: &Simulator, endpoint: Endpoint, values: Vec<String>, request: Request) -> Outcome {
    let (pace, headers) = ((sim.clock().pace_ms(), sim.may_wait()), request.headers().clone());
    let admitted = sim.with(|state| admit(state, &headers, endpoint, pace));
    let (space, allowance) = match admitted {
        Ok(admitted) => admitted,
        Err((refusal, allowance)) => return Outcome::refused(&refusal, allowance),
    };
    tokio::time::sleep(allowance.wait).await;
    let done = match read(sim, space, values, request).await {
        Ok(mut call) => {
            if endpoint == Endpoint::Send {
                call.picture = send::fetch_picture(sim, &call.body).await;
            }
            sim.with(|state| endpoint.act(state, &call))
        }
        Err(refusal) => Err(refusal),
    };
    sim.tell("state", "");
    match done {
        Ok(done) => {
            for id in done.deliver_first {
                sim.deliver_now(id).await;
            }
            Outcome { status: 200, body: done.body, allowance: Some(allowance) }
        }
        Err(refusal) => Outcome::refused(&refusal, Some(allowance)),
    }
}

/// `pace`: the time by which calls are counted, and whether they may wait for their turn.
fn admit(
    state: &mut State,
    headers: &HeaderMap,
    endpoint: Endpoint,
    pace: (i64, bool),
) -> Result<(u64, Allowance), (Refusal, Option<Allowance>)> {
    let given = header_text(headers, "authorization");
    let token = given.strip_prefix("Bearer ").unwrap_or_default();
    let space = state.respondio.by_token(token).ok_or_else(|| (Refusal::of(401), None))?;
    let (id, organization, plan) = (space.about.id, space.about.organization, space.about.plan);
    if plan == Plan::Starter {
        return Err((Refusal::of(403), None));
    }
    let allowance = state.respondio.limits.take(organization, endpoint, pace.0, pace.1);
    match allowance.retry_after {
        Some(_) => Err((Refusal::of(429), Some(allowance))),
        None => Ok((id, allowance)),
    }
}

async fn read(sim: &Simulator, space: u64, values: Vec<String>, request: Request) -> Result<Call, Refusal> {
    let base_url = match (sim.config().public_url.clone(), header_text(request.headers(), "host")) {
        (Some(url), _) => url,
        (None, host) if host.is_empty() => sim.base_url(),
        (None, host) => format!("http://{host}"),
    };
    let path = request.uri().path().strip_prefix(PREFIX).unwrap_or_default().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let bytes = axum::body::to_bytes(request.into_body(), MAX_BODY).await;
    let bytes = bytes.map_err(|_| Refusal::invalid("the body is too large"))?;
    let body = if bytes.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&bytes).map_err(|_| Refusal::invalid("the body is not JSON"))?
    };
    Ok(Call { space, path, values, query, body, base_url, now: sim.now_ms(), picture: None })
}

fn log(sim: &Simulator, method: &Method, uri: &Uri, endpoint: &str, fault: Option<&Fault>, status: u16, message: &str) {
    let call = Logged {
        id: 0,
        at: sim.now_ms(),
        method: method.to_string(),
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        endpoint: endpoint.to_owned(),
        status,
        code: if status == 200 { 0 } else { i64::from(status) },
        message: message.to_owned(),
        request_id: String::new(),
        fault: fault.map(|fault| fault.kind.name()),
    };
    sim.with(|state| state.calls.add(call));
    sim.tell("call", "");
}
