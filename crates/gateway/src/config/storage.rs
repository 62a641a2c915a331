//! Where things are kept.

use std::path::PathBuf;

use secrecy::SecretString;
use url::Url;

use super::reader::Reader;

/// `DATA_DIR`, `DATABASE_URL`, `BLOB_URL`, and the `AWS_…` of a bucket.
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
#[derive(Debug, Clone)]
pub enum Blobs {
    /// A folder; the default, `blobs` in the data folder.
    Folder(PathBuf),
    /// An S3 bucket.
    S3(Box<Bucket>),
}

/// A bucket and the way to it, by the names that every S3 tool reads.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// `s3://bucket/prefix`; the prefix may be missing.
    pub url: Url,
    /// `AWS_ACCESS_KEY_ID`. Without it the role of the machine is asked for, as on AWS itself.
    pub access_key_id: Option<String>,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret_access_key: Option<SecretString>,
    /// `AWS_SESSION_TOKEN`, with temporary keys only.
    pub session_token: Option<SecretString>,
    /// `AWS_REGION`, such as `ap-southeast-1`; AWS needs it.
    pub region: Option<String>,
    /// `AWS_ENDPOINT_URL`: another server than AWS, such as `https://minio.example.com/`; buckets are named in the path then.
    pub endpoint: Option<Url>,
    /// `AWS_ALLOW_HTTP`: the endpoint may be plain http.
    pub allow_http: bool,
}

impl Storage {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let data_dir = PathBuf::from(reader.text("DATA_DIR").unwrap_or_else(|| "./data".into()));
        let database =
            reader.secret_parsed("DATABASE_URL", "sqlite:path/to/file.db or postgres://user@host/database", database);
        let bucket = Bucket::read(reader);
        let blobs = reader.parsed("BLOB_URL", "file:path/to/folder or s3://bucket/prefix", |text| blobs(text, bucket));
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

impl Bucket {
    /// The way to a bucket; which one, `BLOB_URL` says.
    fn read(reader: &mut Reader<'_>) -> impl FnOnce(Url) -> Self + use<> {
        let access_key_id = reader.text("AWS_ACCESS_KEY_ID");
        let secret_access_key = reader.secret("AWS_SECRET_ACCESS_KEY", 1);
        let session_token = reader.secret("AWS_SESSION_TOKEN", 1);
        let region = reader.text("AWS_REGION");
        let endpoint = reader.base_url("AWS_ENDPOINT_URL");
        let allow_http = reader.read("AWS_ALLOW_HTTP", "true or false").unwrap_or(false);
        move |url| Self { url, access_key_id, secret_access_key, session_token, region, endpoint, allow_http }
    }
}

fn blobs(text: &str, bucket: impl FnOnce(Url) -> Bucket) -> Option<Blobs> {
    if text.starts_with("s3://") {
        let url = Url::parse(text).ok()?;
        let plain = url.has_host() && url.username().is_empty() && url.password().is_none() && url.query().is_none();
        return plain.then(|| Blobs::S3(Box::new(bucket(url))));
    }
    file_path(text.strip_prefix("file:")?).map(Blobs::Folder)
}

/// `//` in front is how some write it; three slashes are an absolute path.
fn file_path(text: &str) -> Option<PathBuf> {
    let path = text.strip_prefix("//").unwrap_or(text);
    (!path.is_empty() && !path.contains('?')).then(|| PathBuf::from(path))
}
