//! Messages of which the provider tells only that they came. TikTok says no more of customers in the EEA, Switzerland and the UK
//! (`im_receive_msg_eu`): neither who wrote, nor in which conversation, nor what. Portal page 1832190670631937, read 2026-11-20;
//! whether the lists show such conversations and their content is not confirmed, so both are tolerated.

use serde::{Deserialize, Serialize};

use crate::{
    account::Account,
    clock::Timestamp,
    conversation::Conversation,
    id::{Entity, Id},
    workspace::Workspace,
};

/// The type name of the message that stands in for one whose content stays withheld. Stable: views and programs know it by this.
pub const WITHHELD: &str = "withheld";

/// A message that came and was not told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithheldMessage {
    /// Printed `wth_…`.
    pub id: Id<Self>,
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// To whom it was written.
    pub account_id: Id<Account>,
    /// The provider's time of the message: all that tells one from another.
    pub at: Timestamp,
    /// See [`WithheldState`].
    pub state: WithheldState,
    /// Where it was found.
    pub conversation_id: Option<Id<Conversation>>,
    /// Where it may be, when more than one conversation moved at that time.
    pub candidates: Vec<Id<Conversation>>,
    /// When the search ended.
    pub settled_at: Option<Timestamp>,
}

impl Entity for WithheldMessage {
    const PREFIX: &'static str = "wth";
}

/// How the search stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithheldState {
    /// The provider's lists are looked through.
    Looking,
    /// It is in a conversation here, with its content or with a message that stands in for it.
    Found,
    /// More than one conversation may hold it.
    Ambiguous,
    /// No list shows it.
    NotFound,
}

/// How a search ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is there.
    Found(Id<Conversation>),
    /// It is in one of these.
    Ambiguous(Vec<Id<Conversation>>),
    /// It is nowhere.
    NotFound,
}

impl Verdict {
    /// As it is kept: state, where it is, where it may be.
    pub fn parts(self) -> (WithheldState, Option<Id<Conversation>>, Vec<Id<Conversation>>) {
        match self {
            Self::Found(conversation) => (WithheldState::Found, Some(conversation), Vec::new()),
            Self::Ambiguous(candidates) => (WithheldState::Ambiguous, None, candidates),
            Self::NotFound => (WithheldState::NotFound, None, Vec::new()),
        }
    }
}

/// One on its way into the table: unique by account and time, so that copies of the notice are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewWithheld {
    /// Its id, if it is new.
    pub id: Id<WithheldMessage>,
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// To whom it was written.
    pub account_id: Id<Account>,
    /// The provider's time of the message.
    pub at: Timestamp,
}

/// The provider's id of the message that stands in for one of this time: the same for every copy of the notice.
pub fn stand_in_id(at: Timestamp) -> String {
    format!("{STAND_IN}{}", at.as_millis())
}

/// What [`stand_in_id`] begins with. No provider's id does.
pub const STAND_IN: &str = "withheld:";
