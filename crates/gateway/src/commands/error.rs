//! Why a command failed, and the exit code that says so to a script.

use std::{io, process::ExitCode};

use domain::store::StoreError;

use crate::{
    app::{LaunchError, StoreOpenError},
    config::Problems,
    connect::ConnectError,
    costs::PriceError,
    import::ImportError,
    keyring::KeyringError,
    providers::SetupError,
    telemetry::MetricsError,
};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// Settings that are wrong.
    #[error(transparent)]
    Config(#[from] Problems),
    /// A setting that does not go with this command.
    #[error("{0}")]
    Usage(String),
    /// What was to be imported.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A price that is none.
    #[error(transparent)]
    Price(#[from] PriceError),
    /// A scenario that did not go as it says.
    #[error("the scenario failed: {0}")]
    Scenario(#[from] simulator::ScenarioError),
    /// The gateway did not start, or ended badly.
    #[error(transparent)]
    Launch(#[from] LaunchError),
    /// No database.
    #[error(transparent)]
    Open(#[from] StoreOpenError),
    /// The database's answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No metrics.
    #[error(transparent)]
    Metrics(#[from] MetricsError),
    /// The address is taken or not ours.
    #[error("can't listen on {address}")]
    Listen {
        /// Which.
        address: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// What was named does not exist.
    #[error("there is no {0}")]
    NotFound(String),
    /// What was asked for does not go on by itself, and what to do.
    #[error("{0}")]
    Stuck(String),
    /// Everything else is done; this can't be read.
    #[error("{0}")]
    Unreadable(String),
    /// A second signal came: nobody waits any more.
    #[error("stopped at once by a second signal")]
    Aborted,
    /// `doctor` found something.
    #[error("doctor found {0} to mend")]
    Unwell(usize),
    /// No key.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// No provider.
    #[error(transparent)]
    Provider(#[from] SetupError),
    /// TikTok could not be told where webhooks go.
    #[error(transparent)]
    Webhook(#[from] ConnectError),
    /// Reading or writing.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl CommandError {
    /// 1 failed · 2 wrong command line · 3 wrong configuration · 4 the database can't be used · 5 done but for what can't be read.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Usage(_) | Self::Price(_) => 2,
            Self::Config(_) | Self::Keyring(_) | Self::Launch(LaunchError::Keyring(_)) => 3,
            Self::Open(_)
            | Self::Store(_)
            | Self::Import(ImportError::Store(_))
            | Self::Launch(LaunchError::Open(_) | LaunchError::Store(_)) => 4,
            Self::Unreadable(_) => 5,
            _ => 1,
        })
    }
}
