//! TikTok for Developers: `/v2/oauth/token/`, `/v2/oauth/revoke/`, `/v2/user/info/`, with and without closing slash.
//! Forms in; tokens come back flat, errors as `error` (OAuth) or `{data, error}` (API). developers.tiktok.com, read 2026-11.

use std::collections::VecDeque;

use axum::Router;
use axum::extract::{Request, State as Extract};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::line::Line;
use super::{MAX_BODY, header_text};
use crate::error::ApiError;
use crate::signing::union_id;
use crate::simulator::Simulator;
use crate::state::State;
use crate::state::apps::Platform;
use crate::state::businesses::Business;
use crate::state::faults::{Fault, FaultKind};
use crate::state::tokens::{Grant, Lifetimes};
use crate::wire::lists::avatar;

/// Calls of `user/info/` per minute and token.
const PER_MINUTE: usize = 600;
/// The portal's own scope for `username`. Its tokens are good for `user/info/` too, where `ChatbotX` (`integrations/tiktok`,
/// `apis/user.ts`, read 2026-11), in production, asks for the names of the accounts it connects. OAuth stays apart.
const PORTAL_USERNAME: &str = "user.info.username";

pub(super) fn routes() -> Router<Simulator> {
    Router::new()
        .route("/v2/oauth/token", post(token))
        .route("/v2/oauth/token/", post(token))
        .route("/v2/oauth/revoke", post(revoke))
        .route("/v2/oauth/revoke/", post(revoke))
        .route("/v2/user/info", get(user_info))
        .route("/v2/user/info/", get(user_info))
}

/// An OAuth refusal: `error` and its description.
struct Refusal(&'static str, String);

fn refusal(error: &'static str, text: &str) -> Refusal {
    Refusal(error, text.to_owned())
}

/// The portal's codes in OAuth's words.
fn in_oauth(error: ApiError) -> Refusal {
    match error.code {
        40101 => refusal("invalid_client", "Client key or secret is incorrect."),
        40110 => refusal("invalid_grant", "Authorization code is expired."),
        40103 | 40107 => refusal("invalid_grant", "Refresh token is invalid or expired."),
        40002 if error.message.contains("code_verifier") => {
            refusal("invalid_request", "Code verifier or code challenge is invalid.")
        }
        40002 if error.message.contains("redirect_uri") => {
            refusal("invalid_grant", "Redirect_uri is not matched with the uri when requesting code.")
        }
        40002 => Refusal("invalid_request", error.message),
        40100 => refusal("temporarily_unavailable", "Too many requests."),
        _ => refusal("server_error", "Internal server error."),
    }
}

fn struck(fault: &Fault) -> Option<Refusal> {
    match fault.kind {
        FaultKind::RateLimit => Some(in_oauth(ApiError::of(40100))),
        FaultKind::Code => Some(in_oauth(ApiError::of(fault.value.unwrap_or(50000)))),
        _ => None,
    }
}

async fn token(Extract(sim): Extract<Simulator>, request: Request) -> Response {
    oauth(&sim, request, "oauth/token", grant).await
}

async fn revoke(Extract(sim): Extract<Simulator>, request: Request) -> Response {
    oauth(&sim, request, "oauth/revoke", |state, fields, _, _| {
        let app_id = client(state, fields)?;
        let token = fields.text("token").map_err(in_oauth)?;
        if state.tokens.revoke_token(&app_id, token) {
            Ok(json!({}))
        } else {
            Err(refusal("invalid_request", "Access token is invalid."))
        }
    })
    .await
}

type Act = fn(&mut State, &Fields, Lifetimes, i64) -> Result<Value, Refusal>;

async fn oauth(sim: &Simulator, request: Request, endpoint: &'static str, act: Act) -> Response {
    let line = Line::new(sim, &request, endpoint).struck(false).await;
    if let Some(blocked) = line.blocked() {
        return blocked;
    }
    let is_form = header_text(request.headers(), "content-type").starts_with("application/x-www-form-urlencoded");
    let body = axum::body::to_bytes(request.into_body(), MAX_BODY).await.unwrap_or_default();
    let (now, lifetimes) = (sim.now_ms(), Lifetimes::login(sim.config().login_lifetimes));
    let outcome = match line.fault().and_then(struck) {
        Some(refused) => Err(refused),
        None if !is_form => Err(refusal("invalid_request", "Only application/x-www-form-urlencoded is supported.")),
        None => sim.with(|state| act(state, &Fields::from_query(&String::from_utf8_lossy(&body)), lifetimes, now)),
    };
    sim.tell("state", "");
    let log_id = sim.with(|state| state.ids.request(now));
    match outcome {
        Ok(data) => line.answer(StatusCode::OK, 0, "OK", &log_id, data.to_string()).await,
        Err(Refusal(error, text)) => {
            let status = StatusCode::from_u16(sim.config().oauth_error_status).unwrap_or(StatusCode::BAD_REQUEST);
            let body = json!({"error": error, "error_description": text, "log_id": log_id});
            line.answer(status, -1, error, &log_id, body.to_string()).await
        }
    }
}

fn client(state: &mut State, fields: &Fields) -> Result<String, Refusal> {
    let (key, secret) = (fields.text("client_key").map_err(in_oauth)?, fields.text("client_secret").map_err(in_oauth)?);
    let app = state.apps.authenticate(key, secret).map_err(in_oauth)?;
    if app.platform == Platform::Business {
        // The portal's apps are unknown here, though their authorize address looks the same.
        return Err(in_oauth(ApiError::of(40101)));
    }
    Ok(app.app_id.clone())
}

fn grant(state: &mut State, fields: &Fields, lifetimes: Lifetimes, now: i64) -> Result<Value, Refusal> {
    let app_id = client(state, fields)?;
    let grant = match fields.text("grant_type").map_err(in_oauth)? {
        "authorization_code" => {
            let (code, redirect) =
                (fields.text("code").map_err(in_oauth)?, fields.text("redirect_uri").map_err(in_oauth)?);
            let verifier = fields.text("code_verifier").ok();
            let consent = state.tokens.redeem(&app_id, code, redirect, verifier, now).map_err(in_oauth)?;
            state.faults.end_revocation();
            state.tokens.grant(&mut state.ids, &app_id, &consent.open_id, consent.scopes, lifetimes, now)
        }
        "refresh_token" => {
            let token = fields.text("refresh_token").map_err(in_oauth)?;
            state.tokens.refresh(&mut state.ids, &app_id, token, lifetimes, now).map_err(in_oauth)?
        }
        _ => return Err(refusal("unsupported_grant_type", "Grant type is not supported.")),
    };
    Ok(json!({
        "access_token": grant.access_token,
        "expires_in": (grant.access_expires_at - now).div_euclid(1000),
        "open_id": grant.open_id,
        "refresh_expires_in": (grant.refresh_expires_at - now).div_euclid(1000),
        "refresh_token": grant.refresh_token,
        "scope": grant.scopes.join(","),
        "token_type": "Bearer",
    }))
}

/// An API refusal: status, `error.code`, its message.
type ApiRefusal = (StatusCode, &'static str, &'static str);

const BAD_TOKEN: ApiRefusal =
    (StatusCode::UNAUTHORIZED, "access_token_invalid", "The access token is invalid or not found in the request.");
const NO_GRANT: ApiRefusal = (
    StatusCode::UNAUTHORIZED,
    "scope_not_authorized",
    "The user did not authorize the scope required for completing this request.",
);
const NO_APPROVAL: ApiRefusal =
    (StatusCode::BAD_REQUEST, "scope_permission_missed", "The app does not have the scope required for this request.");
const BAD_FIELDS: ApiRefusal = (StatusCode::BAD_REQUEST, "invalid_params", "One or more fields in request is invalid.");
const TOO_MANY: ApiRefusal = (StatusCode::TOO_MANY_REQUESTS, "rate_limit_exceeded", "The API rate limit was exceeded.");
const BROKEN: ApiRefusal = (StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "Internal error. Please retry.");

async fn user_info(Extract(sim): Extract<Simulator>, request: Request) -> Response {
    let line = Line::new(&sim, &request, "user/info").struck(true).await;
    if let Some(blocked) = line.blocked() {
        return blocked;
    }
    let refused = line.fault().and_then(|fault| match fault.kind {
        FaultKind::RateLimit => Some(TOO_MANY),
        FaultKind::Code => Some(BROKEN),
        FaultKind::Revoked => Some(BAD_TOKEN),
        _ => None,
    });
    let (now, pace) = (sim.now_ms(), sim.clock().pace_ms());
    let outcome = match refused {
        Some(refused) => Err(refused),
        None => sim.with(|state| {
            let fields = Fields::from_query(request.uri().query().unwrap_or_default());
            read_user(state, request.headers(), &fields, (now, pace))
        }),
    };
    let log_id = sim.with(|state| state.ids.request(now));
    let (status, data, code, message) = match outcome {
        Ok(user) => (StatusCode::OK, json!({"user": user}), "ok", ""),
        Err((status, code, message)) => (status, json!({}), code, message),
    };
    let body = json!({"data": data, "error": {"code": code, "message": message, "log_id": log_id}});
    let logged = if status == StatusCode::OK { 0 } else { -1 };
    line.answer(status, logged, code, &log_id, body.to_string()).await
}

fn read_user(state: &mut State, headers: &HeaderMap, fields: &Fields, at: (i64, i64)) -> Result<Value, ApiRefusal> {
    let (now, pace) = at;
    let header = header_text(headers, header::AUTHORIZATION.as_str());
    let token = header.strip_prefix("Bearer ").unwrap_or_default();
    let grant = state.tokens.check(token, now).map_err(|_| BAD_TOKEN)?.clone();
    let app = state.apps.get(&grant.app_id).ok_or(BAD_TOKEN)?;
    take_turn(state.login_calls.entry(grant.open_id.clone()).or_default(), pace)?;
    let business = state.businesses.iter().find(|one| app.platform.id_of(one) == grant.open_id).ok_or(BAD_TOKEN)?;
    let named: Vec<&str> = fields.text("fields").map_err(|_| BAD_FIELDS)?.split(',').map(str::trim).collect();
    let mut user = Map::new();
    for name in named {
        let (scope, value) = user_field(state, business, &grant, name, now).ok_or(BAD_FIELDS)?;
        let allowed =
            |scopes: &[String]| scopes.iter().any(|one| one == scope || (name == "username" && one == PORTAL_USERNAME));
        if !allowed(&app.approved_scopes) {
            return Err(NO_APPROVAL);
        }
        if !allowed(&grant.scopes) {
            return Err(NO_GRANT);
        }
        user.insert(name.to_owned(), value);
    }
    Ok(Value::Object(user))
}

fn take_turn(recent: &mut VecDeque<i64>, pace: i64) -> Result<(), ApiRefusal> {
    while recent.front().is_some_and(|at| *at <= pace - 60_000) {
        recent.pop_front();
    }
    if recent.len() >= PER_MINUTE {
        return Err(TOO_MANY);
    }
    recent.push_back(pace);
    Ok(())
}

/// The scope a field needs, and its value.
fn user_field(state: &State, one: &Business, grant: &Grant, name: &str, now: i64) -> Option<(&'static str, Value)> {
    let picture = || json!(avatar(&state.base_url, &one.username, now));
    let profile = format!("https://www.tiktok.com/@{}", one.handle);
    let (basic, full, counts) = ("user.info.basic", "user.info.profile", "user.info.stats");
    Some(match name {
        "open_id" => (basic, json!(grant.open_id)),
        "union_id" => (basic, json!(union_id(&one.username))),
        // The 200 is gone from the documentation, but a login library in use asks for it.
        "avatar_url" | "avatar_url_100" | "avatar_url_200" | "avatar_large_url" => (basic, picture()),
        "display_name" => (basic, json!(one.display_name)),
        "bio_description" => (full, json!("")),
        "profile_deep_link" | "profile_web_link" => (full, json!(profile)),
        "is_verified" => (full, json!(false)),
        "username" => (full, json!(one.handle)),
        "follower_count" => (counts, json!(one.followers_count)),
        "following_count" | "likes_count" => (counts, json!(0)),
        "video_count" => (counts, json!(state.posts.of(&one.username).len())),
        _ => return None,
    })
}
