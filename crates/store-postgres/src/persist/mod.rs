//! Writes what a use case changed: one statement per table, each row of it from one place of several arrays (UNNEST), so that a
//! batch of 512 costs as many round trips as one.

mod comments;
mod conversations;
mod messages;
mod outbox;
mod sides;

use domain::journal::{Change, Changes, Working};

use crate::{error::Fault, transaction::Tx};

/// One column of many rows.
macro_rules! column {
    ($rows:expr, $row:ident => $value:expr) => {
        $rows.iter().map(|$row| $value).collect::<Vec<_>>()
    };
}
pub(crate) use column;

impl Tx {
    /// Writes what a use case changed.
    pub(crate) async fn persist(&mut self, working: Working<'_>, workspaces: &[i64]) -> Result<(), Fault> {
        persist(self, working.into_changes(), workspaces).await
    }
}

/// Writes all changes in the order that `Changes` prescribes. `workspaces` are those the use case works in.
pub(crate) async fn persist(tx: &mut Tx, changes: Changes, workspaces: &[i64]) -> Result<(), Fault> {
    if !changes.outbox.is_empty() || !changes.jobs.is_empty() {
        tx.wake();
    }
    conversations::accounts(&mut tx.conn, &changes.accounts).await?;
    conversations::troubles(&mut tx.conn, &changes.troubles).await?;
    conversations::contacts(&mut tx.conn, &changes.contacts).await?;
    comments::write(&mut tx.conn, &changes.comments).await?;
    let (new, known) = split(&changes.conversations);
    conversations::insert(&mut tx.conn, &new).await?;
    conversations::update(&mut tx.conn, &known).await?;
    sides::write(&mut tx.conn, &changes).await?;
    messages::remove(&mut tx.conn, workspaces, &changes.removed_messages).await?;
    messages::clear_external_ids(&mut tx.conn, workspaces, &changes.cleared_external_ids).await?;
    let (new, known) = split(&changes.messages);
    messages::insert(&mut tx.conn, &new).await?;
    messages::update(&mut tx.conn, &known).await?;
    sides::message_names(&mut tx.conn, &changes.message_names).await?;
    let shown: Vec<_> = new.into_iter().chain(known).collect();
    messages::media(&mut tx.conn, &changes.media, &shown).await?;
    messages::reactions(&mut tx.conn, &changes.reactions).await?;
    outbox::remove_referrals(&mut tx.conn, &changes.removed_referrals).await?;
    outbox::referrals(&mut tx.conn, &changes.referrals).await?;
    outbox::withheld(&mut tx.conn, &changes.withheld).await?;
    outbox::upsert(&mut tx.conn, &changes.outbox).await?;
    outbox::remove(&mut tx.conn, &changes.removed_outbox).await?;
    outbox::attempts(&mut tx.conn, &changes.attempts).await?;
    outbox::settle_attempts(&mut tx.conn, workspaces, &changes.settled_attempts).await?;
    jobs(tx, &changes.jobs).await?;
    tx.note_events(changes.events);
    Ok(())
}

pub(crate) use outbox::jobs;

fn split<T>(changes: &[Change<T>]) -> (Vec<&T>, Vec<&T>) {
    let mut parts = (Vec::new(), Vec::new());
    for change in changes {
        match change {
            Change::Insert(row) => parts.0.push(row),
            Change::Update(row) => parts.1.push(row),
        }
    }
    parts
}
