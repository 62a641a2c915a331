//! Names that a side gives to messages: where they go, and what comes with them.

use super::{count_in, is_ours};
use crate::{
    account::{Account, ProviderKind},
    conversation::Conversation,
    id::{Id, NoLease},
    inbound::{InboundContent, InboundMessage},
    journal::{MessageName, Told, Working, comment, ingest, merge},
    message::{Author, Direction, Message, MessageState, Priority},
    sides::Gist,
};

/// The side's name goes to a message that another side has told or that left through it.
pub(super) fn attach(
    working: &mut Working<'_>,
    account: Id<Account>,
    id: Id<Message>,
    report: &InboundMessage,
    guessed: bool,
) -> Result<(), NoLease> {
    let side = working.side();
    let Some(message) = working.message(id) else { return Ok(()) };
    let (workspace_id, conversation, ours) = (message.workspace_id, message.conversation_id, is_ours(message));
    let (waits, before) = (message.awaits_echo(), message.sent_at);
    working.put_message_name(MessageName {
        workspace_id,
        account_id: account,
        provider: side,
        external_id: report.external_id.clone(),
        message_id: id,
        platform_id: report.platform_id.clone(),
        told_at: report.sent_at,
        guessed,
    });
    if waits {
        merge::heard_of(working, id, report.sent_at);
    }
    if side == ProviderKind::Official && !ours {
        take_content(working, account, conversation, id, report)?;
    }
    merge::promote(working, id);
    count_in(working, id);
    merge::recount(working, id, before);
    Ok(())
}

/// TikTok's own word leads: who wrote it, what it says, what it quotes.
fn take_content(
    working: &mut Working<'_>,
    account: Id<Account>,
    conversation: Id<Conversation>,
    id: Id<Message>,
    report: &InboundMessage,
) -> Result<(), NoLease> {
    let Some(message) = working.message(id) else { return Ok(()) };
    let unread =
        matches!(Gist::of(&message.content), Gist::Riddle) && !matches!(Gist::told(&report.content), Gist::Riddle);
    let words = matches!(report.content, InboundContent::Text(_) | InboundContent::CardAnswer { .. });
    let contact = working.conversation(conversation).map(|row| row.contact_id);
    let content = if unread || words {
        Some(ingest::receive_content(working, account, conversation, report, Told::List)?)
    } else {
        None
    };
    let claimed = contact.and_then(|contact| comment::claim(working, account, contact, report));
    let author = claimed.unwrap_or_else(|| ingest::author_of(report));
    working.edit_message(id, |message| {
        message.author = author;
        message.content = content.unwrap_or_else(|| message.content.clone());
        message.quoted_external_id.clone_from(&report.quoted_external_id);
    });
    Ok(())
}

/// A message that no other side has told stands by itself.
pub(super) fn insert(
    working: &mut Working<'_>,
    account: Id<Account>,
    conversation: Id<Conversation>,
    report: &InboundMessage,
    told: Told,
) -> Result<Option<Id<Message>>, NoLease> {
    ingest::insert_reported(working, account, conversation, report, told)?;
    let Some(id) = working.message_by_key(account, &report.external_id) else { return Ok(None) };
    if let Some(platform) = &report.platform_id {
        note_platform(working, id, report, platform);
    }
    count_in(working, id);
    Ok(Some(id))
}

/// Writes down what a side says TikTok calls its message.
pub(in crate::journal) fn note_platform(
    working: &mut Working<'_>,
    id: Id<Message>,
    report: &InboundMessage,
    platform: &str,
) {
    let side = working.side();
    let Some(message) = working.message(id) else { return };
    let proven = working.name_of(id, ProviderKind::Official) == Some(platform);
    let known = working.message_name(id, side).cloned().unwrap_or_else(|| MessageName {
        workspace_id: message.workspace_id,
        account_id: message.account_id,
        provider: side,
        external_id: report.external_id.clone(),
        message_id: id,
        platform_id: None,
        told_at: report.sent_at,
        guessed: false,
    });
    let guessed = known.guessed && !proven;
    let told = MessageName { platform_id: Some(platform.to_owned()), guessed, ..known.clone() };
    if told != known {
        working.put_message_name(told);
    }
}

/// A side's name was taken for this message's by mistake: what it named becomes a message of its own again.
pub(in crate::journal) fn give_back(
    working: &mut Working<'_>,
    id: Id<Message>,
    side: ProviderKind,
) -> Result<Option<Id<Message>>, NoLease> {
    let Some(name) = working.take_message_name(id, side) else { return Ok(None) };
    let Some(message) = working.message(id).cloned() else { return Ok(None) };
    let (twin, now) = (working.new_id()?, working.now);
    let incoming = message.direction == Direction::Incoming;
    working.insert_message(Message {
        id: twin,
        provider: side,
        external_id: Some(name.external_id.clone()),
        author: if incoming { Author::Customer } else { Author::OtherApi },
        provisional: false,
        reported: true,
        state: if incoming { MessageState::Received } else { MessageState::Sent },
        failure: None,
        sent_at: name.told_at,
        created_at: now,
        quoted_external_id: None,
        idempotency_key: None,
        send_anyway: false,
        priority: Priority::Normal,
        next_attempt_at: None,
        seq: 0,
        ..message
    });
    working.put_message_name(MessageName { message_id: twin, guessed: false, ..name });
    if incoming && let Some(row) = working.conversation_mut(message.conversation_id) {
        row.unread = row.unread.saturating_add(1);
    }
    Ok(Some(twin))
}

/// The call certainly was not carried out: whoever was taken for its report was somebody else's message.
pub(in crate::journal) fn not_ours(working: &mut Working<'_>, id: Id<Message>) -> Result<(), NoLease> {
    for name in working.names_of(id).into_iter().filter(|name| name.guessed) {
        if let Some(stray) = give_back(working, id, name.provider)? {
            merge::settle_alike(working, stray);
        }
    }
    Ok(())
}
