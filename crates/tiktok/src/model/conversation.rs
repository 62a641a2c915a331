//! Conversations as the list call shows them: no participants, no last message.

use serde_json::Value;

use super::{AdReferral, ConversationId, ShortLinkReferral, string_enum::string_enum};
use crate::wire::{FieldError, Fields};

string_enum! {
    /// Which list a conversation is in. A full picture needs both.
    ConversationType {
        /// The user wrote and the business has neither answered nor accepted yet.
        Stranger = "STRANGER",
        /// The business has answered or accepted before.
        Single = "SINGLE",
    }
}

/// One page of the conversation list.
///
/// Source: portal page 1832184415059970, read 2026-11-20.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ConversationPage {
    /// The conversations of the page.
    pub conversations: Vec<Conversation>,
    /// Whether there are more.
    pub has_more: bool,
    /// Where the next page starts. Example `100`.
    pub cursor: Option<i64>,
    /// Entries that could not be read, as received.
    pub unreadable: Vec<Value>,
}

/// One conversation of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(clippy::struct_field_names, reason = "the name on the wire")]
pub struct Conversation {
    /// Its id.
    pub conversation_id: ConversationId,
    /// When the last message was sent, in milliseconds since 1970.
    pub update_time_ms: i64,
    /// Ads through which the user came.
    pub ads: Vec<AdReferral>,
    /// Short links (tiktok.me) through which the user came.
    pub short_links: Vec<ShortLinkReferral>,
}

impl ConversationPage {
    /// Where to continue, or `None` at the end.
    pub fn next_cursor(&self) -> Option<i64> {
        self.cursor.filter(|_| self.has_more)
    }

    pub(crate) fn read(data: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(data, "data")?;
        let (mut conversations, mut unreadable) = (Vec::new(), Vec::new());
        for value in fields.list("conversations") {
            match Conversation::read(value) {
                Ok(conversation) => conversations.push(conversation),
                Err(_) => unreadable.push(value.clone()),
            }
        }
        Ok(Self {
            conversations,
            has_more: fields.flag("has_more").unwrap_or(false),
            cursor: fields.integer("cursor"),
            unreadable,
        })
    }
}

impl Conversation {
    fn read(value: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(value, "conversations")?;
        let referrals = |name| {
            let found = fields.object("referral").map(|referral| referral.list(name));
            found.unwrap_or_default().iter().filter_map(|item| Fields::of(item, "referral").ok())
        };
        Ok(Self {
            conversation_id: fields.need("conversation_id")?,
            update_time_ms: fields.need_millis("update_time")?,
            ads: referrals("ad").map(AdReferral::read).collect(),
            short_links: referrals("short_link").map(ShortLinkReferral::read).collect(),
        })
    }
}
