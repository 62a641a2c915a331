//! How a customer came: told by a webhook as it happens, and again by every list, which knows seconds at best.

use super::{NewReferral, ReferralKey, Told, Working, parties::ensure_conversation};
use crate::{
    account::Account,
    id::{Id, NoLease},
    inbound::InboundReferral,
};

/// Keeps a referral that is news, and tells of it with its conversation. A known one changes nothing.
pub(super) fn apply(
    working: &mut Working<'_>,
    account: Id<Account>,
    report: &InboundReferral,
    told: Told,
) -> Result<(), NoLease> {
    let Some(conversation_id) =
        ensure_conversation(working, account, &report.conversation_external_id, &report.customer, told)?
    else {
        return Ok(());
    };
    let Some(workspace_id) = working.account(account).map(|account| account.workspace_id) else {
        return Ok(());
    };
    let referral = &report.referral;
    let key = ReferralKey { conversation_id, source: referral.source.key(), at: referral.at };
    let known = working.referrals_of(&key);
    // One that tells its time is another click than all with other times. One that does not may be any that is known.
    let says_nothing_new = |(other, dated): &(ReferralKey, bool)| match (referral.dated, *dated) {
        (true, dated) => dated && other.at == key.at,
        (false, true) => true,
        (false, false) => other.at <= key.at,
    };
    if known.iter().any(says_nothing_new) {
        return Ok(());
    }
    for (stand_in, _) in known.into_iter().filter(|(_, dated)| !dated) {
        working.remove_referral(stand_in);
    }
    working.insert_referral(key, NewReferral { workspace_id, conversation_id, referral: referral.clone() });
    working.edit_conversation(conversation_id, |_| {});
    Ok(())
}
