//! How connections are made: time limits on each, the server's version and the role's rights looked at once.

use std::{str::FromStr, time::Duration};

use domain::{
    place::{self, Place},
    store::{DatabaseWarning, StoreError},
};
use sqlx::{
    ConnectOptions, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
    raw_sql,
};

use crate::error::{Fault, unavailable};

/// The oldest server we are tested for: 14.
const OLDEST_VERSION: i32 = 140_000;
/// Connections for reading, per process.
const READERS: u32 = 16;

/// Options that every connection of the process shares.
pub(crate) fn options(url: &str) -> Result<PgConnectOptions, StoreError> {
    // The driver's message may repeat the address with its password: it is left out.
    let options = PgConnectOptions::from_str(url).map_err(|_| unavailable("the database address can't be read"))?;
    Ok(options
        .application_name("message-gateway")
        .options([
            ("statement_timeout", "30s"),
            ("lock_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "60s"),
        ])
        // Compiling a statement takes 250 ms, ours run for less than one. And a plan that was made while the tables were small and is
        // kept walks through them whole once they have grown, so plans are made anew.
        .options([("jit", "off"), ("plan_cache_mode", "force_custom_plan")])
        .disable_statement_logging())
}

/// The pool for reading.
pub(crate) fn readers(options: PgConnectOptions) -> PgPool {
    PgPoolOptions::new().max_connections(READERS).acquire_timeout(Duration::from_secs(10)).connect_lazy_with(options)
}

/// Brings the tables up to date, however long it takes. Processes that start together wait for each other.
pub(crate) async fn migrate(connection: &mut PgConnection) -> Result<(), StoreError> {
    raw_sql("SET statement_timeout = 0; SET lock_timeout = 0").execute(&mut *connection).await.map_err(Fault::from)?;
    place::reach(Place::MigrationBegun);
    sqlx::migrate!().run(&mut *connection).await.map_err(|error| StoreError::Unavailable {
        what: "the tables can't be brought up to date".to_owned(),
        source: Some(Box::new(error)),
    })?;
    place::reach(Place::MigrationCommitted);
    raw_sql("RESET statement_timeout; RESET lock_timeout").execute(connection).await.map_err(Fault::from)?;
    Ok(())
}

/// Refuses an old server; gives warnings for people.
pub(crate) async fn inspect(connection: &mut PgConnection) -> Result<Vec<DatabaseWarning>, Fault> {
    let version = sqlx::query_scalar!(r#"SELECT current_setting('server_version_num')::int AS "version!""#)
        .fetch_one(&mut *connection)
        .await?;
    if version < OLDEST_VERSION {
        return Err(
            unavailable(&format!("PostgreSQL {} is too old; 14 is the oldest that works", version / 10_000)).into()
        );
    }
    let mut warnings = Vec::new();
    let ignores_policies = sqlx::query_scalar!(
        r#"SELECT rolsuper OR rolbypassrls AS "ignores!" FROM pg_roles WHERE rolname = current_user"#
    )
    .fetch_one(&mut *connection)
    .await?;
    if ignores_policies {
        warnings.push(DatabaseWarning {
            id: "database-role",
            title: "The database does not keep workspaces apart",
            cause: "The role in DATABASE_URL is a superuser or bypasses row-level security.",
            fix: "Connect as a plain role that owns the tables: CREATE ROLE gateway LOGIN NOSUPERUSER NOBYPASSRLS, make it the owner of the database, and put it into DATABASE_URL.",
        });
    }
    let durable = sqlx::query_scalar!(
        r#"SELECT current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off' AS "durable!""#
    )
    .fetch_one(&mut *connection)
    .await?;
    if !durable {
        warnings.push(DatabaseWarning {
            id: "database-not-durable",
            title: "The database can lose acknowledged messages",
            cause: "fsync or synchronous_commit is off, so what TikTok was told is kept can be gone when the server stops.",
            fix: "Switch both on in postgresql.conf (or with ALTER SYSTEM) and reload the server.",
        });
    }
    Ok(warnings)
}
