//! Named places on a message's way, where a crash test may end the process. They exist while debug assertions are on; in a release
//! build [`reach`] is nothing.
//!
//! `…-written`: the rows are written and their transaction is open. `…-committed`: it is durable, and nobody was told.

use std::sync::OnceLock;

macro_rules! places {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal;)+) => {
        /// A place. Printed as in a test's report, such as `settle.written`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Place {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Place {
            /// All of them, in the order in which a message comes by.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Its name.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

places! {
    /// A store is about to bring its schema up to date.
    MigrationBegun = "migration.begun";
    /// One statement of a migration was run (SQLite).
    MigrationStatement = "migration.statement";
    /// Every migration was run, their transaction is open (SQLite).
    MigrationWritten = "migration.written";
    /// The schema is up to date.
    MigrationCommitted = "migration.committed";
    /// A webhook's signature was right; nothing of it is written.
    IngestVerified = "ingest.verified";
    /// A webhook's rows are written.
    IngestWritten = "ingest.written";
    /// A webhook is durable; its 200 has not left.
    IngestCommitted = "ingest.committed";
    /// A reply and its place in the queue are written.
    QueueWritten = "queue.written";
    /// A reply is durable; its 202 has not left.
    QueueCommitted = "queue.committed";
    /// Due replies are leased.
    ClaimWritten = "claim.written";
    /// The leases are durable; nobody has begun.
    ClaimCommitted = "claim.committed";
    /// An attempt is written.
    BeginWritten = "begin.written";
    /// An attempt is durable; no call was made.
    BeginCommitted = "begin.committed";
    /// The call is about to leave.
    SendLeaving = "send.leaving";
    /// The provider has answered, or has not in time; the outcome is not written.
    SendAnswered = "send.answered";
    /// An outcome is written.
    SettleWritten = "settle.written";
    /// An outcome is durable.
    SettleCommitted = "settle.committed";
    /// An attempt whose worker died is written off as unconfirmed.
    LoseWritten = "lose.written";
    /// The provider's list came for an unconfirmed reply; nothing of it is applied.
    CheckAnswered = "check.answered";
    /// What the list holds is applied; the check is not settled.
    CheckApplied = "check.applied";
    /// The outcome of a check is written.
    CheckWritten = "check.written";
    /// The outcome of a check is durable.
    CheckCommitted = "check.committed";
    /// A batch is complete and numbered; its COMMIT has not left.
    CommitBefore = "commit.before";
    /// A batch is durable; no use case of it was answered.
    CommitAfter = "commit.after";
}

impl std::str::FromStr for Place {
    type Err = UnknownPlace;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|place| place.as_str() == text).ok_or(UnknownPlace)
    }
}

/// A name that no place has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no such place")]
pub struct UnknownPlace;

static HOOK: OnceLock<fn(Place)> = OnceLock::new();

/// Calls `hook` at every place from now on, on the thread that comes by. The first one stays; false: there was one already.
pub fn watch(hook: fn(Place)) -> bool {
    HOOK.set(hook).is_ok()
}

/// Says that the process is at `place`.
#[inline]
pub fn reach(place: Place) {
    if cfg!(debug_assertions)
        && let Some(hook) = HOOK.get()
    {
        hook(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_read_back() {
        for place in Place::ALL {
            assert_eq!(place.as_str().parse(), Ok(*place));
        }
        assert_eq!("nowhere".parse::<Place>(), Err(UnknownPlace));
    }
}
