//! Contacts and their messages as a workspace keeps them.

use serde_json::{Value, json};

use super::space::{IdUnit, TimeUnit};
use crate::state::messages::Content;

/// A contact on one channel.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) channel_id: u64,
    pub(super) id: u64,
    /// Handle of the customer.
    pub(super) customer: String,
    pub(super) last_message: Option<i64>,
    pub(super) last_incoming: Option<i64>,
    pub(super) created_at: i64,
}

/// What `conversation.closed` tells of the time between opening and closing.
#[derive(Debug, Clone, Default)]
pub(super) struct Talk {
    pub(super) opened_at: i64,
    pub(super) opened_by: &'static str,
    pub(super) first_response_at: Option<i64>,
    pub(super) last_assigned_at: Option<i64>,
    pub(super) incoming: u32,
    pub(super) outgoing: u32,
}

/// One contact.
#[derive(Debug, Clone)]
pub(super) struct Contact {
    pub(super) id: u64,
    pub(super) created_at: i64,
    /// `firstName`, `lastName`, `phone`, `email`, `language`, `countryCode`, `locale`, `profilePic`: text or null.
    pub(super) fields: serde_json::Map<String, Value>,
    pub(super) custom: Vec<(String, Value)>,
    pub(super) tags: Vec<String>,
    pub(super) assignee: Option<Value>,
    pub(super) lifecycle: Option<String>,
    /// Set while the conversation is open.
    pub(super) talk: Option<Talk>,
    pub(super) lines: Vec<Line>,
    /// By id, which is by time.
    pub(super) messages: Vec<Message>,
}

/// A send that has not met TikTok yet: what it would say, or why it cannot be said there.
#[derive(Debug, Clone)]
pub(super) enum Handover {
    Ready(Content),
    Hopeless(String),
}

/// One state of an outgoing message.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) value: &'static str,
    pub(super) at: i64,
    pub(super) message: Option<String>,
}

/// One message.
#[derive(Debug, Clone)]
pub(super) struct Message {
    /// Microseconds since 1970; unique within the contact only.
    pub(super) id: u64,
    /// TikTok's message id: the one thing both sides share.
    pub(super) channel_message_id: Option<String>,
    pub(super) channel_id: u64,
    pub(super) outgoing: bool,
    pub(super) content: Value,
    pub(super) steps: Vec<Step>,
    pub(super) sender: Value,
    pub(super) at: i64,
    /// Set while pending.
    pub(super) handover: Option<Handover>,
    /// Set while its file is being copied: the content as it will be.
    pub(super) copied: Option<Value>,
}

pub(super) const PERSONAL: [&str; 8] =
    ["firstName", "lastName", "phone", "email", "language", "countryCode", "locale", "profilePic"];

impl Contact {
    pub(super) fn new(id: u64, now: i64) -> Self {
        Self {
            id,
            created_at: now,
            fields: PERSONAL.iter().map(|name| ((*name).to_owned(), Value::Null)).collect(),
            custom: Vec::new(),
            tags: Vec::new(),
            assignee: None,
            lifecycle: None,
            talk: None,
            lines: Vec::new(),
            messages: Vec::new(),
        }
    }

    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.fields.insert(name.to_owned(), value.into());
    }

    pub(super) fn line(&self, channel_id: u64) -> Option<&Line> {
        self.lines.iter().find(|one| one.channel_id == channel_id)
    }

    pub(super) fn message(&self, id: u64) -> Option<&Message> {
        self.messages.iter().find(|one| one.id == id)
    }

    pub(super) fn message_mut(&mut self, id: u64) -> Option<&mut Message> {
        self.messages.iter_mut().find(|one| one.id == id)
    }

    /// The channel of the newest message; the one bound first when there is none.
    pub(super) fn last_channel(&self) -> Option<u64> {
        let newest = self.lines.iter().max_by_key(|line| line.last_message.unwrap_or(line.created_at));
        newest.map(|line| line.channel_id)
    }

    /// Puts a message in its place and gives it its id: the time, counted up while taken.
    pub(super) fn add(&mut self, mut message: Message, unit: IdUnit) -> u64 {
        let millis = match unit {
            IdUnit::Seconds => message.at.div_euclid(1000) * 1000,
            IdUnit::Milliseconds => message.at,
        };
        let mut id = u64::try_from(millis).unwrap_or_default() * 1000;
        while self.message(id).is_some() {
            id += 1;
        }
        message.id = id;
        if let Some(line) = self.lines.iter_mut().find(|one| one.channel_id == message.channel_id) {
            line.last_message = line.last_message.max(Some(message.at));
            if !message.outgoing {
                line.last_incoming = line.last_incoming.max(Some(message.at));
            }
        }
        if let Some(talk) = &mut self.talk {
            if message.outgoing {
                talk.outgoing += 1;
                talk.first_response_at.get_or_insert(message.at);
            } else {
                talk.incoming += 1;
            }
        }
        self.messages.push(message);
        self.messages.sort_by_key(|one| one.id);
        id
    }
}

impl Step {
    pub(super) fn json(&self, unit: TimeUnit) -> Value {
        let mut step = json!({"value": self.value, "timestamp": unit.of(self.at)});
        if let Some(message) = &self.message {
            step["message"] = json!(message);
        }
        step
    }
}

impl TimeUnit {
    /// A time in Unix ms as this unit writes it.
    pub(super) fn of(self, ms: i64) -> i64 {
        match self {
            Self::Seconds => ms.div_euclid(1000),
            Self::Milliseconds => ms,
        }
    }
}
