//! `message-gateway sender`: through whom replies leave, of an account or of one conversation. One command, at once, and back by the same.

use clap::{Args, ValueEnum};
use domain::{Id, account::Account, account::ProviderKind, conversation::Conversation, sides::Side, workspace::Scope};
use serde_json::json;

use super::{CommandError, offline, output};
use crate::config::Config;

const AFTER_HELP: &str = "\
Examples:
  message-gateway sender acc_06…                                    who tells its messages, and who sends
  message-gateway sender acc_06… official                           from now on TikTok itself
  message-gateway sender acc_06… respondio                          and back
  message-gateway sender acc_06… official --conversation conv_06…   only there
  message-gateway sender acc_06… account --conversation conv_06…    there as everywhere else

Replies that wait leave through the new one, each once; what is on its way is left to settle. A running server needs no restart.";

/// Who sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    /// TikTok itself
    Official,
    /// Respond.io
    Respondio,
    /// As the account does: for a conversation
    Account,
}

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct SenderArgs {
    /// `acc_…`
    account: Id<Account>,
    /// Through whom replies leave from now on; without it nothing changes
    provider: Option<Choice>,
    /// Only in this conversation, `conv_…`
    #[arg(long, value_name = "CONVERSATION")]
    conversation: Option<Id<Conversation>>,
    /// For scripts
    #[arg(long)]
    json: bool,
}

impl Choice {
    const fn provider(self) -> Option<ProviderKind> {
        match self {
            Self::Official => Some(ProviderKind::Official),
            Self::Respondio => Some(ProviderKind::Respondio),
            Self::Account => None,
        }
    }
}

pub(super) async fn run(args: &SenderArgs, config: &Config) -> Result<(), CommandError> {
    let sides = offline::with_store(config, async |store, _| {
        let missing = |what: String| CommandError::NotFound(what);
        let workspace = offline::workspace(&*store).await?;
        let scope = Scope::all(workspace.id);
        let account = args.account;
        match (args.provider, args.conversation) {
            (None, _) => {}
            (Some(choice), Some(id)) => {
                let set = store.set_conversation_sender(&scope, id, choice.provider()).await?;
                set.ok_or_else(|| missing(format!("conversation {id}")))?;
            }
            (Some(choice), None) => {
                let why = "`account` is for a conversation: add --conversation";
                let provider = choice.provider().ok_or_else(|| CommandError::Usage(why.to_owned()))?;
                let set = store.set_sender(&scope, account, provider).await?;
                set.ok_or_else(|| missing(format!("such side of account {account}")))?;
            }
        }
        let sides = store.sides(&scope, account).await?;
        if sides.is_empty() { Err(missing(format!("account {account}"))) } else { Ok(sides) }
    })
    .await?;
    if args.json { output::json(&sides.iter().map(shown).collect::<Vec<_>>()) } else { table(&sides) }
}

fn shown(side: &Side) -> serde_json::Value {
    json!({"provider": side.provider, "openId": side.external_id, "sends": side.sends})
}

fn table(sides: &[Side]) -> Result<(), CommandError> {
    let row = |side: &Side| {
        let name = if side.provider == ProviderKind::Official { "TikTok" } else { "Respond.io" };
        let sends = if side.sends { "sends and receives" } else { "receives" };
        vec![name.to_owned(), side.external_id.clone(), sends.to_owned()]
    };
    output::table(&["side", "account there", ""], &sides.iter().map(row).collect::<Vec<_>>())
}
