//! The binary. Everything is in the library, so that tests run the same code.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    message_gateway::commands::run().await
}
