//! The port `Sides`: which providers tell of an account, which of them sends, and what only one of them told.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Id,
    account::{Account, ProviderKind},
    conversation::Conversation,
    journal::{MessageName, Working},
    message::Message,
    outbox::sender,
    reply::Refusal,
    sides::{GRACE, NEAR, Shadow, ShadowFilter, Side, TOLERANCE},
    store::{ConversationRecord, Sides, StoreError, StoreResult},
    workspace::Scope,
};
use sqlx::PgConnection;

use crate::{
    PostgresStore,
    edit::{account_in_sight, edit_account, name_anew, touches},
    error::Fault,
    filter, load, records,
    rows::{all, conversation_rows, from_word, message_name_rows, message_rows, word},
    transaction::{Touches, Tx},
};

#[async_trait]
impl Sides for PostgresStore {
    async fn sides(&self, scope: &Scope, account: Id<Account>) -> StoreResult<Vec<Side>> {
        if !scope.accounts.allows(account) {
            return Ok(Vec::new());
        }
        let mut tx = self.read(scope.workspace).await?;
        let found = of(&mut tx, account).await?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(found)
    }

    async fn account_through(
        &self,
        scope: &Scope,
        account: Id<Account>,
        provider: ProviderKind,
    ) -> StoreResult<Option<Account>> {
        if !scope.accounts.allows(account) {
            return Ok(None);
        }
        let mut tx = self.read(scope.workspace).await?;
        let through = load::account_through(&mut tx, account, provider).await?;
        let shown = match through {
            None => load::accounts(&mut tx, &[account.raw()]).await?.into_iter().next(),
            through => through,
        };
        tx.commit().await.map_err(Fault::from)?;
        Ok(shown.filter(|account| scope.allows(account.workspace_id, account.id)))
    }

    async fn add_side(
        &self,
        scope: &Scope,
        account: Id<Account>,
        provider: ProviderKind,
        external_id: &str,
    ) -> StoreResult<Option<Account>> {
        let (scope, external_id) = (scope.clone(), external_id.to_owned());
        self.write(touches(account), move |tx| {
            let (scope, external_id) = (scope.clone(), external_id.clone());
            Box::pin(async move {
                let Some(account) = account_in_sight(tx, &scope, account).await? else { return Ok(None) };
                add(tx, &account, provider, &external_id).await?;
                edit_account(tx, account.id, |_| {}).await
            })
        })
        .await
    }

    async fn remove_side(
        &self,
        scope: &Scope,
        account: Id<Account>,
        provider: ProviderKind,
    ) -> StoreResult<Option<Account>> {
        let scope = scope.clone();
        self.write(touches(account), move |tx| {
            let scope = scope.clone();
            Box::pin(async move {
                let Some(account) = account_in_sight(tx, &scope, account).await? else { return Ok(None) };
                if account.provider == provider {
                    return Err(StoreError::Conflict { what: "the side that sends" }.into());
                }
                remove(tx, &account, provider).await?;
                name_anew(tx, account.id).await
            })
        })
        .await
    }

    async fn set_sender(
        &self,
        scope: &Scope,
        account: Id<Account>,
        provider: ProviderKind,
    ) -> StoreResult<Option<Account>> {
        let scope = scope.clone();
        self.write(touches(account), move |tx| {
            let scope = scope.clone();
            Box::pin(async move {
                let Some(account) = account_in_sight(tx, &scope, account).await? else { return Ok(None) };
                if !of(&mut tx.conn, account.id).await?.iter().any(|side| side.provider == provider) {
                    return Ok(None);
                }
                if !provider.can_send() {
                    return Err(Refusal::ProviderCannotSend.into());
                }
                if account.provider == provider {
                    return Ok(Some(account));
                }
                switch(tx, account, provider).await
            })
        })
        .await
    }

    async fn set_conversation_sender(
        &self,
        scope: &Scope,
        conversation: Id<Conversation>,
        provider: Option<ProviderKind>,
    ) -> StoreResult<Option<ConversationRecord>> {
        let touches = Touches { conversations: vec![conversation.raw()], ..Touches::default() };
        let scope = scope.clone();
        let (record, numbers) = self
            .write_numbered(touches, move |tx| {
                let scope = scope.clone();
                Box::pin(async move { choose(tx, &scope, conversation, provider).await })
            })
            .await?;
        Ok(record.map(|mut record| {
            if let Some(seq) = numbers.of_conversation(conversation.raw()) {
                record.conversation.seq = seq;
            }
            record
        }))
    }

    async fn shadows(&self, scope: &Scope, filter: ShadowFilter) -> StoreResult<Vec<Shadow>> {
        let mut tx = self.read(scope.workspace).await?;
        let found = one_sided(&mut tx, scope, &filter).await?;
        let mut shadows = Vec::with_capacity(found.len());
        for message in found {
            shadows.push(shadow(&mut tx, message).await?);
        }
        tx.commit().await.map_err(Fault::from)?;
        Ok(shadows)
    }
}

async fn of(conn: &mut PgConnection, account: Id<Account>) -> Result<Vec<Side>, Fault> {
    let rows = sqlx::query!(
        "SELECT provider, external_id, sends FROM binding WHERE account_id = $1 AND provider IN ('official', 'respondio', 'thirdparty')
        ORDER BY sends DESC, id",
        account.raw(),
    )
    .fetch_all(conn)
    .await?;
    let sides = rows.into_iter().map(|row| {
        let provider = from_word("binding.provider", &row.provider)?;
        Ok(Side { provider, external_id: row.external_id, sends: row.sends })
    });
    sides.collect()
}

async fn add(tx: &mut Tx, account: &Account, provider: ProviderKind, external_id: &str) -> Result<(), Fault> {
    let known = of(&mut tx.conn, account.id).await?;
    if known.iter().any(|side| side.provider == provider && side.external_id == external_id) {
        return Ok(());
    }
    if known.iter().any(|side| side.provider == provider) {
        return Err(StoreError::Conflict { what: "side" }.into());
    }
    let now = tx.now();
    let id: Id<Side> = tx.ids.next(now)?;
    let bound = sqlx::query!(
        "INSERT INTO binding (id, workspace_id, account_id, provider, external_id, sends, scopes, connected_at)
        VALUES ($1, $2, $3, $4, $5, false, '[]', $6) ON CONFLICT (provider, external_id) DO NOTHING",
        id.raw(),
        account.workspace_id.raw(),
        account.id.raw(),
        word(&provider),
        external_id,
        now.as_millis(),
    )
    .execute(&mut tx.conn)
    .await?;
    if bound.rows_affected() == 0 {
        return Err(StoreError::Conflict { what: "side" }.into());
    }
    sqlx::query!("UPDATE account SET both_since = $2 WHERE id = $1", account.id.raw(), now.as_millis())
        .execute(&mut tx.conn)
        .await?;
    Ok(())
}

async fn remove(tx: &mut Tx, account: &Account, provider: ProviderKind) -> Result<(), Fault> {
    sqlx::query!(
        "DELETE FROM binding WHERE account_id = $1 AND provider = $2 AND NOT sends",
        account.id.raw(),
        word(&provider)
    )
    .execute(&mut tx.conn)
    .await?;
    forget(tx, account, provider).await
}

/// After a side is gone: nothing chooses it any more. What nobody settled of it can only be looked up, or sent again, through the
/// one that is left.
pub(crate) async fn forget(tx: &mut Tx, account: &Account, gone: ProviderKind) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE conversation SET sender = NULL WHERE account_id = $1 AND sender = $2",
        account.id.raw(),
        word(&gone)
    )
    .execute(&mut tx.conn)
    .await?;
    sqlx::query!(
        "UPDATE message SET provider = $3 WHERE conversation_id IN (SELECT id FROM conversation WHERE account_id = $1)
            AND state IN ('queued', 'sending', 'unconfirmed') AND provider = $2 AND external_id IS NULL",
        account.id.raw(),
        word(&gone),
        word(&account.provider)
    )
    .execute(&mut tx.conn)
    .await?;
    Ok(())
}

/// The one that sent stops first, or two would send for a moment.
async fn switch(tx: &mut Tx, mut account: Account, to: ProviderKind) -> Result<Option<Account>, Fault> {
    let id = account.id;
    let trouble =
        sqlx::query_scalar!("SELECT trouble FROM binding WHERE account_id = $1 AND provider = $2", id.raw(), word(&to))
            .fetch_optional(&mut tx.conn)
            .await?;
    let former = account.sends_through_another(trouble.flatten());
    sqlx::query!("UPDATE binding SET sends = false, trouble = $2 WHERE account_id = $1 AND sends", id.raw(), former)
        .execute(&mut tx.conn)
        .await?;
    sqlx::query!(
        "UPDATE binding SET sends = true, trouble = NULL WHERE account_id = $1 AND provider = $2",
        id.raw(),
        word(&to)
    )
    .execute(&mut tx.conn)
    .await?;
    let (state, reason) = (account.state, account.state_reason);
    edit_account(tx, id, |account| (account.state, account.state_reason) = (state, reason)).await
}

async fn choose(
    tx: &mut Tx,
    scope: &Scope,
    id: Id<Conversation>,
    provider: Option<ProviderKind>,
) -> Result<Option<ConversationRecord>, Fault> {
    let ids = Arc::clone(&tx.ids);
    let mut working = Working::new(tx.now(), &ids);
    load::conversations(&mut tx.conn, &mut working, scope.workspace, &[id.raw()]).await?;
    let known = working.conversation(id).filter(|row| scope.allows(row.workspace_id, row.account_id)).cloned();
    let Some(known) = known else { return Ok(None) };
    if let Some(provider) = provider {
        let account = working.account(known.account_id).ok_or(Refusal::NotFound)?;
        let is_side = of(&mut tx.conn, account.id).await?.iter().any(|side| side.provider == provider);
        if !provider.can_send() || !is_side {
            return Err(Refusal::ProviderCannotSend.into());
        }
        if working.conversation_name_at(id, provider).is_none() && sender(account, &known, None) != provider {
            return Err(Refusal::NotAtSide.into());
        }
    }
    working.edit_conversation(id, |row| row.sender = provider);
    tx.persist(working, &[scope.workspace.raw()]).await?;
    // Also where nothing is listed yet, what waits is to be looked at again.
    tx.wake();
    let row =
        conversation_rows!("conversation c WHERE c.workspace_id = $1 AND c.id = $2", scope.workspace.raw(), id.raw())
            .fetch_one(&mut tx.conn)
            .await?;
    let records = records::conversations(&mut tx.conn, vec![row.try_into()?]).await?;
    Ok(records.into_iter().next())
}

async fn one_sided(conn: &mut PgConnection, scope: &Scope, filter: &ShadowFilter) -> Result<Vec<Message>, Fault> {
    let (at, id) = filter.before.map_or((i64::MAX, i64::MAX), |(at, id)| (at.as_millis(), id.raw()));
    let permitted = filter::permitted(scope);
    let rows = message_rows!(
        "message m JOIN account a ON a.workspace_id = m.workspace_id AND a.id = m.account_id
        WHERE m.workspace_id = $1 AND (m.sent_at, m.id) < ($2, $3) AND m.sent_at >= a.both_since AND m.created_at <= $4
            AND ($5::bigint IS NULL OR m.account_id = $5) AND ($6::bigint[] IS NULL OR m.account_id = ANY($6))
            AND m.state IN ('received', 'sent')
            AND (SELECT count(*) FROM binding b WHERE b.workspace_id = m.workspace_id AND b.account_id = m.account_id
                AND b.provider IN ('official', 'respondio', 'thirdparty')) > 1
            AND m.external_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM message_name n
                WHERE n.workspace_id = m.workspace_id AND n.message_id = m.id AND n.provider <> m.provider)
        ORDER BY m.sent_at DESC, m.id DESC LIMIT $7",
        scope.workspace.raw(),
        at,
        id,
        filter.now.minus(GRACE).as_millis(),
        filter.account.map(Id::raw),
        permitted.as_deref(),
        i64::from(filter.limit.clamp(1, 200)),
    );
    all(rows.fetch_all(conn).await?)
}

async fn shadow(conn: &mut PgConnection, one_sided: Message) -> Result<Shadow, Fault> {
    let (workspace, side) = (one_sided.workspace_id.raw(), word(&one_sided.provider));
    let name = message_name_rows!(
        "WHERE n.workspace_id = $1 AND n.message_id = $2 AND n.provider = $3",
        workspace,
        one_sided.id.raw(),
        side,
    );
    let name: Option<MessageName> = name.fetch_optional(&mut *conn).await?.map(TryInto::try_into).transpose()?;
    // What another side told at that time, in the same conversation or in one that this side does not know.
    let near = message_rows!(
        "message m JOIN conversation c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
        WHERE m.workspace_id = $1 AND m.sent_at BETWEEN $2 AND $3 AND m.account_id = $4 AND m.direction = $5
            AND m.external_id IS NOT NULL AND m.provider <> $6 AND NOT EXISTS (SELECT 1 FROM message_name n
                WHERE n.workspace_id = $1 AND n.message_id = m.id AND n.provider = $6)
            AND (c.id = $7 OR (c.provider <> $6 AND NOT EXISTS (SELECT 1 FROM conversation_name n
                WHERE n.workspace_id = $1 AND n.conversation_id = c.id AND n.provider = $6)))
        ORDER BY m.sent_at, m.id LIMIT $8",
        workspace,
        one_sided.sent_at.minus(TOLERANCE).as_millis(),
        one_sided.sent_at.plus(TOLERANCE).as_millis(),
        one_sided.account_id.raw(),
        word(&one_sided.direction),
        side,
        one_sided.conversation_id.raw(),
        i64::from(NEAR),
    );
    let near: Vec<Message> = all(near.fetch_all(conn).await?)?;
    Ok(Shadow::new(one_sided, name.and_then(|name| name.platform_id), &near))
}
