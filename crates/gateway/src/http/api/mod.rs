//! The documented API under `/api/v1`: extract, call one use case or reader, wrap. Sessions, keys, members and media have files of
//! their own beside this folder. Every handler is in the API document by its own annotation.

mod accounts;
mod automation;
mod comments;
mod conversations;
mod costs;
mod cursor;
mod deliveries;
mod events;
mod health;
mod list;
mod messages;
mod patch;
mod posts;
mod referrals;
mod sides;
mod spaces;
mod withheld;

use domain::{Id, conversation::Conversation, store::Store, workspace::Scope};
use utoipa_axum::router::OpenApiRouter;

use super::problem::Problem;
use crate::app::App;

/// Every route of this folder.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(accounts::router())
        .merge(automation::router())
        .merge(posts::router())
        .merge(health::router())
        .merge(conversations::router())
        .merge(messages::router())
        .merge(referrals::router())
        .merge(spaces::router())
        .merge(comments::router())
        .merge(events::router())
        .merge(deliveries::router())
        .merge(withheld::router())
        .merge(costs::router())
        .merge(sides::router())
}

/// A conversation by our id or the provider's. Ours is not looked up here: whoever reads it finds out.
///
/// # Errors
/// 404 when the provider's id names none in sight.
pub(super) async fn conversation_id(store: &dyn Store, scope: &Scope, text: &str) -> Result<Id<Conversation>, Problem> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    store.conversation_by_external_id(scope, text).await?.ok_or_else(|| Problem::not_found("conversation"))
}
