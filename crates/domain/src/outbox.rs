//! The queue of replies: strictly in order within a conversation, at most one on its way.

use std::time::Duration;

use crate::{
    account::{Account, ProviderKind},
    clock::Timestamp,
    conversation::Conversation,
    failure::{Failure, FailureKind},
    id::{Entity, Id},
    message::Message,
    workspace::Workspace,
};

/// Longer than any send may take, so that an expired lease means a dead worker.
pub const LEASE: Duration = Duration::from_mins(1);
/// When the provider's list is asked about an unconfirmed message, counted from the loss of the answer.
pub const CHECK_AFTER: [Duration; 4] =
    [Duration::from_secs(3), Duration::from_secs(10), Duration::from_secs(30), Duration::from_mins(1)];
/// A list that can't be read is asked again at least this often, for so long.
const CHECK_MAX: Duration = Duration::from_mins(10);
/// See [`CHECK_MAX`].
const CHECK_FOR: Duration = Duration::from_hours(24);
/// A refused or failed call is tried again after this, doubled each time, with jitter.
const BACKOFF_FIRST: Duration = Duration::from_secs(1);
/// Longest pause between attempts.
const BACKOFF_MAX: Duration = Duration::from_mins(1);
/// Longest pause between attempts that met a limit of calls: short tries first, then five minutes.
const BACKOFF_LIMITED_MAX: Duration = Duration::from_mins(5);
/// Longest wish of a provider that is honoured: the limit of a day ends within it.
const WISH_MAX: Duration = Duration::from_hours(24);

/// What an outbox row waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// To be sent.
    Send,
    /// It may have been sent: ask the provider's list.
    Check,
    /// It waits without a slot and in nobody's way, until the customer writes or, at `due_at`, the window is over.
    Hold,
}

/// One message in the queue. The row is gone once the outcome is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// The message; one row each.
    pub message_id: Id<Message>,
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// The account.
    pub account_id: Id<Account>,
    /// Its conversation: of those that are not on hold, only the oldest row of each is ever due.
    pub conversation_id: Id<Conversation>,
    /// Order within the conversation, then `message_id`.
    pub queued_at: Timestamp,
    /// Not before.
    pub due_at: Timestamp,
    /// See [`Phase`].
    pub phase: Phase,
    /// Attempts begun in this phase.
    pub attempts: u32,
    /// Who works on it, and until when.
    pub lease: Option<Lease>,
    /// An attempt was begun under the current lease and has not been settled.
    pub begun: bool,
}

impl OutboxRow {
    /// The side that it goes through: of one to be looked up, that of the attempt; else the one that sends.
    pub fn side(&self, message: &Message, conversation: &Conversation, account: &Account) -> ProviderKind {
        if self.phase == Phase::Check { message.provider } else { sender(account, conversation, Some(message)) }
    }
}

/// The side that sends: the conversation's choice, else the account's. A message with an attempt that nobody has settled stays with
/// the side that made it, or it could leave twice.
pub fn sender(account: &Account, conversation: &Conversation, message: Option<&Message>) -> ProviderKind {
    match message {
        Some(message) if message.provisional && message.external_id.is_none() => message.provider,
        _ => conversation.sender.unwrap_or(account.provider),
    }
}

/// A right to work on one row. The token fences: who comes back with an old one changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Different for each claim.
    pub token: i64,
    /// After this somebody else may claim it.
    pub until: Timestamp,
}

/// One try to send, written before the call so that a crash leaves a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Printed `att_…`.
    pub id: Id<Self>,
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// The message.
    pub message_id: Id<Message>,
    /// Equals the lease's token.
    pub token: i64,
    /// When the call began.
    pub began_at: Timestamp,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
    /// `sent`, `retry`, `refused` or `unknown`.
    pub outcome: Option<String>,
    /// The provider's code.
    pub code: Option<i64>,
}

impl Entity for Attempt {
    const PREFIX: &'static str = "att";
}

/// A claimed row, with what the worker needs to act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The row, leased to us.
    pub row: OutboxRow,
    /// The message as it is.
    pub message: Message,
    /// What the side that it goes through calls the conversation; empty where it has no name there, and then `begin` refuses.
    pub conversation_external_id: String,
    /// The account with its state, as the side shows it that this goes through: the one that sends now or, of a message to be
    /// looked up, the one through which it was tried.
    pub account: Account,
}

/// What became of an attempt to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The provider has it, under this id.
    Sent {
        /// The provider's message id.
        external_id: String,
    },
    /// It certainly was not sent; try again.
    Retry {
        /// Why.
        failure: Failure,
        /// How long the provider wants to be left alone, if that is known; see [`backoff`].
        after: Option<Duration>,
    },
    /// It certainly was not sent and will not be.
    Refused {
        /// Why.
        failure: Failure,
        /// TikTok's message rules refused it (40064): the ledger was wrong.
        dm_rule: bool,
    },
    /// The answer was lost.
    Unknown {
        /// What happened.
        failure: Failure,
    },
}

/// What the provider's list says of an unconfirmed message, once what it lists has been applied to the journal. A message
/// that the list holds has been joined by then, and its row is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckOutcome {
    /// The list reaches back before the attempt and does not hold it.
    Absent,
    /// The list does not reach back far enough: it will never tell.
    Unclear,
    /// The list could not be read: it may tell later.
    Unreadable,
}

/// Pause before a list that could not be read is asked again: growing to ten minutes. `None` a day after the answer was lost: a
/// person decides.
pub fn ask_again(asked: u32, since_lost: Duration) -> Option<Duration> {
    let beyond = asked.saturating_sub(u32::try_from(CHECK_AFTER.len()).unwrap_or(u32::MAX)).min(4);
    (since_lost < CHECK_FOR).then(|| Duration::from_mins(1).saturating_mul(1 << beyond).min(CHECK_MAX))
}

/// Pause before attempt number `attempts + 1`. `jitter` in `0.0..1.0` takes away up to half. A provider's wish is honoured up to a day:
/// whether it is to be believed is the provider's module's to say.
pub fn backoff(met: FailureKind, attempts: u32, jitter: f64, asked: Option<Duration>) -> Duration {
    let longest = if met == FailureKind::RateLimited { BACKOFF_LIMITED_MAX } else { BACKOFF_MAX };
    let doubled = BACKOFF_FIRST.saturating_mul(1_u32 << attempts.min(9)).min(longest);
    let ours = doubled.mul_f64(1.0 - jitter.clamp(0.0, 1.0) / 2.0);
    asked.map_or(ours, |wish| wish.clamp(ours, WISH_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_grows_and_is_bounded() {
        for (met, longest) in
            [(FailureKind::ProviderError, BACKOFF_MAX), (FailureKind::RateLimited, BACKOFF_LIMITED_MAX)]
        {
            let pauses: Vec<_> = (0..12).map(|attempts| backoff(met, attempts, 0.0, None)).collect();
            assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1]));
            assert_eq!((pauses.first(), pauses.last()), (Some(&BACKOFF_FIRST), Some(&longest)));
            assert!(backoff(met, 3, 1.0, None) >= backoff(met, 3, 0.0, None) / 2);
        }
    }

    #[test]
    fn a_silent_list_is_asked_for_a_day() {
        let (hour, day) = (Duration::from_hours(1), Duration::from_hours(24));
        let pauses: Vec<_> =
            (4..9).filter_map(|asked| ask_again(asked, hour)).map(|pause| pause.as_secs() / 60).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 10]);
        assert_eq!(ask_again(99, hour * 23), Some(CHECK_MAX));
        assert_eq!(ask_again(5, day), None);
    }

    #[test]
    fn a_wish_is_honoured_within_bounds() {
        let asked = |wish| backoff(FailureKind::RateLimited, 0, 0.0, Some(wish));
        assert_eq!(asked(Duration::from_secs(7)), Duration::from_secs(7));
        assert_eq!(asked(Duration::from_hours(11)), Duration::from_hours(11));
        assert_eq!(asked(Duration::from_hours(150)), WISH_MAX);
        assert_eq!(asked(Duration::ZERO), BACKOFF_FIRST);
    }
}
