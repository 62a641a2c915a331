//! What a member or a program wants sent: queued, queued again, looked up again, taken back.

use std::time::Duration;

use super::{Working, echo, hold};
use crate::{
    account::{Account, ProviderKind},
    cause::Cause,
    clock::Timestamp,
    conversation::Conversation,
    failure::{Failure, FailureKind},
    id::Id,
    ledger::Window,
    message::{Direction, Message, MessageState, Priority},
    outbox::{OutboxRow, Phase, sender},
    reply::{Draft, Refusal, check_content, check_guard},
    store::StoreError,
};

/// Queues a reply. `known` is the message of the same conversation and idempotency key, if there is one.
///
/// # Errors
/// `Refused` with the rule; `Unavailable` without a node lease.
pub fn queue_reply(
    working: &mut Working<'_>,
    draft: Draft,
    known: Option<&Message>,
) -> Result<(Id<Message>, bool), StoreError> {
    if let Some(known) = known {
        let same = known.content == draft.content && known.quoted_external_id == draft.quoted_external_id;
        return if same { Ok((known.id, false)) } else { Err(Refusal::IdempotencyConflict.into()) };
    }
    let draft = draft.within_rights();
    check_content(&draft.content)?;
    let window = guard(working, draft.conversation_id, &draft.content, draft.send_anyway)?;
    let conversation = working.conversation(draft.conversation_id).ok_or(Refusal::NotFound)?;
    let provider = working.account(conversation.account_id).map(|account| account.provider);
    if draft.quoted_external_id.is_some() && provider == Some(ProviderKind::Respondio) {
        return Err(Refusal::NotQuotable("Respond.io can't quote a message").into());
    }
    let (workspace_id, account_id) = (conversation.workspace_id, conversation.account_id);
    let account = working.account(account_id).ok_or(Refusal::NotFound)?;
    let provider = sender(account, conversation, None);
    let (priority, waits) = (draft.priority, hold::must_wait(draft.priority, draft.send_anyway, &window));
    let id = working.new_id()?;
    let (now, sent_at) = (working.now, place(working, draft.conversation_id));
    working.insert_message(Message {
        id,
        workspace_id,
        account_id,
        conversation_id: draft.conversation_id,
        direction: Direction::Outgoing,
        author: draft.author,
        content: draft.content,
        provider,
        external_id: None,
        provisional: false,
        reported: false,
        state: MessageState::Queued,
        failure: None,
        sent_at,
        created_at: now,
        quoted_external_id: draft.quoted_external_id,
        idempotency_key: draft.idempotency_key,
        send_anyway: draft.send_anyway,
        priority,
        next_attempt_at: None,
        filed: false,
        seq: 0,
    });
    enqueue(working, id, Phase::Send);
    if waits && let Some(row) = working.outbox_row(id).cloned() {
        hold::put(working, &row, &window);
    }
    working.refresh(draft.conversation_id);
    Ok((id, true))
}

/// Queues a failed or unconfirmed message again, at the end; one that is held goes at once. A person wants it, so it may take any
/// slot from here on.
///
/// # Errors
/// `Refused` with the rule.
pub fn retry(working: &mut Working<'_>, id: Id<Message>, send_anyway: bool) -> Result<(), StoreError> {
    let message = working.message(id).ok_or(Refusal::NotFound)?;
    if !matches!(message.state, MessageState::Failed | MessageState::Unconfirmed) && !message.is_held() {
        return Err(Refusal::NotRetryable("only a failed, held or unconfirmed message can be sent again").into());
    }
    if working.outbox_row(id).is_some_and(|row| row.begun) {
        return Err(Refusal::NotRetryable("it is being looked up right now; try again in a moment").into());
    }
    let (conversation, content) = (message.conversation_id, message.content.clone());
    guard(working, conversation, &content, send_anyway)?;
    let sent_at = place(working, conversation);
    echo::leave_behind(working, id)?;
    working.edit_message(id, |message| {
        // Its first attempt may have arrived: an echo that still comes takes it out of the queue again.
        message.provisional |= message.state == MessageState::Unconfirmed;
        message.state = MessageState::Queued;
        message.failure = None;
        message.next_attempt_at = None;
        message.sent_at = sent_at;
        message.send_anyway = send_anyway;
        message.priority = Priority::Normal;
    });
    enqueue(working, id, Phase::Send);
    working.refresh(conversation);
    Ok(())
}

/// Asks the provider's list about an unconfirmed message, now.
///
/// # Errors
/// `Refused`.
pub fn recheck(working: &mut Working<'_>, id: Id<Message>) -> Result<(), StoreError> {
    let message = working.message(id).ok_or(Refusal::NotFound)?;
    if message.state != MessageState::Unconfirmed {
        return Err(Refusal::NotRetryable("only an unconfirmed message can be checked").into());
    }
    match working.outbox_row(id).cloned() {
        Some(row) => {
            let now = working.now;
            working.put_outbox(OutboxRow { due_at: row.due_at.min(now), ..row });
        }
        None => enqueue(working, id, Phase::Check),
    }
    Ok(())
}

/// Removes a failed message, or takes back a queued one.
///
/// # Errors
/// `Refused` for one that is on its way or was sent.
pub fn discard(working: &mut Working<'_>, id: Id<Message>) -> Result<(), StoreError> {
    let message = working.message(id).ok_or(Refusal::NotFound)?;
    let on_its_way = working.outbox_row(id).is_some_and(|row| row.begun);
    if !matches!(message.state, MessageState::Failed | MessageState::Queued) || on_its_way {
        return Err(Refusal::NotRetryable("only a failed or queued message can be removed").into());
    }
    let conversation = message.conversation_id;
    working.remove_message(id);
    working.refresh(conversation);
    Ok(())
}

/// Fails everything queued of an account that can't send any more. What is on its way is left to settle. Gives the number.
pub fn fail_queued(working: &mut Working<'_>, account: Id<Account>) -> u32 {
    let mut count = 0;
    for row in working.outbox_of_account(account) {
        if row.begun || row.phase == Phase::Check {
            continue;
        }
        fail(working, row.message_id, FailureKind::AccountDisconnected);
        working.refresh(row.conversation_id);
        count += 1;
    }
    count
}

/// Ends a message that was never sent.
pub(super) fn fail(working: &mut Working<'_>, id: Id<Message>, kind: FailureKind) {
    let at = working.now;
    // What the guard refuses never reached the provider.
    let cause = if kind == FailureKind::Refused { Cause::NotSendable } else { kind.into() };
    working.remove_outbox(id);
    working.edit_message(id, |message| {
        message.state = MessageState::Failed;
        message.next_attempt_at = None;
        message.failure = Some(Failure {
            kind,
            detail: cause.title().to_owned(),
            code: None,
            request_id: None,
            at,
            cause: Some(cause),
        });
    });
}

/// Where a reply stands until the provider reports its time: now, and never before the message it answers, or a clock that is
/// behind the provider's would hide it from the quota and from those who look for trouble.
pub(super) fn place(working: &Working<'_>, conversation: Id<Conversation>) -> Timestamp {
    let last = working.conversation(conversation).and_then(|row| row.ledger.last_incoming_at);
    last.map_or(working.now, |last| working.now.max(last.plus(Duration::from_millis(1))))
}

fn guard(
    working: &Working<'_>,
    conversation: Id<Conversation>,
    content: &crate::content::Content,
    send_anyway: bool,
) -> Result<Window, Refusal> {
    let conversation = working.conversation(conversation).ok_or(Refusal::NotFound)?;
    let account = working.account(conversation.account_id).ok_or(Refusal::NotFound)?;
    let side = sender(account, conversation, None);
    check_guard(&through(account, side), conversation, content, send_anyway, working.now)?;
    if !is_known_at(working, conversation, side) {
        return Err(Refusal::NotAtSide);
    }
    Ok(conversation.ledger.window(working.now, account.rule_set))
}

/// The account as a side shows it, as far as the rules for sending ask.
pub(super) fn through(account: &Account, side: ProviderKind) -> Account {
    Account { provider: side, ..account.clone() }
}

/// Whether a side has a name for a conversation, so that it can send there.
pub(super) fn is_known_at(working: &Working<'_>, conversation: &Conversation, side: ProviderKind) -> bool {
    !working.has_two_sides(conversation.account_id) || working.conversation_name_at(conversation.id, side).is_some()
}

/// Puts a message at the end of its conversation's queue, also when the clock was set back: what stands in front may be on its way.
pub(super) fn enqueue(working: &mut Working<'_>, id: Id<Message>, phase: Phase) {
    let Some(message) = working.message(id) else {
        return;
    };
    let others = working.queue_of(message.conversation_id).filter(|row| row.message_id != id);
    let behind = others.map(|row| row.queued_at.plus(Duration::from_millis(1))).max();
    let row = OutboxRow {
        message_id: id,
        workspace_id: message.workspace_id,
        account_id: message.account_id,
        conversation_id: message.conversation_id,
        queued_at: behind.map_or(working.now, |behind| behind.max(working.now)),
        due_at: working.now,
        phase,
        attempts: 0,
        lease: None,
        begun: false,
    };
    working.put_outbox(row);
}
