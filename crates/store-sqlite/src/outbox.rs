//! The port [`Outbox`]: replies queued, claimed, begun and settled. The rules are [`domain::journal`]'s; here is who may, and what is due.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::{
    account::Account,
    clock::Timestamp,
    content::Content,
    conversation::Conversation,
    id::Id,
    journal::{self, Begun, Working},
    message::Message,
    outbox::{Attempt, CheckOutcome, Claimed, LEASE, Lease, OutboxRow, Outcome},
    place::{self, Place},
    reply::{Draft, Refusal},
    store::{MessageRecord, Outbox, Queued, StoreResult},
    workspace::{Scope, Workspace},
};
use rusqlite::Connection;

use crate::{
    SqliteStore,
    error::corrupt,
    load, media,
    persist::persist,
    record,
    rows::{self, outbox_columns},
    sql::{Columns, execute, many, one, statements},
    turns::{Waiting, in_turn},
    writer::Tx,
};

statements! {
    EXPIRED = "SELECT message_id FROM outbox WHERE lease_until <= ?1 AND begun = 1 ORDER BY lease_until, message_id";
    // By steps over the index, not by a walk through the queue.
    WORKSPACES = "WITH RECURSIVE w (id) AS (SELECT min(workspace_id) FROM outbox UNION ALL \
                  SELECT (SELECT min(o.workspace_id) FROM outbox o WHERE o.workspace_id > w.id) FROM w WHERE w.id IS NOT NULL) \
                  SELECT w.id, (SELECT count(*) FROM outbox o INDEXED BY outbox_lease WHERE o.lease_until > ?1 AND o.workspace_id = w.id) \
                  FROM w WHERE w.id IS NOT NULL";
    // Heads only: the oldest row of each conversation. One that is leased, or not due, keeps those behind it waiting. What is on
    // hold stands in no line. Of a paused account only the lookups go on.
    DUE = concat!(
        "SELECT ", outbox_columns!(), " FROM outbox o INDEXED BY outbox_due WHERE o.workspace_id = ?2 AND o.due_at <= ?1 AND (o.lease_until IS NULL OR (o.lease_until <= ?1 AND o.begun = 0)) \
         AND (o.phase = 'hold' OR NOT EXISTS (SELECT 1 FROM outbox e WHERE e.conversation_id = o.conversation_id AND e.phase <> 'hold' \
         AND (e.queued_at, e.message_id) < (o.queued_at, o.message_id))) \
         AND (o.phase = 'check' OR NOT EXISTS (SELECT 1 FROM account a WHERE a.id = o.account_id AND a.state = 'paused')) \
         ORDER BY o.due_at, o.message_id LIMIT 1"
    );
    LEASE_ROW = "UPDATE outbox SET lease_token = ?2, lease_until = ?3, begun = 0 WHERE message_id = ?1";
    NEXT_DUE = "SELECT min(coalesce(o.lease_until, o.due_at)) FROM outbox o WHERE (o.phase = 'hold' OR NOT EXISTS (SELECT 1 FROM outbox e \
                WHERE e.conversation_id = o.conversation_id AND e.phase <> 'hold' AND (e.queued_at, e.message_id) < (o.queued_at, o.message_id))) \
                AND (o.phase = 'check' OR o.begun = 1 OR NOT EXISTS (SELECT 1 FROM account a WHERE a.id = o.account_id AND a.state = 'paused'))";
    ATTEMPTS = "SELECT id, workspace_id, message_id, token, began_at, settled_at, outcome, code FROM attempt WHERE message_id = ?1 ORDER BY id";
}

#[async_trait]
impl Outbox for SqliteStore {
    async fn queue_reply(&self, scope: &Scope, draft: Draft) -> StoreResult<Queued> {
        let scope = scope.clone();
        self.write(move |tx| {
            let mut working = load::conversation(tx, draft.conversation_id)?;
            let conversation = working.conversation(draft.conversation_id).ok_or(Refusal::NotFound)?;
            if !scope.allows(conversation.workspace_id, conversation.account_id) {
                return Err(Refusal::NotFound.into());
            }
            let known = match &draft.idempotency_key {
                Some(key) => load::message_by_idempotency_key(tx.connection, draft.conversation_id, key)?,
                None => None,
            };
            if let Content::Image { media: id } = &draft.content
                && !media::is_sendable(tx.connection, &scope, *id)?
            {
                return Err(Refusal::InvalidContent("there is no such picture").into());
            }
            let (id, fresh) = journal::queue_reply(&mut working, draft, known.as_ref())?;
            persist(tx, &working.into_changes())?;
            place::reach(Place::QueueWritten);
            Ok(Queued { record: shown(tx.connection, id)?, fresh })
        })
        .await
    }

    async fn retry(&self, scope: &Scope, message: Id<Message>, send_anyway: bool) -> StoreResult<MessageRecord> {
        self.change(scope, message, move |working| journal::retry(working, message, send_anyway)).await
    }

    async fn recheck(&self, scope: &Scope, message: Id<Message>) -> StoreResult<MessageRecord> {
        self.change(scope, message, move |working| journal::recheck(working, message)).await
    }

    async fn discard(&self, scope: &Scope, message: Id<Message>) -> StoreResult<()> {
        let scope = scope.clone();
        self.write(move |tx| {
            let mut working = in_sight(tx, &scope, message)?;
            journal::discard(&mut working, message)?;
            persist(tx, &working.into_changes())
        })
        .await
    }

    async fn claim_any_workspace(&self, limit: u32) -> StoreResult<Vec<Claimed>> {
        self.write(move |tx| {
            lose_expired(tx)?;
            let now = tx.now.as_millis();
            let waiting = many(tx.connection, WORKSPACES, [now], |row| {
                let mut columns = Columns::new(row, "outbox");
                Ok(Waiting { workspace: columns.id()?, leased: columns.get()? })
            })?;
            let head = |workspace: Id<Workspace>| {
                let row = one(tx.connection, DUE, (now, workspace.raw()), |row| {
                    rows::outbox(&mut Columns::new(row, "outbox"))
                })?;
                Ok(row.map(|row| ((row.due_at.as_millis(), row.message_id.raw()), row)))
            };
            let claimed = in_turn(waiting, limit, head, |row| lease(tx, row));
            place::reach(Place::ClaimWritten);
            claimed
        })
        .await
    }

    async fn next_due_any_workspace(&self) -> StoreResult<Option<Timestamp>> {
        self.read(|connection| {
            Ok(one(connection, NEXT_DUE, [], |row| Columns::new(row, "outbox").opt_time())?.flatten())
        })
        .await
    }

    async fn begin(&self, claimed: &Claimed) -> StoreResult<bool> {
        let ((id, token), side) = (held(claimed), claimed.account.provider);
        self.write(move |tx| {
            let mut working = load::message(tx, id)?;
            let begun = journal::begin(&mut working, id, token, side)?;
            persist(tx, &working.into_changes())?;
            place::reach(Place::BeginWritten);
            Ok(begun == Begun::Go)
        })
        .await
    }

    async fn settle(&self, claimed: &Claimed, outcome: Outcome) -> StoreResult<bool> {
        let (id, token) = held(claimed);
        self.write(move |tx| {
            let mut working = load::message(tx, id)?;
            if let (Outcome::Sent { external_id }, Some((account, side))) =
                (&outcome, working.message(id).map(|message| (message.account_id, message.provider)))
            {
                load::add_message_by_key(tx, &mut working, account, side, external_id)?;
            }
            let settled = journal::settle(&mut working, id, token, outcome, jitter(tx)?)?;
            persist(tx, &working.into_changes())?;
            place::reach(Place::SettleWritten);
            Ok(settled)
        })
        .await
    }

    async fn settle_check(&self, claimed: &Claimed, outcome: CheckOutcome) -> StoreResult<bool> {
        let (id, token) = held(claimed);
        self.write(move |tx| {
            let mut working = load::message(tx, id)?;
            let settled = journal::settle_check(&mut working, id, token, outcome);
            persist(tx, &working.into_changes())?;
            place::reach(Place::CheckWritten);
            Ok(settled)
        })
        .await
    }

    async fn attempts(&self, scope: &Scope, message: Id<Message>) -> StoreResult<Vec<Attempt>> {
        let scope = scope.clone();
        self.read(move |connection| {
            let known = load::message_by_id(connection, message)?;
            if !known.is_some_and(|known| scope.allows(known.workspace_id, known.account_id)) {
                return Ok(Vec::new());
            }
            many(connection, ATTEMPTS, [message.raw()], |row| {
                let mut columns = Columns::new(row, "attempt");
                Ok(Attempt {
                    id: columns.id()?,
                    workspace_id: columns.id()?,
                    message_id: columns.id()?,
                    token: columns.get()?,
                    began_at: columns.time()?,
                    settled_at: columns.opt_time()?,
                    outcome: columns.get()?,
                    code: columns.get()?,
                })
            })
        })
        .await
    }

    async fn fail_queued(&self, scope: &Scope, account: Id<Account>) -> StoreResult<u32> {
        let scope = scope.clone();
        self.write(move |tx| {
            let known = load::account_by_id(tx.connection, account)?;
            if !known.is_some_and(|known| scope.allows(known.workspace_id, known.id)) {
                return Ok(0);
            }
            let mut working = load::queue_of_account(tx, account)?;
            let failed = journal::fail_queued(&mut working, account);
            persist(tx, &working.into_changes())?;
            Ok(failed)
        })
        .await
    }
}

impl SqliteStore {
    /// One change of a message in sight; answers the message as it is then.
    async fn change(
        &self,
        scope: &Scope,
        message: Id<Message>,
        rule: impl FnOnce(&mut Working<'_>) -> StoreResult<()> + Send + 'static,
    ) -> StoreResult<MessageRecord> {
        let scope = scope.clone();
        self.write(move |tx| {
            let mut working = in_sight(tx, &scope, message)?;
            rule(&mut working)?;
            persist(tx, &working.into_changes())?;
            shown(tx.connection, message)
        })
        .await
    }
}

/// A message's rows, if the caller may see it.
fn in_sight<'t>(tx: &Tx<'t>, scope: &Scope, id: Id<Message>) -> StoreResult<Working<'t>> {
    let working = load::message(tx, id)?;
    let message = working.message(id).ok_or(Refusal::NotFound)?;
    if scope.allows(message.workspace_id, message.account_id) { Ok(working) } else { Err(Refusal::NotFound.into()) }
}

fn shown(connection: &Connection, id: Id<Message>) -> StoreResult<MessageRecord> {
    record::message(connection, id)?.ok_or_else(|| corrupt(format!("message {id} is gone within its own transaction")))
}

/// Attempts whose worker is dead become unconfirmed; checks are simply due again.
fn lose_expired(tx: &mut Tx<'_>) -> StoreResult<()> {
    let expired: Vec<Id<Message>> =
        many(tx.connection, EXPIRED, [tx.now.as_millis()], |row| Columns::new(row, "outbox").id())?;
    for id in expired.into_iter().collect::<BTreeSet<_>>() {
        let mut working = load::message(tx, id)?;
        journal::lose(&mut working, id);
        persist(tx, &working.into_changes())?;
        place::reach(Place::LoseWritten);
    }
    Ok(())
}

fn lease(tx: &Tx<'_>, mut row: OutboxRow) -> StoreResult<Claimed> {
    let place = || corrupt(format!("outbox {}", row.message_id));
    let message = load::message_by_id(tx.connection, row.message_id)?.ok_or_else(place)?;
    let conversation = load::conversation_by_id(tx.connection, row.conversation_id)?.ok_or_else(place)?;
    let account = load::account_by_id(tx.connection, row.account_id)?.ok_or_else(place)?;
    let (account, name) = through(tx, &row, &message, conversation, account)?;
    let lease = Lease { token: tx.new_id::<Claimed>()?.raw(), until: tx.now.plus(LEASE) };
    execute(tx.connection, LEASE_ROW, (row.message_id.raw(), lease.token, lease.until.as_millis()))?;
    (row.lease, row.begun) = (Some(lease), false);
    Ok(Claimed { row, message, conversation_external_id: name, account })
}

/// The account as the side shows it that a row goes through, and what that side calls the conversation.
fn through(
    tx: &Tx<'_>,
    row: &OutboxRow,
    message: &Message,
    conversation: Conversation,
    account: Account,
) -> StoreResult<(Account, String)> {
    if account.both_since.is_none() {
        return Ok((account, conversation.external_id));
    }
    // An attempt through a side that is gone by now can only be looked up through the other one.
    let side = row.side(message, &conversation, &account);
    let account = load::account_through(tx.connection, row.account_id, side)?.unwrap_or(account);
    let name = load::conversation_name(tx.connection, &conversation, account.provider)?;
    Ok((account, name.unwrap_or_default()))
}

/// The message and the token it was claimed with; without a lease, a token that fits none.
fn held(claimed: &Claimed) -> (Id<Message>, i64) {
    (claimed.row.message_id, claimed.row.lease.map_or(-1, |lease| lease.token))
}

/// Spreads retries: a fraction from the bits of a fresh id, mixed so that neighbours differ.
fn jitter(tx: &Tx<'_>) -> StoreResult<f64> {
    let bits = tx.new_id::<Claimed>()?.raw().cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Ok(f64::from(u32::try_from(bits >> 32).unwrap_or(0)) / f64::from(u32::MAX))
}
