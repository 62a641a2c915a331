//! Both stores have the same migrations: numbers and names.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test ends with a panic that says what was broken")]

use std::{collections::BTreeSet, fs, path::Path};

fn migrations(of: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(of).join("migrations");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn both_stores_have_the_same_list() {
    let ours = migrations(".");
    assert!(ours.contains("0001_init.sql"), "{ours:?}");
    assert_eq!(ours, migrations("../store-sqlite"));
}

#[test]
fn numbers_go_up_by_one() {
    for (name, number) in migrations(".").iter().zip(1..) {
        assert!(name.starts_with(&format!("{number:04}_")), "{name} should be number {number}");
    }
}
