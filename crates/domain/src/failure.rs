//! Why a reply did not go out, in words a person can act on. Kept with the message as JSON.

use serde::{Deserialize, Serialize};

use crate::{cause::Cause, clock::Timestamp};

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
    /// No answer, or one that leaves it open: it may or may not have arrived.
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
    /// What exactly, where the provider told more than the kind says. Ask [`Self::cause`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
}

impl Failure {
    /// What exactly it was: as told, or as much as the kind says.
    pub fn cause(&self) -> Cause {
        self.cause.unwrap_or_else(|| self.kind.into())
    }
}

impl From<FailureKind> for Cause {
    fn from(kind: FailureKind) -> Self {
        match kind {
            FailureKind::WindowClosed => Self::WindowClosed,
            FailureKind::QuotaSpent => Self::QuotaSpent,
            FailureKind::Refused => Self::Refused,
            FailureKind::TooFast => Self::TooFast,
            FailureKind::AccountDisconnected => Self::Disconnected,
            FailureKind::ProviderError => Self::ProviderError,
            FailureKind::RateLimited => Self::RateLimited,
            FailureKind::NotDelivered => Self::NotDelivered,
            FailureKind::Timeout => Self::AnswerLost,
            FailureKind::Cancelled => Self::Cancelled,
            FailureKind::Held => Self::Held,
        }
    }
}

impl FailureKind {
    /// One plain sentence: the cause, as far as the kind tells it.
    pub fn title(self) -> &'static str {
        Cause::from(self).title()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_before_causes_were_is_read() {
        let kept = r#"{"kind":"refused","detail":"no","code":40007,"request_id":null,"at":"2026-09-21T14:23:20.000Z"}"#;
        let failure: Failure = serde_json::from_str(kept).unwrap();
        assert_eq!((failure.cause, failure.cause()), (None, Cause::Refused));
        assert_eq!(serde_json::to_string(&failure).unwrap(), kept);
    }

    #[test]
    fn a_cause_is_kept_with_it() {
        let at = Timestamp::ZERO;
        let kind = FailureKind::Refused;
        let failure =
            Failure { kind, detail: "gone".into(), code: Some(40_007), request_id: None, at, cause: Some(Cause::Gone) };
        let back: Failure = serde_json::from_str(&serde_json::to_string(&failure).unwrap()).unwrap();
        assert_eq!(back.cause(), Cause::Gone);
    }
}
