//! What commands say: lines for people, JSON for scripts. The only place that writes to standard output.

use std::{
    error::Error,
    io::{self, Write as _},
};

use serde::Serialize;

use super::CommandError;

/// One line.
pub(super) fn line(text: &str) -> Result<(), CommandError> {
    self::text(&format!("{text}\n"))
}

/// Text as it is.
pub(super) fn text(text: &str) -> Result<(), CommandError> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // Whoever reads has enough, as in `… | head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// One JSON value.
pub(super) fn json(value: &impl Serialize) -> Result<(), CommandError> {
    let text = serde_json::to_string_pretty(value).expect("invariant: what commands show is plain data");
    line(&text)
}

/// One JSON value on one line, for a program that waits for it.
pub(super) fn json_line(value: &serde_json::Value) -> Result<(), CommandError> {
    line(&value.to_string())
}

/// Columns as wide as their widest cell, under a heading.
pub(super) fn table(heading: &[&str], rows: &[Vec<String>]) -> Result<(), CommandError> {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([heading[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heading.len()).map(width).collect();
    let written = |cells: Vec<&str>| {
        let padded: Vec<String> = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        padded.join("  ").trim_end().to_owned()
    };
    line(&written(heading.to_vec()))?;
    rows.iter().try_for_each(|row| line(&written(row.iter().map(String::as_str).collect())))
}

/// A line beside the result, on standard error.
pub(super) fn note(text: &str) {
    // Nobody listening there is no reason to fail.
    drop(writeln!(io::stderr().lock(), "{text}"));
}

/// An error with its causes, on standard error.
pub(super) fn complain(error: &CommandError) {
    let mut text = format!("error: {error}");
    let mut cause = error.source();
    while let Some(source) = cause {
        let words = source.to_string();
        // Transparent errors say the same as their source.
        if !text.ends_with(&words) {
            text.push_str("\n  because: ");
            text.push_str(&words);
        }
        cause = source.source();
    }
    // Nobody listening on standard error is no reason to fail again.
    drop(writeln!(io::stderr().lock(), "{text}"));
}
