//! The command line: what can be asked of the binary, and what its exit codes mean. `main` calls [`run`] and nothing else.

mod api_key;
mod config;
mod costs;
mod dev;
#[cfg(debug_assertions)]
mod die_at;
mod doctor;
mod error;
mod import;
mod import_respondio;
mod migrate;
mod offline;
mod output;
mod replay;
mod sender;
mod serve;
mod signals;
mod simulator;
mod user;

use std::{collections::BTreeMap, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

pub use error::CommandError;

use crate::{
    config::{Config, Settings},
    telemetry,
};

const AFTER_HELP: &str = "\
Examples:
  message-gateway                                  start the gateway
  message-gateway dev                              try it on this machine, with a simulated TikTok
  message-gateway user login-link                  make a one-time link to sign in
  message-gateway api-key create shop --scope send make a key for a program
  message-gateway import predecessor ../old/data   bring the predecessor's chats over
  message-gateway import respondio                 bring over everything that Respond.io keeps
  message-gateway replay --unsupported --dry-run   see what an upgrade understands that was not understood before
  message-gateway sender acc_06… official          let replies leave through TikTok itself
  message-gateway costs                            compare a year with this to a year with what it replaces
  message-gateway doctor                           find out why messages don't come or don't go
  message-gateway config check                     show every setting and where it comes from

Settings come from the environment, .env, flags, then message-gateway.toml; .env.example explains them.

Exit codes: 0 done · 1 failed · 2 wrong command line · 3 wrong configuration · 4 the database can't be used ·
5 done but for what can't be read";

/// Receives, shows and answers TikTok direct messages.
#[derive(Debug, Parser)]
#[command(name = "message-gateway", version, after_help = AFTER_HELP)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Settings as flags. The environment is stronger.
#[derive(Debug, Args)]
struct Flags {
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help = "Settings file [default: message-gateway.toml, where it exists]"
    )]
    config: Option<PathBuf>,
    #[arg(long, global = true, help = "Address to listen on (HOST)")]
    host: Option<String>,
    #[arg(long, global = true, help = "Port to listen on (PORT)")]
    port: Option<String>,
    #[arg(long, global = true, value_name = "URL", help = "How browsers and TikTok reach the gateway (PUBLIC_URL)")]
    public_url: Option<String>,
    #[arg(long, global = true, value_name = "FOLDER", help = "Folder for everything that is kept (DATA_DIR)")]
    data_dir: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the gateway (the default)
    Serve(serve::ServeArgs),
    /// Try it on this machine: gateway, simulated TikTok and demo data, no credentials
    Dev(dev::DevArgs),
    /// Start only the simulated TikTok, for work on other programs
    Simulator(simulator::SimulatorArgs),
    /// Bring the database's tables up to date and stop
    Migrate,
    /// Read kept webhooks again with this version's decoders, as after an upgrade
    Replay(replay::ReplayArgs),
    /// Bring over what another program kept, without alerting anybody
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Find out what keeps messages from coming and going; exit code 1 when there is a problem
    Doctor(doctor::DoctorArgs),
    /// What a year costs, from your own volume, beside what this replaces
    Costs(costs::CostsArgs),
    /// Through whom an account's replies leave: TikTok itself or Respond.io
    Sender(sender::SenderArgs),
    /// People who can sign in
    #[command(subcommand)]
    User(user::UserCommand),
    /// Keys for programs
    #[command(subcommand)]
    ApiKey(api_key::ApiKeyCommand),
    /// Look at the configuration
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Print the API document
    #[command(hide = true)]
    Openapi,
}

/// Runs what the command line asks for.
pub async fn run() -> ExitCode {
    let cli = Cli::parse();
    telemetry::start_logging();
    match cli.run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            error.exit_code()
        }
    }
}

impl Cli {
    async fn run(self) -> Result<(), CommandError> {
        #[cfg(debug_assertions)]
        die_at::arm()?;
        let Self { flags, command } = self;
        match command.unwrap_or(Command::Serve(serve::ServeArgs::default())) {
            Command::Serve(args) => serve::run(&args, flags.config()?).await,
            Command::Dev(args) => dev::run(&args, flags.settings()?).await,
            Command::Simulator(args) => simulator::run(&args, flags.port.as_deref()).await,
            Command::Migrate => migrate::run(&flags.config()?).await,
            Command::Replay(args) => replay::run(&args, &flags.config()?).await,
            Command::Import(command) => import::run(command, &flags.config()?).await,
            Command::Doctor(args) => doctor::run(&args, flags.config()?).await,
            Command::Costs(args) => costs::run(&args, &flags.config()?).await,
            Command::Sender(args) => sender::run(&args, &flags.config()?).await,
            Command::User(command) => user::run(command, &flags.config()?).await,
            Command::ApiKey(command) => api_key::run(command, &flags.config()?).await,
            Command::Config(command) => config::run(&command, &flags.settings()?),
            Command::Openapi => output::text(&crate::http::openapi::document_json()),
        }
    }
}

impl Flags {
    fn settings(self) -> Result<Settings, CommandError> {
        let values =
            [("HOST", self.host), ("PORT", self.port), ("PUBLIC_URL", self.public_url), ("DATA_DIR", self.data_dir)];
        let flags: BTreeMap<_, _> =
            values.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        let folder = std::env::current_dir()?;
        Ok(Settings::load(&folder, flags, self.config.as_deref())?)
    }

    fn config(self) -> Result<Config, CommandError> {
        Ok(Config::from_settings(&self.settings()?)?)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
