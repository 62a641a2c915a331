//! The API document: what every handler says of itself, with a title, the ways to sign in, and the one shape of errors.
//! Served at `/api/openapi.json`, kept in `docs/generated/openapi.json`; the dashboard's types are generated from it.

use utoipa::{
    OpenApi as _, PartialSchema as _, ToSchema as _,
    openapi::{
        ComponentsBuilder, OpenApi, SecurityRequirement,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

use super::{api, api_keys, media, members, reference, session};
use crate::{app::App, auth::SESSION_COOKIE, view};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "message-gateway",
        description = "Receives, shows and answers TikTok direct messages. Lists answer `{items, next}`; every error is a problem (RFC 9457) with a stable `type`.",
    ),
    tags(
        (name = "session", description = "Signing in and out"),
        (name = "accounts", description = "Connected TikTok business accounts"),
        (name = "respondio", description = "Workspaces of Respond.io, and the TikTok channels that are connected there"),
        (name = "automation", description = "What TikTok does by itself for an account"),
        (name = "conversations", description = "One customer talking with one account"),
        (name = "messages", description = "What was said, and replies on their way"),
        (name = "comments", description = "Comments that TikTok flagged, and the message that may answer one"),
        (name = "media", description = "Pictures and videos"),
        (name = "events", description = "What happened, numbered"),
        (name = "deliveries", description = "Kept webhooks"),
        (name = "reports", description = "Figures over many conversations"),
        (name = "api-keys", description = "Keys for programs"),
        (name = "members", description = "People of the workspace"),
        (name = "reference", description = "The addresses of the system reference"),
    )
)]
struct Base;

/// Every documented route, with its document.
pub fn documented() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Base::openapi())
        .merge(api::router())
        .merge(reference::router())
        .merge(media::router())
        .merge(session::router())
        .merge(api_keys::router())
        .merge(members::router())
}

/// The whole document.
pub fn document() -> OpenApi {
    finish(documented().into_openapi())
}

/// Adds what concerns every route: the problem, the ways to sign in, and names of operations as programs like them.
fn finish(mut api: OpenApi) -> OpenApi {
    for path in api.paths.paths.values_mut() {
        let operations = [&mut path.get, &mut path.post, &mut path.put, &mut path.patch, &mut path.delete];
        for id in operations.into_iter().flatten().filter_map(|operation| operation.operation_id.as_mut()) {
            *id = camel_case(id);
        }
    }
    let mut components = api.components.take().unwrap_or_else(|| ComponentsBuilder::new().build());
    components.schemas.insert(view::Problem::name().into_owned(), view::Problem::schema());
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An API key (`mgk_…`) or `API_SECRET`"))
        .build();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    let cookie = ApiKeyValue::with_description(SESSION_COOKIE, "The session of a browser");
    components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    api.components = Some(components);
    api.security = Some(["token", "session"].map(|name| SecurityRequirement::new(name, Vec::<String>::new())).into());
    api
}

/// The document as it is served and kept: pretty, with a line end.
///
/// # Panics
/// Never: it is plain data.
pub fn document_json() -> String {
    let mut text = document().to_pretty_json().expect("invariant: the document is plain data");
    text.push('\n');
    text
}

/// `list_messages` becomes `listMessages`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (head, tail) = word.split_at(word.len().min(1));
        name + &head.to_uppercase() + tail
    })
}
