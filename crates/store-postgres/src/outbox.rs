//! The port `Outbox`: replies on their way out. Each use case loads, calls one rule of the journal, and writes back.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Id, Timestamp,
    account::Account,
    content::Content,
    journal::{self, Begun, Working},
    message::Message,
    outbox::{Attempt, CheckOutcome, Claimed, Outcome},
    place::{self, Place},
    reply::{Draft, Refusal},
    store::{MessageRecord, Outbox, Queued, StoreResult},
    workspace::{Scope, Workspace},
};

use crate::{
    PostgresStore, claim,
    error::Fault,
    load, media, records,
    rows::message_rows,
    transaction::{Numbers, Touches, Tx},
};

/// Touches of a use case about one message.
fn of_message(workspace: Id<Workspace>, id: Id<Message>) -> Touches {
    Touches { workspaces: vec![workspace.raw()], messages: vec![id.raw()], ..Touches::default() }
}

/// Gives a record the numbers of the events that the same transaction wrote.
fn stamp(mut record: MessageRecord, numbers: &Numbers) -> MessageRecord {
    if let Some(seq) = numbers.of_message(record.message.id.raw()) {
        record.message.seq = seq;
    }
    record
}

/// Runs a rule on one message in sight and answers it as it is then.
async fn change_message<E: Into<Fault>>(
    tx: &mut Tx,
    scope: &Scope,
    id: Id<Message>,
    rule: impl FnOnce(&mut Working<'_>) -> Result<(), E> + Send,
) -> Result<(), Fault> {
    let ids = Arc::clone(&tx.ids);
    let mut working = Working::new(tx.now(), &ids);
    let message = load::message(&mut tx.conn, &mut working, scope.workspace, id).await?;
    message.filter(|message| scope.allows(message.workspace_id, message.account_id)).ok_or(Refusal::NotFound)?;
    rule(&mut working).map_err(Into::into)?;
    tx.persist(working, &[scope.workspace.raw()]).await
}

async fn record(tx: &mut Tx, workspace: Id<Workspace>, id: Id<Message>) -> Result<MessageRecord, Fault> {
    let row = message_rows!("message m WHERE m.workspace_id = $1 AND m.id = $2", workspace.raw(), id.raw())
        .fetch_one(&mut tx.conn)
        .await?;
    records::message(&mut tx.conn, row.try_into()?).await
}

/// Runs a rule on one claimed row. The rule says whether anything is to be written, and what to answer.
async fn on_claimed(
    tx: &mut Tx,
    claimed: &Claimed,
    answer: Option<&str>,
    written: Place,
    rule: impl FnOnce(&mut Working<'_>, i64) -> Result<bool, Fault> + Send,
) -> Result<bool, Fault> {
    let Some(lease) = claimed.row.lease else {
        return Ok(false);
    };
    let workspace = claimed.row.workspace_id;
    let ids = Arc::clone(&tx.ids);
    let mut working = Working::new(tx.now(), &ids);
    let message = load::message(&mut tx.conn, &mut working, workspace, claimed.row.message_id).await?;
    let Some(message) = message else {
        return Ok(false);
    };
    if let Some(external_id) = answer {
        load::answered(&mut tx.conn, &mut working, &message, external_id).await?;
    }
    let done = rule(&mut working, lease.token)?;
    tx.persist(working, &[workspace.raw()]).await?;
    place::reach(written);
    Ok(done)
}

/// In `0.0..1.0`, from the bits of an id: enough to spread attempts.
fn jitter(bits: i64) -> f64 {
    let mixed = bits.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48;
    u16::try_from(mixed).map_or(0.0, |mixed| f64::from(mixed) / 65_536.0)
}

#[async_trait]
impl Outbox for PostgresStore {
    async fn queue_reply(&self, scope: &Scope, draft: Draft) -> StoreResult<Queued> {
        let touches = Touches { conversations: vec![draft.conversation_id.raw()], ..Touches::default() };
        let scope = scope.clone();
        let (queued, numbers) = self
            .write_numbered(touches, move |tx| {
                let (scope, draft) = (scope.clone(), draft.clone());
                Box::pin(async move { queue(tx, &scope, draft).await })
            })
            .await?;
        Ok(Queued { record: stamp(queued.record, &numbers), ..queued })
    }

    async fn retry(&self, scope: &Scope, message: Id<Message>, send_anyway: bool) -> StoreResult<MessageRecord> {
        let touches = of_message(scope.workspace, message);
        let scope = scope.clone();
        let (changed, numbers) = self
            .write_numbered(touches, move |tx| {
                let scope = scope.clone();
                Box::pin(async move {
                    change_message(tx, &scope, message, |working| journal::retry(working, message, send_anyway))
                        .await?;
                    record(tx, scope.workspace, message).await
                })
            })
            .await?;
        Ok(stamp(changed, &numbers))
    }

    async fn recheck(&self, scope: &Scope, message: Id<Message>) -> StoreResult<MessageRecord> {
        let touches = of_message(scope.workspace, message);
        let scope = scope.clone();
        let (changed, numbers) = self
            .write_numbered(touches, move |tx| {
                let scope = scope.clone();
                Box::pin(async move {
                    change_message(tx, &scope, message, |working| journal::recheck(working, message)).await?;
                    record(tx, scope.workspace, message).await
                })
            })
            .await?;
        Ok(stamp(changed, &numbers))
    }

    async fn discard(&self, scope: &Scope, message: Id<Message>) -> StoreResult<()> {
        let touches = of_message(scope.workspace, message);
        let scope = scope.clone();
        self.write(touches, move |tx| {
            let scope = scope.clone();
            Box::pin(
                async move { change_message(tx, &scope, message, |working| journal::discard(working, message)).await },
            )
        })
        .await
    }

    async fn claim_any_workspace(&self, limit: u32) -> StoreResult<Vec<Claimed>> {
        let due_by = self.clock.now();
        let touches = Touches { due_by: Some(due_by.as_millis()), ..Touches::default() };
        self.write(touches, move |tx| Box::pin(claim::claim(tx, due_by, limit))).await
    }

    async fn next_due_any_workspace(&self) -> StoreResult<Option<Timestamp>> {
        let mut tx = self.read_system().await?;
        let due = sqlx::query_scalar!(
            r#"SELECT min(GREATEST(o.due_at, COALESCE(o.lease_until, o.due_at))) AS due FROM outbox o
            WHERE (o.phase = 'hold' OR NOT EXISTS (SELECT 1 FROM outbox b WHERE b.conversation_id = o.conversation_id
                AND b.phase <> 'hold' AND (b.queued_at, b.message_id) < (o.queued_at, o.message_id)))
            AND (o.phase = 'check' OR o.begun OR NOT EXISTS (SELECT 1 FROM account a WHERE a.id = o.account_id AND a.state = 'paused'))"#
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(due.map(Timestamp::from_millis))
    }

    async fn begin(&self, claimed: &Claimed) -> StoreResult<bool> {
        let touches = Touches { accounts: vec![claimed.row.account_id.raw()], ..Touches::default() };
        let claimed = claimed.clone();
        self.write(touches, move |tx| {
            let claimed = claimed.clone();
            Box::pin(async move {
                let (id, side) = (claimed.row.message_id, claimed.account.provider);
                on_claimed(tx, &claimed, None, Place::BeginWritten, |working, token| {
                    Ok(journal::begin(working, id, token, side)? == Begun::Go)
                })
                .await
            })
        })
        .await
    }

    async fn settle(&self, claimed: &Claimed, outcome: Outcome) -> StoreResult<bool> {
        let touches = Touches { accounts: vec![claimed.row.account_id.raw()], ..Touches::default() };
        let claimed = claimed.clone();
        self.write(touches, move |tx| {
            let (claimed, outcome) = (claimed.clone(), outcome.clone());
            Box::pin(async move {
                let id = claimed.row.message_id;
                let answer = match &outcome {
                    Outcome::Sent { external_id } => Some(external_id.clone()),
                    _ => None,
                };
                let jitter = jitter(tx.ids.next::<Attempt>(tx.now())?.raw());
                on_claimed(tx, &claimed, answer.as_deref(), Place::SettleWritten, |working, token| {
                    Ok(journal::settle(working, id, token, outcome, jitter)?)
                })
                .await
            })
        })
        .await
    }

    async fn settle_check(&self, claimed: &Claimed, outcome: CheckOutcome) -> StoreResult<bool> {
        let touches = Touches { accounts: vec![claimed.row.account_id.raw()], ..Touches::default() };
        let claimed = claimed.clone();
        self.write(touches, move |tx| {
            let claimed = claimed.clone();
            Box::pin(async move {
                let id = claimed.row.message_id;
                on_claimed(tx, &claimed, None, Place::CheckWritten, |working, token| {
                    Ok(journal::settle_check(working, id, token, outcome))
                })
                .await
            })
        })
        .await
    }

    async fn attempts(&self, scope: &Scope, message: Id<Message>) -> StoreResult<Vec<Attempt>> {
        let mut tx = self.read(scope.workspace).await?;
        let rows = sqlx::query!(
            "SELECT a.id, a.workspace_id, a.message_id, m.account_id, a.token, a.began_at, a.settled_at, a.outcome, a.code
            FROM attempt a JOIN message m ON m.workspace_id = a.workspace_id AND m.id = a.message_id
            WHERE a.workspace_id = $1 AND a.message_id = $2 ORDER BY a.began_at, a.id",
            scope.workspace.raw(),
            message.raw(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        let in_sight = rows.into_iter().filter(|row| scope.accounts.allows(Id::from_raw(row.account_id)));
        Ok(in_sight
            .map(|row| Attempt {
                id: Id::from_raw(row.id),
                workspace_id: Id::from_raw(row.workspace_id),
                message_id: Id::from_raw(row.message_id),
                token: row.token,
                began_at: Timestamp::from_millis(row.began_at),
                settled_at: row.settled_at.map(Timestamp::from_millis),
                outcome: row.outcome,
                code: row.code,
            })
            .collect())
    }

    async fn fail_queued(&self, scope: &Scope, account: Id<Account>) -> StoreResult<u32> {
        let touches = Touches { accounts: vec![account.raw()], ..Touches::default() };
        let scope = scope.clone();
        self.write(touches, move |tx| {
            let workspace = scope.workspace;
            let in_sight = scope.accounts.allows(account);
            Box::pin(async move {
                if !in_sight {
                    return Ok(0);
                }
                let conversations = sqlx::query_scalar!(
                    "SELECT DISTINCT conversation_id FROM outbox WHERE workspace_id = $1 AND account_id = $2",
                    workspace.raw(),
                    account.raw(),
                )
                .fetch_all(&mut tx.conn)
                .await?;
                let ids = Arc::clone(&tx.ids);
                let mut working = Working::new(tx.now(), &ids);
                load::conversations(&mut tx.conn, &mut working, workspace, &conversations).await?;
                let failed = journal::fail_queued(&mut working, account);
                tx.persist(working, &[workspace.raw()]).await?;
                Ok(failed)
            })
        })
        .await
    }
}

async fn queue(tx: &mut Tx, scope: &Scope, draft: Draft) -> Result<Queued, Fault> {
    let ids = Arc::clone(&tx.ids);
    let mut working = Working::new(tx.now(), &ids);
    let conversation = draft.conversation_id;
    load::conversations(&mut tx.conn, &mut working, scope.workspace, &[conversation.raw()]).await?;
    let in_sight = working.conversation(conversation).is_some_and(|row| scope.allows(row.workspace_id, row.account_id));
    if !in_sight {
        return Err(Refusal::NotFound.into());
    }
    let known = match &draft.idempotency_key {
        Some(key) => known(tx, conversation.raw(), key).await?,
        None => None,
    };
    if let Content::Image { media } = &draft.content
        && !media::is_sendable(&mut tx.conn, scope, *media).await?
    {
        return Err(Refusal::InvalidContent("there is no such picture").into());
    }
    let (id, fresh) = journal::queue_reply(&mut working, draft, known.as_ref())?;
    tx.persist(working, &[scope.workspace.raw()]).await?;
    place::reach(Place::QueueWritten);
    Ok(Queued { record: record(tx, scope.workspace, id).await?, fresh })
}

/// The message that this key gave before.
async fn known(tx: &mut Tx, conversation: i64, key: &str) -> Result<Option<Message>, Fault> {
    let row = message_rows!("message m WHERE m.conversation_id = $1 AND m.idempotency_key = $2", conversation, key)
        .fetch_optional(&mut tx.conn)
        .await?;
    row.map(Message::try_from).transpose()
}
