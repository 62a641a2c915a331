//! Fills a [`Working`] with the rows that a use case touches. Called by the use cases of journal, outbox, inbox and accounts.

mod find;
mod sides;
mod tail;

#[cfg(test)]
pub(crate) use find::STATEMENTS as FIND_STATEMENTS;
#[cfg(test)]
pub(crate) use sides::STATEMENTS as SIDE_STATEMENTS;
#[cfg(test)]
pub(crate) use tail::STATEMENTS as TAIL_STATEMENTS;

use std::collections::BTreeSet;

use domain::{
    account::{Account, ProviderKind},
    comment::Comment,
    conversation::Conversation,
    id::Id,
    inbound::Inbound,
    journal::{Working, item_keys},
    message::Message,
    store::StoreResult,
};

use rusqlite::Connection;

use crate::{referrals, writer::Tx};
pub(crate) use find::{
    account_by_id, account_by_key, account_through, contact_by_id, conversation_by_id, message_by_id,
    message_by_idempotency_key,
};
pub(crate) use sides::message_name;

/// The rows of a use case that is told our id of a conversation: account, conversation, tail and queue.
pub(crate) fn conversation<'t>(tx: &Tx<'t>, id: Id<Conversation>) -> StoreResult<Working<'t>> {
    let mut working = Working::new(tx.now, tx.ids);
    add_conversation(tx, &mut working, id)?;
    Ok(working)
}

/// The rows of a use case that is told our id of a message: the message, and [`conversation`] around it.
pub(crate) fn message<'t>(tx: &Tx<'t>, id: Id<Message>) -> StoreResult<Working<'t>> {
    let mut working = Working::new(tx.now, tx.ids);
    if let Some(message) = message_by_id(tx.connection, id)? {
        let conversation = message.conversation_id;
        working.add_message(message);
        add_conversation(tx, &mut working, conversation)?;
    }
    Ok(working)
}

fn add_conversation(tx: &Tx<'_>, working: &mut Working<'_>, id: Id<Conversation>) -> StoreResult<()> {
    let Some(conversation) = conversation_by_id(tx.connection, id)? else { return Ok(()) };
    let account = account_by_id(tx.connection, conversation.account_id)?;
    let two_sides = account.as_ref().is_some_and(|account| account.both_since.is_some());
    if let Some(account) = account {
        working.add_account(account);
    }
    tail::full(tx.connection, working, &conversation)?;
    working.add_conversation(conversation);
    if two_sides { sides::complete(tx.connection, working, BTreeSet::new()) } else { Ok(()) }
}

/// Adds the message that `side` knows by `external_id`, if we have it, and what belongs to it where another side knows it too.
pub(crate) fn add_message_by_key(
    tx: &Tx<'_>,
    working: &mut Working<'_>,
    account: Id<Account>,
    side: ProviderKind,
    external_id: &str,
) -> StoreResult<()> {
    if let Some(message) = find::message_by_key(tx.connection, account, side, external_id)? {
        working.add_message(message);
    }
    if working.has_two_sides(account) {
        sides::add_by_key(tx.connection, working, account, side, external_id)?;
        sides::complete(tx.connection, working, BTreeSet::new())?;
    }
    Ok(())
}

/// The rows of a use case about a comment: its account, the message that it is joined with, and the one that is `sent` for it.
pub(crate) fn comment<'t>(tx: &Tx<'t>, id: Id<Comment>, sent: Option<&str>) -> StoreResult<Working<'t>> {
    let mut working = Working::new(tx.now, tx.ids);
    let Some(comment) = find::comment_by_id(tx.connection, id)? else { return Ok(working) };
    if let Some(account) = account_by_id(tx.connection, comment.account_id)? {
        working.add_account(account);
    }
    for external_id in comment.message_external_id.as_deref().into_iter().chain(sent) {
        let found = find::message_by_key(tx.connection, comment.account_id, ProviderKind::Official, external_id)?;
        let Some(message) = found else { continue };
        let conversation = message.conversation_id;
        working.add_message(message);
        add_conversation(tx, &mut working, conversation)?;
    }
    working.add_comment(comment);
    Ok(working)
}

/// What a side calls a conversation of an account with two; of several names, any.
pub(crate) fn conversation_name(
    connection: &Connection,
    conversation: &Conversation,
    side: ProviderKind,
) -> StoreResult<Option<String>> {
    if conversation.provider == side {
        return Ok(Some(conversation.external_id.clone()));
    }
    let names = sides::names(connection, conversation)?;
    Ok(names.into_iter().find(|name| name.provider == side).map(|name| name.external_id))
}

/// Everything that waits to be sent for an account, with the conversations it waits in.
pub(crate) fn queue_of_account<'t>(tx: &Tx<'t>, account: Id<Account>) -> StoreResult<Working<'t>> {
    let mut working = Working::new(tx.now, tx.ids);
    for conversation in find::conversations_with_queue(tx.connection, account)? {
        add_conversation(tx, &mut working, conversation)?;
    }
    Ok(working)
}

/// The rows that reports of `side` about one account name. The account has been added.
pub(crate) fn items(
    tx: &Tx<'_>,
    working: &mut Working<'_>,
    account: &Account,
    side: ProviderKind,
    items: &[Inbound],
) -> StoreResult<()> {
    let connection = tx.connection;
    let mut named = Vec::new();
    for item in items {
        let keys = item_keys(item);
        if let Some((channel, external_id)) = keys.contact
            && let Some(contact) = find::contact_by_key(connection, account.workspace_id, channel, external_id)?
        {
            working.add_contact(contact);
        }
        if let Some(external_id) = keys.comment
            && let Some(comment) = find::comment_by_key(connection, account.id, external_id)?
        {
            working.add_comment(comment);
        }
        if let (true, Some((channel, contact)), Some(message)) = (keys.answers, keys.contact, keys.messages.first()) {
            for comment in find::comments_of(connection, account, channel, contact, message)? {
                working.add_comment(comment);
            }
        }
        for external_id in keys.messages {
            if let Some(message) = find::message_by_key(connection, account.id, side, external_id)? {
                named.push(message);
            }
        }
    }
    for external_id in conversation_keys(items) {
        let Some(conversation) = find::conversation_by_key(connection, account.id, side, external_id)? else {
            continue;
        };
        let reads = items
            .iter()
            .any(|item| matches!(item, Inbound::Read(read) if read.conversation_external_id == external_id));
        tail::of_reports(connection, working, &conversation, reads, &named)?;
        for item in items {
            if let Inbound::Referral(report) = item
                && report.conversation_external_id == external_id
            {
                referrals::add_known(connection, working, conversation.id, &report.referral)?;
            }
        }
        working.add_conversation(conversation);
    }
    for message in named {
        // A message of another conversation than the report names: its own must be there too.
        if working.conversation(message.conversation_id).is_none()
            && let Some(conversation) = conversation_by_id(connection, message.conversation_id)?
        {
            tail::full(connection, working, &conversation)?;
            working.add_conversation(conversation);
        }
        working.add_message(message);
    }
    if account.both_since.is_some() { sides::items(connection, working, account, side, items) } else { Ok(()) }
}

/// The conversations that reports name, each once.
fn conversation_keys(items: &[Inbound]) -> Vec<&str> {
    let mut keys: Vec<&str> = items.iter().filter_map(|item| item.conversation().map(|(key, _)| key)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The account that a provider's id names, added to a fresh [`Working`].
pub(crate) fn account<'t>(
    tx: &Tx<'t>,
    provider: ProviderKind,
    external_id: &str,
) -> StoreResult<Option<(Working<'t>, Account)>> {
    let Some(account) = account_by_key(tx.connection, provider, external_id)? else { return Ok(None) };
    let mut working = Working::new(tx.now, tx.ids);
    working.add_account(account.clone());
    Ok(Some((working, account)))
}
