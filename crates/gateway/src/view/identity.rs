//! Sessions, members, API keys and uploads as JSON.

use domain::{Id, Timestamp, identity as di, workspace::Permitted};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who is signed in, and what this installation offers them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The person.
    pub user: SessionUser,
    /// Their workspace.
    pub workspace: Workspace,
    /// What they may do.
    pub role: Role,
    /// The accounts they may see; null for all.
    #[schema(required)]
    pub permitted_accounts: Option<Vec<String>>,
    /// Whether this is a local trial (`message-gateway dev`).
    pub dev: bool,
    /// The phone console, where one runs.
    #[schema(required)]
    pub simulator_url: Option<String>,
    /// The gateway's version, such as `0.1.0`.
    pub version: String,
    /// Which kinds of account can be connected.
    pub connect: Connect,
    /// Whether pictures can leave through Respond.io: it fetches them from here, so `PUBLIC_URL` must be an https address that it can reach.
    pub respondio_pictures: bool,
}

/// The signed-in person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionUser {
    /// `usr_…`.
    #[schema(value_type = String)]
    pub id: Id<di::User>,
    /// Their name.
    pub name: String,
    /// Null until the first-run set-up is done.
    #[schema(required)]
    pub email: Option<String>,
}

/// A workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Workspace {
    /// `wsp_…`.
    #[schema(value_type = String)]
    pub id: Id<domain::workspace::Workspace>,
    /// Its name.
    pub name: String,
}

/// Which kinds of account can be connected: their app's id and secret are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Connect {
    /// TikTok Business accounts.
    pub business: bool,
    /// TikTok Login Kit.
    pub login: bool,
}

/// What a member may do. Each includes the ones below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Owner,
    /// Connects accounts, makes API keys.
    Admin,
    /// Answers.
    Agent,
    /// Reads.
    Viewer,
}

/// A member of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// `usr_…`.
    #[schema(value_type = String)]
    pub id: Id<di::User>,
    /// Their name.
    pub name: String,
    /// Null until the first-run set-up is done.
    #[schema(required)]
    pub email: Option<String>,
    /// What they may do.
    pub role: Role,
}

/// What an API key may do. Each includes the ones before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyScope {
    /// Read messages and conversations.
    Read,
    /// And send.
    Send,
    /// And manage accounts.
    Admin,
}

/// An API key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// `key_…`.
    #[schema(value_type = String)]
    pub id: Id<di::ApiKey>,
    /// For people, such as `shop-orders`.
    pub name: String,
    /// What it may do.
    pub scope: KeyScope,
    /// The first characters of the secret.
    pub prefix: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// To the minute; null until it was used.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub last_used_at: Option<Timestamp>,
    /// Who made it, `usr_…`; null from the command line.
    #[schema(value_type = Option<String>, required)]
    pub created_by: Option<Id<di::User>>,
}

/// A new API key, with its secret: shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyCreated {
    /// `key_…`.
    #[schema(value_type = String)]
    pub id: Id<di::ApiKey>,
    /// For people, such as `shop-orders`.
    pub name: String,
    /// What it may do.
    pub scope: KeyScope,
    /// The first characters of the secret.
    pub prefix: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// To the minute; null until it was used.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub last_used_at: Option<Timestamp>,
    /// Who made it, `usr_…`; null from the command line.
    #[schema(value_type = Option<String>, required)]
    pub created_by: Option<Id<di::User>>,
    /// `mgk_…`: kept only as a hash, so nobody can show it again.
    pub secret: String,
}

/// An uploaded picture, ready to be sent by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MediaUploaded {
    /// `med_…`.
    #[schema(value_type = String)]
    pub id: Id<domain::media::Media>,
    /// Where to fetch it.
    pub url: String,
    /// Detected from the bytes.
    pub mime: String,
    /// Pixels.
    #[schema(required)]
    pub width: Option<u32>,
    /// Pixels.
    #[schema(required)]
    pub height: Option<u32>,
    /// Bytes.
    pub size: u64,
}

impl From<di::Role> for Role {
    fn from(role: di::Role) -> Self {
        match role {
            di::Role::Owner => Self::Owner,
            di::Role::Admin => Self::Admin,
            di::Role::Agent => Self::Agent,
            di::Role::Viewer => Self::Viewer,
        }
    }
}

impl From<di::KeyScope> for KeyScope {
    fn from(scope: di::KeyScope) -> Self {
        match scope {
            di::KeyScope::Read => Self::Read,
            di::KeyScope::Send => Self::Send,
            di::KeyScope::Admin => Self::Admin,
        }
    }
}

impl From<KeyScope> for di::KeyScope {
    fn from(scope: KeyScope) -> Self {
        match scope {
            KeyScope::Read => Self::Read,
            KeyScope::Send => Self::Send,
            KeyScope::Admin => Self::Admin,
        }
    }
}

impl From<&di::Member> for Member {
    fn from(member: &di::Member) -> Self {
        Self {
            id: member.user.id,
            name: member.user.name.clone(),
            email: member.user.email.clone(),
            role: member.role.into(),
        }
    }
}

impl From<&di::ApiKey> for ApiKey {
    fn from(key: &di::ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name.clone(),
            scope: key.scope.into(),
            prefix: key.prefix.clone(),
            created_at: key.created_at,
            last_used_at: key.last_used_at,
            created_by: key.created_by,
        }
    }
}

impl ApiKeyCreated {
    /// The key and its secret.
    pub fn new(key: &di::ApiKey, secret: String) -> Self {
        let ApiKey { id, name, scope, prefix, created_at, last_used_at, created_by } = key.into();
        Self { id, name, scope, prefix, created_at, last_used_at, created_by, secret }
    }
}

impl MediaUploaded {
    /// From a media row whose bytes are here; an absent type or size shows as unknown.
    pub fn new(media: &domain::media::Media) -> Self {
        Self {
            id: media.id,
            url: super::media_url(media.id),
            mime: media.mime.clone().unwrap_or_else(|| "application/octet-stream".to_owned()),
            width: media.width,
            height: media.height,
            size: media.size.unwrap_or(0),
        }
    }
}

impl Session {
    /// The ids of [`Permitted`] as the session shows them.
    pub fn permitted(accounts: &Permitted) -> Option<Vec<String>> {
        match accounts {
            Permitted::All => None,
            Permitted::Only(ids) => Some(ids.iter().map(ToString::to_string).collect()),
        }
    }
}
