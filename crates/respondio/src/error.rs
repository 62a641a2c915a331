//! The one error type of the client: what went wrong (`kind`) and why (`source`).
//! Callers ask its methods ("repeat?", "did it go out?") rather than compare statuses.

use std::time::Duration;

use crate::{answer::RateLimit, error_class::ErrorClass, limits};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why a call failed.
///
/// The text of the error and of its sources never holds a token, a key or a message text.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct Error {
    kind: Box<ErrorKind>,
    source: Option<Source>,
}

/// The kinds of failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client, a token or an address cannot be used at all; nothing was sent.
    #[error("cannot build the request: {0}")]
    Configuration(String),
    /// The input breaks a published limit; nothing was sent.
    #[error(transparent)]
    Validation(#[from] ValidationError),
    /// Respond.io answered with an error.
    #[error(transparent)]
    Api(ApiError),
    /// A web page instead of JSON, as the content delivery network in front of the API (Amazon's)
    /// sends it: with 403 when it blocks the caller, with 5xx when the API is down.
    #[error("a web page answered in place of Respond.io, with HTTP status {status}")]
    WebPage {
        /// The status. Example `403`.
        status: u16,
        /// The rate-limit headers, normally none.
        rate_limit: RateLimit,
    },
    /// The HTTP status was not a success and the body was neither JSON nor a web page.
    #[error("Respond.io answered with HTTP status {status}")]
    Http {
        /// The status. Example `502`.
        status: u16,
        /// The rate-limit headers.
        rate_limit: RateLimit,
    },
    /// The connection failed.
    #[error("{0}")]
    Transport(TransportKind),
    /// The answer is not what the API documents.
    #[error("Respond.io's answer cannot be read")]
    Decode {
        /// The rate-limit headers.
        rate_limit: RateLimit,
    },
}

/// An error of Respond.io with its message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error("Respond.io refused the request with HTTP status {status}: {message}")]
pub struct ApiError {
    /// The HTTP status. Example `404`.
    pub status: u16,
    /// The code of the body; normally repeats the status.
    pub code: Option<i64>,
    /// Respond.io's own words. Example `Contact not found`; empty if there were none.
    pub message: String,
    /// What it means for the caller.
    pub class: ErrorClass,
    /// The rate-limit headers.
    pub rate_limit: RateLimit,
}

/// How a connection failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum TransportKind {
    /// No connection was made (name, TCP or TLS): the request certainly never left.
    #[error("no connection to Respond.io")]
    Connect,
    /// The time was up after the request may have left.
    #[error("Respond.io did not answer in time")]
    Timeout,
    /// The connection broke after the request may have left.
    #[error("the connection to Respond.io broke")]
    Interrupted,
    /// The answer began but could not be read to its end.
    #[error("Respond.io's answer broke off")]
    Body,
}

/// A published limit that the input breaks. Lengths are UTF-16 units, see [`crate::limits`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValidationError {
    /// The field must not be empty.
    #[error("{field} must not be empty")]
    Empty {
        /// Name on the wire. Example `message.text`.
        field: &'static str,
    },
    /// The field is too long.
    #[error("{field} is {length} long, {limit} is the most")]
    TooLong {
        /// Name on the wire. Example `text`.
        field: &'static str,
        /// The most allowed. Example `1000`.
        limit: usize,
        /// What was given.
        length: usize,
    },
    /// A number or a count is out of range.
    #[error("{field} is {actual}, allowed is {min} to {max}")]
    OutOfRange {
        /// Name on the wire. Example `limit`.
        field: &'static str,
        /// The least allowed.
        min: usize,
        /// The most allowed.
        max: usize,
        /// What was given.
        actual: usize,
    },
    /// The text holds `{{$`, which the server would replace by a variable's value.
    #[error("{field} holds {{{{$, which Respond.io replaces by the value of a variable")]
    Variable {
        /// Name on the wire. Example `message.text`.
        field: &'static str,
    },
    /// The address is not an http(s) address that Respond.io could fetch.
    #[error("{field} is not an http or https address")]
    Address {
        /// Name on the wire. Example `message.attachment.url`.
        field: &'static str,
    },
    /// The call takes a contact by email or phone only.
    #[error("a contact is created by email or phone, not by id")]
    ContactById,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self { kind: Box::new(kind), source: None }
    }

    pub(crate) fn with(kind: ErrorKind, source: impl Into<Source>) -> Self {
        Self { kind: Box::new(kind), source: Some(source.into()) }
    }

    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The HTTP status, when there was an answer with one that explains the failure.
    pub fn status(&self) -> Option<u16> {
        match self.kind() {
            ErrorKind::Api(ApiError { status, .. })
            | ErrorKind::WebPage { status, .. }
            | ErrorKind::Http { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// The rate-limit headers of the answer; `None` if there was no answer.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        match self.kind() {
            ErrorKind::Api(ApiError { rate_limit, .. })
            | ErrorKind::WebPage { rate_limit, .. }
            | ErrorKind::Http { rate_limit, .. }
            | ErrorKind::Decode { rate_limit } => Some(*rate_limit),
            _ => None,
        }
    }

    /// Whether the same request may succeed later without any change. For a *send* ask
    /// [`Self::outcome_uncertain`] first: repeating an uncertain send may send twice.
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::Api(api) => api.class.is_retryable(),
            ErrorKind::WebPage { status, .. } => !matches!(status, 300..=399),
            ErrorKind::Http { status, .. } => ErrorClass::of(*status).is_retryable(),
            ErrorKind::Transport(_) => true,
            _ => false,
        }
    }

    /// Whether the token is wrong or was deleted (401): only a new one helps. Stop calling.
    pub fn needs_reauthorization(&self) -> bool {
        self.class() == Some(ErrorClass::Unauthorized)
    }

    /// Whether the plan or the token forbids it (403 in JSON); see [`Self::is_blocked`] for the
    /// other 403.
    pub fn is_forbidden(&self) -> bool {
        self.class() == Some(ErrorClass::Forbidden)
    }

    /// Whether Respond.io asks to slow down (429). Nothing was done.
    pub fn is_rate_limited(&self) -> bool {
        self.class() == Some(ErrorClass::RateLimited)
    }

    /// Whether what the call concerns is still being made (449). Repeat later, with growing pauses.
    pub fn is_pending(&self) -> bool {
        self.class() == Some(ErrorClass::Pending)
    }

    /// Whether the content delivery network keeps the caller out with a web page (4xx). Nothing was
    /// done; leave the API alone for [`limits::BLOCKED_COOL_DOWN`], then go on slowly.
    pub fn is_blocked(&self) -> bool {
        matches!(self.kind(), ErrorKind::WebPage { status: 400..=499, .. }) && !self.is_rate_limited()
    }

    /// Whether there is no such contact, message or thing (404).
    pub fn is_not_found(&self) -> bool {
        self.class() == Some(ErrorClass::NotFound)
    }

    /// Whether it exists already (409).
    pub fn is_conflict(&self) -> bool {
        self.class() == Some(ErrorClass::Conflict)
    }

    /// How long to wait before the next try, if known: the `Retry-After` header, else
    /// [`limits::BLOCKED_COOL_DOWN`] when [`Self::is_blocked`].
    pub fn retry_after(&self) -> Option<Duration> {
        let header = self.rate_limit().and_then(|rate_limit| rate_limit.retry_after);
        header.or_else(|| self.is_blocked().then_some(limits::BLOCKED_COOL_DOWN))
    }

    /// For a call that changes something, above all a send: whether it may have been carried out
    /// although it failed. True for everything after the request may have left: time-out, broken
    /// connection, 5xx, an unreadable success. False for a failed connect, for validation, and for a
    /// clear refusal, 429 and 449 among them.
    ///
    /// Respond.io has no idempotency key, and its own SDK repeats such sends: it can send twice.
    pub fn outcome_uncertain(&self) -> bool {
        match self.kind() {
            ErrorKind::Api(api) => api.class.is_uncertain(),
            ErrorKind::WebPage { status, .. } | ErrorKind::Http { status, .. } => {
                matches!(status, 200..=299) || matches!(ErrorClass::of(*status), ErrorClass::Server)
            }
            ErrorKind::Transport(kind) => *kind != TransportKind::Connect,
            ErrorKind::Decode { .. } => true,
            ErrorKind::Configuration(_) | ErrorKind::Validation(_) => false,
        }
    }

    fn class(&self) -> Option<ErrorClass> {
        match self.kind() {
            ErrorKind::Api(api) => Some(api.class),
            ErrorKind::Http { status, .. } => Some(ErrorClass::of(*status)),
            // A page is the network's word, not the API's; but slower is slower.
            ErrorKind::WebPage { status: 429, .. } => Some(ErrorClass::RateLimited),
            _ => None,
        }
    }
}

impl From<ValidationError> for Error {
    fn from(error: ValidationError) -> Self {
        Self::new(ErrorKind::Validation(error))
    }
}

impl ValidationError {
    /// Neither empty nor longer than `limit` UTF-16 units.
    pub(crate) fn check_text(field: &'static str, text: &str, limit: usize) -> Result<(), Self> {
        match limits::length(text) {
            0 => Err(Self::Empty { field }),
            _ => Self::check_length(field, text, limit),
        }
    }

    /// Not longer than `limit` UTF-16 units.
    pub(crate) fn check_length(field: &'static str, text: &str, limit: usize) -> Result<(), Self> {
        let length = limits::length(text);
        if length > limit { Err(Self::TooLong { field, limit, length }) } else { Ok(()) }
    }

    /// One to `max`.
    pub(crate) fn check_count(field: &'static str, actual: usize, max: usize) -> Result<(), Self> {
        if (1..=max).contains(&actual) { Ok(()) } else { Err(Self::OutOfRange { field, min: 1, max, actual }) }
    }

    /// An absolute http(s) address.
    pub(crate) fn check_address(field: &'static str, address: &str) -> Result<(), Self> {
        let scheme = url::Url::parse(address).map(|url| matches!(url.scheme(), "http" | "https"));
        if scheme == Ok(true) { Ok(()) } else { Err(Self::Address { field }) }
    }
}
