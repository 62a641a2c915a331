//! `message-gateway simulator`: the simulated TikTok alone, for work on other programs.

use std::sync::Arc;

use clap::Args;
use tokio::net::TcpListener;

use super::{CommandError, output, serve, signals::Signals};

#[derive(Debug, Args)]
pub(super) struct SimulatorArgs {
    /// Start without the demo people
    #[arg(long)]
    empty: bool,
    /// Print one line of JSON when ready, for whoever started it
    #[arg(long)]
    json: bool,
}

/// Where the simulator listens unless told otherwise.
pub(super) const PORT: u16 = 4000;

pub(super) async fn run(args: &SimulatorArgs, port: Option<&str>) -> Result<(), CommandError> {
    let port = port.map_or(Ok(PORT), str::parse);
    let port = port.map_err(|_| CommandError::Usage("--port takes a number from 0 to 65535".into()))?;
    let listener = serve::listen("127.0.0.1", port).await?;
    let simulator = build(&listener, Vec::new())?;
    if !args.empty {
        simulator.seed_demo();
    }
    let mut signals = Signals::listen()?;
    let url = format!("http://localhost:{}", listener.local_addr()?.port());
    if args.json {
        output::json_line(&serde_json::json!({ "url": url }))?;
    } else {
        output::line(&format!("TikTok is simulated at {url}"))?;
    }
    Ok(simulator.serve(listener, async move { signals.next().await }).await?)
}

/// A simulator for people, on the machine's clock. `redirect_uris` besides any loopback address.
pub(super) fn build(listener: &TcpListener, redirect_uris: Vec<String>) -> Result<simulator::Simulator, CommandError> {
    let config = simulator::Config {
        public_url: Some(format!("http://localhost:{}", listener.local_addr()?.port())),
        redirect_uris,
        ..simulator::Config::default()
    };
    Ok(simulator::Simulator::new(config, Arc::new(simulator::SystemClock::default())))
}
