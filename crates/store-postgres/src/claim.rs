//! Who works on which reply: leases, and what becomes of those whose worker died.

use std::{collections::HashMap, sync::Arc};

use domain::{
    Id, Timestamp,
    account::Account,
    conversation::Conversation,
    journal::{self, Working},
    message::Message,
    outbox::{Attempt, Claimed, LEASE, Lease, OutboxRow},
    place::{self, Place},
};

use crate::{
    error::Fault,
    load,
    rows::{all, conversation_rows, message_rows, outbox_rows, raw},
    transaction::Tx,
};

/// Leases up to `limit` due heads of conversations; what is on hold stands in no line. Only of accounts that this transaction has locked; of
/// paused ones only the lookups. Workspaces take turns: the first of each before the second of any, those that are leased already counted in.
pub(crate) async fn claim(tx: &mut Tx, due_by: Timestamp, limit: u32) -> Result<Vec<Claimed>, Fault> {
    lose_expired(tx, due_by).await?;
    let heads = outbox_rows!(
        "WHERE o.message_id IN (
            SELECT h.message_id
            FROM (SELECT workspace_id, count(*) FILTER (WHERE lease_until > $1) AS leased FROM outbox GROUP BY workspace_id) w
            CROSS JOIN LATERAL (
                SELECT o.message_id, o.due_at, row_number() OVER (ORDER BY o.due_at, o.message_id) AS place FROM outbox o
                WHERE o.workspace_id = w.workspace_id AND o.due_at <= $1 AND o.account_id = ANY($2) AND NOT o.begun
                    AND (o.phase = 'check' OR NOT EXISTS (SELECT 1 FROM account a WHERE a.id = o.account_id AND a.state = 'paused'))
                    AND (o.lease_until IS NULL OR o.lease_until <= $1)
                    AND (o.phase = 'hold' OR NOT EXISTS (SELECT 1 FROM outbox b WHERE b.conversation_id = o.conversation_id
                        AND b.phase <> 'hold' AND (b.queued_at, b.message_id) < (o.queued_at, o.message_id)))
                ORDER BY o.due_at, o.message_id LIMIT $3
            ) h
            ORDER BY w.leased + h.place, h.due_at, h.message_id LIMIT $3
        ) ORDER BY o.due_at, o.message_id",
        due_by.as_millis(),
        &tx.locked,
        i64::from(limit),
    )
    .fetch_all(&mut tx.conn)
    .await?;
    let mut rows: Vec<OutboxRow> = all(heads)?;
    let until = due_by.plus(LEASE);
    for row in &mut rows {
        row.lease = Some(Lease { token: tx.ids.next::<Attempt>(due_by)?.raw(), until });
    }
    lease(tx, &rows, until).await?;
    place::reach(Place::ClaimWritten);
    complete(tx, rows).await
}

/// Begun rows whose lease is over: nobody knows what became of the call.
async fn lose_expired(tx: &mut Tx, due_by: Timestamp) -> Result<(), Fault> {
    let expired = sqlx::query!(
        "SELECT workspace_id, message_id FROM outbox WHERE begun AND lease_until <= $1 AND account_id = ANY($2) ORDER BY message_id",
        due_by.as_millis(),
        &tx.locked,
    )
    .fetch_all(&mut tx.conn)
    .await?;
    for row in expired {
        let (workspace, message) = (Id::from_raw(row.workspace_id), Id::from_raw(row.message_id));
        let ids = Arc::clone(&tx.ids);
        let mut working = Working::new(tx.now(), &ids);
        load::message(&mut tx.conn, &mut working, workspace, message).await?;
        journal::lose(&mut working, message);
        tx.persist(working, &[row.workspace_id]).await?;
        place::reach(Place::LoseWritten);
    }
    Ok(())
}

async fn lease(tx: &mut Tx, rows: &[OutboxRow], until: Timestamp) -> Result<(), Fault> {
    let tokens: Vec<i64> = rows.iter().filter_map(|row| row.lease).map(|lease| lease.token).collect();
    sqlx::query!(
        "UPDATE outbox o SET lease_token = n.token, lease_until = $3
        FROM unnest($1::bigint[], $2::bigint[]) AS n (message_id, token) WHERE o.message_id = n.message_id",
        &raw(rows.iter().map(|row| row.message_id)),
        &tokens,
        until.as_millis(),
    )
    .execute(&mut tx.conn)
    .await?;
    Ok(())
}

/// Adds what the worker needs to act.
async fn complete(tx: &mut Tx, rows: Vec<OutboxRow>) -> Result<Vec<Claimed>, Fault> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let (workspaces, ids) = (raw(rows.iter().map(|row| row.workspace_id)), raw(rows.iter().map(|row| row.message_id)));
    let messages = message_rows!("message m WHERE m.workspace_id = ANY($1) AND m.id = ANY($2)", &workspaces, &ids)
        .fetch_all(&mut tx.conn)
        .await?;
    let mut messages: HashMap<Id<Message>, Message> =
        all::<_, Message>(messages)?.into_iter().map(|row| (row.id, row)).collect();
    let accounts = load::accounts(&mut tx.conn, &raw(rows.iter().map(|row| row.account_id))).await?;
    let accounts: HashMap<Id<Account>, Account> = accounts.into_iter().map(|row| (row.id, row)).collect();
    let conversations = raw(rows.iter().map(|row| row.conversation_id));
    let conversations = conversation_rows!(
        "conversation c WHERE c.workspace_id = ANY($1) AND c.id = ANY($2)",
        &workspaces,
        &conversations
    )
    .fetch_all(&mut tx.conn)
    .await?;
    let conversations: HashMap<Id<Conversation>, Conversation> =
        all::<_, Conversation>(conversations)?.into_iter().map(|row| (row.id, row)).collect();
    let mut claimed = Vec::with_capacity(rows.len());
    for row in rows {
        let missing = |place| move || Fault::corrupt(place, "the row that it names is missing");
        let message = messages.remove(&row.message_id).ok_or_else(missing("outbox.message_id"))?;
        let conversation = conversations.get(&row.conversation_id).ok_or_else(missing("outbox.conversation_id"))?;
        let account = accounts.get(&row.account_id).ok_or_else(missing("outbox.account_id"))?;
        let (account, conversation_external_id) = through(tx, &row, &message, conversation, account).await?;
        claimed.push(Claimed { row, message, conversation_external_id, account });
    }
    Ok(claimed)
}

/// The account as the side shows it that a row goes through, and what that side calls the conversation.
async fn through(
    tx: &mut Tx,
    row: &OutboxRow,
    message: &Message,
    conversation: &Conversation,
    account: &Account,
) -> Result<(Account, String), Fault> {
    if account.both_since.is_none() {
        return Ok((account.clone(), conversation.external_id.clone()));
    }
    // An attempt through a side that is gone by now can only be looked up through the other one.
    let side = row.side(message, conversation, account);
    let through = load::account_through(&mut tx.conn, account.id, side).await?;
    let account = through.unwrap_or_else(|| account.clone());
    let name = load::conversation_name(&mut tx.conn, conversation, account.provider).await?;
    Ok((account, name.unwrap_or_default()))
}
