//! Why something did not go out, as JSON: cause, who can mend it, and what they do.

use domain::{cause as dc, failure as df};
use serde::Serialize;
use utoipa::ToSchema;

use crate::providers::cause_of_kept;

/// Why a reply did not go out, is unconfirmed or waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// The stable kind.
    #[serde(rename = "type")]
    pub kind: FailureKind,
    /// What exactly, kebab case, such as `not-permitted`; more may come.
    #[schema(value_type = String, example = "not-permitted")]
    pub cause: &'static str,
    /// One plain sentence: the cause.
    #[schema(value_type = String)]
    pub title: &'static str,
    /// The provider's own words, where it gave any.
    pub detail: String,
    /// The provider's code, such as 40064.
    #[schema(required)]
    pub code: Option<i64>,
    /// The provider's request id, for its support.
    #[schema(required)]
    pub request_id: Option<String>,
    /// Who can mend it.
    pub fixed_by: FixedBy,
    /// What they do, as one plain sentence.
    #[schema(value_type = String)]
    pub action: &'static str,
    /// Whether sending it again unchanged, with nothing mended, may work and can do no harm.
    pub retryable: bool,
}

/// Who can mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FixedBy {
    /// The customer, by writing.
    Customer,
    /// Whoever wrote the reply.
    Agent,
    /// Whoever connects accounts.
    Admin,
    /// Whoever owns the app in TikTok's portal, or runs the gateway.
    Developer,
    /// Only TikTok.
    Tiktok,
    /// Nobody has to: it passes.
    Nobody,
}

impl From<dc::FixedBy> for FixedBy {
    fn from(who: dc::FixedBy) -> Self {
        match who {
            dc::FixedBy::Customer => Self::Customer,
            dc::FixedBy::Agent => Self::Agent,
            dc::FixedBy::Admin => Self::Admin,
            dc::FixedBy::Developer => Self::Developer,
            dc::FixedBy::Tiktok => Self::Tiktok,
            dc::FixedBy::Nobody => Self::Nobody,
        }
    }
}

/// The stable kind of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// 48 hours are over.
    WindowClosed,
    /// All messages of the window are used.
    QuotaSpent,
    /// The provider's final no.
    Refused,
    /// Too many messages in a short time.
    TooFast,
    /// The account must be connected.
    AccountDisconnected,
    /// The provider is at fault.
    ProviderError,
    /// Too many calls.
    RateLimited,
    /// The provider's list does not hold it.
    NotDelivered,
    /// The answer was lost.
    Timeout,
    /// Taken back before it left.
    Cancelled,
    /// Waits until the customer writes: the last messages of the window are kept for people.
    Held,
}

impl From<df::FailureKind> for FailureKind {
    fn from(kind: df::FailureKind) -> Self {
        match kind {
            df::FailureKind::WindowClosed => Self::WindowClosed,
            df::FailureKind::QuotaSpent => Self::QuotaSpent,
            df::FailureKind::Refused => Self::Refused,
            df::FailureKind::TooFast => Self::TooFast,
            df::FailureKind::AccountDisconnected => Self::AccountDisconnected,
            df::FailureKind::ProviderError => Self::ProviderError,
            df::FailureKind::RateLimited => Self::RateLimited,
            df::FailureKind::NotDelivered => Self::NotDelivered,
            df::FailureKind::Timeout => Self::Timeout,
            df::FailureKind::Cancelled => Self::Cancelled,
            df::FailureKind::Held => Self::Held,
        }
    }
}

impl From<&df::Failure> for Failure {
    fn from(failure: &df::Failure) -> Self {
        let cause = cause_of_kept(failure);
        Self {
            kind: failure.kind.into(),
            cause: cause.as_str(),
            title: cause.title(),
            detail: failure.detail.clone(),
            code: failure.code,
            request_id: failure.request_id.clone(),
            fixed_by: cause.fixed_by().into(),
            action: cause.action(),
            retryable: cause.is_retryable(),
        }
    }
}
