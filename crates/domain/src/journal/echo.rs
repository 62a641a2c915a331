//! Our own replies come back as reports, before or after the send answer. At most one attempt is in flight per conversation, so
//! a report of equal content from the provider's API is taken for ours until the answer names another id. Nothing waits.

use std::time::Duration;

use super::{Working, merge, sides, working::MessageName};
use crate::{
    clock::Timestamp,
    content::{Content, post_of, same_words},
    conversation::Conversation,
    id::{Id, NoLease},
    inbound::{InboundContent, InboundMessage, Source},
    message::{Author, Direction, Message, MessageState, Priority},
};

/// How far the provider's clock may be behind ours for a report still to be of an attempt that began at our time.
const CLOCK_SKEW: Duration = Duration::from_mins(1);

/// A known message is reported again: the provider's time replaces ours; of two reported times the earlier stays.
pub(super) fn reported(working: &mut Working<'_>, id: Id<Message>, sent_at: Timestamp) {
    let Some(message) = working.message(id) else {
        return;
    };
    let ours = message.direction == Direction::Outgoing;
    let at = if message.reported { message.sent_at.min(sent_at) } else { sent_at };
    let resolves = ours && message.state == MessageState::Unconfirmed;
    if message.reported && message.sent_at == at && !resolves {
        return;
    }
    working.edit_message(id, |message| {
        message.reported = true;
        message.sent_at = at;
        if resolves {
            sent(message);
        }
    });
    if resolves {
        working.remove_outbox(id);
    }
}

/// Joins a report of an unknown id with the attempt it may belong to. False: it belongs to none.
pub(super) fn join(working: &mut Working<'_>, conversation: Id<Conversation>, report: &InboundMessage) -> bool {
    if report.direction != Direction::Outgoing || !matches!(report.source, Source::Api | Source::Unknown) {
        return false;
    }
    let candidate = working
        .messages_of(conversation)
        .filter(|message| message.awaits_echo() && message.provider == working.side() && may_follow(message, report))
        .filter(|message| echoes(&message.content, &report.content))
        .min_by_key(|message| (message.created_at, message.id))
        .map(|message| (message.id, message.state));
    let Some((id, state)) = candidate else {
        return false;
    };
    // While an attempt is in flight its answer has the last word. Otherwise the echo tells, and a second attempt must not leave.
    let tells = state != MessageState::Sending;
    working.edit_message(id, |message| {
        message.external_id = Some(report.external_id.clone());
        message.provisional = true;
        message.reported = true;
        message.sent_at = report.sent_at;
        if tells {
            sent(message);
        }
    });
    if tells {
        working.remove_outbox(id);
        answered(working, conversation);
    }
    true
}

/// Whether a report may be of an attempt, as far as its time tells.
pub(super) fn may_follow(message: &Message, report: &InboundMessage) -> bool {
    report.sent_at >= message.echoes_since().minus(CLOCK_SKEW)
}

/// The send answer names `external_id`: confirms what an echo guessed, or puts it right.
pub(super) fn confirm(working: &mut Working<'_>, id: Id<Message>, external_id: &str) -> Result<(), NoLease> {
    let Some(message) = working.message(id) else {
        return Ok(());
    };
    let (account, side, known) = (message.account_id, message.provider, message.external_id.clone());
    working.listen_to(side);
    if working.has_two_sides(account) {
        sides::before_confirming(working, id, external_id)?;
    } else if known.as_deref() != Some(external_id) {
        let guessed = known.is_some();
        match (working.message_by_key(account, external_id), guessed) {
            // The right echo was taken for another's message, the wrong one for ours: they change places.
            (Some(other), true) => swap_reports(working, id, other),
            // Its echo came in with content that TikTok had changed: one message, so the other row goes.
            (Some(other), false) => absorb(working, id, other),
            (None, true) => split_off(working, id)?,
            (None, false) => {}
        }
    }
    working.edit_message(id, |message| {
        message.external_id = Some(external_id.to_owned());
        message.provisional = false;
        sent(message);
    });
    merge::promote(working, id);
    if let Some(conversation) = working.message(id).map(|message| message.conversation_id) {
        answered(working, conversation);
    }
    Ok(())
}

/// What an echo of equal content had lent to this message becomes a message of its own: somebody else sent the same words.
pub(super) fn split_off(working: &mut Working<'_>, id: Id<Message>) -> Result<(), NoLease> {
    let Some(message) = working.message(id).filter(|message| message.external_id.is_some()).cloned() else {
        return Ok(());
    };
    let twin = working.new_id()?;
    let (now, sent_at) = (working.now, super::reply::place(working, message.conversation_id));
    working.edit_message(id, |message| {
        message.external_id = None;
        message.provisional = false;
        message.reported = false;
        message.sent_at = sent_at;
    });
    working.insert_message(Message {
        id: twin,
        author: Author::OtherApi,
        provisional: false,
        reported: true,
        state: MessageState::Sent,
        failure: None,
        created_at: now,
        quoted_external_id: None,
        idempotency_key: None,
        send_anyway: false,
        priority: Priority::Normal,
        next_attempt_at: None,
        filed: false,
        seq: 0,
        ..message
    });
    Ok(())
}

/// The provider keeps the message that it did not get through: it stays as it is under its own id, and what is sent again is
/// another one.
pub(super) fn leave_behind(working: &mut Working<'_>, id: Id<Message>) -> Result<(), NoLease> {
    let Some(failed) = working.message(id).filter(|message| message.external_id.is_some()).cloned() else {
        return Ok(());
    };
    let twin = working.new_id()?;
    working.edit_message(id, |message| {
        message.external_id = None;
        message.reported = false;
    });
    working.insert_message(Message { id: twin, idempotency_key: None, seq: 0, ..failed });
    for name in working.names_of(id) {
        working.take_message_name(id, name.provider);
        working.put_message_name(MessageName { message_id: twin, ..name });
    }
    Ok(())
}

fn swap_reports(working: &mut Working<'_>, ours: Id<Message>, other: Id<Message>) {
    let (Some(first), Some(second)) = (working.message(ours).cloned(), working.message(other).cloned()) else {
        return;
    };
    working.edit_message(ours, |message| message.external_id = None);
    working.edit_message(other, |message| {
        message.external_id = first.external_id;
        message.sent_at = first.sent_at;
    });
    working.edit_message(ours, |message| {
        message.external_id = second.external_id;
        message.sent_at = second.sent_at;
    });
}

fn absorb(working: &mut Working<'_>, ours: Id<Message>, other: Id<Message>) {
    let Some(report) = working.message(other).cloned() else {
        return;
    };
    working.remove_message(other);
    working.edit_message(ours, |message| {
        message.reported = true;
        message.sent_at = report.sent_at;
    });
}

/// The business has answered: it is no message request any more.
fn answered(working: &mut Working<'_>, conversation: Id<Conversation>) {
    if let Some(row) = working.conversation_mut(conversation) {
        row.request = false;
    }
}

pub(super) fn sent(message: &mut Message) {
    message.state = MessageState::Sent;
    message.failure = None;
    message.next_attempt_at = None;
}

/// Whether a report may be of what we sent, as far as an echo repeats it.
fn echoes(ours: &Content, report: &InboundContent) -> bool {
    match (ours, report) {
        (Content::Text { body }, InboundContent::Text(said)) => same_words(body, said),
        // An echo does not promise to repeat the media id that we uploaded, so a picture is known by being a picture.
        (Content::Image { .. }, InboundContent::Image { .. } | InboundContent::ImageAt { .. }) => true,
        // Nor the post's id: the content list has the player's address alone.
        (Content::SharedPost { post_id, .. }, InboundContent::SharedPost { embed_url, post_id: said }) => {
            match (post_id.as_deref(), said.as_deref().or_else(|| post_of(embed_url))) {
                (Some(ours), Some(said)) => ours == said,
                _ => true,
            }
        }
        (Content::Template { title, buttons, .. }, InboundContent::Template { title: said, buttons: told, .. }) => {
            let same = buttons.len() == told.len()
                && buttons.iter().zip(told).all(|(ours, told)| same_words(&ours.title, &told.title));
            same_words(title, said) && (told.is_empty() || same)
        }
        _ => false,
    }
}
