//! Messages of low priority wait before they would take a slot that a person may need, and go on when the customer writes.

use std::time::Duration;

use super::{Working, reply::enqueue};
use crate::{
    conversation::Conversation,
    failure::{Failure, FailureKind},
    id::Id,
    ledger::{WINDOW, Window},
    message::{MessageState, Priority},
    outbox::{OutboxRow, Phase},
    reply::is_scarce,
};

/// When a held message is looked at again although its window is not over, as after a change of the rules.
const LOOK_AGAIN: Duration = Duration::from_hours(1);

/// Whether a message must wait by what is left, not counting itself.
pub(super) fn must_wait(priority: Priority, send_anyway: bool, window: &Window) -> bool {
    priority == Priority::Low && !send_anyway && is_scarce(window)
}

/// Puts a queued message on hold until the customer writes, or until its window is over: then it has failed.
pub(super) fn put(working: &mut Working<'_>, row: &OutboxRow, window: &Window) {
    let now = working.now;
    let due_at = window.closes_at.unwrap_or(now.plus(WINDOW)).max(now.plus(LOOK_AGAIN));
    working.edit_message(row.message_id, |message| {
        let kind = FailureKind::Held;
        message.state = MessageState::Queued;
        message.next_attempt_at = None;
        message.failure =
            Some(Failure { kind, detail: kind.title().to_owned(), code: None, request_id: None, at: now, cause: None });
    });
    working.put_outbox(OutboxRow { phase: Phase::Hold, due_at, lease: None, begun: false, ..row.clone() });
}

/// Lets held messages of a conversation go, oldest first, while there is more left than is kept for people. They join the end
/// of the queue: what stands in it may be on its way.
pub(super) fn release(working: &mut Working<'_>, id: Id<Conversation>) {
    let mut held: Vec<OutboxRow> = working.queue_of(id).filter(|row| row.phase == Phase::Hold).cloned().collect();
    held.sort_unstable_by_key(|row| (row.queued_at, row.message_id));
    for row in held {
        let Some(conversation) = working.conversation(id) else { return };
        let Some(account) = working.account(conversation.account_id) else { return };
        let window = conversation.ledger.window(working.now, account.rule_set);
        if !window.state.allows() || is_scarce(&window) {
            return;
        }
        working.edit_message(row.message_id, |message| message.failure = None);
        enqueue(working, row.message_id, Phase::Send);
        if let Some(conversation) = working.conversation_mut(id) {
            conversation.ledger.spent += 1;
        }
    }
}
