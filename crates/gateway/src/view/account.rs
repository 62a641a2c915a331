//! An account as JSON: the documented shape, and the flat one of the reference's `GET /api/accounts`.

use domain::{Id, Timestamp, account as da, ledger, profile::channel_name};
use serde::{Deserialize, Serialize};
use tiktok::oauth::{MESSAGING_SCOPES, Scopes};
use utoipa::ToSchema;

use super::History;
use crate::providers::missing_identity_scopes;

/// A connected TikTok account. Never holds a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// `acc_…`.
    #[schema(value_type = String, example = "acc_00jx3k5t8g002")]
    pub id: Id<da::Account>,
    /// Through whom its messages travel.
    pub provider: Provider,
    /// The provider's id of the account.
    pub open_id: String,
    /// Handle without `@`.
    #[schema(required)]
    pub username: Option<String>,
    /// Name shown to customers.
    #[schema(required)]
    pub display_name: Option<String>,
    /// Address of the picture.
    #[schema(required)]
    pub avatar_url: Option<String>,
    /// What Respond.io, or the system of the generic webhook, calls it where that is another name than `displayName`; else null.
    #[schema(required)]
    pub channel_name: Option<String>,
    /// Whether it works, and if not, what it waits for.
    pub state: AccountState,
    /// One plain sentence on why.
    #[schema(required)]
    pub state_reason: Option<String>,
    /// Whether replies can leave.
    pub can_send: bool,
    /// Login Kit knows who it is, and no more: it carries no messages.
    pub identity_only: bool,
    /// The Login Kit identity; null where there is none.
    #[schema(required)]
    pub identity: Option<Identity>,
    /// Another account that is probably the same person's, to be confirmed or denied; null where there is none.
    #[schema(required)]
    pub same_as: Option<SameAs>,
    /// Which reading of TikTok's window rules guards replies.
    pub rule_set: RuleSet,
    /// When it was connected, last time.
    #[schema(value_type = String, format = DateTime)]
    pub connected_at: Timestamp,
    /// When the access token ends; null where there is none.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub token_expires_at: Option<Timestamp>,
    /// Scopes that the owner granted, as TikTok names them.
    pub scopes: Vec<String>,
    /// Scopes that messages need and the owner did not grant.
    pub missing_scopes: Vec<String>,
    /// When the last webhook came in.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub last_event_at: Option<Timestamp>,
    /// How far its history is filed; null when nobody asked for it.
    #[schema(required)]
    pub history: Option<History>,
}

/// A person at Login Kit: who they are, and whether TikTok still tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Their id at the Login Kit app; another one than at the API for Business.
    pub open_id: String,
    /// Whether TikTok accepts the sign-in.
    pub connected: bool,
    /// One plain sentence on why not.
    #[schema(required)]
    pub reason: Option<String>,
    /// When it was connected, last time.
    #[schema(value_type = String, format = DateTime)]
    pub connected_at: Timestamp,
    /// When the access token ends; null where there is none.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub token_expires_at: Option<Timestamp>,
    /// Scopes that were granted, as TikTok names them.
    pub scopes: Vec<String>,
    /// Scopes that were asked for and not granted. Without `user.info.profile` the username is unknown.
    pub missing_scopes: Vec<String>,
}

/// What became of an identity that was taken off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IdentityGone {
    /// The account as it is now.
    pub account: Account,
    /// Whether TikTok confirmed that the permission was given back; if not, its owner removes the app in TikTok's settings.
    pub revoked: bool,
}

/// The other account of what is probably one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SameAs {
    /// `acc_…`.
    #[schema(value_type = String)]
    pub account_id: Id<da::Account>,
    /// The username that both have.
    pub username: String,
}

/// Which reading of TikTok's window rules guards replies. TikTok's pages disagree; its own refusal corrects either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleSet {
    /// The send page: ten messages within 48 hours of each customer message.
    Strict,
    /// The messaging-limits guide: ten until the customer has replied, then without limit for 48 hours, then three.
    Guide,
    /// None: the provider is not TikTok.
    Unlimited,
}

impl From<ledger::RuleSet> for RuleSet {
    fn from(rules: ledger::RuleSet) -> Self {
        match rules {
            ledger::RuleSet::Strict => Self::Strict,
            ledger::RuleSet::Guide => Self::Guide,
            ledger::RuleSet::Unlimited => Self::Unlimited,
        }
    }
}

impl From<RuleSet> for ledger::RuleSet {
    fn from(rules: RuleSet) -> Self {
        match rules {
            RuleSet::Strict => Self::Strict,
            RuleSet::Guide => Self::Guide,
            RuleSet::Unlimited => Self::Unlimited,
        }
    }
}

/// Through whom an account's messages travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// TikTok's Business Messaging API.
    Official,
    /// Respond.io.
    Respondio,
    /// Any system that speaks the generic webhook; it takes replies where `THIRDPARTY_API_URL` is set.
    Thirdparty,
    /// None: TikTok's Login Kit, which tells who somebody is.
    Login,
}

/// Whether an account works, and if not, what it waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum AccountState {
    /// Works.
    Active,
    /// Switched off by a person.
    Paused,
    /// Works, but the authorization ends soon.
    Expiring,
    /// A person must connect again.
    Reconnect,
    /// Disconnected here.
    Disconnected,
}

impl From<Provider> for da::ProviderKind {
    fn from(provider: Provider) -> Self {
        match provider {
            Provider::Official => Self::Official,
            Provider::Respondio => Self::Respondio,
            Provider::Thirdparty => Self::Thirdparty,
            Provider::Login => Self::Login,
        }
    }
}

impl From<da::ProviderKind> for Provider {
    fn from(kind: da::ProviderKind) -> Self {
        match kind {
            da::ProviderKind::Official => Self::Official,
            da::ProviderKind::Respondio => Self::Respondio,
            da::ProviderKind::Thirdparty => Self::Thirdparty,
            da::ProviderKind::Login => Self::Login,
        }
    }
}

impl From<da::AccountState> for AccountState {
    fn from(state: da::AccountState) -> Self {
        match state {
            da::AccountState::Active => Self::Active,
            da::AccountState::Paused => Self::Paused,
            da::AccountState::Expiring => Self::Expiring,
            da::AccountState::Reconnect => Self::Reconnect,
            da::AccountState::Disconnected => Self::Disconnected,
        }
    }
}

impl From<&da::AccountRecord> for Account {
    fn from(record: &da::AccountRecord) -> Self {
        let account = &record.account;
        let identity = record.bindings.iter().find(|one| one.provider == da::ProviderKind::Login);
        let same = record.same_as.zip(account.username.clone());
        Self {
            id: account.id,
            provider: account.provider.into(),
            open_id: account.external_id.clone(),
            username: account.username.clone(),
            display_name: account.display_name.clone(),
            avatar_url: account.avatar_url.clone(),
            channel_name: channel_name(account, &record.bindings).map(str::to_owned),
            state: account.state.into(),
            state_reason: account.state_reason.clone(),
            can_send: account.state.can_send() && account.takes_replies(),
            identity_only: !account.provider.carries_messages(),
            identity: identity.map(|binding| Identity::of(account, binding)),
            same_as: same.map(|(account_id, username)| SameAs { account_id, username }),
            rule_set: account.rule_set.into(),
            connected_at: account.connected_at,
            token_expires_at: account.token_expires_at,
            scopes: account.scopes.clone(),
            missing_scopes: missing_scopes(account),
            last_event_at: account.last_delivery_at,
            history: account.history.as_ref().map(History::from),
        }
    }
}

impl Identity {
    fn of(account: &da::Account, binding: &da::Binding) -> Self {
        let reason = if binding.sends && !account.state.is_connected() {
            account.state_reason.clone().or_else(|| Some("Not connected".to_owned()))
        } else {
            binding.trouble.clone()
        };
        Self {
            open_id: binding.external_id.clone(),
            connected: reason.is_none(),
            reason,
            connected_at: binding.connected_at,
            token_expires_at: binding.token_expires_at,
            scopes: binding.scopes.clone(),
            missing_scopes: missing_identity_scopes(&binding.scopes),
        }
    }
}

/// What messages need beyond what was granted; empty for providers without scopes.
fn missing_scopes(account: &da::Account) -> Vec<String> {
    if account.provider != da::ProviderKind::Official {
        return Vec::new();
    }
    let granted = Scopes::parse(&account.scopes.join(","));
    granted.missing(&MESSAGING_SCOPES).iter().map(|scope| scope.as_str().to_owned()).collect()
}

/// An account by the field names of the reference's `GET /api/accounts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReferenceAccount {
    /// `acc_…`.
    #[schema(value_type = String)]
    pub id: Id<da::Account>,
    /// TikTok's id of the account: of the API for Business, else of Login Kit. Without either, that of the system it comes through.
    pub open_id: String,
    /// Handle without `@`.
    #[schema(required)]
    pub username: Option<String>,
    /// Name shown to customers.
    #[schema(required)]
    pub display_name: Option<String>,
    /// Address of the picture.
    #[schema(required)]
    pub avatar_url: Option<String>,
    /// Whether it works, and if not, what it waits for.
    pub status: AccountState,
    /// When the access token of that `open_id` ends; null where there is none.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub token_expires_at: Option<Timestamp>,
    /// When it was connected, last time.
    #[schema(value_type = String, format = DateTime)]
    pub connected_at: Timestamp,
}

impl From<&da::AccountRecord> for ReferenceAccount {
    fn from(record: &da::AccountRecord) -> Self {
        let account = &record.account;
        let of = |provider| record.bindings.iter().find(|one| one.provider == provider);
        let at_tiktok = of(da::ProviderKind::Official).or_else(|| of(da::ProviderKind::Login));
        let (open_id, token_expires_at) = match at_tiktok {
            Some(binding) => (&binding.external_id, binding.token_expires_at),
            None => (&account.external_id, account.token_expires_at),
        };
        Self {
            id: account.id,
            open_id: open_id.clone(),
            username: account.username.clone(),
            display_name: account.display_name.clone(),
            avatar_url: account.avatar_url.clone(),
            status: account.state.into(),
            token_expires_at,
            connected_at: account.connected_at,
        }
    }
}
