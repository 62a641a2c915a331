//! What a provider tells of a message after the message: which button was tapped, a file that was being copied, that it did not get
//! through.

use super::{Told, Working, ingest, sides};
use crate::{
    account::Account,
    content::Content,
    id::{Id, NoLease},
    inbound::{InboundContent, InboundMessage, InboundUndelivered, PENDING},
    message::{Direction, Message, MessageState},
};

/// A list tells a tapped button as plain words; the webhook, before it or after it, tells which button it was.
pub(super) fn learn_tap(working: &mut Working<'_>, known: Id<Message>, report: &InboundMessage) {
    let InboundContent::CardAnswer { body: said, button_id, card_external_id } = &report.content else { return };
    if working.message(known).is_some_and(|message| matches!(&message.content, Content::Text { body } if body == said))
    {
        let (body, button_id, card_external_id) = (said.clone(), button_id.clone(), card_external_id.clone());
        working.edit_message(known, |message| {
            message.content = Content::CardAnswer { body, button_id, card_external_id };
        });
    }
}

/// A file that was still being copied when its message was told is there by now.
pub(super) fn learn_file(
    working: &mut Working<'_>,
    account: Id<Account>,
    known: Id<Message>,
    report: &InboundMessage,
    told: Told,
) -> Result<(), NoLease> {
    let waits = |content: &Content| matches!(content, Content::Unsupported { type_name } if type_name == PENDING);
    let Some(message) = working.message(known).filter(|message| waits(&message.content)) else { return Ok(()) };
    let conversation = message.conversation_id;
    if !matches!(&report.content, InboundContent::Unsupported { type_name } if type_name == PENDING) {
        let content = ingest::receive_content(working, account, conversation, report, told)?;
        working.edit_message(known, |message| message.content = content);
    }
    Ok(())
}

/// The provider took a message and did not get it through. While its attempt is in flight the answer comes first; it is told again.
pub(super) fn undelivered(working: &mut Working<'_>, account: Id<Account>, report: &InboundUndelivered) {
    let known = working.message_by_key(account, &report.message_external_id).and_then(|id| working.message(id));
    let sent = |message: &&Message| message.direction == Direction::Outgoing && message.state == MessageState::Sent;
    // What another side has told did get through.
    let known = known.filter(|message| sides::only_by(working, message.id, working.side()));
    let Some((id, conversation)) = known.filter(sent).map(|message| (message.id, message.conversation_id)) else {
        return;
    };
    working.edit_message(id, |message| {
        message.state = MessageState::Failed;
        message.failure = Some(report.failure.clone());
    });
    if report.dm_rule
        && let Some(row) = working.conversation_mut(conversation)
    {
        row.ledger.blocked_at = row.ledger.blocked_at.max(Some(report.failure.at));
    }
    working.refresh(conversation);
}
