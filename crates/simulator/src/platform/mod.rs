//! TikTok's side: one dispatcher for `/open_api/v1.3/…`, the consent page, the media host.
//! The dispatcher reads the call, lets faults strike, asks the endpoint, logs, answers HTTP 200 in TikTok's envelope.
//! TikTok for Developers (`/v2/oauth/…`, `/v2/user/info/`) has its own manners: `login_kit`.

mod auto_messages;
mod consent;
mod endpoints;
mod fields;
mod line;
mod lists;
mod login_kit;
mod media;
mod profile;
mod send;
mod send_checks;
mod tokens;
mod videos;
mod webhooks;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Multipart, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::{any, get};
use serde_json::{Value, json};

use crate::control::automatic;
use crate::error::ApiError;
use crate::simulator::Simulator;
use crate::state::faults::{Fault, FaultKind};
use endpoints::Endpoint;
use fields::Fields;
use line::Line;
pub(crate) use line::{cut, strike};

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
        .merge(login_kit::routes())
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
    let name = path.strip_prefix(PREFIX).unwrap_or(&path);
    let found = name.strip_suffix('/').and_then(|name| Endpoint::find(request.method(), name));
    let Some(endpoint) = found else { return unknown_path(&sim, &Line::new(&sim, &request, ""), name).await };
    let line = Line::new(&sim, &request, endpoint.name()).struck(endpoint.scope().is_some()).await;
    if let Some(blocked) = line.blocked() {
        return blocked;
    }
    let outcome = match line.fault().and_then(refused_by) {
        Some(error) => Err(error),
        None => run(&sim, endpoint, request).await,
    };
    if let Ok(done) = &outcome {
        for id in &done.deliver_first {
            sim.deliver_now(*id).await;
        }
    }
    let (code, message, data) = match outcome {
        Ok(done) => (0, "OK".to_owned(), done.data),
        Err(error) => (error.code, error.message, json!({})),
    };
    envelope(&sim, &line, StatusCode::OK, (code, &message, data)).await
}

async fn envelope(sim: &Simulator, line: &Line<'_>, status: StatusCode, told: (i64, &str, Value)) -> Response {
    let now = sim.now_ms();
    let request_id = sim.with(|state| state.ids.request(now));
    let (code, message, data) = told;
    let body = json!({"code": code, "message": message, "request_id": request_id, "data": data});
    line.answer(status, code, message, &request_id, body.to_string()).await
}

fn refused_by(fault: &Fault) -> Option<ApiError> {
    match fault.kind {
        FaultKind::Code => {
            let error = ApiError::of(fault.value.unwrap_or(50000));
            Some(ApiError { message: fault.message.clone().unwrap_or(error.message), ..error })
        }
        FaultKind::RateLimit => Some(ApiError::of(40100)),
        FaultKind::Revoked => Some(ApiError::of(40105)),
        _ => None,
    }
}

/// Checks token, pace, scope and account, then lets the endpoint act.
async fn run(sim: &Simulator, endpoint: Endpoint, request: Request) -> Result<Done, ApiError> {
    if endpoint.scope().is_some() {
        // Before the body: whoever has no token is told so, whatever they sent.
        take_turn(sim, &header_text(request.headers(), "access-token")).await?;
    }
    let call = read(sim, request).await?;
    let done = sim.with(|state| {
        automatic::run_reviews(state, call.now);
        if let Some(scope) = endpoint.scope() {
            let grant = state.tokens.check(&call.access_token, call.now)?.clone();
            let business_id = call.fields.text("business_id")?;
            let business = state.business_by_id(&grant.open_id).ok_or_else(|| ApiError::of(40001))?;
            let messaging = endpoint.name().starts_with("business/message/");
            if business.is_excluded()
                || business_id != grant.open_id
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

/// Counts a call against its app's limit; it may have to wait for its turn, see `Config::wait_for_turn`.
async fn take_turn(sim: &Simulator, access_token: &str) -> Result<(), ApiError> {
    let (now, pace, may_wait) = (sim.now_ms(), sim.clock().pace_ms(), sim.may_wait());
    let wait = sim.with(|state| {
        let app_id = state.tokens.check(access_token, now)?.app_id.clone();
        state.apps.take_call(&app_id, pace, may_wait)
    })?;
    tokio::time::sleep(wait).await;
    Ok(())
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
async fn unknown_path(sim: &Simulator, line: &Line<'_>, name: &str) -> Response {
    let status = if name.ends_with('/') { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let error = ApiError::of(40006);
    envelope(sim, line, status, (error.code, &error.message, json!({}))).await
}
