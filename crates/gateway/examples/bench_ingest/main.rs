//! How fast acknowledged means stored: signed webhooks over loopback against the true app, beside a server that does nothing and a bare
//! fsync loop in the same run, because only the ratios survive a change of machine. `make bench-ingest` runs it in the release profile.

mod load;
mod report;
mod target;

use std::{error::Error, path::PathBuf, time::Duration};

use clap::Parser;

use self::{
    load::Load,
    report::{Figures, Measured},
};

/// Measures the ingest of webhooks.
#[derive(Debug, Parser)]
struct Arguments {
    /// Seconds per measurement.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Connections of the main measurement.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Folder for the database and the fsync loop; its disk is what is measured. A temporary folder by default.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let folder = match &arguments.folder {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let time = Duration::from_secs(arguments.seconds);
    let load = Load { connections: arguments.connections, time };
    let single = Load { connections: 1, time };

    let fsyncs_per_second = target::bare_fsyncs(folder.path(), time)?;
    let noop = target::noop(load).await?;
    let sqlite = Measured {
        many: target::gateway(folder.path(), None, load).await?,
        one: target::gateway(folder.path(), None, single).await?,
    };
    let postgres = match target::postgres_url() {
        Some(url) => Some(Measured {
            many: target::gateway(folder.path(), Some(&url), load).await?,
            one: target::gateway(folder.path(), Some(&url), single).await?,
        }),
        None => None,
    };
    let figures = Figures { connections: arguments.connections, fsyncs_per_second, noop, sqlite, postgres };
    figures.print(arguments.json)?;
    Ok(())
}
