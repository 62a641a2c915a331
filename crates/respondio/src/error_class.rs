//! What an HTTP status of Respond.io means for the caller. Its error codes repeat the status.
//! Read by `error.rs`, which turns the class into "repeat?", "new token?", "did it go out?".

/// What an error answer means for the caller.
///
/// Source: code table of the vendor's MCP server (400, 401, 404, 409, 429, 449, 500), read
/// 2026-11-20; the others are plain HTTP.
///
/// ```
/// use respondio::ErrorClass;
/// assert_eq!(ErrorClass::of(449), ErrorClass::Pending);
/// assert_eq!(ErrorClass::of(418), ErrorClass::Refused);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// 400, 422: a field is wrong or missing; the message names it. Fix the request.
    Invalid,
    /// 401: the token is wrong or was deleted. Only a new one from the settings helps.
    Unauthorized,
    /// 403: the plan or the token does not allow it.
    Forbidden,
    /// 404: no such contact, message or thing.
    NotFound,
    /// 409: it exists already.
    Conflict,
    /// 429: too many requests. Wait; nothing was done.
    RateLimited,
    /// 449 "Retry With": what it concerns is still being made. Repeat later, with growing pauses.
    Pending,
    /// 408, 425 and 5xx: a failure inside Respond.io or a time-out. Reads may be repeated; a send may have gone out.
    Server,
    /// Any other refusal.
    Refused,
    /// A status that is neither a success nor a refusal.
    Unknown,
}

impl ErrorClass {
    /// The class of an HTTP status, or of an error code, which repeats it.
    pub fn of(status: u16) -> Self {
        match status {
            400 | 422 => Self::Invalid,
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            409 => Self::Conflict,
            429 => Self::RateLimited,
            449 => Self::Pending,
            408 | 425 | 500.. => Self::Server,
            400..=499 => Self::Refused,
            _ => Self::Unknown,
        }
    }

    /// Whether the same request may succeed later without any change.
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::RateLimited | Self::Pending | Self::Server)
    }

    /// Whether the request may have been carried out although it failed.
    pub fn is_uncertain(self) -> bool {
        self == Self::Server
    }
}
