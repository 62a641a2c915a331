//! What is here of what was said: the history before the account was connected, and the messages that TikTok does not tell.

use std::time::Duration;

use domain::{account::Account, history::HistoryState, withheld::WithheldState, workspace::Scope};

use super::{Doctor, Finding};

/// How far back withheld messages are worth a word.
const RECENT: Duration = Duration::from_hours(24 * 30);
/// How many of them are looked at.
const LOOKED_AT: u32 = 200;
/// What TikTok gives at most, whoever asks.
const LIMITS: &str = "TikTok lists the last 90 days, at most 100 conversations of each of its two lists, and the 20 newest messages of each.";

impl Doctor {
    /// Of an account that is connected to TikTok.
    pub(super) async fn messages(&self, account: &Account) -> Vec<Finding> {
        history(account).into_iter().chain(self.withheld(account).await).collect()
    }

    async fn withheld(&self, account: &Account) -> Option<Finding> {
        let scope = Scope::all(account.workspace_id);
        let rows = self.store.withheld_messages(&scope, account.id, None, LOOKED_AT).await.ok()?;
        let since = self.clock.now().minus(RECENT);
        let count = |state| rows.iter().filter(|row| row.at >= since && row.state == state).count();
        let (ambiguous, missing) = (count(WithheldState::Ambiguous), count(WithheldState::NotFound));
        if ambiguous + missing == 0 {
            return None;
        }
        Some(
            Finding::warning("messages-withheld", "Customers wrote, and TikTok does not say what")
                .because(format!(
                    "Of customers in the EEA, Switzerland and the UK TikTok tells only that they wrote. In the last 30 days {missing} of \
                     their messages were in no list, and {ambiguous} may be in more than one conversation."
                ))
                .fix("Read and answer them in the TikTok app of this account; the times are listed below the findings."),
        )
    }
}

fn history(account: &Account) -> Option<Finding> {
    let history = account.history.as_ref()?;
    match history.state {
        HistoryState::Filed => {
            Some(Finding::ok("history-filed", "What was said before is here").because(LIMITS))
        }
        HistoryState::Filing => None,
        HistoryState::Failed => Some(
            Finding::warning("history-failed", "What was said before is not here, or not all of it")
                .because(format!("{}.", history.reason.as_deref().unwrap_or("TikTok's lists could not be read")))
                .fix("Mend what is named above, then choose File again on the account's row. New messages are not affected."),
        ),
    }
}
