//! The browser's round trip to TikTok's consent page: `/auth/connect` and `/auth/callback`.
//! For a signed-in admin only; the redirect address comes from the settings, never from a header.

use axum::{
    Router,
    extract::{RawQuery, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use domain::{Id, account::Account, identity::SecretHash};
use serde::Deserialize;

use super::{
    extract::{Auth, Query},
    problem::{Problem, Slug},
};
use crate::{
    app::App,
    auth::Principal,
    connect::{self, Asked, ConnectError, Finished, Return, login},
};

/// The connect routes.
pub fn router() -> Router<App> {
    Router::new()
        .route("/auth/connect", get(begin))
        .route("/auth/callback", get(callback))
        .route("/auth/callback/", get(callback))
}

#[derive(Debug, Deserialize)]
struct Begin {
    #[serde(default)]
    kind: Option<Kind>,
    /// Ask for the account's posts too.
    #[serde(default)]
    posts: bool,
    /// The account that TikTok's own side is added to.
    #[serde(default)]
    account: Option<Id<Account>>,
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
    let kind = query.kind.unwrap_or(if only_login { Kind::Login } else { Kind::Business });
    let (store, redirect_uri, now) = (&*app.store, redirect_uri(&app), app.clock.now());
    let (official, kit, workspace) = (app.providers.official(), app.providers.login(), principal.workspace);
    let begun = match kind {
        Kind::Login => login::begin(store, kit, workspace, session, &redirect_uri, login::Asked::All, now).await,
        Kind::Business => {
            let asked = Asked { posts: query.posts, side_of: query.account };
            connect::begin(store, official, workspace, session, &redirect_uri, asked, now).await
        }
    };
    match begun {
        Ok(consent_page) => Ok(see_other(&consent_page)),
        Err(ConnectError::NoApp) => Ok(page(&missing_page(tiktok.app_id.is_some()))),
        Err(ConnectError::NoLoginApp) => Ok(page(&login_page(tiktok.client_key.is_some()))),
        Err(ConnectError::Store(error)) => Err(error.into()),
        Err(error) => Err(Problem::internal(&error)),
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
        Ok(Finished::Connected(account)) => format!("/accounts?connected={account}"),
        Ok(Finished::AskAgain(consent_page)) => consent_page,
        Err(error) => {
            tracing::warn!(
                slug = error.slug(),
                error = &error as &(dyn std::error::Error + 'static),
                "an account could not be connected"
            );
            error.address()
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
    app.config.server.redirect_address().into()
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

fn login_page(has_key: bool) -> String {
    let missing = if has_key { "TIKTOK_CLIENT_SECRET" } else { "TIKTOK_CLIENT_KEY and TIKTOK_CLIENT_SECRET" };
    format!(
        "<h1>Login Kit is not configured</h1>\n<p>To connect an identity, set <code>{missing}</code> to client key and client secret of your \
         app on developers.tiktok.com, then start the gateway again. Login Kit only tells who somebody is: TikTok offers no direct messages \
         through it. For messages <a href=\"/auth/connect?kind=business\">connect a business account</a>, with <code>TIKTOK_APP_ID</code> of the \
         other portal.</p>"
    )
}
