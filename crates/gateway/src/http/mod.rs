//! The HTTP edge: routes, guards, extractors, the one error response. Handlers call a use case and wrap its answer.

pub mod api;
pub mod api_keys;
pub mod connect;
pub mod extract;
pub mod health;
pub mod media;
pub mod members;
pub mod openapi;
pub mod problem;
pub mod reference;
pub mod server;
pub mod session;
pub mod webhooks;

mod dashboard;
mod documents;
mod guard;
mod layers;
mod pages;

use axum::Router;

use crate::{app::App, live};

/// Largest body a handler takes unless it says otherwise: 1 MiB.
const BODY_MAX: usize = 1024 * 1024;

/// Every route, and what each request passes on its way (outermost last).
pub fn router(app: App) -> Router {
    let (api, _document) = openapi::documented().split_for_parts();
    Router::new()
        .merge(api)
        .merge(documents::router())
        .merge(media::shared_router())
        .merge(webhooks::router())
        .merge(connect::router())
        .merge(health::router())
        .merge(pages::router())
        .merge(dashboard::router())
        .method_not_allowed_fallback(dashboard::method_not_allowed)
        .layer(axum::extract::DefaultBodyLimit::max(BODY_MAX))
        .layer(axum::middleware::from_fn_with_state(app.clone(), guard::origin))
        .layer(axum::middleware::from_fn(guard::time_limit))
        .layer(live::layer(&app))
        .layer(layers::cors(&app.config.server))
        .layer(axum::middleware::from_fn_with_state(app.clone(), guard::host))
        .layer(layers::catch_panic())
        .layer(axum::middleware::from_fn_with_state(app.clone(), layers::security_headers))
        .layer(axum::middleware::from_fn(layers::trace))
        .with_state(app)
}
