//! Two rows that turn out to be one message, which two sides told apart.

use super::{Working, echo, sides, working::MessageName};
use crate::{
    account::ProviderKind,
    clock::Timestamp,
    conversation::Conversation,
    id::Id,
    message::{Direction, Message, MessageState},
    sides::alike,
};

/// Makes one message of two. The one that was written here stays, else the one that TikTok named, else the first. Gives it.
pub(super) fn unite(working: &mut Working<'_>, one: Id<Message>, other: Id<Message>, guessed: bool) -> Id<Message> {
    let (Some(first), Some(second)) = (working.message(one), working.message(other)) else { return one };
    let rank = |message: &Message| {
        (
            !sides::is_ours(message),
            message.external_id.is_none() || message.provider != ProviderKind::Official,
            message.id,
        )
    };
    let (keep, gone) = if rank(first) <= rank(second) { (one, other) } else { (other, one) };
    let Some(lost) = working.message(gone).cloned() else { return keep };
    let names = working.names_of(gone);
    for name in &names {
        working.take_message_name(gone, name.provider);
    }
    working.remove_message(gone);
    for name in names.into_iter().chain(first_name(&lost)) {
        if working.name_of(keep, name.provider).is_none() {
            working.put_message_name(MessageName { message_id: keep, guessed: guessed || name.guessed, ..name });
        } else if let Some(known) = working.message_name(keep, name.provider).cloned() {
            // The same name twice: once as the first, once for what it tells.
            let platform_id = known.platform_id.clone().or(name.platform_id);
            working.put_message_name(MessageName { platform_id, guessed: known.guessed || guessed, ..known });
        }
    }
    if working.message(keep).is_some_and(Message::awaits_echo) {
        heard_of(working, keep, lost.sent_at);
    }
    count_once(working, keep, &lost);
    promote(working, keep);
    sides::count_in(working, keep);
    recount(working, keep, lost.sent_at);
    keep
}

/// A message's first name as a further one of another message.
fn first_name(message: &Message) -> Option<MessageName> {
    Some(MessageName {
        workspace_id: message.workspace_id,
        account_id: message.account_id,
        provider: message.provider,
        external_id: message.external_id.clone()?,
        message_id: message.id,
        platform_id: None,
        told_at: message.sent_at,
        guessed: false,
    })
}

/// What counted twice counts once; what one of the two has told is told.
fn count_once(working: &mut Working<'_>, keep: Id<Message>, lost: &Message) {
    let Some(kept) = working.message(keep) else { return };
    let (conversation, incoming) = (kept.conversation_id, kept.direction == Direction::Incoming);
    if kept.filed && !lost.filed {
        working.tell_message(keep);
    } else if incoming
        && !lost.filed
        && let Some(row) = working.conversation_mut(conversation)
    {
        row.unread = row.unread.saturating_sub(1);
    }
}

/// Another side tells of a message that left, or may have left: unless an answer is still to come, that settles it.
pub(super) fn heard_of(working: &mut Working<'_>, id: Id<Message>, at: Timestamp) {
    let Some(message) = working.message(id) else { return };
    let (conversation, tells) = (message.conversation_id, message.state != MessageState::Sending);
    working.edit_message(id, |message| {
        message.reported = true;
        message.sent_at = at;
        if tells {
            message.provisional = false;
            echo::sent(message);
        }
    });
    if tells {
        working.remove_outbox(id);
        if let Some(row) = working.conversation_mut(conversation) {
            row.request = false;
        }
    }
}

/// TikTok's own name comes first, with its time; without it, whatever name there is. Not while an answer may still name it.
pub(super) fn promote(working: &mut Working<'_>, id: Id<Message>) {
    let Some(message) = working.message(id).cloned() else { return };
    if matches!(message.state, MessageState::Sending | MessageState::Queued | MessageState::Unconfirmed) {
        return;
    }
    let led = message.external_id.is_some() && message.provider == ProviderKind::Official;
    let names = working.names_of(id);
    let official = names.iter().find(|name| name.provider == ProviderKind::Official);
    let first = official.or_else(|| names.first().filter(|_| message.external_id.is_none()));
    let Some(first) = first.filter(|_| !led).cloned() else { return };
    if first.provider == ProviderKind::Official {
        working.take_message_name(id, first.provider);
        if let Some(old) = first_name(&message) {
            let old = working.message_name(id, old.provider).cloned().unwrap_or(old);
            working.put_message_name(MessageName { guessed: first.guessed, ..old });
        }
    }
    working.edit_message(id, |message| {
        message.provider = first.provider;
        message.external_id = Some(first.external_id);
        message.reported = true;
        message.sent_at = first.told_at;
    });
    sides::count_in(working, id);
    recount(working, id, message.sent_at);
}

/// After a time of a message was replaced or the message that had it is gone: the ledger goes by those that are there.
pub(super) fn recount(working: &mut Working<'_>, like: Id<Message>, before: Timestamp) {
    let Some((conversation, direction)) = working.message(like).map(|row| (row.conversation_id, row.direction)) else {
        return;
    };
    recount_in(working, conversation, direction, before);
}

pub(super) fn recount_in(
    working: &mut Working<'_>,
    conversation: Id<Conversation>,
    direction: Direction,
    before: Timestamp,
) {
    let told = working.messages_of(conversation).filter(|row| row.direction == direction && row.reported);
    let times: Vec<Timestamp> = told.map(|row| row.sent_at).collect();
    if times.contains(&before) {
        return;
    }
    let Some(row) = working.conversation_mut(conversation) else { return };
    match direction {
        Direction::Incoming if row.ledger.last_incoming_at == Some(before) => {
            row.ledger.last_incoming_at = times.into_iter().max();
        }
        Direction::Outgoing if row.ledger.first_outgoing_at == Some(before) => {
            row.ledger.first_outgoing_at = times.into_iter().min();
        }
        _ => {}
    }
}

/// Joins what one side only has told with what the other side only has told, where as many say the same on both.
pub(super) fn settle_alike(working: &mut Working<'_>, id: Id<Message>) {
    let Some(message) = working.message(id).cloned() else { return };
    let tellers = working.tellers(id);
    let Some(side) = tellers.first().copied().filter(|_| tellers.len() == 1 && !message.awaits_echo()) else { return };
    let like: Vec<(Timestamp, Id<Message>)> = working
        .messages_of(message.conversation_id)
        .filter(|other| (other.id == id || alike(&message, other)) && !other.awaits_echo())
        .filter(|other| working.tellers(other.id).len() == 1 && other.state != MessageState::Failed)
        .map(|other| (other.sent_at, other.id))
        .collect();
    let (mut ours, mut theirs): (Vec<_>, Vec<_>) =
        like.into_iter().partition(|(_, other)| sides::only_by(working, *other, side));
    if ours.len() != theirs.len() {
        return;
    }
    ours.sort_unstable();
    theirs.sort_unstable();
    for ((_, one), (_, other)) in ours.into_iter().zip(theirs) {
        unite(working, one, other, true);
    }
}

/// The same of everything in a conversation.
pub(super) fn reconcile(working: &mut Working<'_>, conversation: Id<Conversation>) {
    let mut apart: Vec<_> = working
        .messages_of(conversation)
        .filter(|message| working.tellers(message.id).len() == 1)
        .map(|message| (message.sent_at, message.id))
        .collect();
    apart.sort_unstable();
    for (_, id) in apart {
        settle_alike(working, id);
    }
}
