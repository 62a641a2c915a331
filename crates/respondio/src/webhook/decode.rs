//! From raw bytes to an [`Envelope`]. Only bytes that are no webhook at all are an error: an unknown
//! event or an unreadable body is a value, so that it can be stored and answered.

use serde_json::Value;

use super::event::Event;
use crate::{
    model::Contact,
    wire::{FieldError, Fields},
};

/// One webhook delivery.
///
/// Source: `respond.io/help` "Webhooks" and a tested webhook library, read 2026-11-20.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Envelope {
    /// Name of the event as sent. Example `message.received`.
    pub event_type: String,
    /// Id of the delivery, a UUID: the key against duplicates.
    pub event_id: Option<String>,
    /// The contact as it is now.
    pub contact: Option<Contact>,
    /// What happened.
    pub event: Event,
}

/// The bytes are not a webhook of Respond.io.
#[derive(Debug, thiserror::Error)]
#[error("not a Respond.io webhook")]
pub struct DecodeError(#[source] Box<dyn std::error::Error + Send + Sync>);

/// Decodes the raw body of a webhook. Verify it first.
///
/// # Errors
/// [`DecodeError`] if the body is not a JSON object with an `event_type`.
///
/// ```
/// use respondio::webhook::{Event, decode};
///
/// let envelope = decode(br#"{"event_type":"call.ended","event_id":"e1"}"#)?;
/// assert!(matches!(envelope.event, Event::Unknown { .. }));
/// # Ok::<(), respondio::webhook::DecodeError>(())
/// ```
pub fn decode(raw: &[u8]) -> Result<Envelope, DecodeError> {
    let value: Value = serde_json::from_slice(raw).map_err(|error| DecodeError(error.into()))?;
    read(&value).map_err(|error| DecodeError(error.into()))
}

fn read(value: &Value) -> Result<Envelope, FieldError> {
    let fields = Fields::of(value, "body")?;
    let event_type: String = fields.need("event_type")?;
    Ok(Envelope {
        event_id: fields.filled("event_id"),
        contact: fields.value("contact").and_then(|contact| Contact::read(contact).ok()),
        event: Event::read(&event_type, fields, value),
        event_type,
    })
}
