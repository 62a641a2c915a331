//! Webhooks: check the signature over the raw bytes, then decode. Both are pure functions.
//!
//! Answer 200 as soon as the raw body is stored. Respond.io documents neither a time-out nor
//! repetition nor order: expect losses, duplicates and any order, drop what has been seen
//! (`event_id`, or contact and message), and read the lists now and then.

mod decode;
mod event;
mod read;
mod verify;

pub use decode::{DecodeError, Envelope, decode};
pub use event::{ConversationReport, Event, LifecycleChange, MessageReport};
pub use verify::{SIGNATURE_HEADER, SignatureError, Verified, Verifier, sign};
