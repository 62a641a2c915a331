//! Comments and their answers: flagged once, answered at most once, and joined with the message that the answer becomes, whichever
//! comes first, its echo or the answer to the call.

use std::time::Duration;

use super::{Working, parties};
use crate::{
    account::{Account, ProviderKind},
    comment::{Answer, AnswerAttempt, AnswerDraft, Comment, CommentState, check_answerable, failure_kind},
    contact::Contact,
    failure::{Failure, FailureKind},
    id::{Id, NoLease},
    inbound::{InboundComment, InboundContent, InboundMessage, Source},
    job::{NewJob, Task},
    message::{Author, Direction},
    outbox::Outcome,
    reply::Refusal,
    store::StoreError,
};

/// How long an answer of a paused account waits before it is looked at again.
const PAUSED_AGAIN: Duration = Duration::from_mins(1);

/// TikTok flagged a comment. It makes no conversation; a known one stays as it is.
pub(super) fn flagged(working: &mut Working<'_>, account: Id<Account>, report: &InboundComment) -> Result<(), NoLease> {
    let Some(contact_id) = parties::ensure_contact(working, account, &report.customer)? else { return Ok(()) };
    let Some(workspace_id) = working.account(account).map(|account| account.workspace_id) else { return Ok(()) };
    if working.comment_by_key(account, &report.external_id).is_some() {
        return Ok(());
    }
    let id = working.new_id()?;
    working.insert_comment(Comment {
        id,
        workspace_id,
        account_id: account,
        contact_id,
        external_id: report.external_id.clone(),
        text: report.text.clone(),
        commented_at: report.at,
        state: CommentState::Open,
        answer: None,
        message_external_id: None,
        created_at: working.now,
        seq: 0,
    });
    Ok(())
}

/// Whether a reported message may be the answer to a comment: the business side's, by the API.
pub(super) fn may_answer(report: &InboundMessage) -> bool {
    report.direction == Direction::Outgoing && matches!(report.source, Source::Api | Source::Unknown)
}

/// Who wrote a reported message, if it is the answer to a comment of this customer; the two belong together from here on.
pub(super) fn claim(
    working: &mut Working<'_>,
    account: Id<Account>,
    contact: Id<Contact>,
    report: &InboundMessage,
) -> Option<Author> {
    if !may_answer(report) || working.side() != ProviderKind::Official {
        return None;
    }
    let InboundContent::Text(said) = &report.content else { return None };
    let theirs = || working.comments().filter(|row| row.account_id == account && row.contact_id == contact);
    let named = theirs().find(|row| row.message_external_id.as_deref() == Some(report.external_id.as_str()));
    let alike = || {
        let waiting = theirs().filter(|row| row.awaits_echo(said, report.sent_at));
        waiting.min_by_key(|row| (row.answer.as_ref().map(|answer| answer.asked_at), row.id))
    };
    let comment = named.or_else(alike)?;
    let (id, author) = (comment.id, comment.answer.as_ref()?.author.clone());
    // While a call is out its answer has the last word; else the echo tells.
    let tells = !comment.is_in_flight();
    working.edit_comment(id, |comment| {
        comment.message_external_id = Some(report.external_id.clone());
        if tells {
            answered(comment);
        }
    });
    Some(author)
}

/// Takes an answer to a comment: a job sends it. False: the key is known, nothing changed.
///
/// # Errors
/// `Refused` with the rule.
pub fn answer_comment(working: &mut Working<'_>, draft: AnswerDraft) -> Result<bool, StoreError> {
    let comment = working.comment(draft.comment_id).ok_or(Refusal::CommentNotFound)?;
    let account = working.account(comment.account_id).ok_or(Refusal::CommentNotFound)?;
    let keyed = |answer: &&Answer| draft.idempotency_key.is_some() && answer.idempotency_key == draft.idempotency_key;
    if let Some(known) = comment.answer.as_ref().filter(keyed) {
        return if known.text == draft.text { Ok(false) } else { Err(Refusal::IdempotencyConflict.into()) };
    }
    let again = draft.check(account, comment, working.now)?;
    let (workspace_id, now) = (comment.workspace_id, working.now);
    working.edit_comment(draft.comment_id, |comment| {
        let first = comment.answer.take().filter(|_| again).map(|lost| lost.asked_at);
        comment.state = CommentState::Answering;
        comment.answer = Some(Answer {
            text: draft.text,
            author: draft.author,
            idempotency_key: draft.idempotency_key,
            asked_at: first.unwrap_or(now),
            attempt: None,
            doubtful: again,
            failure: None,
        });
    });
    let task = Task::AnswerComment { comment: draft.comment_id };
    working.changes.jobs.push(NewJob { workspace_id, task, due_at: now, later: false });
    Ok(true)
}

/// Writes the attempt before the call. False: do not call; while the account is paused another job looks again. A job that finds an attempt of an earlier lease learns that its worker
/// died, and nobody knows what became of the call.
pub fn begin_answer(working: &mut Working<'_>, id: Id<Comment>, token: i64) -> bool {
    let now = working.now;
    let Some(comment) = working.comment(id).filter(|comment| comment.state == CommentState::Answering) else {
        return false;
    };
    let fail = |kind: FailureKind, detail: &str| Failure {
        kind,
        detail: detail.to_owned(),
        code: None,
        request_id: None,
        at: now,
        cause: None,
    };
    if comment.is_in_flight() {
        lost(working, id, fail(FailureKind::Timeout, "the gateway stopped while the answer was outstanding"));
        return false;
    }
    let Some(account) = working.account(comment.account_id) else { return false };
    let checked = check_answerable(account, comment, now);
    if checked == Err(Refusal::AccountPaused) {
        // As a reply waits, but no longer than the comment can be answered.
        let (workspace_id, due_at) = (comment.workspace_id, now.plus(PAUSED_AGAIN).min(comment.answerable_until()));
        let task = Task::AnswerComment { comment: id };
        working.changes.jobs.push(NewJob { workspace_id, task, due_at, later: false });
        return false;
    }
    if let Err(refusal) = checked {
        let kind = failure_kind(&refusal);
        not_sent(working, id, fail(kind, kind.title()));
        return false;
    }
    edit_answer(working, id, |answer| answer.attempt = Some(AnswerAttempt { token, at: now }));
    true
}

/// Settles a begun answer. Load the messages that the comment and the outcome name. False: the token is stale, nothing changed.
pub fn settle_answer(working: &mut Working<'_>, id: Id<Comment>, token: i64, outcome: Outcome) -> bool {
    let ours = |comment: &Comment| {
        let attempt = comment.answer.as_ref().and_then(|answer| answer.attempt);
        comment.is_in_flight() && attempt.is_some_and(|attempt| attempt.token == token)
    };
    if !working.comment(id).is_some_and(ours) {
        return false;
    }
    match outcome {
        Outcome::Sent { external_id } => {
            name(working, id, Some(&external_id));
            working.edit_comment(id, answered);
        }
        Outcome::Refused { failure, .. } => not_sent(working, id, failure),
        Outcome::Unknown { failure } => lost(working, id, failure),
        Outcome::Retry { failure, .. } => {
            if !told_by_echo(working, id) {
                name(working, id, None);
                edit_answer(working, id, |answer| {
                    answer.attempt = None;
                    answer.failure = Some(failure);
                });
            }
        }
    }
    true
}

/// It certainly was not sent by this call. An earlier call of the same words may have arrived all the same.
fn not_sent(working: &mut Working<'_>, id: Id<Comment>, failure: Failure) {
    if told_by_echo(working, id) {
        return;
    }
    name(working, id, None);
    working.edit_comment(id, |comment| {
        let doubtful = comment.answer.as_ref().is_some_and(|answer| answer.doubtful);
        comment.state = if doubtful { CommentState::Unconfirmed } else { CommentState::Failed };
    });
    edit_answer(working, id, |answer| answer.failure = Some(failure));
}

/// The answer to the call was lost: an echo may have told already.
fn lost(working: &mut Working<'_>, id: Id<Comment>, failure: Failure) {
    if working.comment(id).is_some_and(|comment| comment.message_external_id.is_some()) {
        working.edit_comment(id, answered);
        return;
    }
    working.edit_comment(id, |comment| comment.state = CommentState::Unconfirmed);
    edit_answer(working, id, |answer| answer.failure = Some(failure));
}

/// This call was not carried out, yet there is an echo: it is of an earlier call of the same words, where there was one.
fn told_by_echo(working: &mut Working<'_>, id: Id<Comment>) -> bool {
    let earlier = |comment: &Comment| {
        comment.message_external_id.is_some() && comment.answer.as_ref().is_some_and(|answer| answer.doubtful)
    };
    let told = working.comment(id).is_some_and(earlier);
    if told {
        working.edit_comment(id, answered);
    }
    told
}

/// Says which message the answer became, and puts right what an echo of the same words had guessed.
fn name(working: &mut Working<'_>, id: Id<Comment>, external_id: Option<&str>) {
    let Some(comment) = working.comment(id) else { return };
    let (account, guessed) = (comment.account_id, comment.message_external_id.clone());
    if guessed.as_deref() == external_id {
        return;
    }
    let author = comment.answer.as_ref().map(|answer| answer.author.clone());
    let known = |key: &str| working.message_by_key(account, key);
    let (stranger, ours) = (guessed.as_deref().and_then(known), external_id.and_then(known));
    if let Some(message) = stranger {
        working.edit_message(message, |message| message.author = Author::OtherApi);
    }
    if let (Some(message), Some(author)) = (ours, author) {
        working.edit_message(message, |message| message.author = author);
    }
    working.edit_comment(id, |comment| comment.message_external_id = external_id.map(str::to_owned));
}

fn answered(comment: &mut Comment) {
    comment.state = CommentState::Answered;
    if let Some(answer) = &mut comment.answer {
        answer.failure = None;
    }
}

fn edit_answer(working: &mut Working<'_>, id: Id<Comment>, edit: impl FnOnce(&mut Answer)) {
    working.edit_comment(id, |comment| {
        if let Some(answer) = &mut comment.answer {
            edit(answer);
        }
    });
}
