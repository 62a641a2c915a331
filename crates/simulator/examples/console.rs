//! Serves a simulator with the demo cast on port 4000 (or the one given): `cargo run -p message-gateway-simulator --example console`.

use std::sync::Arc;

use simulator::{Config, Simulator, SystemClock};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(4000_u16);
    let sim = Simulator::new(Config::default(), Arc::new(SystemClock::new()));
    sim.seed_demo();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    sim.serve(listener, async {
        // Without a signal handler Ctrl+C ends the process anyway.
        _ = tokio::signal::ctrl_c().await;
    })
    .await
}
