//! A connected TikTok business account, and the provider it is bound to.

use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    history::History,
    id::{Entity, Id},
    ledger::RuleSet,
    workspace::Workspace,
};

/// Through whom an account's messages travel. Named as the `PROVIDER` setting names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderKind {
    /// TikTok's Business Messaging API.
    Official,
    /// Respond.io.
    Respondio,
    /// Any system that speaks our generic webhook.
    Thirdparty,
}

/// Whether an account can receive and send, and if not, what it waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountState {
    /// Works.
    Active,
    /// Switched off by a person; nothing is sent.
    Paused,
    /// Works, but the authorization ends soon and can't be renewed by us.
    Expiring,
    /// TikTok refuses our tokens: a person must connect again.
    Reconnect,
    /// Disconnected here; tokens revoked and forgotten.
    Disconnected,
}

impl AccountState {
    /// Whether replies may leave.
    pub const fn can_send(self) -> bool {
        matches!(self, Self::Active | Self::Expiring)
    }
}

/// A TikTok business account of one workspace, as its sending binding shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Printed `acc_…`.
    pub id: Id<Self>,
    /// Whose it is: one TikTok account belongs to one workspace.
    pub workspace_id: Id<Workspace>,
    /// The provider of the binding that sends.
    pub provider: ProviderKind,
    /// The provider's id of the account: TikTok's `open_id` (= `business_id`), or the name in a thirdparty webhook's path.
    pub external_id: String,
    /// Handle without `@`, `None` until known.
    pub username: Option<String>,
    /// Name shown to customers.
    pub display_name: Option<String>,
    /// A temporary address at TikTok.
    pub avatar_url: Option<String>,
    /// See [`AccountState`].
    pub state: AccountState,
    /// One plain sentence on why the state is what it is.
    pub state_reason: Option<String>,
    /// Which reading of TikTok's window rules guards replies.
    pub rule_set: RuleSet,
    /// Scopes that the owner granted, as TikTok names them.
    pub scopes: Vec<String>,
    /// When it was connected, last time.
    pub connected_at: Timestamp,
    /// When the access token ends, `None` where there is none.
    pub token_expires_at: Option<Timestamp>,
    /// When the last webhook of this account came in.
    pub last_delivery_at: Option<Timestamp>,
    /// How far its history is filed; `None` when nobody asked for it.
    pub history: Option<History>,
}

impl Entity for Account {
    const PREFIX: &'static str = "acc";
}

/// What connecting an account brings: who it is and what was granted. Upserts by (`provider`, `external_id`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connect {
    /// See [`Account::provider`].
    pub provider: ProviderKind,
    /// See [`Account::external_id`].
    pub external_id: String,
    /// See [`Account::username`].
    pub username: Option<String>,
    /// See [`Account::display_name`].
    pub display_name: Option<String>,
    /// See [`Account::avatar_url`].
    pub avatar_url: Option<String>,
    /// See [`Account::scopes`].
    pub scopes: Vec<String>,
    /// `None` for providers without tokens.
    pub tokens: Option<SealedTokens>,
}

/// An OAuth token pair, encrypted by the gateway before a store sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedTokens {
    /// Key id, nonce and ciphertext of the access token.
    pub access: Vec<u8>,
    /// The same of the refresh token.
    pub refresh: Vec<u8>,
    /// End of the access token (TikTok: 1 day).
    pub access_expires_at: Timestamp,
    /// End of the refresh token (TikTok: 1 year).
    pub refresh_expires_at: Timestamp,
    /// Grows with each refresh: a writer that read an older one loses.
    pub version: i64,
}
