//! Who wrote to whom: the fields every messaging event and listed message share.
//! `Message`, `MarkRead`, `ReferralEntry` and `HighIntentComment` carry a [`Parties`].

use super::{BusinessId, Direction, UserId, string_enum::string_enum};
use crate::wire::Fields;

string_enum! {
    /// Which side of a conversation a party is. Upper case over REST, lower case in webhooks.
    Role {
        /// The connected business.
        BusinessAccount = "BUSINESS_ACCOUNT",
        /// The TikTok user who writes to it.
        PersonalAccount = "PERSONAL_ACCOUNT",
    }
}

/// One side of a conversation (`from_user`, `to_user`).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Party {
    /// [`BusinessId`] of the business side, [`UserId`] of the user's.
    pub id: String,
    /// Which side it is; absent in sparse payloads.
    pub role: Option<Role>,
}

/// Both sides of a message or event.
///
/// Source: portal page 1832190670631937 (webhook schema), read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Parties {
    /// TikTok username (handle without @) of the sender; empty when absent.
    pub from: String,
    /// TikTok username of the recipient; empty when absent.
    pub to: String,
    /// Id and role of the sender.
    pub from_user: Option<Party>,
    /// Id and role of the recipient.
    pub to_user: Option<Party>,
    /// The TikTok user of the conversation, in either direction.
    pub unique_identifier: Option<UserId>,
}

/// The TikTok user of a conversation, seen from the business.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Customer {
    /// Stable id, if the payload had one.
    pub id: Option<UserId>,
    /// Username (handle without @), if the payload had one. Users can change it.
    pub username: Option<String>,
}

impl Parties {
    /// Which way the message went, by the ids, then by the roles; `None` if neither tells.
    pub fn direction(&self, business: &BusinessId) -> Option<Direction> {
        let is_business = |party: &Option<Party>| party.as_ref().is_some_and(|party| party.id == business.as_str());
        match (is_business(&self.from_user), is_business(&self.to_user)) {
            (true, false) => return Some(Direction::Outgoing),
            (false, true) => return Some(Direction::Incoming),
            _ => {}
        }
        let role = |party: &Option<Party>| party.as_ref().and_then(|party| party.role.clone());
        match (role(&self.from_user), role(&self.to_user)) {
            (Some(Role::BusinessAccount), to) if to != Some(Role::BusinessAccount) => Some(Direction::Outgoing),
            (Some(Role::PersonalAccount), _) | (None, Some(Role::BusinessAccount)) => Some(Direction::Incoming),
            (None, Some(Role::PersonalAccount)) => Some(Direction::Outgoing),
            _ => None,
        }
    }

    /// The user's side of a message that went in the given direction.
    pub fn customer(&self, direction: Direction) -> Customer {
        let (party, username) = match direction {
            Direction::Incoming => (&self.from_user, &self.from),
            Direction::Outgoing => (&self.to_user, &self.to),
        };
        let of_party = party.as_ref().map(|party| UserId::new(&party.id));
        Customer {
            id: self.unique_identifier.clone().or(of_party),
            username: Some(username.clone()).filter(|name| !name.is_empty()),
        }
    }

    pub(crate) fn read(fields: Fields<'_>) -> Self {
        let username = |webhook, rest| fields.text(webhook).or_else(|| fields.text(rest)).unwrap_or_default();
        Self {
            from: username("from", "sender"),
            to: username("to", "recipient"),
            from_user: Party::read(fields, "from_user"),
            to_user: Party::read(fields, "to_user"),
            unique_identifier: fields.filled("unique_identifier"),
        }
    }
}

impl Party {
    pub(crate) fn read(fields: Fields<'_>, name: &str) -> Option<Self> {
        let fields = fields.object(name)?;
        Some(Self { id: fields.filled("id")?, role: fields.filled("role") })
    }
}
