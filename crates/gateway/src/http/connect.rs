//! The browser's round trip to TikTok's consent page: `/auth/connect` and `/auth/callback`.
//! For a signed-in admin only; the redirect address comes from `PUBLIC_URL`, never from a header.

use axum::{
    Router,
    extract::{RawQuery, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use domain::identity::SecretHash;
use serde::Deserialize;

use super::{
    extract::{Auth, Query},
    problem::{Problem, Slug},
};
use crate::{
    app::App,
    auth::Principal,
    connect::{self, ConnectError, Return},
};

/// The connect routes.
pub fn router() -> Router<App> {
    Router::new().route("/auth/connect", get(begin)).route("/auth/callback", get(callback))
}

#[derive(Debug, Deserialize)]
struct Begin {
    #[serde(default)]
    kind: Option<Kind>,
    /// Ask for the account's posts too.
    #[serde(default)]
    posts: bool,
}

/// Which of TikTok's two platforms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// TikTok API for Business: messages.
    Business,
    /// Login Kit: identity only.
    Login,
}

async fn begin(State(app): State<App>, Auth(principal): Auth, Query(query): Query<Begin>) -> Result<Response, Problem> {
    let session = admin_session(&principal)?;
    let tiktok = &app.config.tiktok;
    let only_login = tiktok.business_app().is_none() && tiktok.login_app().is_some();
    match query.kind.unwrap_or(if only_login { Kind::Login } else { Kind::Business }) {
        Kind::Login => Ok(page(&login_page(tiktok.login_app().is_some(), tiktok.business_app().is_some()))),
        Kind::Business => {
            let redirect_uri = redirect_uri(&app);
            let begun = connect::begin(
                &*app.store,
                app.providers.official(),
                principal.workspace,
                session,
                &redirect_uri,
                query.posts,
                app.clock.now(),
            );
            match begun.await {
                Ok(consent_page) => Ok(see_other(&consent_page)),
                Err(ConnectError::NoApp) => Ok(page(&missing_page(tiktok.app_id.is_some()))),
                Err(ConnectError::Store(error)) => Err(error.into()),
                Err(error) => Err(Problem::internal(&error)),
            }
        }
    }
}

async fn callback(
    State(app): State<App>,
    Auth(principal): Auth,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let session = admin_session(&principal)?;
    let webhook_url = connect::webhook_url(&app.config.server.public_url, app.providers.official());
    let back = Return {
        query: query.as_deref().unwrap_or_default(),
        session,
        redirect_uri: &redirect_uri(&app),
        webhook_url: webhook_url.as_deref(),
    };
    let finished = connect::finish(&*app.store, &app.providers, &app.keyring, back, app.clock.now()).await;
    let target = match finished {
        Ok(account) => format!("/accounts?connected={}", account.id),
        Err(error) => {
            tracing::warn!(
                slug = error.slug(),
                error = &error as &(dyn std::error::Error + 'static),
                "an account could not be connected"
            );
            format!("/accounts?error={}", error.slug())
        }
    };
    Ok(see_other(&target))
}

/// A browser in which an admin is signed in: the round trip is bound to it.
fn admin_session(principal: &Principal) -> Result<SecretHash, Problem> {
    principal.require_admin()?;
    principal.session().ok_or_else(|| Problem::new(Slug::Forbidden, "sign in with a browser to connect an account"))
}

fn redirect_uri(app: &App) -> String {
    app.config.server.public_address("auth/callback").into()
}

/// 303, never kept: the address holds a secret of this round trip.
fn see_other(target: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(target) else {
        return Problem::new(Slug::Internal, "the address of the next page is not valid").into_response();
    };
    let headers: [(HeaderName, HeaderValue); 2] =
        [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (StatusCode::SEE_OTHER, headers).into_response()
}

fn page(body: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Connect a TikTok account</title>\n<main>\n{body}\n<p><a href=\"/accounts\">Back to the accounts</a></p>\n</main>\n</html>\n"
    );
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response()
}

fn missing_page(has_id: bool) -> String {
    let missing = if has_id { "TIKTOK_APP_SECRET" } else { "TIKTOK_APP_ID and TIKTOK_APP_SECRET" };
    format!(
        "<h1>Not configured yet</h1>\n<p>To connect a TikTok business account, set <code>{missing}</code> to the values of your app in the \
         TikTok API for Business portal, then start the gateway again.</p>"
    )
}

fn login_page(has_login: bool, has_business: bool) -> String {
    let state =
        if has_login { "Login Kit is configured. It" } else { "<code>TIKTOK_CLIENT_KEY</code> is not set. Login Kit" };
    let next = if has_business {
        "<a href=\"/auth/connect?kind=business\">Connect a business account</a> to receive and answer messages."
    } else {
        "For messages, set <code>TIKTOK_APP_ID</code> and <code>TIKTOK_APP_SECRET</code> of an app in the TikTok API for Business portal."
    };
    format!(
        "<h1>Login Kit has no messages</h1>\n<p>{state} only tells who somebody is: TikTok offers no direct messages through it. {next}</p>"
    )
}
