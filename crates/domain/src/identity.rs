//! Who may come in: users, members, sessions, API keys, one-time links. Secrets appear here only as hashes.

use serde::{Deserialize, Serialize};

use crate::{
    account::Account,
    clock::Timestamp,
    id::{Entity, Id},
    workspace::{Permitted, Workspace},
};

/// SHA-256 of a random 256-bit secret: a session cookie, an API key, a link, an OAuth state.
pub type SecretHash = [u8; 32];

/// A person who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Printed `usr_…`.
    pub id: Id<Self>,
    /// Signs in with it; unique, lower case. `None` until the first-run set-up is done.
    pub email: Option<String>,
    /// Shown beside their replies.
    pub name: String,
    /// Argon2id, PHC string. `None`: only by link.
    pub password_hash: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Entity for User {
    const PREFIX: &'static str = "usr";
}

/// What a member may do. Each includes the ones below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Answers.
    Agent,
    /// Connects accounts, makes API keys.
    Admin,
    /// Everything.
    Owner,
}

/// A user in a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The user.
    pub user: User,
    /// The workspace.
    pub workspace: Workspace,
    /// See [`Role`].
    pub role: Role,
    /// See [`Permitted`].
    pub accounts: Permitted,
}

/// A signed-in browser, with who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Hash of the cookie.
    pub hash: SecretHash,
    /// Who.
    pub member: Member,
    /// After this it is gone.
    pub expires_at: Timestamp,
}

/// What an API key may do. Each includes the ones before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyScope {
    /// Read messages and conversations.
    Read,
    /// And send.
    Send,
    /// And manage accounts (never users or keys).
    Admin,
}

/// An API key. The secret is shown once and kept as a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Printed `key_…`.
    pub id: Id<Self>,
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// For people, such as `shop-orders`.
    pub name: String,
    /// See [`KeyScope`].
    pub scope: KeyScope,
    /// The first characters of the secret, to tell keys apart.
    pub prefix: String,
    /// Who made it; `None` from the command line.
    pub created_by: Option<Id<User>>,
    /// When.
    pub created_at: Timestamp,
    /// To the minute.
    pub last_used_at: Option<Timestamp>,
}

impl Entity for ApiKey {
    const PREFIX: &'static str = "key";
}

/// A one-time link as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginLink {
    /// Who it lets in.
    pub user_id: Id<User>,
    /// 30 minutes after it was made.
    pub expires_at: Timestamp,
}

/// An OAuth round trip that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OauthState {
    /// The workspace that connects.
    pub workspace_id: Id<Workspace>,
    /// The browser that began.
    pub session: SecretHash,
    /// `business` or `login`.
    pub kind: String,
    /// Ten minutes after it was begun.
    pub expires_at: Timestamp,
}

/// The first owner and their workspace, made at the first start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstOwner {
    /// The workspace's name, such as `My workspace`.
    pub workspace_name: String,
    /// The owner's name until they set it.
    pub owner_name: String,
}

/// What the permitted accounts of a member look like in a row: `None` is all.
pub fn permitted_from(accounts: Option<Vec<Id<Account>>>) -> Permitted {
    accounts.map_or(Permitted::All, |ids| Permitted::Only(ids.into_iter().collect()))
}
