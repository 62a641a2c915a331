//! `message-gateway migrate`: opening the store brings its tables up to date; this does that and nothing else.

use domain::Clock;

use super::{CommandError, output};
use crate::{app::open_store, config::Config};

pub(super) async fn run(config: &Config) -> Result<(), CommandError> {
    let opened = open_store(config, &Clock::system(), true).await?;
    opened.store.close().await;
    output::line("the database is up to date")
}
