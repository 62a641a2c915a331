//! Who an account is: each of its providers tells it in its own way, and one of them is believed first.

use crate::account::{Account, Binding, Connect, ProviderKind};

/// Who an account is, as one provider tells it. What it does not tell is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// Handle without `@`.
    pub username: Option<String>,
    /// Name shown to customers; of Respond.io that of its channel, which no customer sees.
    pub display_name: Option<String>,
    /// Address of the picture; TikTok's ends.
    pub avatar_url: Option<String>,
}

impl Connect {
    /// What it tells of who the account is.
    pub fn profile(&self) -> Profile {
        let Self { username, display_name, avatar_url, .. } = self.clone();
        Profile { username, display_name, avatar_url }
    }
}

/// Whose word is taken first: TikTok itself, then the identity at Login Kit, then whoever has a name of their own for the account.
const fn rank(provider: ProviderKind) -> u8 {
    match provider {
        ProviderKind::Official => 0,
        ProviderKind::Login => 1,
        ProviderKind::Respondio => 2,
        ProviderKind::Thirdparty => 3,
    }
}

impl Account {
    /// Takes the names and the picture that its providers tell: each from the first that tells it. While none tells any, what there
    /// is stays. True when that changed anything.
    pub fn take_names(&mut self, bindings: &[Binding]) -> bool {
        let mut told: Vec<_> = bindings.iter().collect();
        told.sort_by_key(|binding| rank(binding.provider));
        let first = |part: fn(&Profile) -> &Option<String>| told.iter().find_map(|one| part(&one.profile).clone());
        let profile = Profile {
            username: first(|one| &one.username),
            display_name: first(|one| &one.display_name),
            avatar_url: first(|one| &one.avatar_url),
        };
        if profile == Profile::default() {
            return false;
        }
        let Profile { username, display_name, avatar_url } = profile;
        let before = (&self.username, &self.display_name, &self.avatar_url);
        let changed = before != (&username, &display_name, &avatar_url);
        (self.username, self.display_name, self.avatar_url) = (username, display_name, avatar_url);
        changed
    }
}

/// What the system through which messages travel calls an account, where that is not the name shown: of Respond.io its channel.
pub fn channel_name<'a>(account: &Account, bindings: &'a [Binding]) -> Option<&'a str> {
    let own = |one: &&Binding| matches!(one.provider, ProviderKind::Respondio | ProviderKind::Thirdparty);
    let name = bindings.iter().find(own)?.profile.display_name.as_deref();
    name.filter(|name| account.display_name.as_deref() != Some(*name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{account::AccountState, clock::Timestamp, id::Id, ledger::RuleSet};

    fn told(provider: ProviderKind, [username, display_name, avatar_url]: [Option<&str>; 3]) -> Binding {
        let [username, display_name, avatar_url] =
            [username, display_name, avatar_url].map(|one| one.map(str::to_owned));
        Binding {
            id: Id::from_raw(1),
            workspace_id: Id::from_raw(1),
            account_id: Id::from_raw(1),
            provider,
            external_id: "42".to_owned(),
            sends: provider != ProviderKind::Login,
            scopes: Vec::new(),
            trouble: None,
            connected_at: Timestamp::from_secs(0),
            token_expires_at: None,
            profile: Profile { username, display_name, avatar_url },
        }
    }

    fn account() -> Account {
        Account {
            id: Id::from_raw(1),
            workspace_id: Id::from_raw(1),
            binding: Id::from_raw(1),
            provider: ProviderKind::Respondio,
            external_id: "42".to_owned(),
            username: None,
            display_name: Some("Channel".to_owned()),
            avatar_url: None,
            state: AccountState::Active,
            state_reason: None,
            rule_set: RuleSet::Strict,
            scopes: Vec::new(),
            connected_at: Timestamp::from_secs(0),
            token_expires_at: None,
            last_delivery_at: None,
            history: None,
            both_since: None,
        }
    }

    fn names(account: &Account) -> [Option<&str>; 3] {
        [account.username.as_deref(), account.display_name.as_deref(), account.avatar_url.as_deref()]
    }

    #[test]
    fn tiktok_is_believed_before_the_identity_and_the_identity_before_the_channel() {
        let channel = told(ProviderKind::Respondio, [None, Some("Channel"), None]);
        let identity = told(ProviderKind::Login, [Some("shop"), Some("Shop"), Some("https://p/1")]);
        let tiktok = told(ProviderKind::Official, [Some("shop"), Some("The Shop"), None]);
        let mut one = account();
        assert!(!one.take_names(std::slice::from_ref(&channel)), "as it was");
        assert!(one.take_names(&[channel.clone(), identity.clone()]));
        assert_eq!(names(&one), [Some("shop"), Some("Shop"), Some("https://p/1")]);
        assert_eq!(channel_name(&one, &[channel.clone(), identity.clone()]), Some("Channel"));
        assert!(one.take_names(&[channel.clone(), identity, tiktok]));
        assert_eq!(names(&one), [Some("shop"), Some("The Shop"), Some("https://p/1")]);
        assert!(one.take_names(std::slice::from_ref(&channel)));
        assert_eq!(names(&one), [None, Some("Channel"), None], "its own name again");
        assert_eq!(channel_name(&one, &[channel]), None);
    }

    #[test]
    fn silence_leaves_what_there_is() {
        let mut one = account();
        assert!(!one.take_names(&[told(ProviderKind::Respondio, [None; 3])]));
        assert_eq!(names(&one), [None, Some("Channel"), None]);
    }
}
