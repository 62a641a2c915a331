//! Applying a kept delivery again, once it is understood better than when it came. What is missing is added by the rules of
//! [`apply`](super::apply); what is known is not set back to what was said long ago, so doing it twice changes nothing.

use super::{Told, Working, authorization, ingest};
use crate::{
    account::{Account, AccountState, ProviderKind},
    clock::Timestamp,
    content::Content,
    id::{Id, NoLease},
    inbound::{
        Inbound, InboundComment, InboundContent, InboundConversation, InboundCustomer, InboundMessage,
        InboundReactions, InboundRead, InboundReferral,
    },
    message::Message,
};

/// Applies one item of a delivery of `side` that came at `received_at` to `account`. Reactions and withheld messages that are known must be left
/// out by the store, which alone knows them.
///
/// # Errors
/// [`NoLease`]: no ids can be made.
pub fn reapply(
    working: &mut Working<'_>,
    account: Id<Account>,
    side: ProviderKind,
    item: &Inbound,
    received_at: Timestamp,
) -> Result<(), NoLease> {
    working.listen_to(side);
    let silent = |customer: &InboundCustomer, working: &mut Working<'_>| without_known(working, account, customer);
    let item = match item {
        Inbound::Message(report) => {
            if let Some(known) = working.message_by_key(account, &report.external_id) {
                read_again(working, account, known, report)?;
            }
            Inbound::Message(InboundMessage { customer: silent(&report.customer, working), ..report.clone() })
        }
        Inbound::Reactions(report) => {
            Inbound::Reactions(InboundReactions { customer: silent(&report.customer, working), ..report.clone() })
        }
        Inbound::Read(report) => {
            Inbound::Read(InboundRead { customer: silent(&report.customer, working), ..report.clone() })
        }
        Inbound::Referral(report) => {
            Inbound::Referral(InboundReferral { customer: silent(&report.customer, working), ..report.clone() })
        }
        Inbound::Conversation(report) => {
            Inbound::Conversation(InboundConversation { customer: silent(&report.customer, working), ..report.clone() })
        }
        Inbound::Comment(report) => {
            Inbound::Comment(InboundComment { customer: silent(&report.customer, working), ..report.clone() })
        }
        Inbound::AuthorizationRemoved { .. } if !still_holds(working, account, received_at) => return Ok(()),
        // What became of a side that does not send by now stands at its binding.
        Inbound::AuthorizationRemoved { .. } if !sends(working, account, side) => return Ok(()),
        Inbound::IdentityRemoved { reason } => {
            let beside = working.account(account).is_some_and(|account| account.provider != ProviderKind::Login);
            if beside || still_holds(working, account, received_at) {
                authorization::identity_removed(working, account, reason, received_at);
            }
            return Ok(());
        }
        // The event of the one only wakes who looks, the delivery itself is the history; the other's names are of their time.
        Inbound::AutomationChanged | Inbound::Customer(_) => return Ok(()),
        Inbound::Undelivered(_) | Inbound::Withheld { .. } | Inbound::AuthorizationRemoved { .. } | Inbound::Noted => {
            item.clone()
        }
    };
    ingest::apply_item(working, account, &item, Told::List)
}

/// An authorization that was removed before the account was connected (again) says nothing about the one it has now.
fn still_holds(working: &Working<'_>, account: Id<Account>, received_at: Timestamp) -> bool {
    working.account(account).is_some_and(|account| {
        received_at >= account.connected_at
            && !matches!(account.state, AccountState::Reconnect | AccountState::Disconnected)
    })
}

fn sends(working: &Working<'_>, account: Id<Account>, side: ProviderKind) -> bool {
    working.account(account).is_some_and(|account| account.both_since.is_none() || account.provider == side)
}

/// The customer as reported, without what is known of them: by now they may be called otherwise.
fn without_known(working: &mut Working<'_>, account: Id<Account>, customer: &InboundCustomer) -> InboundCustomer {
    let mut told = customer.clone();
    let Some(workspace) = working.account(account).map(|account| account.workspace_id) else { return told };
    if let Some(known) = working.contact_mut(&(workspace, customer.channel, customer.external_id.clone())) {
        told.username = told.username.filter(|_| known.username.is_none());
        told.display_name = told.display_name.filter(|_| known.display_name.is_none());
        told.avatar_url = told.avatar_url.filter(|_| known.avatar_url.is_none());
        told.is_follower = told.is_follower.filter(|_| known.is_follower.is_none());
    }
    told
}

/// A message that is kept without its content, because nobody could read it, gets the content that can be read now.
fn read_again(
    working: &mut Working<'_>,
    account: Id<Account>,
    id: Id<Message>,
    report: &InboundMessage,
) -> Result<(), NoLease> {
    let Some(message) = working.message(id) else { return Ok(()) };
    let conversation = message.conversation_id;
    let is_riddle = matches!(message.content, Content::Unsupported { .. });
    if is_riddle && !matches!(report.content, InboundContent::Unsupported { .. }) {
        let content = ingest::receive_content(working, account, conversation, report, Told::List)?;
        working.edit_message(id, |message| message.content = content);
    }
    Ok(())
}
