//! The newest messages of one conversation and who takes part: the answer of the content list.

use serde_json::Value;

use super::{Message, Party, Role};
use crate::wire::{FieldError, Fields};

/// The newest messages (at most 20) and the participants of a conversation.
///
/// Source: portal page 1832184425841170, read 2026-11-20.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct History {
    /// Both sides, with name and picture. The only place TikTok tells them.
    pub participants: Vec<Participant>,
    /// The messages in the order received; TikTok promises none, sort by `timestamp_ms`.
    pub messages: Vec<Message>,
    /// Entries that could not be read, as received.
    pub unreadable: Vec<Value>,
}

/// One side of a conversation, with name and picture.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Participant {
    /// Id and role.
    pub party: Party,
    /// The name shown in the app. Example `น้องมะลิ 🌼`.
    pub display_name: Option<String>,
    /// Address of the picture; expires, see [`crate::model::url_expiry`].
    pub profile_image: Option<String>,
    /// Whether the user follows the business; personal side only.
    pub is_follower: Option<bool>,
}

impl History {
    /// The user's side.
    pub fn customer(&self) -> Option<&Participant> {
        let role = Some(Role::PersonalAccount);
        self.participants.iter().find(|participant| participant.party.role == role)
    }

    pub(crate) fn read(data: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(data, "data")?;
        let (mut messages, mut unreadable) = (Vec::new(), Vec::new());
        for value in fields.list("messages") {
            match Message::read(value, None) {
                Ok(message) => messages.push(message),
                Err(_) => unreadable.push(value.clone()),
            }
        }
        let participants = fields.list("participants").iter().filter_map(Participant::read);
        Ok(Self { participants: participants.collect(), messages, unreadable })
    }
}

impl Participant {
    fn read(value: &Value) -> Option<Self> {
        let fields = Fields::of(value, "participants").ok()?;
        Some(Self {
            party: Party { id: fields.filled("id")?, role: fields.filled("role") },
            display_name: fields.filled("display_name"),
            profile_image: fields.filled("profile_image"),
            is_follower: fields.flag("is_follower"),
        })
    }
}
