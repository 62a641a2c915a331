//! A business, a customer, and what they wrote to each other.

use serde::Serialize;
use serde_json::Value;

use super::messages::Message;

/// One conversation.
#[derive(Debug, Clone, Serialize)]
pub struct Conversation {
    /// `conversation_id`, contains `+`, `/`, `=`.
    pub id: String,
    /// Handle of the business.
    pub business: String,
    /// Handle of the customer.
    pub customer: String,
    /// False while `STRANGER`, true once the business has answered (`SINGLE`).
    pub accepted: bool,
    /// A stranger's request that the owner has not accepted yet: TikTok tells the apps nothing of it.
    pub held: bool,
    /// Last message or referral, Unix ms.
    pub updated_at: i64,
    /// The customer has read everything up to here, Unix ms.
    pub read_up_to: Option<i64>,
    /// The business marked the conversation read at, Unix ms.
    pub business_read_at: Option<i64>,
    /// The typing sign is shown until, Unix ms.
    pub typing_until: Option<i64>,
    /// Ads the customer came from, newest last (`ad` objects with milliseconds).
    pub ads: Vec<Value>,
    /// Short links the customer came from, newest last.
    pub short_links: Vec<Value>,
    /// Oldest first.
    pub messages: Vec<Message>,
}

impl Conversation {
    pub(crate) fn new(id: String, business: &str, customer: &str, now: i64) -> Self {
        Self {
            id,
            business: business.to_owned(),
            customer: customer.to_owned(),
            accepted: false,
            held: false,
            updated_at: now,
            read_up_to: None,
            business_read_at: None,
            typing_until: None,
            ads: Vec::new(),
            short_links: Vec::new(),
            messages: Vec::new(),
        }
    }

    pub(crate) fn insert(&mut self, message: Message) {
        if message.from_business {
            self.accepted = true;
            self.typing_until = None;
        }
        self.messages.push(message);
        self.messages.sort_by_key(|one| (one.timestamp, one.order));
        self.updated_at = self.messages.last().map_or(self.updated_at, |last| last.timestamp);
    }

    /// Whether anything has happened in it that TikTok lists.
    pub(crate) fn began(&self) -> bool {
        !(self.messages.is_empty() && self.ads.is_empty() && self.short_links.is_empty())
    }

    pub(crate) fn message(&self, id: &str) -> Option<&Message> {
        self.messages.iter().find(|one| one.message_id == id)
    }

    pub(crate) fn message_mut(&mut self, id: &str) -> Option<&mut Message> {
        self.messages.iter_mut().find(|one| one.message_id == id)
    }

    /// `SINGLE` or `STRANGER`.
    pub(crate) fn kind(&self) -> &'static str {
        if self.accepted { "SINGLE" } else { "STRANGER" }
    }
}
