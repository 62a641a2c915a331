//! A few reading connections, shared by all readers. Each read sees one snapshot. Called by every reading use case.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use domain::store::StoreResult;
use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::{
    error::{fault, unavailable},
    schema::open_reader,
};

/// Readers at the same time; more wait.
const READERS: usize = 4;

#[derive(Debug)]
pub(crate) struct Readers {
    path: PathBuf,
    permits: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Readers {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, permits: Arc::new(Semaphore::new(READERS)), idle: Arc::default() }
    }

    /// Runs `read` on a thread for blocking work, within one read transaction.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> StoreResult<T> + Send + 'static,
    ) -> StoreResult<T> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| unavailable("the store is closed"))?;
        let (idle, path) = (Arc::clone(&self.idle), self.path.clone());
        let work = move || {
            let _permit = permit;
            let known = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = known.map_or_else(|| open_reader(&path), Ok)?;
            let answer = snapshot(&connection, read);
            // One that is still inside a transaction is of no use to the next reader.
            if connection.is_autocommit() {
                idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            }
            answer
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| unavailable("a reader stopped"))?
    }

    /// Waits for readers at work, then closes their connections. Later reads answer `Unavailable`.
    pub(crate) async fn close(&self) {
        if let Ok(all) = self.permits.acquire_many(u32::try_from(READERS).unwrap_or(u32::MAX)).await {
            all.forget();
        }
        self.permits.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn snapshot<T>(connection: &Connection, read: impl FnOnce(&Connection) -> StoreResult<T>) -> StoreResult<T> {
    let transaction = connection.unchecked_transaction().map_err(fault)?;
    let answer = read(&transaction);
    transaction.finish().map_err(fault)?;
    answer
}
