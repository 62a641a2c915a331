//! Who talks with whom: the conversation and the contact that a report names, found or made.

use super::{Told, Working, working::ConversationName};
use crate::{
    account::{Account, ProviderKind},
    contact::Contact,
    conversation::{Conversation, ConversationStatus, Mode},
    id::{Id, NoLease},
    inbound::{InboundConversation, InboundCustomer, InboundMessage},
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
    let Some(workspace_id) = working.account(account).map(|account| account.workspace_id) else {
        return Ok(None);
    };
    let (provider, two_sides) = (working.side(), working.has_two_sides(account));
    if two_sides && let Some(known) = working.conversation_by_key(account, external_id) {
        fill_contact(working, known, customer);
        return Ok(Some(known));
    }
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
        provider,
        external_id: external_id.to_owned(),
        sender: None,
        status: ConversationStatus::Open,
        assignee: None,
        mode: Mode::Human,
        request: two_sides || provider == ProviderKind::Official,
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
    if working.has_two_sides(account) {
        fill_contact(working, known, &news.customer);
    } else {
        ensure_contact(working, account, &news.customer)?;
    }
    working.refresh(known);
    Ok(())
}

/// What a side tells of the customer of a known conversation. Of one that another side named first, only what is not known yet.
pub(super) fn fill_contact(working: &mut Working<'_>, conversation: Id<Conversation>, customer: &InboundCustomer) {
    let Some(row) = working.conversation(conversation) else { return };
    let Some(contact) = working.contact_by_id(row.contact_id) else { return };
    let is_its_own = (contact.channel, &contact.external_id) == (customer.channel, &customer.external_id);
    let key = (contact.workspace_id, contact.channel, contact.external_id.clone());
    let Some(contact) = working.contact_mut(&key) else { return };
    let before = contact.clone();
    let news = |known: bool| is_its_own || !known;
    take_over(&mut contact.username, customer.username.as_ref().filter(|_| news(before.username.is_some())));
    take_over(
        &mut contact.display_name,
        customer.display_name.as_ref().filter(|_| news(before.display_name.is_some())),
    );
    take_over(&mut contact.avatar_url, customer.avatar_url.as_ref().filter(|_| news(before.avatar_url.is_some())));
    take_over(&mut contact.is_follower, customer.is_follower.as_ref().filter(|_| news(before.is_follower.is_some())));
    let (id, changed) = (contact.id, *contact != before);
    if changed {
        working.touch_contact(key, id);
    }
}

/// TikTok's own name of a conversation, and its own word on the customer, come before those of the side that was first.
pub(super) fn official_leads(
    working: &mut Working<'_>,
    id: Id<Conversation>,
    report: &InboundMessage,
    guessed: bool,
) -> Result<(), NoLease> {
    let Some(row) = working.conversation(id).cloned() else { return Ok(()) };
    let Some(contact_id) = ensure_contact(working, row.account_id, &report.customer)? else { return Ok(()) };
    let known = working.contact_by_id(row.contact_id).cloned();
    working.edit_conversation(id, |row| row.contact_id = contact_id);
    working.rename_conversation(id, ProviderKind::Official, &report.conversation_external_id);
    for name in working.names_of_conversation(id) {
        working.put_conversation_name(ConversationName { guessed, ..name });
    }
    if let Some(known) = known {
        let customer = InboundCustomer {
            channel: known.channel,
            external_id: known.external_id,
            username: known.username,
            display_name: known.display_name,
            avatar_url: known.avatar_url,
            is_follower: known.is_follower,
        };
        fill_contact(working, id, &customer);
    }
    let task = Task::DescribeConversation { conversation: id };
    working.enqueue(NewJob { workspace_id: row.workspace_id, task, due_at: working.now, later: false });
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
