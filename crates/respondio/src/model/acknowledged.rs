//! The answer of a small write, in either of its two shapes.

use serde_json::Value;

use super::ContactId;
use crate::wire::{FieldError, Fields, text};

/// A write was carried out. Most calls answer `{contactId}`, some `{code, message}`; an answer
/// without either is taken as well, because the status already said it.
///
/// Source: the vendor's TypeScript SDK and n8n nodes, which disagree in parts, read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Acknowledged {
    /// The contact it concerns.
    pub contact_id: Option<ContactId>,
    /// The code, if there was one. Example `200`.
    pub code: Option<String>,
    /// Respond.io's words, or whatever JSON stands in their place.
    pub message: Option<Value>,
}

impl Acknowledged {
    #[expect(clippy::unnecessary_wraps, reason = "one signature for all readers")]
    pub(crate) fn read(value: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(value, "answer").ok();
        Ok(Self {
            contact_id: fields.and_then(|fields| fields.id("contactId")),
            code: fields.and_then(|fields| fields.value("code")).and_then(text),
            message: fields.and_then(|fields| fields.value("message")).cloned(),
        })
    }
}
