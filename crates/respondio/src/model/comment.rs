//! An internal comment on a contact; the contact does not see it.

use serde_json::Value;

use super::{ContactId, UserId};
use crate::wire::{FieldError, Fields};

/// A comment that was added.
///
/// Source: the vendor's TypeScript SDK, read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comment {
    /// The contact it is on.
    pub contact_id: Option<ContactId>,
    /// Its words.
    pub text: Option<String>,
    /// When it was added, in milliseconds since 1970.
    pub created_at_ms: Option<i64>,
}

/// The words that mention a user in a comment.
///
/// ```
/// assert_eq!(respondio::model::mention(700101.into()), "{{@user.700101}}");
/// ```
pub fn mention(user: UserId) -> String {
    format!("{{{{@user.{user}}}}}")
}

impl Comment {
    #[expect(clippy::unnecessary_wraps, reason = "one signature for all readers")]
    pub(crate) fn read(value: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(value, "answer").ok();
        Ok(Self {
            contact_id: fields.and_then(|fields| fields.id("contactId")),
            text: fields.and_then(|fields| fields.text("text")),
            created_at_ms: fields.and_then(|fields| fields.millis("created_at")),
        })
    }
}
