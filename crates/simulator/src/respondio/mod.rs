//! Respond.io's side: the Developer API v2 under `/respondio/v2`, its webhooks, and what mirrors TikTok conversations
//! into its workspaces. Written from Respond.io's own clients and help pages, read 2026-11-20.
//!
//! A workspace sees what happens on the businesses its channels are bound to: `mirror` is told of every message that
//! enters a conversation. What it sends goes through TikTok's rules in `send`.
//! Faults are those of `/sim/faults` with an endpoint `respondio/…`, see `api`.

mod actions;
mod api;
mod contact;
mod contacts;
mod control;
mod control_api;
mod endpoints;
mod files;
mod filter;
mod hooks;
mod limits;
mod messages;
mod mirror;
mod paging;
mod refusal;
mod send;
mod space;
mod wire;
mod workspace;

pub use control::{NewChannel, NewWebhook, Reply};
pub(crate) use hooks::is_hook;
pub(crate) use mirror::mirror;
pub(crate) use space::Respondio;
pub use space::{Channel, ContactOrder, IdUnit, ListEnd, NewWorkspace, Plan, Settings, TimeUnit, Webhook, Workspace};

use axum::Router;
use axum::routing::{any, get};

use crate::simulator::Simulator;

/// Routes of Respond.io's side and of its control.
pub(crate) fn routes() -> Router<Simulator> {
    Router::new()
        .route("/respondio/v2/{*path}", any(api::serve))
        .route("/respondio/files/{file}", get(files::serve))
        .merge(control_api::routes())
}
