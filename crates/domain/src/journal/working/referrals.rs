//! Loaded referrals, and what was changed of them.

use super::Working;
use crate::journal::{NewReferral, ReferralKey};

impl Working<'_> {
    /// Adds a loaded referral. Of the source that a reported one names, a store adds the one of the same time and any that is not
    /// dated; for a report that is not dated itself, any one.
    pub fn add_referral(&mut self, key: ReferralKey, dated: bool) {
        self.referrals.insert(key, dated);
    }

    /// Loaded referrals of the same source to the same conversation, and whether each tells its time.
    pub(in crate::journal) fn referrals_of(&self, like: &ReferralKey) -> Vec<(ReferralKey, bool)> {
        let alike = |key: &ReferralKey| key.conversation_id == like.conversation_id && key.source == like.source;
        self.referrals.iter().filter(|(key, _)| alike(key)).map(|(key, dated)| (key.clone(), *dated)).collect()
    }

    pub(in crate::journal) fn insert_referral(&mut self, key: ReferralKey, row: NewReferral) {
        self.referrals.insert(key, row.referral.dated);
        self.changes.referrals.push(row);
    }

    pub(in crate::journal) fn remove_referral(&mut self, key: ReferralKey) {
        self.referrals.remove(&key);
        let is_it = |row: &NewReferral| {
            row.conversation_id == key.conversation_id
                && row.referral.at == key.at
                && row.referral.source.key() == key.source
        };
        let before = self.changes.referrals.len();
        self.changes.referrals.retain(|row| !is_it(row));
        if self.changes.referrals.len() == before {
            self.changes.removed_referrals.push(key);
        }
    }
}
