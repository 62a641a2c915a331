//! The identifiers of Respond.io's API, one type each. All but those of a platform are numbers.

use super::string_enum::{number_id, string_id};
use crate::wire;

number_id! {
    /// A contact. Example `410000101`.
    ContactId
}

number_id! {
    /// A connected channel, for example one TikTok account. Example `54321`.
    ChannelId
}

number_id! {
    /// A user of the workspace (an agent). Example `700101`.
    UserId
}

number_id! {
    /// A team of the workspace.
    TeamId
}

number_id! {
    /// A custom field of the workspace.
    CustomFieldId
}

number_id! {
    /// A message: 16 digits, the time it was made in **microseconds** since 1970, the last digits a
    /// tie-breaker. Unique within a contact only: as a key use workspace, contact and message
    /// together. Messages of a contact are in its order.
    ///
    /// ```
    /// let id: respondio::model::MessageId = "1795170000000001".parse()?;
    /// assert_eq!(id.get(), 1_795_170_000_000_001);
    /// assert_eq!(id.sent_at_ms(), Some(1_795_170_000_000));
    /// # Ok::<(), std::num::ParseIntError>(())
    /// ```
    MessageId
}

string_id! {
    /// The message's id on its platform, for TikTok TikTok's own. It may be sent as a number.
    ChannelMessageId
}

string_id! {
    /// Where a list goes on; opaque. Taken from a page, see [`Page::next_cursor`](super::Page::next_cursor).
    Cursor
}

impl From<u64> for Cursor {
    fn from(cursor: u64) -> Self {
        Self::new(cursor.to_string())
    }
}

impl MessageId {
    /// The time in the id as milliseconds since 1970. Its unit is told by its size, because the
    /// vendor's samples hold ids in seconds too; `None` if it is no time at all.
    pub fn sent_at_ms(self) -> Option<i64> {
        wire::millis(self.get())
    }
}
