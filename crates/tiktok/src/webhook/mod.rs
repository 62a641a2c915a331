//! Webhooks: check the signature over the raw bytes, then decode. Both are pure functions.
//!
//! Answer 200 as soon as the raw body is stored: TikTok repeats anything else for 72 hours, and
//! delivers at least once, in no promised order.

mod decode;
mod event;
mod read;
mod verify;

pub use decode::{DecodeError, Envelope, decode};
pub use event::{
    AuthorizationRemoved, AutoMessageAudit, AutoMessageConfig, BrandMention, CommentAction, CommentKind, CommentUpdate,
    DisconnectReason, EuNotice, Event, HighIntentComment, MarkRead, MentionAction, MentionKind, PortabilityReady,
    PostPublish, PublishState, ReferralEntry, VideoShare,
};
pub use verify::{SIGNATURE_HEADER, SignatureError, Verified, Verifier, sign};
