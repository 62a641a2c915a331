//! How far the history of an account is filed, as JSON.

use domain::history as dh;
use serde::Serialize;
use utoipa::ToSchema;

/// How far the history of an account is filed. TikTok lists the last 90 days, at most 100 conversations of each of its two lists and the
/// 20 newest messages of each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// Where it stands.
    pub state: HistoryState,
    /// Listed conversations that are not filed yet; grows once, when the lists are read.
    pub conversations_left: u32,
    /// One plain sentence on why it failed; null where it did not.
    #[schema(required)]
    pub reason: Option<String>,
}

/// Where the filing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HistoryState {
    /// Under way.
    Filing,
    /// Everything that TikTok listed is here.
    Filed,
    /// Given up, whole or in part: `POST /api/v1/accounts/{id}/history` asks again.
    Failed,
}

impl From<&dh::History> for History {
    fn from(history: &dh::History) -> Self {
        let state = match history.state {
            dh::HistoryState::Filing => HistoryState::Filing,
            dh::HistoryState::Filed => HistoryState::Filed,
            dh::HistoryState::Failed => HistoryState::Failed,
        };
        Self { state, conversations_left: history.left, reason: history.reason.clone() }
    }
}
