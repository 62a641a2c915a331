//! A workspace of Respond.io as JSON. Never holds its token.

use std::collections::HashMap;

use domain::{Id, Timestamp, account as da, space as ds};
use serde::Serialize;
use utoipa::ToSchema;

/// A connected workspace of Respond.io.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Space {
    /// `spc_…`.
    #[schema(value_type = String, example = "spc_00jx3k5t8g002")]
    pub id: Id<ds::Space>,
    /// Whether it can be asked.
    pub state: SpaceState,
    /// One plain sentence on why not.
    #[schema(required)]
    pub state_reason: Option<String>,
    /// Its channels as they were listed last, TikTok's first.
    pub channels: Vec<SpaceChannel>,
    /// When a webhook of one of its accounts was last verified; null when none came.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub last_webhook_at: Option<Timestamp>,
    /// When its token was put here first.
    #[schema(value_type = String, format = DateTime)]
    pub connected_at: Timestamp,
    /// How far its whole history is here; null while nobody asked for it.
    #[schema(required)]
    pub history: Option<SpaceHistory>,
}

/// How far everything is here that Respond.io keeps of a workspace's contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SpaceHistory {
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
    /// Contacts that were found so far.
    pub contacts: u32,
    /// Those of them of whom everything is here.
    pub whole: u32,
    /// Those of them that can't be read, for two minutes at least: they are tried again and again, and keep `done` away until they can.
    pub unreadable: u32,
    /// The first ten of these, those that fail longest first.
    pub unreadable_contacts: Vec<UnreadableContact>,
    /// Every contact was found, and everything is here.
    pub done: bool,
}

/// A contact that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnreadableContact {
    /// Respond.io's id of the contact, digits.
    #[schema(example = "204817702")]
    pub contact_id: String,
    /// Why, the last time.
    pub problem: ReadProblem,
    /// Respond.io's HTTP status; null where there was none.
    #[schema(required)]
    pub status: Option<u16>,
    /// The same as one plain sentence.
    #[schema(example = "Respond.io answers 500")]
    pub reason: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// Why a contact can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadProblem {
    /// Respond.io answers with an error: `status`.
    Status,
    /// It does not answer, or not to the end.
    NoAnswer,
    /// Its answer is not what its API documents.
    OddAnswer,
}

impl From<&ds::Unreadable> for UnreadableContact {
    fn from(one: &ds::Unreadable) -> Self {
        let (problem, status) = match one.problem {
            ds::ReadProblem::Status(status) => (ReadProblem::Status, Some(status)),
            ds::ReadProblem::NoAnswer => (ReadProblem::NoAnswer, None),
            ds::ReadProblem::OddAnswer => (ReadProblem::OddAnswer, None),
        };
        let (contact_id, reason) = (one.contact.to_string(), one.problem.to_string());
        Self { contact_id, problem, status, reason, since: one.since }
    }
}

impl From<ds::WholeHistory> for SpaceHistory {
    fn from(history: ds::WholeHistory) -> Self {
        let done = history.is_done();
        let ds::WholeHistory { asked_at, contacts, whole, unreadable, unreadable_contacts, .. } = history;
        let unreadable_contacts = unreadable_contacts.iter().map(UnreadableContact::from).collect();
        Self { asked_at, contacts, whole, unreadable, unreadable_contacts, done }
    }
}

/// Whether a workspace of Respond.io can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpaceState {
    /// Yes.
    Active,
    /// Respond.io refuses the token, or its plan has no API.
    Refused,
}

/// A channel of a workspace of Respond.io.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SpaceChannel {
    /// Respond.io's id, digits.
    #[schema(example = "54321")]
    pub id: String,
    /// Its name there.
    #[schema(required)]
    pub name: Option<String>,
    /// What it is connected to, in Respond.io's words.
    #[schema(required)]
    pub source: Option<String>,
    /// Whether it looks like a TikTok account.
    pub tiktok: bool,
    /// The account that it is here; null while it is none.
    #[schema(value_type = Option<String>, required)]
    pub account_id: Option<Id<da::Account>>,
}

impl Space {
    /// A space with the accounts that its channels are, and how far its whole history is here.
    pub fn new(space: ds::Space, accounts: &[da::Account], history: Option<ds::WholeHistory>) -> Self {
        let connected = accounts.iter().filter(|account| account.state != da::AccountState::Disconnected);
        let by_channel: HashMap<&str, Id<da::Account>> =
            connected.map(|account| (account.external_id.as_str(), account.id)).collect();
        let channels = space.channels.into_iter().map(|channel| SpaceChannel {
            tiktok: channel.is_tiktok(),
            account_id: by_channel.get(channel.id.as_str()).copied(),
            id: channel.id,
            name: channel.name,
            source: channel.source,
        });
        Self {
            id: space.id,
            state: match space.state {
                ds::SpaceState::Active => SpaceState::Active,
                ds::SpaceState::Refused => SpaceState::Refused,
            },
            state_reason: space.reason,
            channels: channels.collect(),
            last_webhook_at: space.pushed_at,
            connected_at: space.created_at,
            history: history.map(SpaceHistory::from),
        }
    }
}
