//! Filing a conversation as the provider's lists show it. What was said before the account was connected is history: kept, counted by
//! the rules, and told to nobody. What was said since is news, whichever of webhook and list comes first.

use super::{Told, Working, ingest};
use crate::{
    account::Account,
    conversation::{Conversation, ConversationStatus},
    history::PastConversation,
    id::{Id, NoLease},
    inbound::Inbound,
    ledger::WINDOW,
    message::Direction,
};

/// Files one conversation of `account`. What its items name and what stands in for withheld messages must be loaded. Gives
/// the conversation; `None` when it is unknown and nothing tells who the customer is.
///
/// # Errors
/// [`NoLease`]: no ids can be made.
pub fn file(
    working: &mut Working<'_>,
    account: Id<Account>,
    past: &PastConversation,
) -> Result<Option<Id<Conversation>>, NoLease> {
    let Some(since) = working.account(account).map(|account| account.connected_at) else {
        return Ok(None);
    };
    working.listen_to(past.provider);
    // Nobody has been told yet that the customer wrote.
    let unheard = working
        .conversation_by_key(account, &past.external_id)
        .and_then(|id| working.conversation(id))
        .is_none_or(|row| row.ledger.last_incoming_at.is_none());
    let mut is_news = false;
    for item in &past.items {
        let told = match item {
            Inbound::Message(message) if message.sent_at >= since => {
                is_news |= message.direction == Direction::Incoming;
                Told::List
            }
            _ => Told::History,
        };
        ingest::apply_item(working, account, item, told)?;
    }
    let Some(id) = working.conversation_by_key(account, &past.external_id) else {
        return Ok(None);
    };
    let now = working.now;
    if let Some(row) = working.conversation_mut(id) {
        row.request &= past.request;
        row.image_send = row.image_send.or(past.image_send);
        let is_live = row.ledger.last_incoming_at.is_some_and(|last| now < last.plus(WINDOW));
        if unheard && !is_news && !is_live && row.status == ConversationStatus::Open {
            row.status = ConversationStatus::Closed;
        }
    }
    working.refresh(id);
    Ok(Some(id))
}
