//! TikTok's side: one dispatcher for `/open_api/v1.3/…`, the consent page, the media host.
//! The dispatcher reads the call, lets faults strike, asks the endpoint, logs, answers HTTP 200 in TikTok's envelope.

mod consent;
mod endpoints;
mod fields;
mod lists;
mod media;
mod profile;
mod send;
mod send_checks;
mod tokens;
mod webhooks;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Multipart, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use serde_json::{Value, json};

use crate::connection::Connection;
use crate::error::ApiError;
use crate::simulator::Simulator;
use crate::state::calls::Call;
use crate::state::faults::{Fault, FaultKind};
use endpoints::Endpoint;
use fields::Fields;

/// Largest body read: above the largest picture, so that "too large" can be answered in TikTok's words.
const MAX_BODY: usize = 16 * 1024 * 1024;
const PREFIX: &str = "/open_api/v1.3/";

/// Routes of the platform side.
pub(crate) fn routes() -> Router<Simulator> {
    Router::new()
        .route("/v2/auth/authorize", get(consent::page).post(consent::decide))
        .route("/v2/auth/authorize/", get(consent::page).post(consent::decide))
        .route("/open_api/{*path}", any(open_api))
        .route("/media/download", get(media::fetch))
        .layer(DefaultBodyLimit::max(MAX_BODY))
}

/// One call, read completely.
#[derive(Debug)]
pub(crate) struct ApiCall {
    pub(crate) access_token: String,
    pub(crate) fields: Fields,
    pub(crate) file: Option<Bytes>,
    pub(crate) base_url: String,
    pub(crate) now: i64,
}

/// What an endpoint did: the answer's data, and echoes that must arrive before it.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) data: Value,
    pub(crate) deliver_first: Vec<u64>,
}

impl From<Value> for Done {
    fn from(data: Value) -> Self {
        Self { data, deliver_first: Vec::new() }
    }
}

async fn open_api(State(sim): State<Simulator>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let method = request.method().clone();
    let connection = request.extensions().get::<ConnectInfo<Connection>>().map(|info| info.0.clone());
    let name = path.strip_prefix(PREFIX).unwrap_or_default();
    let Some(endpoint) = name.strip_suffix('/').and_then(|name| Endpoint::find(&method, name)) else {
        return unknown_path(&sim, &method, &path);
    };
    let fault = strike(&sim, endpoint).await;
    let mut log = Log {
        sim: &sim,
        method,
        path: path.clone(),
        endpoint: endpoint.name(),
        fault: fault.as_ref().map(|fault| fault.kind.name()),
    };
    match fault.as_ref().map(|fault| (fault.kind, fault.value)) {
        Some((FaultKind::ResetBefore, _)) => {
            log.add(0, 0, "", "");
            return cut(connection.as_ref());
        }
        Some((FaultKind::HttpStatus, value)) => {
            let status =
                value.and_then(|value| u16::try_from(value).ok()).and_then(|value| StatusCode::from_u16(value).ok());
            let status = status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
            log.add(status.as_u16(), 0, "", "");
            return (status, [(header::CONTENT_TYPE, "text/html")], "<html><body>upstream error</body></html>")
                .into_response();
        }
        _ => {}
    }
    let outcome = match refused_by(fault.as_ref(), endpoint) {
        Some(error) => Err(error),
        None => run(&sim, endpoint, request).await,
    };
    if let Ok(done) = &outcome {
        for id in &done.deliver_first {
            sim.deliver_now(*id).await;
        }
    }
    finish(&sim, outcome, fault.as_ref(), connection.as_ref(), &mut log).await
}

async fn finish(
    sim: &Simulator,
    outcome: Result<Done, ApiError>,
    fault: Option<&Fault>,
    connection: Option<&Connection>,
    log: &mut Log<'_>,
) -> Response {
    let now = sim.now_ms();
    let request_id = sim.with(|state| state.ids.request(now));
    let (code, message, data) = match outcome {
        Ok(done) => (0, "OK".to_owned(), done.data),
        Err(error) => (error.code, error.message, json!({})),
    };
    match fault.map(|fault| fault.kind) {
        Some(FaultKind::ResetAfter) => {
            log.add(0, code, &message, &request_id);
            return cut(connection);
        }
        Some(FaultKind::LoseAnswer) => {
            log.add(0, code, &message, &request_id);
            // The caller gives up first, or the simulator shuts down.
            sim.closing().cancelled().await;
            return cut(connection);
        }
        _ => {}
    }
    log.add(200, code, &message, &request_id);
    let body = json!({"code": code, "message": message, "request_id": request_id, "data": data});
    ([(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// The fault for this call; waits here when one says so.
async fn strike(sim: &Simulator, endpoint: Endpoint) -> Option<Fault> {
    let name = endpoint.name();
    if let Some(delay) = sim.with(|state| state.faults.strike(name, &[FaultKind::Delay])) {
        let wait = u64::try_from(delay.value.unwrap_or(1000)).unwrap_or(0);
        tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
    }
    let kinds = [
        FaultKind::ResetBefore,
        FaultKind::HttpStatus,
        FaultKind::Code,
        FaultKind::RateLimit,
        FaultKind::Revoked,
        FaultKind::ResetAfter,
        FaultKind::LoseAnswer,
    ];
    let struck = sim.with(|state| state.faults.strike(name, &kinds));
    // "Revoked" concerns calls with a token only: OAuth must still work, it is the way out.
    struck.filter(|fault| fault.kind != FaultKind::Revoked || endpoint.scope().is_some())
}

fn refused_by(fault: Option<&Fault>, endpoint: Endpoint) -> Option<ApiError> {
    let fault = fault?;
    match fault.kind {
        FaultKind::Code => Some(ApiError::of(fault.value.unwrap_or(50000))),
        FaultKind::RateLimit => Some(ApiError::of(40100)),
        FaultKind::Revoked if endpoint.scope().is_some() => Some(ApiError::of(40105)),
        _ => None,
    }
}

/// Checks token, pace, scope and account, then lets the endpoint act.
async fn run(sim: &Simulator, endpoint: Endpoint, request: Request) -> Result<Done, ApiError> {
    let call = read(sim, request).await?;
    let pace = sim.clock().pace_ms();
    let done = sim.with(|state| {
        if let Some(scope) = endpoint.scope() {
            let grant = state.tokens.check(&call.access_token, call.now)?.clone();
            state.apps.take_call(&grant.app_id, pace)?;
            let business_id = call.fields.text("business_id")?;
            let business = state.business_by_id(&grant.open_id).ok_or_else(|| ApiError::of(40001))?;
            let messaging = endpoint.name().starts_with("business/message/");
            if business_id != grant.open_id
                || !grant.scopes.iter().any(|one| one == scope)
                || (messaging && !business.may_message())
            {
                return Err(ApiError::of(40001));
            }
        }
        endpoint.act(state, &call)
    });
    sim.tell("state", "");
    done
}

async fn read(sim: &Simulator, request: Request) -> Result<ApiCall, ApiError> {
    let access_token = header_text(request.headers(), "access-token");
    let base_url = match sim.config().public_url.clone() {
        Some(url) => url,
        None => match request.headers().get(header::HOST).and_then(|host| host.to_str().ok()) {
            Some(host) => format!("http://{host}"),
            None => sim.base_url(),
        },
    };
    let query = request.uri().query().unwrap_or_default().to_owned();
    let is_form = header_text(request.headers(), "content-type").starts_with("multipart/form-data");
    let is_post = request.method() == Method::POST;
    let mut file = None;
    let fields = if !is_post {
        Fields::from_query(&query)
    } else if is_form {
        let (fields, bytes) = read_form(request).await?;
        file = bytes;
        fields
    } else {
        let bytes = axum::body::to_bytes(request.into_body(), MAX_BODY)
            .await
            .map_err(|_| ApiError::new(40002, "Request body is invalid."))?;
        Fields::from_json(&bytes)?
    };
    Ok(ApiCall { access_token, fields, file, base_url, now: sim.now_ms() })
}

async fn read_form(request: Request) -> Result<(Fields, Option<Bytes>), ApiError> {
    use axum::extract::FromRequest as _;
    let bad = |_| ApiError::new(40002, "Request body is invalid.");
    let mut form =
        Multipart::from_request(request, &()).await.map_err(|_| ApiError::new(40002, "Request body is invalid."))?;
    let (mut values, mut file) = (Vec::new(), None);
    while let Some(part) = form.next_field().await.map_err(bad)? {
        let name = part.name().unwrap_or_default().to_owned();
        // A part without a file name is no file to TikTok's servers.
        if name == "file" {
            let named = part.file_name().is_some();
            let bytes = part.bytes().await.map_err(|_| ApiError::of(40907))?;
            file = named.then_some(bytes);
        } else {
            values.push((name, part.text().await.map_err(bad)?));
        }
    }
    Ok((Fields::from_pairs(values), file))
}

pub(crate) fn header_text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// A wrong path is code 40006; without the closing slash even a known one is HTTP 404.
fn unknown_path(sim: &Simulator, method: &Method, path: &str) -> Response {
    let now = sim.now_ms();
    let request_id = sim.with(|state| state.ids.request(now));
    let status = if path.ends_with('/') { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let error = ApiError::of(40006);
    let mut log = Log { sim, method: method.clone(), path: path.to_owned(), endpoint: "", fault: None };
    log.add(status.as_u16(), error.code, &error.message, &request_id);
    let body = json!({"code": error.code, "message": error.message, "request_id": request_id, "data": {}});
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// Ends the connection without an answer. Where the router is not run by `Simulator::serve`, a body that breaks off must do.
fn cut(connection: Option<&Connection>) -> Response {
    if let Some(connection) = connection {
        connection.cut();
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let broken = futures_util::stream::once(async {
        Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    });
    Response::builder().header(header::CONTENT_LENGTH, 64).body(Body::from_stream(broken)).unwrap_or_default()
}

struct Log<'a> {
    sim: &'a Simulator,
    method: Method,
    path: String,
    endpoint: &'static str,
    fault: Option<&'static str>,
}

impl Log<'_> {
    fn add(&mut self, status: u16, code: i64, message: &str, request_id: &str) {
        let call = Call {
            id: 0,
            at: self.sim.now_ms(),
            method: self.method.to_string(),
            path: self.path.clone(),
            endpoint: self.endpoint.to_owned(),
            status,
            code,
            message: message.to_owned(),
            request_id: request_id.to_owned(),
            fault: self.fault,
        };
        self.sim.with(|state| state.calls.add(call));
        self.sim.tell("call", "");
    }
}
