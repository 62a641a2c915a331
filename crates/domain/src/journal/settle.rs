//! What became of an attempt: written before the call, settled after it, fenced by the lease's token.

use super::{Working, changes::SettledAttempt, echo, hold, merge, reply, sides};
use crate::{
    account::{AccountState, ProviderKind},
    conversation::Conversation,
    failure::{Failure, FailureKind},
    id::{Id, NoLease},
    ledger::Window,
    message::{Message, MessageState},
    outbox::{Attempt, CHECK_AFTER, CheckOutcome, OutboxRow, Outcome, Phase, ask_again, backoff, sender},
    reply::{Refusal, check_guard},
};

/// Whether a call may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// Yes; the attempt is written.
    Go,
    /// No: the lease is not ours any more.
    Stale,
    /// No: the guard refuses by now; the message has failed.
    Refused,
    /// No: it is of low priority, and what is left is kept for people.
    Held,
    /// No: the account was paused since it was claimed; it waits where it stands.
    Paused,
    /// No: by now the other side sends; it is claimed again at once.
    Switched,
}

/// Writes the attempt before the call, which goes through `side`.
///
/// # Errors
/// [`NoLease`] of the node.
pub fn begin(working: &mut Working<'_>, id: Id<Message>, token: i64, side: ProviderKind) -> Result<Begun, NoLease> {
    let now = working.now;
    let Some(row) = held(working, id, token).filter(|row| !row.begun).cloned() else {
        return Ok(Begun::Stale);
    };
    if row.lease.is_none_or(|lease| lease.until <= now) {
        return Ok(Begun::Stale);
    }
    if row.phase != Phase::Check && is_paused(working, &row) {
        working.put_outbox(OutboxRow { lease: None, begun: false, ..row });
        return Ok(Begun::Paused);
    }
    if row.phase != Phase::Check {
        if let Some(refused) = wrong_side(working, &row, side) {
            return Ok(refused);
        }
        match still_allowed(working, id) {
            Err(kind) => {
                reply::fail(working, id, kind);
                working.refresh(row.conversation_id);
                return Ok(Begun::Refused);
            }
            Ok(window) if row.phase == Phase::Hold || waits(working, id, &window) => {
                let conversation = row.conversation_id;
                hold::put(working, &row, &window);
                working.refresh(conversation);
                return Ok(Begun::Held);
            }
            Ok(_) => {}
        }
        let attempt = working.new_id()?;
        let sent_at = reply::place(working, row.conversation_id);
        working.changes.attempts.push(Attempt {
            id: attempt,
            workspace_id: row.workspace_id,
            message_id: id,
            token,
            began_at: now,
            settled_at: None,
            outcome: None,
            code: None,
        });
        working.edit_message(id, |message| {
            message.state = MessageState::Sending;
            message.provider = side;
            message.next_attempt_at = None;
            message.sent_at = sent_at;
        });
    }
    let conversation = row.conversation_id;
    working.put_outbox(OutboxRow { begun: true, attempts: row.attempts + 1, ..row });
    working.refresh(conversation);
    Ok(Begun::Go)
}

/// Settles a begun attempt to send. `jitter` in `0.0..1.0`. False: the token is stale, nothing changed.
///
/// # Errors
/// [`NoLease`] of the node.
pub fn settle(
    working: &mut Working<'_>,
    id: Id<Message>,
    token: i64,
    outcome: Outcome,
    jitter: f64,
) -> Result<bool, NoLease> {
    let Some(row) = held(working, id, token).filter(|row| row.begun && row.phase == Phase::Send).cloned() else {
        return Ok(false);
    };
    let conversation = row.conversation_id;
    let (name, code) = match &outcome {
        Outcome::Sent { .. } => ("sent", Some(0)),
        Outcome::Retry { failure, .. } => ("retry", failure.code),
        Outcome::Refused { failure, .. } => ("refused", failure.code),
        Outcome::Unknown { failure } => ("unknown", failure.code),
    };
    working.changes.settled_attempts.push(SettledAttempt {
        message_id: id,
        token,
        at: working.now,
        outcome: name,
        code,
    });
    match outcome {
        Outcome::Sent { external_id } => {
            working.remove_outbox(id);
            echo::confirm(working, id, &external_id)?;
        }
        Outcome::Retry { failure, after } => {
            echo::split_off(working, id)?;
            sides::not_ours(working, id)?;
            let due_at = working.now.plus(backoff(failure.kind, row.attempts.saturating_sub(1), jitter, after));
            working.edit_message(id, |message| {
                message.state = MessageState::Queued;
                message.failure = Some(failure);
                message.next_attempt_at = Some(due_at);
            });
            working.put_outbox(OutboxRow { due_at, lease: None, begun: false, ..row });
        }
        Outcome::Refused { failure, dm_rule } => {
            echo::split_off(working, id)?;
            sides::not_ours(working, id)?;
            working.remove_outbox(id);
            let at = working.now;
            working.edit_message(id, |message| {
                message.state = MessageState::Failed;
                message.failure = Some(failure);
                message.next_attempt_at = None;
            });
            if dm_rule && let Some(row) = working.conversation_mut(conversation) {
                row.ledger.blocked_at = row.ledger.blocked_at.max(Some(at));
            }
        }
        Outcome::Unknown { failure } => answer_lost(working, &row, failure),
    }
    working.refresh(conversation);
    Ok(true)
}

/// The lease of a begun attempt expired: its worker is dead, and nobody knows what became of the call.
pub fn lose(working: &mut Working<'_>, id: Id<Message>) {
    let Some(row) = working.outbox_row(id).filter(|row| row.begun).cloned() else {
        return;
    };
    let at = working.now;
    let conversation = row.conversation_id;
    if row.phase == Phase::Check {
        working.put_outbox(OutboxRow { lease: None, begun: false, ..row });
        return;
    }
    if let Some(lease) = row.lease {
        working.changes.settled_attempts.push(SettledAttempt {
            message_id: id,
            token: lease.token,
            at,
            outcome: "unknown",
            code: None,
        });
    }
    let detail = "the gateway stopped while the answer was outstanding".to_owned();
    answer_lost(
        working,
        &row,
        Failure { kind: FailureKind::Timeout, detail, code: None, request_id: None, at, cause: None },
    );
    working.refresh(conversation);
}

/// Settles a look at the provider's list for an unconfirmed message. False: the token is stale or the message was found.
pub fn settle_check(working: &mut Working<'_>, id: Id<Message>, token: i64, outcome: CheckOutcome) -> bool {
    let Some(row) = held(working, id, token).filter(|row| row.begun && row.phase == Phase::Check).cloned() else {
        return false;
    };
    let conversation = row.conversation_id;
    let lost_at = working.message(id).and_then(|message| message.failure.as_ref()).map_or(working.now, |lost| lost.at);
    let pause = match CHECK_AFTER.get(row.attempts as usize) {
        Some(pause) => Some(*pause),
        None if outcome == CheckOutcome::Unreadable => ask_again(row.attempts, working.now.since(lost_at)),
        None => None,
    };
    if let Some(pause) = pause {
        working.put_outbox(OutboxRow { due_at: working.now.plus(pause), lease: None, begun: false, ..row });
        return true;
    }
    match outcome {
        CheckOutcome::Absent => {
            let told = working.message(id).and_then(|message| message.failure.clone());
            reply::fail(working, id, FailureKind::NotDelivered);
            working.edit_message(id, |message| {
                // What the provider said when it was sent is still what its support asks for.
                if let (Some(failure), Some(told)) = (&mut message.failure, told) {
                    (failure.code, failure.request_id) = (told.code, told.request_id);
                }
            });
        }
        // A person decides; the queue behind it goes on.
        CheckOutcome::Unclear | CheckOutcome::Unreadable => working.remove_outbox(id),
    }
    working.refresh(conversation);
    true
}

/// No answer: an echo may have told already, else the provider's list will be asked.
fn answer_lost(working: &mut Working<'_>, row: &OutboxRow, failure: Failure) {
    let id = row.message_id;
    if working.is_told(id) {
        working.remove_outbox(id);
        working.edit_message(id, echo::sent);
        merge::promote(working, id);
        if let Some(conversation) = working.conversation_mut(row.conversation_id) {
            conversation.request = false;
        }
        return;
    }
    working.edit_message(id, |message| {
        message.state = MessageState::Unconfirmed;
        message.failure = Some(failure);
    });
    let due_at = working.now.plus(CHECK_AFTER[0]);
    working.put_outbox(OutboxRow {
        phase: Phase::Check,
        due_at,
        attempts: 0,
        lease: None,
        begun: false,
        ..row.clone()
    });
}

fn is_paused(working: &Working<'_>, row: &OutboxRow) -> bool {
    working.account(row.account_id).is_some_and(|account| account.state == AccountState::Paused)
}

/// Why a claimed message must not leave through this side any more.
fn wrong_side(working: &mut Working<'_>, row: &OutboxRow, side: ProviderKind) -> Option<Begun> {
    let (message, conversation) = (working.message(row.message_id)?, working.conversation(row.conversation_id)?);
    if row.side(message, conversation, working.account(row.account_id)?) != side {
        working.put_outbox(OutboxRow { lease: None, begun: false, ..row.clone() });
        return Some(Begun::Switched);
    }
    if reply::is_known_at(working, conversation, side) {
        return None;
    }
    reply::fail(working, row.message_id, FailureKind::Refused);
    working.edit_message(row.message_id, |message| {
        if let Some(failure) = &mut message.failure {
            failure.detail = Refusal::NotAtSide.to_string();
        }
    });
    working.refresh(row.conversation_id);
    Some(Begun::Refused)
}

fn held<'w>(working: &'w Working<'_>, id: Id<Message>, token: i64) -> Option<&'w OutboxRow> {
    working.outbox_row(id).filter(|row| row.lease.is_some_and(|lease| lease.token == token))
}

/// The guard once more, now that its turn has come: what else waits does not count against it.
fn still_allowed(working: &Working<'_>, id: Id<Message>) -> Result<Window, FailureKind> {
    let message = working.message(id).ok_or(FailureKind::Cancelled)?;
    let account = working.account(message.account_id).ok_or(FailureKind::AccountDisconnected)?;
    let taken = |other: &&Message| other.state != MessageState::Queued;
    let as_of_now = without(working, message, taken).ok_or(FailureKind::Cancelled)?;
    let side = sender(account, &as_of_now, Some(message));
    match check_guard(&reply::through(account, side), &as_of_now, &message.content, message.send_anyway, working.now) {
        Ok(()) => Ok(as_of_now.ledger.window(working.now, account.rule_set)),
        Err(Refusal::WindowClosed { .. }) => Err(FailureKind::WindowClosed),
        Err(Refusal::QuotaSpent) => Err(FailureKind::QuotaSpent),
        Err(Refusal::AccountDisconnected) => Err(FailureKind::AccountDisconnected),
        Err(_) => Err(FailureKind::Refused),
    }
}

/// Whether a message must leave its slot to people: here everything else that waits does count.
fn waits(working: &Working<'_>, id: Id<Message>, allowed: &Window) -> bool {
    let (Some(message), Some(_)) = (working.message(id), allowed.quota_left) else { return false };
    let window = without(working, message, |_| true).and_then(|conversation| {
        let account = working.account(message.account_id)?;
        Some(conversation.ledger.window(working.now, account.rule_set))
    });
    window.is_some_and(|window| hold::must_wait(message.priority, message.send_anyway, &window))
}

/// The conversation with a ledger that does not count `message`, and of the others only those that `count`.
fn without(working: &Working<'_>, message: &Message, count: impl Fn(&&Message) -> bool) -> Option<Conversation> {
    let mut conversation = working.conversation(message.conversation_id)?.clone();
    let leaves_at = reply::place(working, conversation.id);
    let others = working.messages_of(conversation.id).filter(|other| other.id != message.id && other.spends_quota());
    let times: Vec<_> = others
        .filter(count)
        .map(|other| if other.state == MessageState::Queued { other.sent_at.max(leaves_at) } else { other.sent_at })
        .collect();
    conversation.ledger.count(times);
    Some(conversation)
}
