//! The port `Inbox`: what people read, and the little that a click changes.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Id, Timestamp,
    contact::Contact,
    conversation::Conversation,
    identity::User,
    journal::Working,
    message::Message,
    store::{
        ChatFilter, ContactFacts, ConversationCounts, ConversationFilter, ConversationPatch, ConversationRecord, Inbox,
        MessageCursor, MessageRecord, Referrals, StoreError, StoreResult, Totals,
    },
    workspace::Scope,
};
use sqlx::PgConnection;

use crate::{
    PostgresStore,
    error::Fault,
    filter, load, records, referrals,
    rows::{all, contact_rows, conversation_rows, message_rows, millis, unsigned},
    transaction::{Touches, Tx},
};

/// A conversation in sight.
async fn in_sight(conn: &mut PgConnection, scope: &Scope, id: Id<Conversation>) -> Result<Option<Conversation>, Fault> {
    let row =
        conversation_rows!("conversation c WHERE c.workspace_id = $1 AND c.id = $2", scope.workspace.raw(), id.raw())
            .fetch_optional(conn)
            .await?;
    let row = row.map(Conversation::try_from).transpose()?;
    Ok(row.filter(|conversation| scope.allows(conversation.workspace_id, conversation.account_id)))
}

fn touches(id: Id<Conversation>) -> Touches {
    Touches { conversations: vec![id.raw()], ..Touches::default() }
}

#[async_trait]
impl Inbox for PostgresStore {
    async fn conversations(&self, scope: &Scope, filter: &ConversationFilter) -> StoreResult<Vec<ConversationRecord>> {
        let mut tx = self.read(scope.workspace).await?;
        let rows = filter::page(&mut tx, scope, filter).await?;
        let records = records::conversations(&mut tx, all(rows)?).await?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(records)
    }

    async fn conversation_counts(
        &self,
        scope: &Scope,
        me: Option<Id<User>>,
        now: Timestamp,
    ) -> StoreResult<ConversationCounts> {
        let mut tx = self.read(scope.workspace).await?;
        let counts = counts(&mut tx, scope, me, now).await?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(counts)
    }

    async fn conversation(&self, scope: &Scope, id: Id<Conversation>) -> StoreResult<Option<ConversationRecord>> {
        let mut tx = self.read(scope.workspace).await?;
        let record = match in_sight(&mut tx, scope, id).await? {
            Some(conversation) => Some(records::conversation(&mut tx, conversation).await?),
            None => None,
        };
        tx.commit().await.map_err(Fault::from)?;
        Ok(record)
    }

    async fn conversation_by_external_id(
        &self,
        scope: &Scope,
        external_id: &str,
    ) -> StoreResult<Option<Id<Conversation>>> {
        let mut tx = self.read(scope.workspace).await?;
        let accounts = filter::permitted(scope);
        let id = sqlx::query_scalar!(
            r#"SELECT f.id AS "id!" FROM (
                SELECT id, account_id, 1 AS place FROM conversation WHERE workspace_id = $1 AND external_id = $2
                UNION ALL SELECT n.conversation_id, n.account_id, 2 FROM account a
                    JOIN conversation_name n ON n.account_id = a.id AND n.external_id = $2
                    WHERE a.workspace_id = $1 AND a.both_since IS NOT NULL
            ) f WHERE $3::bigint[] IS NULL OR f.account_id = ANY($3) ORDER BY f.place, f.id LIMIT 1"#,
            scope.workspace.raw(),
            external_id,
            accounts.as_deref(),
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(id.map(Id::from_raw))
    }

    async fn patch_conversation(
        &self,
        scope: &Scope,
        id: Id<Conversation>,
        patch: ConversationPatch,
    ) -> StoreResult<Option<ConversationRecord>> {
        let scope = scope.clone();
        let (record, numbers) = self
            .write_numbered(touches(id), move |tx| {
                let (scope, patch) = (scope.clone(), patch.clone());
                Box::pin(async move { patch_in(tx, &scope, id, patch).await })
            })
            .await?;
        Ok(record.map(|mut record| {
            record.conversation.seq = numbers.of_conversation(id.raw()).unwrap_or(record.conversation.seq);
            record
        }))
    }

    async fn messages(
        &self,
        scope: &Scope,
        conversation: Id<Conversation>,
        before: Option<MessageCursor>,
        limit: u32,
    ) -> StoreResult<Option<Vec<MessageRecord>>> {
        let mut tx = self.read(scope.workspace).await?;
        let records = if in_sight(&mut tx, scope, conversation).await?.is_some() {
            let (at, id) = before.map_or((i64::MAX, i64::MAX), |(at, id)| (at.as_millis(), id.raw()));
            let rows = message_rows!(
                "message m WHERE m.conversation_id = $1 AND (m.sent_at, m.id) < ($2, $3) ORDER BY m.sent_at DESC, m.id DESC LIMIT $4",
                conversation.raw(),
                at,
                id,
                i64::from(limit),
            )
            .fetch_all(&mut *tx)
            .await
            .map_err(Fault::from)?;
            Some(records::messages(&mut tx, all(rows)?).await?)
        } else {
            None
        };
        tx.commit().await.map_err(Fault::from)?;
        Ok(records)
    }

    async fn message(&self, scope: &Scope, id: Id<Message>) -> StoreResult<Option<MessageRecord>> {
        let mut tx = self.read(scope.workspace).await?;
        let row = message_rows!("message m WHERE m.workspace_id = $1 AND m.id = $2", scope.workspace.raw(), id.raw())
            .fetch_optional(&mut *tx)
            .await
            .map_err(Fault::from)?;
        let message =
            row.map(Message::try_from).transpose()?.filter(|message| scope.accounts.allows(message.account_id));
        let record = match message {
            Some(message) => Some(records::message(&mut tx, message).await?),
            None => None,
        };
        tx.commit().await.map_err(Fault::from)?;
        Ok(record)
    }

    async fn referrals(
        &self,
        scope: &Scope,
        conversation: Id<Conversation>,
        limit: u32,
    ) -> StoreResult<Option<Referrals>> {
        let mut tx = self.read(scope.workspace).await?;
        let found = match in_sight(&mut tx, scope, conversation).await? {
            Some(conversation) => Some(referrals::of(&mut tx, scope, &conversation, limit).await?),
            None => None,
        };
        tx.commit().await.map_err(Fault::from)?;
        Ok(found)
    }

    async fn chats(
        &self,
        scope: &Scope,
        filter: ChatFilter,
        after: Option<MessageCursor>,
        limit: u32,
    ) -> StoreResult<Vec<MessageRecord>> {
        let mut tx = self.read(scope.workspace).await?;
        let records = chats(&mut tx, scope, filter, after, limit).await?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(records)
    }

    async fn totals(&self, scope: &Scope) -> StoreResult<Totals> {
        let mut tx = self.read(scope.workspace).await?;
        let accounts = filter::permitted(scope);
        let row = sqlx::query!(
            r#"SELECT
                (SELECT count(*) FROM contact t WHERE t.workspace_id = $1 AND ($2::bigint[] IS NULL OR EXISTS (
                    SELECT 1 FROM conversation c WHERE c.workspace_id = $1 AND c.contact_id = t.id AND c.account_id = ANY($2)))) AS "contacts!",
                (SELECT count(*) FROM message m WHERE m.workspace_id = $1 AND ($2::bigint[] IS NULL OR m.account_id = ANY($2))) AS "messages!",
                (SELECT count(*) FROM conversation c WHERE c.workspace_id = $1 AND c.last_message_id IS NOT NULL
                    AND ($2::bigint[] IS NULL OR c.account_id = ANY($2))) AS "conversations!""#,
            scope.workspace.raw(),
            accounts.as_deref(),
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(Totals {
            contacts: unsigned("contact", row.contacts)?,
            messages: unsigned("message", row.messages)?,
            conversations: unsigned("conversation", row.conversations)?,
        })
    }

    async fn describe_conversation(
        &self,
        scope: &Scope,
        id: Id<Conversation>,
        contact: ContactFacts,
        image_send: Option<bool>,
    ) -> StoreResult<()> {
        let scope = scope.clone();
        self.write(touches(id), move |tx| {
            let (scope, contact) = (scope.clone(), contact.clone());
            Box::pin(async move { describe_in(tx, &scope, id, contact, image_send).await })
        })
        .await
    }
}

async fn patch_in(
    tx: &mut Tx,
    scope: &Scope,
    id: Id<Conversation>,
    patch: ConversationPatch,
) -> Result<Option<ConversationRecord>, Fault> {
    let Some(before) = in_sight(&mut tx.conn, scope, id).await? else {
        return Ok(None);
    };
    if let Some(Some(user)) = patch.assignee {
        let member = sqlx::query_scalar!(
            "SELECT user_id FROM member WHERE workspace_id = $1 AND user_id = $2",
            scope.workspace.raw(),
            user.raw()
        )
        .fetch_optional(&mut tx.conn)
        .await?;
        if member.is_none() {
            return Err(StoreError::Conflict { what: "conversation.assignee" }.into());
        }
    }
    let mut after = before.clone();
    after.status = patch.status.unwrap_or(after.status);
    after.assignee = patch.assignee.unwrap_or(after.assignee);
    after.mode = patch.mode.unwrap_or(after.mode);
    after.unread = if patch.read { 0 } else { after.unread };
    if after != before {
        let ids = Arc::clone(&tx.ids);
        let mut working = Working::new(tx.now(), &ids);
        working.add_conversation(before);
        let changed = after.clone();
        working.edit_conversation(id, |conversation| *conversation = changed);
        tx.persist(working, &[scope.workspace.raw()]).await?;
    }
    Ok(Some(records::conversation(&mut tx.conn, after).await?))
}

async fn describe_in(
    tx: &mut Tx,
    scope: &Scope,
    id: Id<Conversation>,
    facts: ContactFacts,
    image_send: Option<bool>,
) -> Result<(), Fault> {
    let ids = Arc::clone(&tx.ids);
    let mut working = Working::new(tx.now(), &ids);
    load::conversations(&mut tx.conn, &mut working, scope.workspace, &[id.raw()]).await?;
    let in_sight = working.conversation(id).filter(|row| scope.accounts.allows(row.account_id)).cloned();
    let Some(conversation) = in_sight else { return Ok(()) };
    let row = contact_rows!(
        "contact t WHERE t.workspace_id = $1 AND t.id = $2",
        scope.workspace.raw(),
        conversation.contact_id.raw()
    )
    .fetch_one(&mut tx.conn)
    .await?;
    let before = Contact::try_from(row)?;
    let after = Contact {
        username: facts.username.or(before.username.clone()),
        display_name: facts.display_name.or(before.display_name.clone()),
        avatar_url: facts.avatar_url.or(before.avatar_url.clone()),
        is_follower: facts.is_follower.or(before.is_follower),
        ..before.clone()
    };
    let image_send = image_send.or(conversation.image_send);
    if after == before && image_send == conversation.image_send {
        return Ok(());
    }
    working.edit_contact(before.id, |contact| *contact = after);
    working.edit_conversation(id, |conversation| conversation.image_send = image_send);
    tx.persist(working, &[scope.workspace.raw()]).await
}

async fn chats(
    conn: &mut PgConnection,
    scope: &Scope,
    filter: ChatFilter,
    after: Option<MessageCursor>,
    limit: u32,
) -> Result<Vec<MessageRecord>, Fault> {
    let accounts = match (filter::permitted(scope), filter.account) {
        (permitted, None) => permitted,
        (_, Some(account)) if scope.accounts.allows(account) => Some(vec![account.raw()]),
        (_, Some(_)) => return Ok(Vec::new()),
    };
    let (at, id) = after.map_or((i64::MIN, i64::MIN), |(at, id)| (at.as_millis(), id.raw()));
    let since = millis(filter.since).unwrap_or(i64::MIN);
    let limit = i64::from(limit);
    // Each shape has an index of its own, so the two are two statements.
    let rows = if let Some(conversation) = filter.conversation {
        message_rows!(
            "message m WHERE m.workspace_id = $1 AND m.conversation_id = $2 AND ($3::bigint[] IS NULL OR m.account_id = ANY($3))
            AND m.sent_at >= $4 AND (m.sent_at, m.id) > ($5, $6) ORDER BY m.sent_at, m.id LIMIT $7",
            scope.workspace.raw(),
            conversation.raw(),
            accounts.as_deref(),
            since,
            at,
            id,
            limit,
        )
        .fetch_all(&mut *conn)
        .await?
    } else {
        message_rows!(
            "message m WHERE m.workspace_id = $1 AND ($2::bigint[] IS NULL OR m.account_id = ANY($2))
            AND m.sent_at >= $3 AND (m.sent_at, m.id) > ($4, $5) ORDER BY m.sent_at, m.id LIMIT $6",
            scope.workspace.raw(),
            accounts.as_deref(),
            since,
            at,
            id,
            limit,
        )
        .fetch_all(&mut *conn)
        .await?
    };
    records::messages(conn, all(rows)?).await
}

async fn counts(
    conn: &mut PgConnection,
    scope: &Scope,
    me: Option<Id<User>>,
    now: Timestamp,
) -> Result<ConversationCounts, Fault> {
    let window_start = now.minus(domain::ledger::WINDOW).as_millis();
    let accounts = filter::permitted(scope);
    let rows = sqlx::query!(
        r#"SELECT c.account_id, count(*) AS "all!", count(*) FILTER (WHERE c.assignee = $3) AS "mine!",
            count(*) FILTER (WHERE c.assignee IS NULL) AS "unassigned!",
            count(*) FILTER (WHERE c.last_incoming_at > $4 AND c.last_incoming_at <= $5 AND a.rule_set <> 'unlimited') AS "closing!",
            count(*) FILTER (WHERE c.request) AS "requests!", count(*) FILTER (WHERE c.trouble) AS "failed!"
        FROM conversation c JOIN account a ON a.id = c.account_id
        WHERE c.workspace_id = $1 AND c.status = 'open' AND c.last_message_id IS NOT NULL
            AND ($2::bigint[] IS NULL OR c.account_id = ANY($2))
        GROUP BY c.account_id"#,
        scope.workspace.raw(),
        accounts.as_deref(),
        me.map(Id::raw),
        window_start,
        filter::closing_from(window_start),
    )
    .fetch_all(conn)
    .await?;
    let mut counts = ConversationCounts::default();
    for row in rows {
        let all = unsigned::<u64>("count", row.all)?;
        counts.all += all;
        counts.mine += unsigned::<u64>("count", row.mine)?;
        counts.unassigned += unsigned::<u64>("count", row.unassigned)?;
        counts.closing += unsigned::<u64>("count", row.closing)?;
        counts.requests += unsigned::<u64>("count", row.requests)?;
        counts.failed += unsigned::<u64>("count", row.failed)?;
        counts.accounts.insert(Id::from_raw(row.account_id), all);
    }
    Ok(counts)
}
