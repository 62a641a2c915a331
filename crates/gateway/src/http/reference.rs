//! The addresses of the system reference, kept name for name: `/api/status`, `/api/chats`, `/api/accounts`.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use domain::{
    Id, Timestamp,
    account::{self as da, ProviderKind},
    store::{ChatFilter, MessageCursor, MessageRecord, Store, StoreError},
    workspace::Scope,
};
use futures_util::{Stream, stream};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    api::conversation_id,
    extract::{Auth, Json, Path, Query},
    problem::{Problem, Problems},
};
use crate::{
    app::App,
    connect,
    view::{Message, ReferenceAccount},
};

/// Messages read and written at once: what `/api/chats` holds in memory.
const BATCH: u32 = 500;

/// The routes of the reference.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_status))
        .routes(routes!(list_chats))
        .routes(routes!(list_reference_accounts))
        .routes(routes!(delete_reference_account))
}

/// Sums of the workspace.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReferenceStatus {
    /// The provider of new accounts: `official`, `respondio` or `thirdparty`.
    #[schema(value_type = String)]
    provider: ProviderKind,
    /// People who wrote.
    contacts: u64,
    /// Messages kept.
    seen_messages: u64,
    /// Whether messages of any account are asked for. TikTok pushes them; Respond.io is asked.
    polling: bool,
    /// Conversations.
    chat_count: u64,
    /// The same number as `seenMessages`: no ids are held in memory.
    seen_message_ids: u64,
}

/// Says how much is kept.
#[utoipa::path(get, path = "/api/status", tag = "reference", responses((status = 200, description = "The sums", body = ReferenceStatus), Problems))]
async fn get_status(State(app): State<App>, Auth(caller): Auth) -> Result<Json<ReferenceStatus>, Problem> {
    let totals = app.store.totals(&caller.scope).await?;
    let asked = |account: &da::Account| {
        account.provider == ProviderKind::Respondio && account.state != da::AccountState::Disconnected
    };
    let polling = app.store.accounts(&caller.scope).await?.iter().any(asked);
    Ok(Json(ReferenceStatus {
        provider: app.config.messages.provider,
        contacts: totals.contacts,
        seen_messages: totals.messages,
        polling,
        chat_count: totals.conversations,
        seen_message_ids: totals.messages,
    }))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ChatsQuery {
    /// Only of this account, `acc_…`.
    #[param(value_type = Option<String>)]
    account_id: Option<Id<da::Account>>,
    /// Only of this conversation: `conv_…`, or the provider's id.
    conversation_id: Option<String>,
    /// From this time on, inclusive, such as `2026-11-20T10:00:00Z`.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// At most so many, the oldest first.
    limit: Option<u64>,
}

/// Streams all saved messages, oldest first.
#[utoipa::path(get, path = "/api/chats", tag = "reference", params(ChatsQuery),
    responses((status = 200, description = "A JSON array, written as it is read", body = Vec<Message>), Problems))]
async fn list_chats(
    State(app): State<App>,
    Auth(caller): Auth,
    Query(query): Query<ChatsQuery>,
) -> Result<Response, Problem> {
    let conversation = match &query.conversation_id {
        Some(text) => {
            let id = conversation_id(&*app.store, &caller.scope, text).await?;
            let found = app.store.conversation(&caller.scope, id).await?;
            Some(found.ok_or_else(|| Problem::not_found("conversation"))?.conversation.id)
        }
        None => None,
    };
    let mut reader = Reader {
        store: Arc::clone(&app.store),
        scope: caller.scope,
        filter: ChatFilter { account: query.account_id, conversation, since: query.since },
        after: None,
        left: query.limit.unwrap_or(u64::MAX),
    };
    // The first batch is read before the answer begins, so that a database that can't be read is an error, not a broken array.
    let first = reader.next().await?;
    let body = Body::from_stream(array(reader, piece(b'[', &first)));
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// A place in the list of saved messages.
struct Reader {
    store: Arc<dyn Store>,
    scope: Scope,
    filter: ChatFilter,
    after: Option<MessageCursor>,
    left: u64,
}

impl Reader {
    /// The next batch; empty at the end.
    async fn next(&mut self) -> Result<Vec<MessageRecord>, StoreError> {
        let limit = u32::try_from(self.left).unwrap_or(BATCH).min(BATCH);
        if limit == 0 {
            return Ok(Vec::new());
        }
        let batch = self.store.chats(&self.scope, self.filter, self.after, limit).await?;
        self.left -= u64::from(limit).min(batch.len() as u64);
        if batch.len() < limit as usize {
            self.left = 0;
        }
        self.after = batch.last().map(|record| (record.message.sent_at, record.message.id));
        Ok(batch)
    }
}

/// A JSON array in pieces, one batch in memory at a time. An error in the middle cuts the connection: half an array must not look whole.
fn array(reader: Reader, first: Bytes) -> impl Stream<Item = Result<Bytes, StoreError>> {
    let begun = stream::once(std::future::ready(Ok(first)));
    let rest = stream::unfold(Some(reader), |reader| async move {
        let mut reader = reader?;
        match reader.next().await {
            Ok(batch) if batch.is_empty() => Some((Ok(Bytes::from_static(b"]")), None)),
            Ok(batch) => Some((Ok(piece(b',', &batch)), Some(reader))),
            Err(error) => Some((Err(error), None)),
        }
    });
    stream::StreamExt::chain(begun, rest)
}

fn piece(lead: u8, batch: &[MessageRecord]) -> Bytes {
    let mut text = vec![lead];
    for (place, record) in batch.iter().enumerate() {
        if place > 0 {
            text.push(b',');
        }
        serde_json::to_writer(&mut text, &Message::from(record))
            .expect("invariant: a message is plain data and memory does not fail");
    }
    text.into()
}

/// Lists the accounts by the reference's field names. No tokens.
#[utoipa::path(get, path = "/api/accounts", tag = "reference",
    responses((status = 200, description = "All of them, oldest first", body = Vec<ReferenceAccount>), Problems))]
async fn list_reference_accounts(
    State(app): State<App>,
    Auth(caller): Auth,
) -> Result<Json<Vec<ReferenceAccount>>, Problem> {
    let accounts = app.store.account_records(&caller.scope).await?;
    Ok(Json(accounts.iter().map(ReferenceAccount::from).collect()))
}

/// What the reference answers to a deletion.
#[derive(Debug, Serialize, ToSchema)]
struct Success {
    /// Always true.
    success: bool,
}

/// Disconnects an account and revokes its tokens; replies that wait fail visibly.
#[utoipa::path(delete, path = "/api/accounts/{id}", tag = "reference", params(("id" = String, Path, description = "`acc_…`")),
    responses((status = 200, description = "Disconnected", body = Success), Problems))]
async fn delete_reference_account(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<Id<da::Account>>,
) -> Result<Json<Success>, Problem> {
    caller.require_admin()?;
    let account =
        connect::disconnect(&*app.store, &app.providers, &app.keyring, &app.tokens, &caller.scope, id).await?;
    account.map(|_| Json(Success { success: true })).ok_or_else(|| Problem::not_found("account"))
}
