//! Who talks with whom: the conversation and the contact that a report names, found or made.

use super::{Told, Working};
use crate::{
    account::{Account, ProviderKind},
    contact::Contact,
    conversation::{Conversation, ConversationStatus, Mode},
    id::{Id, NoLease},
    inbound::{InboundConversation, InboundCustomer},
    job::{NewJob, Task},
    ledger::Ledger,
};

/// Finds or makes the conversation and its contact. `None` when the account is not loaded.
pub(super) fn ensure_conversation(
    working: &mut Working<'_>,
    account: Id<Account>,
    external_id: &str,
    customer: &InboundCustomer,
    told: Told,
) -> Result<Option<Id<Conversation>>, NoLease> {
    let Some((workspace_id, provider)) =
        working.account(account).map(|account| (account.workspace_id, account.provider))
    else {
        return Ok(None);
    };
    let contact_id = ensure_contact(working, account, customer)?;
    if let Some(known) = working.conversation_by_key(account, external_id) {
        return Ok(Some(known));
    }
    let Some(contact_id) = contact_id else {
        return Ok(None);
    };
    let id = working.new_id()?;
    working.insert_conversation(Conversation {
        id,
        workspace_id,
        account_id: account,
        contact_id,
        external_id: external_id.to_owned(),
        status: ConversationStatus::Open,
        assignee: None,
        mode: Mode::Human,
        request: provider == ProviderKind::Official,
        unread: 0,
        last_message_id: None,
        last_activity_at: working.now,
        ledger: Ledger::default(),
        trouble: false,
        read_up_to: None,
        image_send: None,
        created_at: working.now,
        seq: 0,
    });
    // Who files a conversation has asked already.
    if provider == ProviderKind::Official && told != Told::History {
        let task = Task::DescribeConversation { conversation: id };
        working.changes.jobs.push(NewJob { workspace_id, task, due_at: working.now, later: false });
    }
    Ok(Some(id))
}

/// Takes over what is told of a customer whose conversation is known, and tells of it.
pub(super) fn news_of_customer(
    working: &mut Working<'_>,
    account: Id<Account>,
    news: &InboundConversation,
) -> Result<(), NoLease> {
    let Some(known) = working.conversation_by_key(account, &news.conversation_external_id) else { return Ok(()) };
    ensure_contact(working, account, &news.customer)?;
    working.refresh(known);
    Ok(())
}

/// Finds or makes the contact, and takes over what is newly told of them. Silence about a field changes nothing.
pub(super) fn ensure_contact(
    working: &mut Working<'_>,
    account: Id<Account>,
    customer: &InboundCustomer,
) -> Result<Option<Id<Contact>>, NoLease> {
    let Some(workspace_id) = working.account(account).map(|account| account.workspace_id) else {
        return Ok(None);
    };
    let key = (workspace_id, customer.channel, customer.external_id.clone());
    if let Some(contact) = working.contact_mut(&key) {
        let before = contact.clone();
        take_over(&mut contact.username, customer.username.as_ref());
        take_over(&mut contact.display_name, customer.display_name.as_ref());
        take_over(&mut contact.avatar_url, customer.avatar_url.as_ref());
        take_over(&mut contact.is_follower, customer.is_follower.as_ref());
        let (id, changed) = (contact.id, *contact != before);
        if changed {
            working.touch_contact(key, id);
        }
        return Ok(Some(id));
    }
    let id = working.new_id()?;
    working.insert_contact(Contact {
        id,
        workspace_id,
        channel: customer.channel,
        external_id: customer.external_id.clone(),
        username: customer.username.clone(),
        display_name: customer.display_name.clone(),
        avatar_url: customer.avatar_url.clone(),
        is_follower: customer.is_follower,
        created_at: working.now,
    });
    Ok(Some(id))
}

fn take_over<T: Clone>(ours: &mut Option<T>, told: Option<&T>) {
    if let Some(told) = told {
        *ours = Some(told.clone());
    }
}
