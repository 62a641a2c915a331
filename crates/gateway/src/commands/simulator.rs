//! `message-gateway simulator`: the simulated TikTok alone, for work on other programs.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{CommandError, output, serve, signals::Signals};

#[derive(Debug, Args)]
pub(super) struct SimulatorArgs {
    /// Start without the demo people
    #[arg(long)]
    empty: bool,
    /// Play a scenario instead of the demo people, see docs/simulator.md
    #[arg(long, value_name = "FILE", conflicts_with = "empty")]
    scenario: Option<PathBuf>,
    /// Print one line of JSON when ready, for whoever started it
    #[arg(long)]
    json: bool,
}

/// Where the simulator listens unless told otherwise.
pub(super) const PORT: u16 = 4000;

pub(super) async fn run(args: &SimulatorArgs, port: Option<&str>) -> Result<(), CommandError> {
    let port = port.map_or(Ok(PORT), str::parse);
    let port = port.map_err(|_| CommandError::Usage("--port takes a number from 0 to 65535".into()))?;
    let scenario = args.scenario.as_deref().map(simulator::Scenario::load).transpose();
    let scenario = scenario.map_err(|error| CommandError::Usage(error.to_string()))?;
    let listener = serve::listen("127.0.0.1", port).await?;
    let simulator = build(&listener, Vec::new())?;
    match &scenario {
        Some(scenario) => simulator.populate(scenario)?,
        None if args.empty => {}
        None => simulator.seed_demo(),
    }
    let mut signals = Signals::listen()?;
    let url = format!("http://localhost:{}", listener.local_addr()?.port());
    if args.json {
        output::json_line(&serde_json::json!({ "url": url }))?;
    } else {
        output::line(&format!("TikTok is simulated at {url}"))?;
    }
    let stop = CancellationToken::new();
    let play = play(&simulator, scenario.as_ref(), &stop);
    let interrupted = async {
        tokio::select! {
            () = signals.next() => stop.cancel(),
            () = stop.cancelled() => {}
        }
    };
    let (served, played) = tokio::join!(simulator.serve(listener, interrupted), play);
    served?;
    played
}

/// Plays a scenario beside the server. Its own end and anything unexpected end the simulator; otherwise it stays for whoever looks.
async fn play(
    simulator: &simulator::Simulator,
    scenario: Option<&simulator::Scenario>,
    stop: &CancellationToken,
) -> Result<(), CommandError> {
    let Some(scenario) = scenario else { return Ok(()) };
    let played = tokio::select! {
        played = simulator.play_steps(scenario) => played,
        () = stop.cancelled() => return Ok(()),
    };
    if played.as_ref().map_or(true, |played| played.end) {
        stop.cancel();
    }
    Ok(played.map(|_| ())?)
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
