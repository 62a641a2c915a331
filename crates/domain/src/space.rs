//! A workspace of Respond.io, here called a space so that it is not mistaken for ours: one access token, one budget of calls, some
//! channels. Accounts that are bound to Respond.io hang on one.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    id::{Entity, Id},
    workspace::Workspace,
};

/// A connected space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    /// Printed `spc_…`.
    pub id: Id<Self>,
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// Its access token, encrypted by the gateway before a store sees it.
    pub token: Vec<u8>,
    /// Its channels as they were listed last.
    pub channels: Vec<SpaceChannel>,
    /// See [`SpaceState`].
    pub state: SpaceState,
    /// One plain sentence on why the state is what it is.
    pub reason: Option<String>,
    /// When a webhook of one of its accounts was last verified, to the minute.
    pub pushed_at: Option<Timestamp>,
    /// When its token was put here first.
    pub created_at: Timestamp,
    /// When its whole history was asked for; see [`WholeHistory`].
    pub history_asked_at: Option<Timestamp>,
    /// Since when every contact there is has been found, as far as its history goes.
    pub history_listed_at: Option<Timestamp>,
}

impl Entity for Space {
    const PREFIX: &'static str = "spc";
}

/// A channel of a space. Channels are made in Respond.io's settings, never by API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpaceChannel {
    /// Respond.io's id, digits. Example `54321`.
    pub id: String,
    /// Its name there.
    pub name: Option<String>,
    /// What it is connected to. Example `tiktok`; the published list of words has no TikTok in it.
    pub source: Option<String>,
}

impl SpaceChannel {
    /// Whether it looks like a TikTok account. Where it does not, a person may know better.
    pub fn is_tiktok(&self) -> bool {
        self.source.as_deref().is_some_and(|source| source.to_ascii_lowercase().contains("tiktok"))
    }
}

/// Whether a space can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpaceState {
    /// Yes.
    Active,
    /// Respond.io refuses the token, or its plan has no API: a person must put another one.
    Refused,
}

/// What changes of a space; what is `None` stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpacePatch {
    /// See [`Space::token`].
    pub token: Option<Vec<u8>>,
    /// See [`Space::channels`].
    pub channels: Option<Vec<SpaceChannel>>,
    /// State and reason.
    pub state: Option<(SpaceState, Option<String>)>,
    /// See [`Space::pushed_at`].
    pub pushed_at: Option<Timestamp>,
}

/// The right to ask a space what is new: one process at a time has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpaceLease {
    /// Which.
    pub space: Id<Space>,
    /// Fences, as in the outbox.
    pub token: i64,
    /// After this somebody else may take it.
    pub until: Timestamp,
}

/// How far a contact of a space was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Respond.io's id of the contact.
    pub contact: u64,
    /// Everything up to this message is here. 0: it has none.
    pub up_to: u64,
    /// The oldest message that was not told whole yet (a file being copied, a send under way): read again from here on.
    pub pending: Option<u64>,
    /// It has spoken on a channel that is connected here, or has not spoken yet.
    pub ours: bool,
}

/// How far back a contact was read. What was said before is not here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Back {
    /// The newest of it; nothing tells where that ends, so reading back begins at the top.
    Newest,
    /// Down to the end of a page.
    Down {
        /// Where the next older page begins: Respond.io's word, never made or understood here.
        cursor: String,
    },
    /// All that there is.
    Whole,
}

/// A contact counts as unreadable once it fails for so long, every time: what passes by itself is no news.
pub const UNREADABLE_AFTER: Duration = Duration::from_mins(2);

/// Why a contact could not be read. Not what concerns the whole space: a token that is refused, too many calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ReadProblem {
    /// Respond.io answers with an error.
    #[error("Respond.io answers {0}")]
    Status(u16),
    /// It does not answer, or not to the end.
    #[error("Respond.io does not answer")]
    NoAnswer,
    /// Its answer is not what its API documents.
    #[error("Respond.io's answer can't be understood")]
    OddAnswer,
}

/// A contact that can't be read, and keeps the whole history from being here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable {
    /// Respond.io's id of the contact.
    pub contact: u64,
    /// Why, the last time.
    pub problem: ReadProblem,
    /// Since when, without a success in between.
    pub since: Timestamp,
}

/// How far the whole history of a space is here: more than the newest messages of each contact, which are filed anyway. A person
/// asks for it once; it holds for contacts and accounts that come later too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeHistory {
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Whether every contact there is has been found since.
    pub listed: bool,
    /// Contacts that were found so far, those that could not be read among them.
    pub contacts: u32,
    /// Those of them of whom everything is here.
    pub whole: u32,
    /// Those of them that can't be read: for [`UNREADABLE_AFTER`] at least.
    pub unreadable: u32,
    /// The first of these, those that fail longest first: at most [`Self::SHOWN`].
    pub unreadable_contacts: Vec<Unreadable>,
    /// When the right to ask the space ends that somebody has; `None` when nobody has it.
    pub leased_until: Option<Timestamp>,
}

impl WholeHistory {
    /// So many unreadable contacts are named.
    pub const SHOWN: u32 = 10;

    /// Whether everything is here. Never before every contact was found.
    pub const fn is_done(&self) -> bool {
        self.listed && self.whole == self.contacts
    }

    /// Whether everything else is here, and only contacts that can't be read are left.
    pub const fn only_unreadable_left(&self) -> bool {
        self.listed && self.unreadable > 0 && self.whole + self.unreadable == self.contacts
    }
}
