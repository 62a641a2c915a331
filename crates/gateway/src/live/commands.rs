//! What a client may ask over its socket: send a text, and say that somebody types. Everything else goes over REST.

use std::{sync::Arc, time::Duration};

use domain::{
    Id,
    content::Content,
    conversation::Conversation,
    message::{Message, Priority},
    reply::Draft,
};
use serde::{Deserialize, Serialize};
use socketioxide::extract::{AckSender, SocketRef, State, TryData};

use super::{Live, guest::Guest};
use crate::{
    auth::Principal,
    http::problem::{Problem, ProblemBody, Slug},
    replies,
};

/// Hints of one socket closer together than this are dropped.
const TYPING_EVERY: Duration = Duration::from_secs(1);

/// `{"conversationId":"conv_…","text":"สวัสดีค่ะ","idempotencyKey":"order-42","quote":"msg_…"}`; the last two may be left out, and the
/// provider's conversation id will do, too.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SendMessage {
    conversation_id: String,
    text: String,
    idempotency_key: Option<String>,
    quote: Option<Id<Message>>,
}

/// `{"ok":true,"id":"msg_…"}` or `{"ok":false,"problem":{…}}`.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<ProblemBody>,
}

/// Queues a text and acknowledges with its id, or with the problem.
pub(super) async fn send_message(
    socket: SocketRef,
    asked: TryData<SendMessage>,
    ack: AckSender,
    State(live): State<Live>,
) {
    let Some(guest) = socket.extensions.get::<Guest>() else { return };
    let answer = match asked.0 {
        Ok(asked) => queue(&live, &guest.principal, asked).await,
        Err(_) => Err(Problem::new(
            Slug::InvalidParameter,
            "send_message takes {conversationId, text, idempotencyKey?, quote?}",
        )),
    };
    let answer = match answer {
        Ok(id) => Answer { ok: true, id: Some(id), problem: None },
        Err(problem) => Answer { ok: false, id: None, problem: Some(problem.body()) },
    };
    if ack.send(&answer).is_err() {
        tracing::debug!("a client went before its acknowledgement");
    }
}

async fn queue(live: &Live, principal: &Principal, asked: SendMessage) -> Result<String, Problem> {
    principal.require_send()?;
    let conversation_id = conversation(live, principal, &asked.conversation_id).await?;
    let draft = Draft {
        conversation_id,
        content: Content::Text { body: asked.text },
        quoted_external_id: None,
        author: principal.author(),
        idempotency_key: asked.idempotency_key,
        send_anyway: false,
        priority: Priority::Normal,
    };
    let draft = match asked.quote {
        Some(quoted) => replies::quoting(&*live.app.store, &principal.scope, draft, quoted).await?,
        None => draft,
    };
    let queued = replies::queue(&*live.app.store, &principal.scope, draft, live.app.respondio_fetches()).await?;
    Ok(queued.record.message.id.to_string())
}

/// Our id, or the provider's.
async fn conversation(live: &Live, principal: &Principal, id: &str) -> Result<Id<Conversation>, Problem> {
    if let Ok(id) = id.parse() {
        return Ok(id);
    }
    let found = live.app.store.conversation_by_external_id(&principal.scope, id).await?;
    found.ok_or_else(|| Problem::not_found("conversation"))
}

/// `{"conversationId":"conv_…"}`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Typing {
    conversation_id: String,
}

/// What colleagues get of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TypingHint<'a> {
    conversation_id: Id<Conversation>,
    user: Typist<'a>,
}

#[derive(Debug, Serialize)]
struct Typist<'a> {
    id: Option<String>,
    name: &'a str,
}

/// Tells colleagues who may see the conversation, and the customer, that somebody types in it. Nothing is answered, nothing kept.
pub(super) async fn typing(socket: SocketRef, typing: TryData<Typing>, State(live): State<Live>) {
    let (Some(guest), Ok(typing)) = (socket.extensions.get::<Guest>(), typing.0) else { return };
    if !guest.principal.can_send() || !may_hint(&guest, live.app.clock.now()) {
        return;
    }
    let Ok(id) = conversation(&live, &guest.principal, &typing.conversation_id).await else { return };
    let Ok(Some(record)) = live.app.store.conversation(&guest.principal.scope, id).await else { return };
    let user = Typist { id: guest.principal.user().map(|id| id.to_string()), name: guest.principal.name() };
    let Ok(hint) = serde_json::value::to_raw_value(&TypingHint { conversation_id: id, user }) else { return };
    live.hub.hint(socket.id, guest.principal.scope.workspace, record.conversation.account_id, &Arc::from(hint));
    live.app.signs.typed(&guest.principal.scope, &record);
}

fn may_hint(guest: &Guest, now: domain::Timestamp) -> bool {
    let mut last = guest.typed_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let may = *last > now || now.since(*last) >= TYPING_EVERY;
    if may {
        *last = now;
    }
    may
}
