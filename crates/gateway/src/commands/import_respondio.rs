//! `message-gateway import respondio`: asks for everything that Respond.io keeps of a connected workspace, and shows how far it is. The
//! running gateway does the work, because of all who ask a workspace only one may: this looks at the database and nothing else.

use std::{collections::BTreeSet, time::Duration};

use clap::Args;
use domain::{
    Clock, Id, Timestamp,
    account::AccountState,
    space::{Space, SpaceState, Unreadable, WholeHistory},
    store::Store,
    workspace::Workspace,
};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{CommandError, offline, output, signals::Signals};
use crate::{config::Config, timer, view::SpaceHistory};

const AFTER_HELP: &str = "\
Examples:
  message-gateway import respondio              everything, and wait until it is here
  message-gateway import respondio spc_06…      of this workspace, when several are connected
  message-gateway import respondio --no-wait    ask for it and look later

A running gateway brings it over, in the pauses of asking what is new: new messages come as quickly as before. Nobody is alerted. It
goes on where it was after a restart, and asking again changes nothing. Ctrl+C ends only the watching; the gateway goes on, and the
same command shows how far it is. Exit code 1 when it does not go on by itself: no gateway is running, or the token is refused. A
contact that Respond.io doesn't let the gateway read is named once that has lasted two minutes, and keeps nobody else waiting. When
only such contacts are left the command ends with exit code 5; the gateway keeps trying them.";

/// How often the database is looked at.
const EVERY: Duration = Duration::from_secs(1);
/// So long it may take until a gateway is seen at work that has just been started …
const STARTS: Duration = Duration::from_secs(5);
/// … and so long one that was may be away: it is started again, or another one takes over.
const AWAY: Duration = Duration::from_mins(1);

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct RespondioArgs {
    /// The connected Respond.io workspace, `spc_…`; not needed when there is one
    space: Option<Id<Space>>,
    /// Ask for it and don't wait until it is here
    #[arg(long)]
    no_wait: bool,
    /// For scripts: the last state
    #[arg(long)]
    json: bool,
}

/// Why the watching ended.
#[derive(Debug)]
enum End {
    /// Everything is here.
    Done,
    /// Everything else is here; the contacts that are left can't be read.
    Unreadable,
    /// Nobody wants to wait (any more).
    Left,
    /// It does not go on by itself, and what to do.
    Stuck(String),
}

/// For scripts.
#[derive(Debug, Serialize)]
struct State {
    space: Id<Space>,
    #[serde(flatten)]
    history: SpaceHistory,
}

pub(super) async fn run(args: &RespondioArgs, config: &Config) -> Result<(), CommandError> {
    let (space, history, end) = offline::with_store(config, async |store, clock| {
        let workspace = offline::workspace(&*store).await?.id;
        let space = choose(&*store, workspace, args.space).await?;
        store.ask_history(workspace, space).await?;
        let (history, end) = watch(&*store, &clock, workspace, space, args.no_wait).await?;
        Ok((space, history, end))
    })
    .await?;
    if args.json {
        output::json(&State { space, history: SpaceHistory::from(history.clone()) })?;
    }
    match end {
        End::Stuck(why) => Err(CommandError::Stuck(why)),
        End::Unreadable => Err(CommandError::Unreadable(left(&history))),
        End::Done if !args.json => output::line(&format!("Everything is here, of {}.", contacts(history.contacts))),
        End::Left => {
            output::note("A running gateway brings it over. The same command shows how far it is.");
            Ok(())
        }
        End::Done => Ok(()),
    }
}

fn missing(what: &str) -> CommandError {
    CommandError::NotFound(what.to_owned())
}

/// The space that is named, or the only one.
async fn choose(
    store: &dyn Store,
    workspace: Id<Workspace>,
    named: Option<Id<Space>>,
) -> Result<Id<Space>, CommandError> {
    let all: Vec<_> = store.spaces(workspace).await?.into_iter().map(|space| space.id).collect();
    match (named, all.as_slice()) {
        (Some(id), all) if all.contains(&id) => Ok(id),
        (Some(id), _) => Err(missing(&format!("Respond.io workspace {id}"))),
        (None, [only]) => Ok(*only),
        (None, []) => Err(missing("Respond.io workspace connected: put its access token first, under Accounts")),
        (None, several) => {
            let ids: Vec<_> = several.iter().map(ToString::to_string).collect();
            Err(CommandError::Usage(format!(
                "several Respond.io workspaces are connected; name one: {}",
                ids.join(", ")
            )))
        }
    }
}

/// Looks until everything is here, or for as long as somebody wants to and it goes on.
async fn watch(
    store: &dyn Store,
    clock: &Clock,
    workspace: Id<Workspace>,
    id: Id<Space>,
    no_wait: bool,
) -> Result<(WholeHistory, End), CommandError> {
    let bar = bar();
    let mut signals = Signals::listen()?;
    let mut seen = Seen { begun: clock.now(), at: None };
    let mut told = BTreeSet::new();
    loop {
        let space = store.spaces(workspace).await?.into_iter().find(|space| space.id == id);
        let gone = || missing(&format!("Respond.io workspace {id}"));
        let (space, history) = (space.ok_or_else(gone)?, store.whole_history(workspace, id).await?.ok_or_else(gone)?);
        bar.suspend(|| tell_unreadable(&history, &mut told));
        let end = match trouble(store, &space).await? {
            Some(why) if !history.is_done() => Some(End::Stuck(why)),
            _ => seen.end(&history, no_wait, clock.now()),
        };
        if let Some(end) = end {
            bar.finish_and_clear();
            return Ok((history, end));
        }
        show(&bar, &history);
        tokio::select! {
            () = signals.next() => {
                bar.finish_and_clear();
                return Ok((history, End::Left));
            }
            () = timer::sleep(clock, EVERY) => {}
        }
    }
}

/// When a gateway was seen at work.
struct Seen {
    begun: Timestamp,
    at: Option<Timestamp>,
}

impl Seen {
    /// Whether the watching ends, and why.
    fn end(&mut self, history: &WholeHistory, no_wait: bool, now: Timestamp) -> Option<End> {
        let at_work = history.leased_until.is_some_and(|until| now < until);
        if at_work {
            self.at = Some(now);
        }
        if history.is_done() {
            return Some(End::Done);
        }
        if no_wait {
            return Some(End::Left);
        }
        // Only who is at work knows whether they still can't be read.
        if at_work && history.only_unreadable_left() {
            return Some(End::Unreadable);
        }
        if self.at.map_or(now.since(self.begun) > STARTS, |at| now.since(at) > AWAY) {
            let why = "asked for, but no gateway is running that could bring it over; start it: message-gateway serve";
            return Some(End::Stuck(why.to_owned()));
        }
        None
    }
}

/// Says of each contact once that it can't be read.
fn tell_unreadable(history: &WholeHistory, told: &mut BTreeSet<u64>) {
    for one in &history.unreadable_contacts {
        if told.insert(one.contact) {
            let Unreadable { contact, problem, since } = one;
            output::note(&format!(
                "Contact {contact} can't be read: {problem}, since {since}. The gateway keeps trying; the others go on."
            ));
        }
    }
}

/// Which contacts are left when nothing else is.
fn left(history: &WholeHistory) -> String {
    let named: Vec<_> = history.unreadable_contacts.iter().map(|one| one.contact.to_string()).collect();
    let more = history.unreadable.saturating_sub(u32::try_from(named.len()).unwrap_or(u32::MAX));
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(
        "everything else is here, but {} can't be read: {}{more}. The gateway keeps trying; the same command shows how far it is",
        contacts(history.unreadable),
        named.join(", "),
    )
}

/// What a person must do before it can go on.
async fn trouble(store: &dyn Store, space: &Space) -> Result<Option<String>, CommandError> {
    if space.state == SpaceState::Refused {
        return Ok(Some(space.reason.clone().unwrap_or_else(|| "Respond.io refuses the access token".to_owned())));
    }
    let accounts = store.accounts_of_space(space.workspace_id, space.id).await?;
    let none = accounts.iter().all(|account| account.state == AccountState::Disconnected);
    let why = "asked for, but none of its channels is connected here; connect one under Accounts, Through Respond.io";
    Ok(none.then(|| why.to_owned()))
}

/// On standard error, and only on a terminal.
fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} contacts{msg}")
        .expect("invariant: the template is right");
    ProgressBar::new(0).with_style(style)
}

fn show(bar: &ProgressBar, history: &WholeHistory) {
    bar.set_length(history.contacts.into());
    bar.set_position(history.whole.into());
    bar.set_message(if history.listed { "" } else { " found so far" });
}

fn contacts(count: u32) -> String {
    if count == 1 { "1 contact".to_owned() } else { format!("{count} contacts") }
}

#[cfg(test)]
mod tests {
    use domain::space::ReadProblem;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_790_000_000);

    fn history(contacts: u32, unreadable: u32) -> WholeHistory {
        let one = |contact| Unreadable { contact, problem: ReadProblem::Status(500), since: NOW };
        WholeHistory {
            asked_at: NOW,
            listed: true,
            contacts,
            whole: 2,
            unreadable,
            unreadable_contacts: (1..=u64::from(unreadable.min(WholeHistory::SHOWN))).map(one).collect(),
            leased_until: Some(NOW.plus(AWAY)),
        }
    }

    #[test]
    fn it_waits_for_all_but_those_that_can_not_be_read() {
        let end = |history: &WholeHistory, no_wait| Seen { begun: NOW, at: None }.end(history, no_wait, NOW);
        assert!(matches!(end(&history(2, 0), false), Some(End::Done)));
        assert!(end(&history(4, 1), false).is_none(), "one of two may still come");
        assert!(matches!(end(&history(3, 1), false), Some(End::Unreadable)));
        assert!(matches!(end(&history(3, 1), true), Some(End::Left)));
        assert!(end(&WholeHistory { listed: false, ..history(3, 1) }, false).is_none(), "others may be found");
        assert!(end(&WholeHistory { leased_until: None, ..history(3, 1) }, false).is_none(), "nobody tries");
    }

    #[test]
    fn it_says_which_are_left() {
        assert!(left(&history(3, 1)).contains("but 1 contact can't be read: 1. The gateway keeps trying"));
        assert!(
            left(&history(14, 12)).contains("12 contacts can't be read: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more.")
        );
    }
}
