//! Where things are kept.

use std::path::PathBuf;

use secrecy::SecretString;
use url::Url;

use super::reader::Reader;

/// `DATA_DIR`, `DATABASE_URL`, `BLOB_URL`.
#[derive(Debug, Clone)]
pub struct Storage {
    /// Folder for everything that is not elsewhere. Default `./data`.
    pub data_dir: PathBuf,
    /// See [`Database`].
    pub database: Database,
    /// See [`Blobs`].
    pub blobs: Blobs,
}

/// Which database.
#[derive(Debug, Clone)]
pub enum Database {
    /// Embedded; the default, `gateway.db` in the data folder.
    Sqlite {
        /// The file.
        path: PathBuf,
    },
    /// A PostgreSQL server.
    Postgres {
        /// `postgres://user:password@host/database`.
        url: SecretString,
    },
}

/// Where bytes of pictures and videos are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blobs {
    /// A folder; the default, `blobs` in the data folder.
    Folder(PathBuf),
    /// An S3 bucket with an optional prefix, `s3://bucket/prefix`.
    S3(Url),
}

impl Storage {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let data_dir = PathBuf::from(reader.text("DATA_DIR").unwrap_or_else(|| "./data".into()));
        let database =
            reader.secret_parsed("DATABASE_URL", "sqlite:path/to/file.db or postgres://user@host/database", database);
        let blobs = reader.parsed("BLOB_URL", "file:path/to/folder or s3://bucket/prefix", blobs);
        Self {
            database: database.unwrap_or_else(|| Database::Sqlite { path: data_dir.join("gateway.db") }),
            blobs: blobs.unwrap_or_else(|| Blobs::Folder(data_dir.join("blobs"))),
            data_dir,
        }
    }
}

fn database(text: &str) -> Option<Database> {
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        Url::parse(text).ok()?;
        return Some(Database::Postgres { url: SecretString::from(text) });
    }
    Some(Database::Sqlite { path: file_path(text.strip_prefix("sqlite:")?)? })
}

fn blobs(text: &str) -> Option<Blobs> {
    if text.starts_with("s3://") {
        return Url::parse(text).ok().filter(Url::has_host).map(Blobs::S3);
    }
    file_path(text.strip_prefix("file:")?).map(Blobs::Folder)
}

/// `//` in front is how some write it; three slashes are an absolute path.
fn file_path(text: &str) -> Option<PathBuf> {
    let path = text.strip_prefix("//").unwrap_or(text);
    (!path.is_empty() && !path.contains('?')).then(|| PathBuf::from(path))
}
