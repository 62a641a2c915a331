//! One message, from a list or from a webhook, and the answer to a send.
//! Decoded here once for both, because the two differ only in what is absent.

use serde_json::Value;

use super::{
    ChannelId, ChannelMessageId, ContactId, DeliveryState, MessageContent, MessageId, Sender, StatusEntry,
    string_enum::string_enum,
};
use crate::wire::{FieldError, Fields};

string_enum! {
    /// Which way a message went, seen from the business.
    Traffic {
        /// From the contact.
        Incoming = "incoming",
        /// To the contact.
        Outgoing = "outgoing",
    }
}

/// One message.
///
/// Source: the vendor's TypeScript SDK, and three integrators' traffic for `sender`, read
/// 2026-11-20.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[expect(clippy::struct_field_names, reason = "the name on the wire")]
pub struct Message {
    /// Its id, unique within the contact.
    pub message_id: MessageId,
    /// Its id on the platform; absent while pending.
    pub channel_message_id: Option<ChannelMessageId>,
    /// The contact. Always there in webhooks and lists seen so far.
    pub contact_id: Option<ContactId>,
    /// The channel it went through.
    pub channel_id: Option<ChannelId>,
    /// Which way it went.
    pub traffic: Traffic,
    /// What it says.
    pub content: MessageContent,
    /// How far it got; a history in no promised order, see [`Self::state`].
    pub status: Vec<StatusEntry>,
    /// Who wrote it.
    pub sender: Option<Sender>,
    /// When it was sent, in milliseconds since 1970, as a webhook says. Lists say nothing; ask
    /// [`Self::sent_at_ms`].
    pub timestamp_ms: Option<i64>,
}

/// The answer to a send: it was taken, which is not delivered. How it ended stands in
/// [`Message::status`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sent {
    /// Id of the message. The same id comes back in the list and in `message.sent`.
    pub message_id: MessageId,
    /// The contact; not always told.
    pub contact_id: Option<ContactId>,
}

impl Message {
    /// When it was sent, in milliseconds since 1970: from the id where that is a time in
    /// microseconds, else from the webhook's `timestamp`, else from the id in whatever unit its size
    /// tells. `None` if none of them is a time.
    pub fn sent_at_ms(&self) -> Option<i64> {
        const MICROS_FROM: u64 = 1_000_000_000_000_000;
        let of_id = self.message_id.sent_at_ms();
        if self.message_id.get() >= MICROS_FROM { of_id } else { self.timestamp_ms.or(of_id) }
    }

    /// How far it got in the end: the furthest entry of [`Self::status`], `failed` above all.
    pub fn state(&self) -> Option<&DeliveryState> {
        StatusEntry::furthest(&self.status).map(|entry| &entry.state)
    }

    /// Why it failed, in the platform's words; empty if it gave none. `None` if it did not fail.
    pub fn failure(&self) -> Option<&str> {
        let failed = StatusEntry::furthest(&self.status).filter(|entry| entry.state == DeliveryState::Failed)?;
        Some(failed.message.as_deref().unwrap_or_default())
    }

    /// `expected`: which way the webhook's event says it went.
    pub(crate) fn read(value: &Value, expected: Option<Traffic>) -> Result<Self, FieldError> {
        let fields = Fields::of(value, "message")?;
        Ok(Self {
            message_id: fields.need_id("messageId")?,
            channel_message_id: fields.filled("channelMessageId"),
            contact_id: fields.id("contactId"),
            channel_id: fields.id("channelId"),
            traffic: fields.filled("traffic").or(expected).ok_or(FieldError("traffic"))?,
            content: MessageContent::read(fields.value("message")),
            status: fields.list("status").iter().filter_map(StatusEntry::read).collect(),
            sender: fields.object("sender").and_then(Sender::read),
            timestamp_ms: fields.millis("timestamp"),
        })
    }
}

impl Sent {
    pub(crate) fn read(value: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(value, "answer")?;
        Ok(Self { message_id: fields.need_id("messageId")?, contact_id: fields.id("contactId") })
    }
}
