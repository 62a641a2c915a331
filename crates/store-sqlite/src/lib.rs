//! The stores of message-gateway on an embedded SQLite database: one file, one writing thread, a few readers.
//!
//! Every use case of the journal loads rows (`load`), lets the rules of [`domain::journal`] decide, and writes whole rows
//! back (`persist`). One file per topic of [`domain::store`]; the file names are the same in the PostgreSQL crate.

mod accounts;
mod bind;
mod bindings;
mod comments;
mod directory;
mod edit;
mod error;
mod events;
mod filter;
mod history;
mod inbox;
mod jobs;
mod journal;
mod load;
mod media;
mod node;
mod outbox;
mod persist;
mod readers;
mod record;
mod referrals;
mod replay;
mod reports;
mod rows;
mod schema;
mod secrets;
mod sides;
mod spaces;
mod sql;
mod text;
mod turns;
mod watching;
mod withheld;
mod writer;

#[cfg(test)]
mod tests;

use std::{path::Path, sync::Arc};

use domain::{clock::Clock, id::IdGenerator, store::StoreResult};
use rusqlite::Connection;

use crate::{
    readers::Readers,
    writer::{Tx, Writer},
};

/// Everything a gateway keeps, in one SQLite file. Share it as an `Arc`.
#[derive(Debug)]
pub struct SqliteStore {
    writer: Writer,
    readers: Readers,
}

impl SqliteStore {
    /// Opens the file, makes it where there is none, and brings its schema up to date. `ids` needs no lease yet: see
    /// [`Nodes::lease_node`](domain::store::Nodes::lease_node).
    ///
    /// # Errors
    /// `Rejected` for another program's file or a newer schema, `Unavailable` when it can't be opened.
    pub fn open(path: &Path, clock: Clock, ids: Arc<IdGenerator>) -> StoreResult<Self> {
        let connection = schema::open_writer(path)?;
        let writer = Writer::start(connection, clock, ids)?;
        Ok(Self { writer, readers: Readers::new(path.to_owned()) })
    }

    /// Transactions committed since the store was opened: many use cases share one.
    pub fn commits(&self) -> u64 {
        self.writer.commits()
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> StoreResult<T> + Send + 'static,
    ) -> StoreResult<T> {
        self.writer.write(work).await
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> StoreResult<T> + Send + 'static,
    ) -> StoreResult<T> {
        self.readers.read(work).await
    }
}
