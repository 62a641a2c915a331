//! A refusal in Respond.io's envelope `{code, message}`; the code repeats the HTTP status.

/// One refusal. The real wording is unknown; ours names the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    /// 400.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    /// 404.
    pub(super) fn not_found(what: &str) -> Self {
        Self::new(404, format!("{what} not found"))
    }

    /// The usual words of a status.
    pub(super) fn of(status: u16) -> Self {
        let message = match status {
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not found",
            409 => "Conflict",
            429 => "Too many requests",
            449 => "Request is queued, please retry",
            500.. => "Internal server error",
            _ => "Bad request",
        };
        Self::new(status, message)
    }
}
