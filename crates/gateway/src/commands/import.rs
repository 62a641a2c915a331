//! `message-gateway import`: what another program kept, filed as history. Respond.io's is in `import_respondio`.

use std::{
    fs::File,
    io::{self, BufReader},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use domain::{Id, account::Account, store::Store, workspace::Scope};
use indicatif::{ProgressBar, ProgressStyle};

use super::{CommandError, import_respondio, offline, output};
use crate::{
    config::Config,
    import::{self, ImportError, Named, Report, Target},
};

#[derive(Debug, Subcommand)]
pub(super) enum ImportCommand {
    /// The predecessor's data folder: chats.jsonl, and accounts.json for the names of its accounts
    Predecessor(PredecessorArgs),
    /// Everything that Respond.io keeps of a connected workspace, not only the newest messages of each contact
    Respondio(import_respondio::RespondioArgs),
}

const AFTER_HELP: &str = "\
Examples:
  message-gateway import predecessor ../old/data --dry-run          count what is there
  message-gateway import predecessor ../old/data                    into an archive for each account
  message-gateway import predecessor ../old/data --account acc_06…  everything into one account

Nobody is alerted. Copies that the predecessor wrote after each of its restarts are one message. Running it again changes nothing, so
an import that was cut off is simply started again. Tokens are not taken over: connect the accounts again. With the embedded database
the server must be stopped meanwhile (exit code 4 if it is not); with PostgreSQL it may run.";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct PredecessorArgs {
    /// Its data folder
    folder: PathBuf,
    /// The account that all chats belong to, `acc_…`; otherwise each account of the file gets an archive that can't send
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<Id<Account>>,
    /// Count and write nothing
    #[arg(long)]
    dry_run: bool,
    /// For scripts
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: ImportCommand, config: &Config) -> Result<(), CommandError> {
    match command {
        ImportCommand::Predecessor(args) => predecessor(&args, config).await,
        ImportCommand::Respondio(args) => import_respondio::run(&args, config).await,
    }
}

async fn predecessor(args: &PredecessorArgs, config: &Config) -> Result<(), CommandError> {
    let names = names(&args.folder.join("accounts.json"))?;
    let file = File::open(args.folder.join("chats.jsonl")).map_err(ImportError::File)?;
    let bar = bar(file.metadata().map_err(ImportError::File)?.len());
    let report = offline::with_store_alone(config, async |store, _| {
        let target = target(&*store, args.account, names).await?;
        let mut file = BufReader::new(file);
        let report = import::chats(&*store, &target, &mut file, args.dry_run, |bytes| bar.set_position(bytes)).await;
        bar.finish_and_clear();
        Ok(report?)
    })
    .await?;
    if args.json { output::json(&report) } else { output::text(&summary(&report)) }
}

async fn target(store: &dyn Store, account: Option<Id<Account>>, names: Vec<Named>) -> Result<Target, CommandError> {
    let workspace = offline::workspace(store).await?;
    let account = match account {
        Some(id) => {
            let found = store.account(&Scope::all(workspace.id), id).await?;
            Some(found.ok_or_else(|| CommandError::NotFound(format!("account {id}")))?)
        }
        None => None,
    };
    Ok(Target { workspace: workspace.id, account, names })
}

/// The accounts that the predecessor knew; none where it kept no such file.
fn names(file: &Path) -> Result<Vec<Named>, CommandError> {
    let bytes = match std::fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read.map_err(ImportError::File)?,
    };
    let wrong = |error| ImportError::File(io::Error::new(io::ErrorKind::InvalidData, error));
    Ok(serde_json::from_slice::<Vec<Named>>(&bytes).map_err(wrong)?)
}

/// On standard error, and only on a terminal.
fn bar(bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}, {eta} left")
        .expect("invariant: the template is right");
    ProgressBar::new(bytes).with_style(style)
}

fn summary(report: &Report) -> String {
    let Report { lines, imported, known, copies, unreadable, conversations, .. } = report;
    let written = if report.dry_run { ", nothing written" } else { "" };
    let mut text = vec![
        format!("{lines} lines read{written}"),
        format!("{imported:>9}  new messages, in {conversations} conversations"),
    ];
    let counted = [
        (known, "here before"),
        (copies, "written down more than once by the predecessor"),
        (unreadable, "no messages; the file keeps them"),
    ];
    text.extend(counted.iter().filter(|(count, _)| **count > 0).map(|(count, words)| format!("{count:>9}  {words}")));
    text.extend(report.reasons.iter().map(|one| format!("  line {}: {}", one.line, one.reason)));
    text.join("\n") + "\n"
}
