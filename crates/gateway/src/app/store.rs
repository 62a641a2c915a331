//! Opens the store that the configuration names. SQLite in one process only: an operating system lock on the data folder says so.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use domain::{
    Clock, IdGenerator,
    store::{Store, StoreError},
};
use secrecy::ExposeSecret as _;

use crate::config::{Config, Database};

/// The lock of the data folder. Empty; only the operating system's lock on it counts, which ends with the process.
const LOCK_FILE: &str = "serve.lock";

/// An open store with the ids it makes.
pub struct OpenStore {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Makes ids once a node was leased.
    pub ids: Arc<IdGenerator>,
    /// Held until the process ends; `None` for commands that run beside the server.
    pub(super) lock: Option<File>,
}

impl std::fmt::Debug for OpenStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenStore").finish_non_exhaustive()
    }
}

/// Why there is no store.
#[derive(Debug, thiserror::Error)]
pub enum StoreOpenError {
    /// The data folder can't be used.
    #[error("the data folder {} can't be used", .path.display())]
    DataDir {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Another server runs on the same folder.
    #[error("another message-gateway is running on {}; stop it, or use another DATA_DIR", .0.display())]
    Locked(PathBuf),
    /// The database's answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens the store and brings its tables up to date. With `exclusive` (the server) an embedded database is locked against a second one.
///
/// # Errors
/// [`StoreOpenError`].
pub async fn open_store(config: &Config, clock: &Clock, exclusive: bool) -> Result<OpenStore, StoreOpenError> {
    let data_dir = &config.storage.data_dir;
    make_private(data_dir).map_err(|source| StoreOpenError::DataDir { path: data_dir.clone(), source })?;
    let ids = Arc::new(IdGenerator::without_lease());
    match &config.storage.database {
        Database::Sqlite { path } => {
            let lock = if exclusive { Some(lock(data_dir)?) } else { None };
            let (path, clock, ids_of_store) = (path.clone(), clock.clone(), Arc::clone(&ids));
            // Migrations may take a while and block.
            let opening =
                tokio::task::spawn_blocking(move || store_sqlite::SqliteStore::open(&path, clock, ids_of_store));
            let store = opening.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))?;
            Ok(OpenStore { store: Arc::new(store), ids, lock })
        }
        Database::Postgres { url } => {
            let store =
                store_postgres::PostgresStore::connect(url.expose_secret(), clock.clone(), Arc::clone(&ids)).await?;
            Ok(OpenStore { store: Arc::new(store), ids, lock: None })
        }
    }
}

/// Messages of strangers and a key lie in it: only its owner may look. A folder that exists keeps the rights it has.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn lock(folder: &Path) -> Result<File, StoreOpenError> {
    let failed = |source| StoreOpenError::DataDir { path: folder.to_owned(), source };
    let file = File::options().create(true).truncate(false).write(true).open(folder.join(LOCK_FILE)).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreOpenError::Locked(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}
