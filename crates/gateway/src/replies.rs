//! What an agent or a program wants said: queue it, queue it again, look it up, take it back, answer a comment with it.
//! Called by `http` and `live`; the outbox worker does the rest.

use domain::{
    Id,
    account::ProviderKind,
    comment::AnswerDraft,
    content::Content,
    conversation::Conversation,
    media::MediaState,
    message::Message,
    outbox::sender,
    place::{self, Place},
    reply::{Draft, Refusal, check_quote},
    store::{Answered, MessageRecord, Queued, Store, StoreResult},
    workspace::Scope,
};

/// Lets a draft quote a message of its conversation.
///
/// # Errors
/// `Refused` with `NotQuotable`, `Unavailable`.
pub async fn quoting(store: &dyn Store, scope: &Scope, draft: Draft, quoted: Id<Message>) -> StoreResult<Draft> {
    let record = store.message(scope, quoted).await?;
    let record = record.ok_or(Refusal::NotQuotable("there is no such message in this conversation"))?;
    let quoted_external_id = Some(check_quote(&draft.content, draft.conversation_id, &record.message)?);
    Ok(Draft { quoted_external_id, ..draft })
}

/// Queues a reply: a text, a picture that was uploaded before, a question card, or one of the account's own posts. The same
/// idempotency key gives the same message (`fresh` is false then). `fetched`: whether pictures can leave through Respond.io.
///
/// # Errors
/// `Refused` with the rule, `Unavailable`.
pub async fn queue(store: &dyn Store, scope: &Scope, draft: Draft, fetched: bool) -> StoreResult<Queued> {
    match &draft.content {
        Content::Text { .. } | Content::Template { .. } | Content::SharedPost { .. } => {}
        Content::Image { media } => {
            let row = store.media(scope, *media).await?;
            let row = row.ok_or(Refusal::InvalidContent("there is no such picture"))?;
            let sendable = matches!(row.mime.as_deref(), Some("image/jpeg" | "image/png"));
            if row.state != MediaState::Ready || !sendable {
                return Err(Refusal::InvalidContent("only a JPG or PNG that is stored here can be sent").into());
            }
            if !fetched {
                not_through_respondio(store, scope, draft.conversation_id).await?;
            }
        }
        _ => return Err(Refusal::InvalidContent("a text, a picture, a question card or a post can be sent").into()),
    }
    let queued = store.queue_reply(scope, draft).await?;
    place::reach(Place::QueueCommitted);
    Ok(queued)
}

/// Refuses where the reply would leave through Respond.io.
async fn not_through_respondio(store: &dyn Store, scope: &Scope, id: Id<Conversation>) -> StoreResult<()> {
    let record = store.conversation(scope, id).await?.ok_or(Refusal::NotFound)?;
    let account = store.account(scope, record.conversation.account_id).await?.ok_or(Refusal::NotFound)?;
    match sender(&account, &record.conversation, None) {
        ProviderKind::Respondio => Err(Refusal::PictureUnreachable.into()),
        _ => Ok(()),
    }
}

/// Queues a failed, held or unconfirmed message again, at the end of its conversation's queue. `fetched` as in [`queue`].
///
/// # Errors
/// `Refused` with the rule or `NotRetryable`, `Unavailable`.
pub async fn retry(
    store: &dyn Store,
    scope: &Scope,
    message: Id<Message>,
    send_anyway: bool,
    fetched: bool,
) -> StoreResult<MessageRecord> {
    if !fetched
        && let Some(record) = store.message(scope, message).await?
        && matches!(record.message.content, Content::Image { .. })
    {
        not_through_respondio(store, scope, record.message.conversation_id).await?;
    }
    store.retry(scope, message, send_anyway).await
}

/// Asks TikTok's list about an unconfirmed message, now instead of later. The answer shows it as it is; a `status` event
/// tells what came of it.
///
/// # Errors
/// `Refused` with `NotRetryable` for one that is not unconfirmed, `Unavailable`.
pub async fn recheck(store: &dyn Store, scope: &Scope, message: Id<Message>) -> StoreResult<MessageRecord> {
    store.recheck(scope, message).await
}

/// Removes a failed message, or takes back one that still waits.
///
/// # Errors
/// `Refused` for one that is on its way or was sent, `Unavailable`.
pub async fn discard(store: &dyn Store, scope: &Scope, message: Id<Message>) -> StoreResult<()> {
    store.discard(scope, message).await
}

/// Takes the direct message that answers a comment; a job sends it, at most once. The same idempotency key gives the same answer
/// (`fresh` is false then).
///
/// # Errors
/// `Refused` with the rule, `Unavailable`.
pub async fn answer_comment(store: &dyn Store, scope: &Scope, draft: AnswerDraft) -> StoreResult<Answered> {
    store.answer_comment(scope, draft).await
}
