//! What a round trip to TikTok is for, and how its state keeps that.

use domain::{Id, account::Account};

/// What a round trip is for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked {
    /// The account's posts too; of an app that is not approved for them TikTok refuses the whole request.
    pub posts: bool,
    /// The account that TikTok's own side is added to.
    pub side_of: Option<Id<Account>>,
}

/// As the state of a round trip keeps it.
pub(super) fn kind_of(side_of: Option<Id<Account>>) -> String {
    side_of.map_or_else(|| "business".to_owned(), |id| format!("business:{id}"))
}

/// Back from [`kind_of`].
pub(super) fn side_of(kind: &str) -> Option<Id<Account>> {
    kind.strip_prefix("business:")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_is_kept_with_the_round_trip() {
        let id: Id<Account> = Id::from_raw(42);
        assert_eq!(side_of(&kind_of(Some(id))), Some(id));
        assert_eq!(side_of(&kind_of(None)), None);
        assert_eq!(side_of("login"), None);
    }
}
