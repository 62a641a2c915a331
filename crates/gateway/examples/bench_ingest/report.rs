//! The figures, for people and for scripts.

use std::io::{self, Write as _};

use serde::Serialize;
use serde_json::{Value, json};

use super::load::Outcome;

/// One database.
#[derive(Debug)]
pub(crate) struct Measured {
    /// With all connections.
    pub(crate) many: Outcome,
    /// With one connection.
    pub(crate) one: Outcome,
}

/// One run.
#[derive(Debug)]
pub(crate) struct Figures {
    /// Of the main measurement.
    pub(crate) connections: usize,
    /// The bare loop.
    pub(crate) fsyncs_per_second: f64,
    /// The server that does nothing.
    pub(crate) noop: Outcome,
    /// The embedded database.
    pub(crate) sqlite: Measured,
    /// The other one, where there was one.
    pub(crate) postgres: Option<Measured>,
}

impl Figures {
    /// Prints to standard output.
    ///
    /// # Errors
    /// The output's.
    pub(crate) fn print(&self, as_json: bool) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if as_json {
            return writeln!(out, "{:#}", self.json());
        }
        if cfg!(debug_assertions) {
            writeln!(out, "A debug build: the figures mean little. Use `make bench-ingest`.")?;
        }
        writeln!(out, "bare fsyncs  {:>9.0}/s", self.fsyncs_per_second)?;
        line(&mut out, "no-op server", self.connections, &self.noop)?;
        self.database(&mut out, "SQLite", &self.sqlite)?;
        match &self.postgres {
            Some(postgres) => self.database(&mut out, "PostgreSQL", postgres),
            None => writeln!(out, "PostgreSQL: not measured; set BENCH_POSTGRES_URL to a database that may be filled"),
        }
    }

    fn database(&self, out: &mut impl io::Write, name: &str, measured: &Measured) -> io::Result<()> {
        line(out, name, self.connections, &measured.many)?;
        writeln!(
            out,
            "             {:.2} × no-op server, {:.1} × bare fsyncs",
            measured.many.per_second / self.noop.per_second,
            measured.many.per_second / self.fsyncs_per_second,
        )?;
        line(out, name, 1, &measured.one)?;
        writeln!(out, "             {:.2} × bare fsyncs", measured.one.per_second / self.fsyncs_per_second)
    }

    fn json(&self) -> Value {
        let database = |measured: &Measured| {
            json!({
                "many": measured.many,
                "one": measured.one,
                "ratioToNoop": measured.many.per_second / self.noop.per_second,
                "ratioToFsyncs": measured.many.per_second / self.fsyncs_per_second,
                "oneConnectionRatioToFsyncs": measured.one.per_second / self.fsyncs_per_second,
            })
        };
        json!(Json {
            release: !cfg!(debug_assertions),
            connections: self.connections,
            fsyncs_per_second: self.fsyncs_per_second,
            noop: self.noop,
            sqlite: database(&self.sqlite),
            postgres: self.postgres.as_ref().map(database),
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Json {
    release: bool,
    connections: usize,
    fsyncs_per_second: f64,
    noop: Outcome,
    sqlite: Value,
    postgres: Option<Value>,
}

fn line(out: &mut impl io::Write, name: &str, connections: usize, outcome: &Outcome) -> io::Result<()> {
    writeln!(
        out,
        "{name:<12} {:>9.0}/s   p50 {:>7.2} ms   p99 {:>7.2} ms   {connections} connection{}   {} answered 200",
        outcome.per_second,
        outcome.p50_ms,
        outcome.p99_ms,
        if connections == 1 { "" } else { "s" },
        outcome.acknowledged,
    )
}
