//! Errors: [`ControlError`] for those who drive the simulator, `ApiError` for clients of the platform side.

/// A control call that could not be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// No business, customer, message, webhook or fault of that name.
    #[error("no {kind} \"{name}\"")]
    NotFound {
        /// What was looked for, e.g. `customer`.
        kind: &'static str,
        /// The name or id asked for.
        name: String,
    },
    /// The name is taken.
    #[error("{kind} \"{name}\" exists already")]
    Exists {
        /// What exists, e.g. `business`.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// A field is missing or makes no sense; the text names it.
    #[error("{0}")]
    Invalid(String),
}

impl ControlError {
    pub(crate) fn not_found(kind: &'static str, name: impl Into<String>) -> Self {
        Self::NotFound { kind, name: name.into() }
    }

    pub(crate) fn invalid(text: impl Into<String>) -> Self {
        Self::Invalid(text.into())
    }
}

/// A refusal in TikTok's envelope. Codes: TikTok API for Business portal, read 2026-11.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) code: i64,
    pub(crate) message: String,
}

impl ApiError {
    pub(crate) fn new(code: i64, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The error TikTok answers for a code, with the text known (or invented where TikTok's is not).
    pub(crate) fn of(code: i64) -> Self {
        Self::new(code, text_of(code))
    }

    /// 40002 naming the field.
    pub(crate) fn param(name: &str) -> Self {
        Self::new(40002, format!("Param {name} is invalid."))
    }
}

fn text_of(code: i64) -> &'static str {
    match code {
        40001 => "No permission to perform this operation.",
        40006 => "no schema found",
        40007 => "The object does not exist.",
        40064 => "The message is blocked due to direct message rules.",
        40016 | 40100 => "App reaches the QPS limit.",
        40101 => "App id or secret is incorrect.",
        40102 => "Access token is expired.",
        40103 => "Refresh token is expired.",
        40104 => "The access_token is empty.",
        40105 => "Access token is incorrect or has been revoked.",
        40107 => "Refresh token is invalid.",
        40108 => "Grant type is invalid.",
        40110 => "Auth code is invalid or expired.",
        40907 => "File size exceeds the limit.",
        40908 => "Unsupported file type.",
        50000 => "System error.",
        51065 => "Internal service error.",
        _ => "Request failed.",
    }
}
