//! The stores of message-gateway on PostgreSQL, for several processes.
//!
//! [`PostgresStore`] implements every port of `domain::store`. All changes go through one writer task per process, which commits
//! many use cases at once; reads have a pool. Row-level security is forced on every table, so each transaction names its workspace,
//! or is one of the system's own: the writer, workers and login.

mod accounts;
mod bind;
mod bindings;
mod claim;
mod comments;
mod connect;
mod directory;
mod edit;
mod error;
mod events;
mod filter;
mod history;
mod inbox;
mod ingest;
mod jobs;
mod journal;
mod listen;
mod load;
mod media;
mod node;
mod outbox;
mod persist;
mod queue;
mod records;
mod referrals;
mod replay;
mod reports;
mod rows;
mod secrets;
mod sides;
mod spaces;
mod transaction;
mod watching;
mod withheld;
mod writer;

use std::sync::{Arc, atomic::Ordering};

use domain::{
    Clock, Id, IdGenerator,
    store::{DatabaseWarning, StoreError},
    workspace::Workspace,
};
use sqlx::{AssertSqlSafe, PgPool, Postgres, Transaction};

use crate::{
    error::Fault,
    listen::Listener,
    queue::Work,
    transaction::{Numbers, Touches, Tx},
    writer::{Shared, Writer},
};

/// A store on PostgreSQL 14 or newer. Cheap to share behind an `Arc`.
#[derive(Debug)]
pub struct PostgresStore {
    clock: Clock,
    ids: Arc<IdGenerator>,
    readers: PgPool,
    writer: Writer,
    listener: Listener,
    shared: Arc<Shared>,
    warnings: Vec<DatabaseWarning>,
}

impl PostgresStore {
    /// Connects, brings the tables up to date and starts the writer. `url` is `postgres://user:password@host:port/database`; the role
    /// should be a plain one that owns the database (see [`warnings`](domain::store::Nodes::warnings)). `ids` may get its node lease later.
    ///
    /// # Errors
    /// `Unavailable`: not reachable, too old, or the tables can't be brought up to date.
    pub async fn connect(url: &str, clock: Clock, ids: Arc<IdGenerator>) -> Result<Self, StoreError> {
        let options = connect::options(url)?;
        let mut tx = Tx::connect(&options, clock.clone(), Arc::clone(&ids)).await?;
        let warnings = connect::inspect(&mut tx.conn).await?;
        connect::migrate(&mut tx.conn).await?;
        let shared = Arc::new(Shared::default());
        shared.backend.store(tx.backend().await?, Ordering::Relaxed);
        let readers = connect::readers(options.clone());
        let listener = Listener::start(&options, Arc::clone(&shared)).await?;
        let writer = Writer::start(tx, options, clock.clone(), Arc::clone(&ids), Arc::clone(&shared));
        Ok(Self { clock, ids, readers, writer, listener, shared, warnings })
    }

    /// How many transactions the writer of this process has committed.
    pub fn commits(&self) -> u64 {
        self.shared.commits.load(Ordering::Relaxed)
    }

    /// Begins to read in one workspace.
    async fn read(&self, workspace: Id<Workspace>) -> Result<Transaction<'static, Postgres>, Fault> {
        let begin =
            format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL app.workspace = '{}'", workspace.raw());
        // Nothing but a number is put in.
        Ok(self.readers.begin_with(AssertSqlSafe(begin)).await?)
    }

    /// Begins to read in the system's own context: over all workspaces.
    async fn read_system(&self) -> Result<Transaction<'static, Postgres>, Fault> {
        Ok(self
            .readers
            .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL app.system = 'on'")
            .await?)
    }

    /// Runs a use case in the writer.
    async fn write<T, F>(&self, touches: Touches, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, T> + Send + 'static,
    {
        self.writer.write(touches, work).await.map(|(value, _)| value)
    }

    /// The same, with the numbers that the events got.
    async fn write_numbered<T, F>(&self, touches: Touches, work: F) -> Result<(T, Arc<Numbers>), StoreError>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, T> + Send + 'static,
    {
        self.writer.write(touches, work).await
    }
}
