//! A connected channel, in the workspace's list, in a contact's list and in webhooks.

use serde_json::Value;

use super::{ChannelId, string_enum::string_id};
use crate::wire::{FieldError, Fields};

string_id! {
    /// What a channel is connected to. Example `line`, `whatsapp_cloud`. The published list has no
    /// TikTok in it although TikTok works: free text, ask [`Self::is_tiktok`].
    ChannelSource
}

/// A connected channel. Channels are connected in Respond.io's settings, never by API.
///
/// Source: the vendor's TypeScript SDK (workspace, contact) and captured webhooks (times in webhooks
/// and in a contact's list only), read 2026-11-20.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// Its name. Example `ร้านดอกไม้ TikTok`.
    pub name: Option<String>,
    /// What it is connected to.
    pub source: Option<ChannelSource>,
    /// Platform's own data as received; in webhooks a string that holds JSON.
    pub meta: Option<Value>,
    /// Id of the contact on this channel; a contact's list only.
    pub contact_channel_id: Option<u64>,
    /// When the last message went either way, in milliseconds since 1970.
    pub last_message_ms: Option<i64>,
    /// When the contact last wrote, in milliseconds since 1970.
    pub last_incoming_ms: Option<i64>,
    /// When it was connected, in milliseconds since 1970.
    pub created_at_ms: Option<i64>,
}

impl ChannelSource {
    /// Whether it is a TikTok account: "tiktok" somewhere in the name, whatever the case.
    ///
    /// ```
    /// use respondio::model::ChannelSource;
    /// assert!(ChannelSource::new("TikTok_Business").is_tiktok());
    /// assert!(!ChannelSource::new("line").is_tiktok());
    /// ```
    pub fn is_tiktok(&self) -> bool {
        self.as_str().to_ascii_lowercase().contains("tiktok")
    }
}

impl Channel {
    pub(crate) fn read(value: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(value, "channel")?;
        Ok(Self {
            id: fields.need_id("id")?,
            name: fields.filled("name"),
            source: fields.filled("source"),
            meta: fields.value("meta").cloned(),
            contact_channel_id: fields.id("contactChannelId"),
            last_message_ms: fields.millis("lastMessageTime"),
            last_incoming_ms: fields.millis("lastIncomingMessageTime"),
            created_at_ms: fields.millis("created_at"),
        })
    }
}
