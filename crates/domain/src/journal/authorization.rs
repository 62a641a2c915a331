//! An authorization is over: of the side that sends, of one that only receives, of an identity.

use super::{Working, changes::NewTrouble};
use crate::{
    account::{Account, AccountState, ProviderKind},
    clock::Timestamp,
    id::Id,
};

/// The authorization of the side that reports is over. Where another one sends, that is not the account's state.
pub(super) fn removed(working: &mut Working<'_>, account: Id<Account>, reason: &str) {
    let (provider, at, reason) = (working.side(), working.now, reason.to_owned());
    let Some(known) = working.account(account) else { return };
    if known.both_since.is_some() && known.provider != provider {
        let workspace_id = known.workspace_id;
        working.changes.troubles.push(NewTrouble { workspace_id, account_id: account, provider, reason, at });
        working.edit_account(account, |_| {});
        return;
    }
    working.edit_account(account, |account| {
        if account.state != AccountState::Disconnected {
            (account.state, account.state_reason) = (AccountState::Reconnect, Some(reason));
        }
    });
}

/// The identity's authorization is over: the account's own, where it is nothing else; beside messages, these go on.
pub(super) fn identity_removed(working: &mut Working<'_>, account: Id<Account>, reason: &str, at: Timestamp) {
    let Some(known) = working.account(account) else { return };
    if known.provider == ProviderKind::Login {
        if known.state != AccountState::Disconnected {
            working.edit_account(account, |account| {
                (account.state, account.state_reason) = (AccountState::Reconnect, Some(reason.to_owned()));
            });
        }
        return;
    }
    let workspace_id = known.workspace_id;
    let reason = reason.to_owned();
    working.changes.troubles.push(NewTrouble {
        workspace_id,
        account_id: account,
        provider: ProviderKind::Login,
        reason,
        at,
    });
    working.edit_account(account, |_| {});
}
