//! How far a message got: a history of states, in no promised order.

use serde_json::Value;

use super::string_enum::string_enum;
use crate::wire::Fields;

string_enum! {
    /// One state of a message.
    DeliveryState {
        /// Taken by Respond.io.
        Pending = "pending",
        /// Taken by the platform.
        Sent = "sent",
        /// On the contact's device.
        Delivered = "delivered",
        /// Seen by the contact.
        Read = "read",
        /// Refused by the platform; final.
        Failed = "failed",
    }
}

/// One entry of a message's history.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusEntry {
    /// The state reached.
    pub state: DeliveryState,
    /// When, in milliseconds since 1970.
    pub timestamp_ms: Option<i64>,
    /// Why it failed, in the platform's words. Example `Failed reason`.
    pub message: Option<String>,
}

impl DeliveryState {
    /// How far it is. `Failed` is above all: it is final. A state this version does not know is
    /// below all, so that it hides none.
    fn rank(&self) -> u8 {
        match self {
            Self::Other(_) => 0,
            Self::Pending => 1,
            Self::Sent => 2,
            Self::Delivered => 3,
            Self::Read => 4,
            Self::Failed => 5,
        }
    }
}

impl StatusEntry {
    pub(super) fn read(value: &Value) -> Option<Self> {
        let fields = Fields::of(value, "status").ok()?;
        Some(Self {
            state: fields.filled("value")?,
            timestamp_ms: fields.millis("timestamp"),
            message: fields.filled("message"),
        })
    }

    /// The furthest entry of a history; of equals the last.
    pub(super) fn furthest(history: &[Self]) -> Option<&Self> {
        history.iter().max_by_key(|entry| entry.state.rank())
    }
}
