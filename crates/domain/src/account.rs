//! A connected TikTok account, and the bindings through which providers know it.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    history::History,
    id::{Entity, Id},
    ledger::RuleSet,
    profile::Profile,
    workspace::{Permitted, Workspace},
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
    /// TikTok's Login Kit: tells who somebody is, and carries no messages.
    Login,
}

impl ProviderKind {
    /// Whether messages travel through it at all.
    pub const fn carries_messages(self) -> bool {
        !matches!(self, Self::Login)
    }

    /// Whether TikTok's rules of messages go for it, and it takes replies by itself. See [`Account::takes_replies`] for the others.
    pub const fn can_send(self) -> bool {
        matches!(self, Self::Official | Self::Respondio)
    }
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

    /// Whether TikTok may be asked about it: paused, too, it receives and shows everything.
    pub const fn is_connected(self) -> bool {
        matches!(self, Self::Active | Self::Paused | Self::Expiring)
    }
}

/// A TikTok business account of one workspace, as its sending binding shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Printed `acc_…`.
    pub id: Id<Self>,
    /// Whose it is: one TikTok account belongs to one workspace.
    pub workspace_id: Id<Workspace>,
    /// The binding that sends; of an account that is identity only, the one it has.
    pub binding: Id<Binding>,
    /// Its provider.
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
    /// Since when a second side receives as well, or did: from then on what is said may have a name at each. See
    /// [`sides`](crate::sides).
    pub both_since: Option<Timestamp>,
}

impl Account {
    /// Another side sends from here on: what was wrong with the one before is not the account's state any more, but what is wrong
    /// with the new one is. Gives the former. A pause is a person's and stays.
    pub fn sends_through_another(&mut self, trouble: Option<String>) -> Option<String> {
        let mut former = None;
        if self.state == AccountState::Reconnect {
            former = Some(self.state_reason.take().unwrap_or_else(|| "the account must be connected again".to_owned()));
            self.state = AccountState::Active;
        }
        if trouble.is_some() && self.state.can_send() {
            (self.state, self.state_reason) = (AccountState::Reconnect, trouble);
        }
        former
    }
}

impl Entity for Account {
    const PREFIX: &'static str = "acc";
}

/// Scope of an account of the generic webhook whose system takes replies.
pub const REPLIES: &str = "replies";

impl Account {
    /// Whether replies have a way out at all.
    pub fn takes_replies(&self) -> bool {
        match self.provider {
            ProviderKind::Official | ProviderKind::Respondio => true,
            ProviderKind::Thirdparty => self.scopes.iter().any(|scope| scope == REPLIES),
            ProviderKind::Login => false,
        }
    }

    /// What connecting it again changes: it works again. A pause is a person's and stays. An identity beside the messages changes
    /// nothing. The names: [`take_names`](Self::take_names).
    pub fn connected_again(&mut self, connect: &Connect, now: Timestamp) {
        if connect.provider == self.provider {
            self.connected_at = now;
            if self.state != AccountState::Paused {
                (self.state, self.state_reason) = (AccountState::Active, None);
            }
        }
    }
}

/// One way in which a provider knows an account. An account has at most one for each provider, and exactly one of them sends:
/// that of the identity only while there is no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Printed `bnd_…`.
    pub id: Id<Self>,
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// The account.
    pub account_id: Id<Account>,
    /// See [`ProviderKind`].
    pub provider: ProviderKind,
    /// The provider's id of the account. TikTok's two platforms have different ones for one person.
    pub external_id: String,
    /// Whether the account shows itself through this one and its replies leave through it.
    pub sends: bool,
    /// Scopes that the owner granted, as the provider names them.
    pub scopes: Vec<String>,
    /// Why its authorization is over, of one that does not send; that of the sending one is the account's state.
    pub trouble: Option<String>,
    /// When it was connected, last time.
    pub connected_at: Timestamp,
    /// When the access token ends, `None` where there is none.
    pub token_expires_at: Option<Timestamp>,
    /// Who the account is, as this provider told it last.
    pub profile: Profile,
}

impl Entity for Binding {
    const PREFIX: &'static str = "bnd";
}

/// An account with what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRecord {
    /// The account.
    pub account: Account,
    /// All its bindings, the sending one first.
    pub bindings: Vec<Binding>,
    /// Another account that is probably the same person's, and that nobody has been asked about yet.
    pub same_as: Option<Id<Account>>,
}

impl AccountRecord {
    /// As whoever sees these accounts may know it: not at all, or without the name of an account that they do not see.
    pub fn seen(mut self, accounts: &Permitted) -> Option<Self> {
        self.same_as = self.same_as.filter(|other| accounts.allows(*other));
        accounts.allows(self.account.id).then_some(self)
    }
}

/// Accounts with one username.
#[derive(Default)]
struct Namesakes {
    identities: Vec<Id<Account>>,
    speakers: Vec<Id<Account>>,
}

/// Puts a whole workspace together. Two accounts are probably one person's when one is an identity only, the other carries
/// messages at TikTok and has no identity yet, both are connected, and their usernames are the same; `apart` names those that
/// a person has told apart.
pub fn records(
    accounts: Vec<Account>,
    bindings: Vec<Binding>,
    apart: &BTreeSet<(Id<Account>, Id<Account>)>,
) -> Vec<AccountRecord> {
    let mut own: HashMap<Id<Account>, Vec<Binding>> = HashMap::new();
    for binding in bindings {
        own.entry(binding.account_id).or_default().push(binding);
    }
    let mut named: HashMap<String, Namesakes> = HashMap::new();
    for account in accounts.iter().filter(|one| one.state != AccountState::Disconnected) {
        let Some(username) = &account.username else { continue };
        let Namesakes { identities, speakers } = named.entry(username.to_lowercase()).or_default();
        let has_identity =
            own.get(&account.id).is_some_and(|all| all.iter().any(|one| one.provider == ProviderKind::Login));
        match account.provider {
            ProviderKind::Login => identities.push(account.id),
            ProviderKind::Official | ProviderKind::Respondio if !has_identity => speakers.push(account.id),
            _ => {}
        }
    }
    let mut same = HashMap::new();
    for Namesakes { identities, speakers } in named.into_values() {
        let pairs = identities.iter().flat_map(|one| speakers.iter().map(move |other| (*one, *other)));
        for (one, other) in pairs.filter(|(one, other)| !apart.contains(&pair(*one, *other))) {
            same.entry(one).or_insert(other);
            same.entry(other).or_insert(one);
        }
    }
    let whole = accounts.into_iter().map(|account| AccountRecord {
        bindings: own.remove(&account.id).unwrap_or_default(),
        same_as: same.remove(&account.id),
        account,
    });
    whole.collect()
}

/// Two accounts in the order in which they are kept as a pair.
pub fn pair(one: Id<Account>, other: Id<Account>) -> (Id<Account>, Id<Account>) {
    if one.raw() <= other.raw() { (one, other) } else { (other, one) }
}

/// Why two accounts can't become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MergeRefusal {
    /// The same account twice.
    #[error("an account can't be merged with itself")]
    Itself,
    /// Both have conversations of their own.
    #[error("both accounts carry messages; only an account that is identity only can become part of another")]
    BothCarry,
    /// Neither has.
    #[error("neither account carries messages; connect the Business account first")]
    NeitherCarries,
    /// The one that carries messages knows another identity already.
    #[error("the account has an identity already; disconnect that identity first")]
    HasIdentity,
    /// Both usernames are known, and they are two.
    #[error("the two have different usernames; if one was renamed at TikTok, connect it again first")]
    DifferentNames,
}

/// Which of two accounts stays: the one that carries messages. The other one's binding becomes its identity. A person says that they
/// are one; where a username is unknown, as through Respond.io, nothing else could tell.
///
/// # Errors
/// [`MergeRefusal`].
pub fn merge(one: AccountRecord, other: AccountRecord) -> Result<(AccountRecord, AccountRecord), MergeRefusal> {
    if one.account.id == other.account.id {
        return Err(MergeRefusal::Itself);
    }
    let (keep, gone) = match (one.account.provider.carries_messages(), other.account.provider.carries_messages()) {
        (true, true) => return Err(MergeRefusal::BothCarry),
        (false, false) => return Err(MergeRefusal::NeitherCarries),
        (true, false) => (one, other),
        (false, true) => (other, one),
    };
    let taken = keep.bindings.iter().any(|known| gone.bindings.iter().any(|new| new.provider == known.provider));
    if taken {
        return Err(MergeRefusal::HasIdentity);
    }
    let named = |record: &AccountRecord| record.account.username.as_deref().map(str::to_lowercase);
    match (named(&keep), named(&gone)) {
        (Some(one), Some(other)) if one != other => Err(MergeRefusal::DifferentNames),
        _ => Ok((keep, gone)),
    }
}

/// What connecting an account brings: who it is and what was granted. Upserts by (`provider`, `external_id`) of a binding.
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
    /// End of the access token (TikTok: 1 day; Login Kit: 2 hours, formerly 1 day).
    pub access_expires_at: Timestamp,
    /// End of the refresh token (TikTok: 1 year; Login Kit: 180 days, formerly 1 year).
    pub refresh_expires_at: Timestamp,
    /// Grows with each refresh: a writer that read an older one loses.
    pub version: i64,
}
