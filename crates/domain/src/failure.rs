//! Why a reply did not go out, in words a person can act on. Kept with the message as JSON.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// The stable kind of a failure; the `type` of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// 48 hours are over.
    WindowClosed,
    /// All messages of the window are used.
    QuotaSpent,
    /// TikTok refused this message or this person (40064 and other final answers).
    Refused,
    /// "You are sending messages too fast."
    TooFast,
    /// The account was disconnected or must be connected again.
    AccountDisconnected,
    /// The provider is at fault; may work later.
    ProviderError,
    /// Too many calls; may work later.
    RateLimited,
    /// TikTok's list does not hold it: it was not sent.
    NotDelivered,
    /// The answer was lost: it may or may not have arrived.
    Timeout,
    /// A person took it back before it left.
    Cancelled,
    /// Not a failure yet: it is automatic and waits, because the last messages of the window are kept for people.
    Held,
}

/// One failure. Example: kind `refused`, code 40064, title "TikTok refused it", detail TikTok's own sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// See [`FailureKind`].
    pub kind: FailureKind,
    /// The provider's own words, where it gave any.
    pub detail: String,
    /// The provider's code.
    pub code: Option<i64>,
    /// The provider's request id, for its support.
    pub request_id: Option<String>,
    /// When it happened.
    pub at: Timestamp,
}

impl FailureKind {
    /// One plain sentence: the cause.
    pub const fn title(self) -> &'static str {
        match self {
            Self::WindowClosed => "The 48-hour window is closed; the customer must write first",
            Self::QuotaSpent => "All messages of this window are used; the customer must write first",
            Self::Refused => "TikTok refused it",
            Self::TooFast => "TikTok says this account sends too fast",
            Self::AccountDisconnected => "The account is not connected",
            Self::ProviderError => "The provider failed",
            Self::RateLimited => "The provider takes no more calls right now",
            Self::NotDelivered => "TikTok does not have it, so it was not sent",
            Self::Timeout => "TikTok's answer was lost, so it may or may not have arrived",
            Self::Cancelled => "Taken back before it was sent",
            Self::Held => "Waits until the customer writes: the last messages of this window are kept for people",
        }
    }
}
