//! From raw bytes to an [`Envelope`]. Only bytes that are no envelope at all are an error:
//! an unknown event or an unreadable content is a value, so that it can be stored and answered.

use serde_json::Value;

use super::event::Event;
use crate::{
    model::{AppId, BusinessId},
    wire::{FieldError, Fields},
};

/// One webhook delivery.
///
/// Source: portal page 1832190670631937, read 2026-11-20.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Envelope {
    /// The app it was sent to. Compare with yours.
    pub client_key: Option<AppId>,
    /// Name of the event as sent. Example `im_receive_msg`.
    pub event: String,
    /// When TikTok made the event, in **seconds** since 1970.
    pub create_time: Option<i64>,
    /// The business account it concerns; it may be one you do not know.
    pub user_openid: Option<BusinessId>,
    /// What happened.
    pub content: Event,
}

/// The bytes are not a webhook of TikTok.
#[derive(Debug, thiserror::Error)]
#[error("not a TikTok webhook")]
pub struct DecodeError(#[source] Box<dyn std::error::Error + Send + Sync>);

/// Decodes the raw body of a webhook. Verify it first.
///
/// # Errors
/// [`DecodeError`] if the body is not a JSON object with an `event`.
///
/// ```
/// use tiktok::webhook::{Event, decode};
///
/// let body = br#"{"event":"im_some_future_event","create_time":1790000500,"content":"{}"}"#;
/// let envelope = decode(body)?;
/// assert!(matches!(envelope.content, Event::Unknown { .. }));
/// # Ok::<(), tiktok::webhook::DecodeError>(())
/// ```
pub fn decode(raw: &[u8]) -> Result<Envelope, DecodeError> {
    let value: Value = serde_json::from_slice(raw).map_err(|error| DecodeError(error.into()))?;
    read(&value).map_err(|error| DecodeError(error.into()))
}

fn read(value: &Value) -> Result<Envelope, FieldError> {
    let fields = Fields::of(value, "body")?;
    let event: String = fields.need("event")?;
    let user_openid = fields.filled("user_openid");
    let content = match fields.value("content") {
        // On the wire it is a string that holds JSON.
        Some(Value::String(raw)) => match serde_json::from_str(raw) {
            Ok(content) => Event::read(&event, &content, raw.clone()),
            Err(error) => Event::not_json(&event, raw.clone(), &error),
        },
        Some(object) => Event::read(&event, object, object.to_string()),
        None => Event::read(&event, &Value::Null, String::new()),
    };
    Ok(Envelope {
        client_key: fields.filled("client_key"),
        // Should TikTok send milliseconds here one day, they are seconds all the same.
        create_time: fields.millis("create_time").map(|millis| millis.div_euclid(1000)),
        user_openid,
        content,
        event,
    })
}
