//! The one error type of the client: what went wrong (`kind`) and why (`source`).
//! Callers ask its methods ("repeat?", "did it go out?") rather than compare codes.

use std::time::Duration;

use crate::{
    advice::Advice,
    error_code::{ErrorClass, ErrorCode},
    login::{LoginError, LoginErrorCode},
};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why a call failed.
///
/// The text of the error and of its sources never holds a token, a secret or a message text.
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
    /// TikTok's API for Business answered with an error code.
    #[error(transparent)]
    Api(ApiError),
    /// TikTok for Developers (Login Kit) answered with an error.
    #[error(transparent)]
    Login(LoginError),
    /// The HTTP status was not 200 and the body carried no error code.
    #[error("TikTok answered with HTTP status {status}")]
    Http {
        /// The status. Example `502`.
        status: u16,
        /// TikTok's id of the request for its support, if the answer had one.
        request_id: Option<String>,
        /// How long the answer's `Retry-After` header asks to wait.
        retry_after: Option<Duration>,
    },
    /// The connection failed.
    #[error("{0}")]
    Transport(TransportKind),
    /// The answer is not what the API documents.
    #[error("TikTok's answer cannot be read")]
    Decode {
        /// TikTok's id of the request for its support, if it could be read.
        request_id: Option<String>,
    },
    /// A picture or video could not be fetched from its download address.
    #[error(transparent)]
    Media(#[from] MediaError),
}

/// An error code of TikTok with its message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error("TikTok refused the request with code {code} ({meaning}): {message} [request {request_id}]", meaning = code.meaning())]
pub struct ApiError {
    /// The code. Example [`ErrorCode::DmRule`].
    pub code: ErrorCode,
    /// TikTok's own words. Example `Param conversation_id is invalid.`
    pub message: String,
    /// TikTok's id of the request, for its support; may be empty.
    pub request_id: String,
    /// What the code means for the caller.
    pub class: ErrorClass,
    /// The HTTP status of the answer, normally 200 even for errors.
    pub http_status: u16,
    /// How long the answer's `Retry-After` header asks to wait.
    pub retry_after: Option<Duration>,
}

/// How a connection failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum TransportKind {
    /// No connection was made (name, TCP or TLS): the request certainly never left.
    #[error("no connection to TikTok")]
    Connect,
    /// The time was up after the request may have left.
    #[error("TikTok did not answer in time")]
    Timeout,
    /// The connection broke after the request may have left.
    #[error("the connection to TikTok broke")]
    Interrupted,
    /// The answer began but could not be read to its end.
    #[error("TikTok's answer broke off")]
    Body,
}

/// A published limit that the input breaks. Lengths are UTF-16 units, see [`crate::limits`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValidationError {
    /// The field must not be empty.
    #[error("{field} must not be empty")]
    Empty {
        /// Name on the wire. Example `text.body`.
        field: &'static str,
    },
    /// The field is too long.
    #[error("{field} is {length} long, {limit} is the most")]
    TooLong {
        /// Name on the wire. Example `text.body`.
        field: &'static str,
        /// The most allowed. Example `6000`.
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
    /// The value is not one of those this call takes.
    #[error("{field} must be {allowed}")]
    NotAllowed {
        /// Name on the wire. Example `auto_message_type`.
        field: &'static str,
        /// What is allowed, in words. Example `SUGGESTED_QUESTION or CHAT_PROMPT`.
        allowed: &'static str,
    },
    /// The image is larger than [`crate::limits::IMAGE_MAX_BYTES`].
    #[error("the image has {size} bytes, {limit} is the most")]
    ImageTooLarge {
        /// The most allowed, in bytes.
        limit: usize,
        /// What was given, in bytes.
        size: usize,
    },
    /// The bytes are neither a JPG nor a PNG.
    #[error("the image is neither a JPG nor a PNG")]
    ImageFormat,
}

/// Why a download address did not yield a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MediaError {
    /// The file is larger than the caller allowed.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// The most allowed, in bytes.
        limit: usize,
    },
    /// The address or a redirect would leave https, or is not an address.
    #[error("the download address is not safe to open")]
    UnsafeAddress,
    /// More than [`crate::limits::FETCH_REDIRECTS_MAX`] redirects.
    #[error("the download address redirects too often")]
    TooManyRedirects,
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

    /// The error code of the API for Business, when it gave one.
    pub fn code(&self) -> Option<ErrorCode> {
        match self.kind() {
            ErrorKind::Api(api) => Some(api.code),
            _ => None,
        }
    }

    /// The error of Login Kit, when it gave one.
    pub fn login_code(&self) -> Option<&LoginErrorCode> {
        match self.kind() {
            ErrorKind::Login(login) => Some(&login.code),
            _ => None,
        }
    }

    /// What TikTok's code means for the caller, when it gave one.
    pub fn class(&self) -> Option<ErrorClass> {
        match self.kind() {
            ErrorKind::Api(api) => Some(api.class),
            ErrorKind::Login(login) => Some(login.class),
            _ => None,
        }
    }

    /// Cause, who can fix it and how, in plain words, when TikTok gave a code.
    pub fn advice(&self) -> Option<Advice> {
        match self.kind() {
            ErrorKind::Api(api) => Some(api.code.advice()),
            ErrorKind::Login(login) => Some(login.code.advice_as(login.class)),
            _ => None,
        }
    }

    /// TikTok's id of the request (`request_id`, `log_id`), for its support. Every answer of TikTok
    /// has one; a request that got none, or never left, has none either.
    pub fn request_id(&self) -> Option<&str> {
        match self.kind() {
            ErrorKind::Api(api) => Some(api.request_id.as_str()),
            ErrorKind::Login(login) => Some(login.log_id.as_str()),
            ErrorKind::Http { request_id, .. } | ErrorKind::Decode { request_id } => request_id.as_deref(),
            _ => None,
        }
        .filter(|id| !id.is_empty())
    }

    /// Whether the same request may succeed later without any change. For a *send* ask
    /// [`Self::outcome_uncertain`] first: repeating an uncertain send may send twice.
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::Api(_) | ErrorKind::Login(_) => self.class().is_some_and(ErrorClass::is_retryable),
            ErrorKind::Http { status, .. } => matches!(status, 408 | 425 | 429 | 500..),
            ErrorKind::Transport(_) => true,
            _ => false,
        }
    }

    /// Whether the access token has expired or was revoked (40102, 40105, `access_token_invalid`):
    /// refresh once and repeat once, which is safe because nothing was done. If it happens again, re-authorize.
    pub fn token_expired(&self) -> bool {
        self.class() == Some(ErrorClass::TokenExpired)
    }

    /// Whether only a new authorization by the account holder helps (refresh token or code dead,
    /// scope not granted).
    pub fn needs_reauthorization(&self) -> bool {
        self.class() == Some(ErrorClass::Reauthorize)
    }

    /// Whether TikTok asks to slow down (40100 and its relatives, HTTP 429). Nothing was done.
    pub fn is_rate_limited(&self) -> bool {
        match self.kind() {
            ErrorKind::Api(ApiError { class, http_status, .. })
            | ErrorKind::Login(LoginError { class, http_status, .. }) => {
                *class == ErrorClass::RateLimited || *http_status == 429
            }
            ErrorKind::Http { status, .. } => *status == 429,
            _ => false,
        }
    }

    /// Whether the rules for direct messages block the message (40064): window closed, quota
    /// spent, recipient, or "too fast". TikTok has one code for all; only its text differs.
    pub fn is_dm_rule(&self) -> bool {
        self.class() == Some(ErrorClass::DmRule)
    }

    /// Whether a 40064 speaks of speed ("You are sending messages too fast. Take a rest."), the one
    /// text known: later is enough then, the window may still be open. A hint, not a promise.
    pub fn is_too_fast(&self) -> bool {
        let too_fast = |api: &ApiError| api.message.to_ascii_lowercase().contains("too fast");
        matches!(self.kind(), ErrorKind::Api(api) if api.class == ErrorClass::DmRule && too_fast(api))
    }

    /// Whether the app's calls of the day are used up (40100 that names `QPD`): TikTok counts anew at 00:00 UTC.
    pub fn is_daily_limit(&self) -> bool {
        matches!(self.kind(), ErrorKind::Api(api) if api.class == ErrorClass::RateLimited && api.message.contains("QPD"))
    }

    /// How long to wait before the next try, if known: the `Retry-After` header, else what is
    /// reported for the limit named in the text (per second: 1 s, per minute: 5 min). The limit per
    /// day ends at 00:00 UTC, which a duration cannot say without a clock: `None`, see [`Self::is_daily_limit`].
    pub fn retry_after(&self) -> Option<Duration> {
        match self.kind() {
            ErrorKind::Http { retry_after, .. } | ErrorKind::Login(LoginError { retry_after, .. }) => *retry_after,
            ErrorKind::Api(api) => api.retry_after.or_else(|| {
                let of_limit = |name| self.is_rate_limited() && api.message.contains(name);
                if of_limit("QPS") {
                    Some(Duration::from_secs(1))
                } else if of_limit("QPM") {
                    Some(Duration::from_mins(5))
                } else {
                    None
                }
            }),
            _ => None,
        }
    }

    /// For a call that changes something, above all a send: whether it may have been carried out
    /// although it failed. True for everything after the request may have left: time-out, broken
    /// connection, 5xx, codes 50000–53999, an unreadable success. False for a failed connect,
    /// for validation, and for a clear refusal.
    pub fn outcome_uncertain(&self) -> bool {
        match self.kind() {
            ErrorKind::Api(ApiError { class, http_status, .. })
            | ErrorKind::Login(LoginError { class, http_status, .. }) => class.is_uncertain() || *http_status >= 500,
            // A success status that is not 200 may be a success; 408 can come from a proxy.
            ErrorKind::Http { status, .. } => matches!(status, 200..=299 | 408 | 500..),
            ErrorKind::Transport(kind) => *kind != TransportKind::Connect,
            ErrorKind::Decode { .. } => true,
            ErrorKind::Configuration(_) | ErrorKind::Validation(_) | ErrorKind::Media(_) => false,
        }
    }
}

impl ApiError {
    /// What TikTok would answer with this code, with status 200: for tests of what a program makes of it.
    ///
    /// ```
    /// let error = tiktok::Error::from(tiktok::ApiError::new(40064, "You are sending messages too fast. Take a rest.", "r-1"));
    /// assert!(error.is_too_fast() && error.request_id() == Some("r-1"));
    /// ```
    pub fn new(code: impl Into<ErrorCode>, message: impl Into<String>, request_id: impl Into<String>) -> Self {
        let code = code.into();
        Self {
            code,
            message: message.into(),
            request_id: request_id.into(),
            class: code.class(),
            http_status: 200,
            retry_after: None,
        }
    }
}

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        Self::new(ErrorKind::Api(error))
    }
}

impl From<ValidationError> for Error {
    fn from(error: ValidationError) -> Self {
        Self::new(ErrorKind::Validation(error))
    }
}

impl From<MediaError> for Error {
    fn from(error: MediaError) -> Self {
        Self::new(ErrorKind::Media(error))
    }
}

impl ValidationError {
    /// Neither empty nor longer than `limit` UTF-16 units.
    pub(crate) fn check_text(field: &'static str, text: &str, limit: usize) -> Result<(), Self> {
        let length = crate::limits::length(text);
        match length {
            0 => Err(Self::Empty { field }),
            _ if length > limit => Err(Self::TooLong { field, limit, length }),
            _ => Ok(()),
        }
    }

    /// A count from `min` to `max`.
    pub(crate) fn check_count(field: &'static str, actual: usize, min: usize, max: usize) -> Result<(), Self> {
        if (min..=max).contains(&actual) { Ok(()) } else { Err(Self::OutOfRange { field, min, max, actual }) }
    }
}
