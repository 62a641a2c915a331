//! `message-gateway serve`: runs until a signal asks it to end; a second one ends it at once.

use std::io::IsTerminal as _;

use clap::Args;
use domain::{Clock, identity::Member};
use serde_json::json;
use tokio::net::TcpListener;

use super::{CommandError, output, signals::Signals};
use crate::{
    app::{App, Gateway, first_owner},
    auth::{first_run_file, make_link},
    config::Config,
    keyring::private_file,
    telemetry,
};

#[derive(Debug, Default, Args)]
pub(super) struct ServeArgs {
    /// Print one line of JSON when ready, for whoever started it
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &ServeArgs, config: Config) -> Result<(), CommandError> {
    let listener = listen(&config.server.host.to_string(), config.server.port).await?;
    let signals = Stop::listen()?;
    let gateway = Gateway::start(config, listener, Clock::system()).await?;
    announce(&gateway).await?;
    if args.json {
        output::json_line(&json!({ "url": gateway.app().config.server.public_url, "address": gateway.address() }))?;
    }
    serve(gateway, signals).await
}

/// Both ears are open before the gateway starts, so that an early signal is not lost.
#[derive(Debug)]
pub(super) struct Stop {
    first: Signals,
    second: Signals,
}

impl Stop {
    pub(super) fn listen() -> Result<Self, CommandError> {
        Ok(Self { first: Signals::listen()?, second: Signals::listen()? })
    }
}

/// Serves until a signal, then ends in order; a second signal ends it at once, with an error.
pub(super) async fn serve(gateway: Gateway, stop: Stop) -> Result<(), CommandError> {
    let Stop { mut first, mut second } = stop;
    if let Some(address) = gateway.app().config.server.metrics_addr {
        telemetry::start_metrics(address, &gateway.app().lifecycle)?;
    }
    let aborted = async {
        second.next().await;
        second.next().await;
    };
    tokio::select! {
        ended = gateway.run_until(first.next()) => Ok(ended?),
        () = aborted => Err(CommandError::Aborted),
    }
}

/// A listener on an address of this machine.
pub(super) async fn listen(host: &str, port: u16) -> Result<TcpListener, CommandError> {
    TcpListener::bind((host, port))
        .await
        .map_err(|source| CommandError::Listen { address: format!("{host}:{port}"), source })
}

async fn announce(gateway: &Gateway) -> Result<(), CommandError> {
    let app = gateway.app();
    let server = &app.config.server;
    tracing::info!(address = %gateway.address(), public_url = %server.public_url, "ready");
    if !server.public_url_is_set && !server.host.is_loopback() {
        tracing::warn!("PUBLIC_URL is not set, so only this machine's own names are answered");
    }
    let owner = app.store.ensure_first_owner(first_owner()).await?;
    if owner.user.email.is_none() {
        show_first_run_link(app, &owner).await?;
    }
    Ok(())
}

/// On a terminal, else in a file that only we may read. Never in the log, which others may read.
async fn show_first_run_link(app: &App, owner: &Member) -> Result<(), CommandError> {
    let link = make_link(&*app.store, &app.clock, &app.config.server, owner.user.id).await?;
    if std::io::stdout().is_terminal() {
        return output::line(&format!("\n  Set up the owner (this link works once, for 30 minutes):\n  {link}\n"));
    }
    let path = first_run_file(&app.config);
    private_file(&path, &format!("{link}\n"))?;
    tracing::info!(file = %path.display(), "the owner is not set up: a one-time link is in this file");
    Ok(())
}
