//! `/api/v1/session`: signing in by link or password, who is signed in, signing out.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
};
use domain::identity::Member;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::Json,
    guard,
    problem::{Problem, Problems, Slug},
};
use crate::{
    app::App,
    auth::{Revocation, SESSION_COOKIE, SESSION_LIFETIME, Setup, SignIn, SignInError, SignedIn, first_run_file},
    view,
};

/// The session routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show, sign_out)).routes(routes!(by_link)).routes(routes!(by_password))
}

type CookieAnd<T> = ([(HeaderName, HeaderValue); 1], T);

/// A one-time link, and the first owner's set-up where one is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = LinkRequest)]
struct LinkSignIn {
    /// The part of the link after `#`.
    token: String,
    /// Asked for by the answer `setup-required`.
    setup: Option<OwnerSetup>,
}

/// What the first owner tells of themselves.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Setup)]
struct OwnerSetup {
    /// Shown beside their replies.
    #[schema(example = "Ploy", min_length = 1, max_length = 100)]
    name: String,
    /// Signs in with it.
    #[schema(example = "ploy@example.com", max_length = 254)]
    email: String,
    /// 10 characters to 1,024 bytes.
    #[schema(format = Password, min_length = 10)]
    password: String,
}

impl std::fmt::Debug for OwnerSetup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnerSetup").finish_non_exhaustive()
    }
}

/// E-mail address and password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = PasswordRequest)]
struct PasswordSignIn {
    /// Upper and lower case do not matter.
    #[schema(example = "ploy@example.com")]
    email: String,
    /// The password.
    #[schema(format = Password)]
    password: String,
}

impl std::fmt::Debug for PasswordSignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasswordSignIn").finish_non_exhaustive()
    }
}

/// Who is signed in. For people only: a program knows who it is.
#[utoipa::path(
    get, path = "/api/v1/session", operation_id = "getSession", tag = "session",
    responses(
        (status = 200, description = "The person, their workspace, what this installation offers", body = view::Session),
        Problems,
    )
)]
async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Json<view::Session>, Problem> {
    let session = app.auth.session(&headers).await?;
    Ok(Json(described(&app, &session.member)))
}

/// Signs in by a one-time link. `setup-required` asks for a set-up; the link stays good until it succeeds.
#[utoipa::path(
    post, path = "/api/v1/session/link", operation_id = "signInByLink", tag = "session", request_body = LinkSignIn, security(()),
    responses(
        (status = 200, description = "Signed in; the cookie is set", body = view::Session),
        Problems,
    )
)]
async fn by_link(
    State(app): State<App>,
    peer: ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Json(body): Json<LinkSignIn>,
) -> Result<CookieAnd<Json<view::Session>>, Problem> {
    throttle(&app, &peer, &headers, None)?;
    let setup = body.setup.map(|OwnerSetup { name, email, password }| Setup { name, email, password: password.into() });
    let sets_up = setup.is_some();
    let signed_in = sign_in(&app).by_link(&body.token, setup, app.config.dev).await?;
    if sets_up {
        forget_first_run_file(&app).await;
    }
    Ok(welcome(&app, &signed_in))
}

/// Signs in by e-mail address and password.
#[utoipa::path(
    post, path = "/api/v1/session/password", operation_id = "signInByPassword", tag = "session", request_body = PasswordSignIn, security(()),
    responses(
        (status = 200, description = "Signed in; the cookie is set", body = view::Session),
        Problems,
    )
)]
async fn by_password(
    State(app): State<App>,
    peer: ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Json(body): Json<PasswordSignIn>,
) -> Result<CookieAnd<Json<view::Session>>, Problem> {
    let PasswordSignIn { email, password } = body;
    throttle(&app, &peer, &headers, Some(&email.trim().to_lowercase()))?;
    let signed_in = sign_in(&app).by_password(&email, SecretString::from(password)).await?;
    Ok(welcome(&app, &signed_in))
}

/// Signs out; the session's sockets close at once. Good to call without a session, too.
#[utoipa::path(
    delete, path = "/api/v1/session", operation_id = "signOut", tag = "session",
    responses(
        (status = 204, description = "Signed out; the cookie is gone"),
        Problems,
    )
)]
async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<CookieAnd<StatusCode>, Problem> {
    if let Ok(session) = app.auth.session(&headers).await {
        app.store.delete_session(&session.hash).await?;
        app.auth.revoke(Revocation::Session(session.hash));
    }
    Ok((cookie(&app, "", 0), StatusCode::NO_CONTENT))
}

fn sign_in(app: &App) -> SignIn<'_, dyn domain::store::Store> {
    SignIn { store: &*app.store, clock: &app.clock, passwords: &app.passwords }
}

fn welcome(app: &App, signed_in: &SignedIn) -> CookieAnd<Json<view::Session>> {
    let set = cookie(app, signed_in.cookie.expose(), SESSION_LIFETIME.as_secs());
    (set, Json(described(app, &signed_in.member)))
}

/// `Secure` behind TLS; without it a local trial over http could not sign in.
fn cookie(app: &App, value: &str, max_age_secs: u64) -> [(HeaderName, HeaderValue); 1] {
    let secure = if app.config.server.is_https() { "; Secure" } else { "" };
    let text = format!("{SESSION_COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_secs}{secure}");
    [(
        header::SET_COOKIE,
        HeaderValue::from_str(&text).expect("invariant: a cookie of base64url characters is a valid header"),
    )]
}

fn described(app: &App, member: &Member) -> view::Session {
    let config = &app.config;
    view::Session {
        user: view::SessionUser {
            id: member.user.id,
            name: member.user.name.clone(),
            email: member.user.email.clone(),
        },
        workspace: view::Workspace { id: member.workspace.id, name: member.workspace.name.clone() },
        role: member.role.into(),
        permitted_accounts: view::Session::permitted(&member.accounts),
        dev: config.dev,
        simulator_url: config.simulator_url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned()),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        connect: view::Connect {
            business: config.tiktok.business_app().is_some(),
            login: config.tiktok.login_app().is_some(),
        },
        respondio_pictures: app.respondio_fetches(),
    }
}

fn throttle(app: &App, peer: &ConnectInfo<SocketAddr>, headers: &HeaderMap, name: Option<&str>) -> Result<(), Problem> {
    let address = guard::client_address(app, peer, headers);
    app.throttle.check(address, name).map_err(|secs| {
        Problem::new(Slug::TooManyRequests, "too many tries to sign in; wait a little").retry_after(secs)
    })
}

/// The link in it is spent; a file that stays behind would only confuse.
async fn forget_first_run_file(app: &App) {
    match tokio::fs::remove_file(first_run_file(&app.config)).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!(%error, "the first-run link's file stays behind");
        }
        _ => {}
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        let detail = error.to_string();
        match error {
            SignInError::LinkInvalid => Self::new(Slug::LinkInvalid, detail),
            SignInError::SetupRequired => Self::new(Slug::SetupRequired, detail),
            SignInError::AlreadySetUp => Self::invalid_parameter("setup", detail),
            SignInError::WrongPassword => Self::new(Slug::Unauthenticated, detail),
            SignInError::Field { field, .. } => Self::invalid_parameter(field, detail),
            SignInError::Store(error) => error.into(),
        }
    }
}
