//! `message-gateway config check`: every setting, where it comes from, and what is wrong with it.

use clap::Subcommand;

use super::{CommandError, output};
use crate::config::{self, Config, Settings};

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Show every setting and check it; exit code 3 when something is wrong
    Check {
        /// For scripts
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(command: &ConfigCommand, settings: &Settings) -> Result<(), CommandError> {
    let ConfigCommand::Check { json } = *command;
    let shown = config::shown(settings);
    if json {
        output::json(&shown)?;
    } else {
        let default = || "(default)".to_owned();
        let rows: Vec<Vec<String>> = shown
            .into_iter()
            .map(|line| vec![line.name.to_owned(), line.value.unwrap_or_else(default), line.origin.unwrap_or_default()])
            .collect();
        output::table(&["SETTING", "VALUE", "FROM"], &rows)?;
    }
    Config::from_settings(settings)?;
    Ok(())
}
