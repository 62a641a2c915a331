//! Killed at every statement of a migration: the next start begins it again, and nothing of the half one is left.

use std::path::{Path, PathBuf};

use domain::place::Place;
use rusqlite::Connection;

use crate::process::{DieAt, End, Setup};

/// What marks a file as the gateway's.
const APPLICATION_ID: i64 = 0x6d67_7731;

/// All scripts in their order.
fn scripts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store-sqlite/migrations");
    let mut scripts: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    scripts.sort();
    scripts
}

/// A database as the version left it that knew the first scripts only.
fn older(file: &Path, scripts: &[PathBuf]) {
    let database = Connection::open(file).unwrap();
    // As while the gateway brings its tables up to date: a table that others point at may be remade.
    database.pragma_update(None, "foreign_keys", false).unwrap();
    for script in scripts {
        database.execute_batch(&std::fs::read_to_string(script).unwrap()).unwrap();
    }
    database.pragma_update(None, "user_version", scripts.len()).unwrap();
    database.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
}

/// Statements of a script, or a few more.
fn statements(script: &Path) -> usize {
    let text = std::fs::read_to_string(script).unwrap();
    text.lines().filter(|line| line.trim_end().ends_with(';')).count()
}

/// Version, tables and indexes.
fn schema(file: &Path) -> (usize, Vec<String>) {
    let database = Connection::open(file).unwrap();
    let sound: String = database.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    let version = database.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    let mut all = database.prepare("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name").unwrap();
    let all = all.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    (version, all)
}

async fn migrate(folder: &Path, die_at: Option<DieAt>) -> End {
    let environment = vec![("DATA_DIR", folder.display().to_string())];
    let setup = Setup { before: Vec::new(), arguments: vec!["migrate"], environment, folder: folder.to_owned() };
    setup.spawn(die_at).end().await
}

#[tokio::test]
async fn a_migration_that_is_killed_begins_again() {
    let scripts = scripts();
    let whole = tempfile::tempdir().unwrap();
    assert_eq!(migrate(whole.path(), None).await, End::Code(0));
    let whole = schema(&whole.path().join("gateway.db"));
    assert_eq!(whole.0, scripts.len());
    for known in 0..scripts.len() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("gateway.db");
        if known > 0 {
            older(&file, &scripts[..known]);
        }
        let mut kills = 0;
        for place in [Place::MigrationBegun, Place::MigrationStatement, Place::MigrationWritten] {
            let mut nth = 1;
            // Statement after statement, until there is no such statement any more; from a later version on only those of the next
            // script, because the others' turn comes with theirs.
            let most = match place {
                _ if known == 0 => usize::MAX,
                Place::MigrationStatement => statements(&scripts[known]),
                _ => 1,
            };
            while usize::try_from(nth).unwrap() <= most
                && migrate(folder.path(), Some(DieAt { place, nth })).await == End::AtPlace
            {
                assert_eq!(schema(&file).0, known, "killed at {} for the {nth}. time", place.as_str());
                (kills, nth) = (kills + 1, nth + 1);
            }
            if schema(&file).0 == known {
                assert_eq!(migrate(folder.path(), None).await, End::Code(0));
            }
            assert_eq!(schema(&file), whole);
            std::fs::remove_dir_all(folder.path()).unwrap();
            std::fs::create_dir(folder.path()).unwrap();
            if known > 0 {
                older(&file, &scripts[..known]);
            }
        }
        let done = DieAt { place: Place::MigrationCommitted, nth: 1 };
        assert_eq!(migrate(folder.path(), Some(done)).await, End::AtPlace);
        assert_eq!(schema(&file), whole);
        assert!(kills > 2, "a script has statements");
        println!("{kills} kills on the way from schema {known} to {}", scripts.len());
    }
}
