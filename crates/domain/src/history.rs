//! What was said before an account was connected: the provider's lists, filed once so that nobody begins with an empty inbox.
//!
//! TikTok lists the last 90 days, at most 100 conversations of each list (requests and answered ones) and the 20 newest messages of
//! each. Portal pages 1832184415059970 and 1832184425841170, read 2026-11-20. More than that can't be had.

use serde::{Deserialize, Serialize};

use crate::{account::ProviderKind, clock::Timestamp, inbound::Inbound, referral::Referral};

/// How far the filing of an account's history has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// See [`HistoryState`].
    pub state: HistoryState,
    /// One plain sentence on why it failed.
    pub reason: Option<String>,
    /// Listed conversations that are not filed yet.
    pub left: u32,
}

/// Where the filing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryState {
    /// Under way.
    Filing,
    /// Everything that the provider listed is here.
    Filed,
    /// Given up, whole or in part; a person may ask for it again.
    Failed,
}

/// A conversation that the provider lists and that is to be filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedConversation {
    /// The provider's id.
    pub external_id: String,
    /// It is in the list of those that the business has never answered (TikTok's `STRANGER`).
    pub request: bool,
    /// When something last happened in it.
    pub moved_at: Timestamp,
    /// Ads and links that led there.
    pub referrals: Vec<Referral>,
}

/// One conversation as the provider's lists show it, to be filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastConversation {
    /// Whose lists.
    pub provider: ProviderKind,
    /// The provider's id.
    pub external_id: String,
    /// See [`ListedConversation::request`].
    pub request: bool,
    /// Whether pictures can be sent there, if the provider said.
    pub image_send: Option<bool>,
    /// What it holds, all of this conversation, oldest first. Empty when nothing tells who the customer is.
    pub items: Vec<Inbound>,
}

/// Why a history is not filed whole, in plain words.
pub fn unreadable(conversations: u32, why: &str) -> String {
    let which = if conversations == 1 { "1 conversation".to_owned() } else { format!("{conversations} conversations") };
    format!("{which} could not be read: {why}")
}
