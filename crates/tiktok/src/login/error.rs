//! Errors of Login Kit: words instead of numbers, sorted into the classes of the whole crate.

use std::time::Duration;

use crate::{error_code::ErrorClass, model::string_enum::string_enum};

string_enum! {
    /// An error of TikTok for Developers: of its OAuth calls (`error`) or of its API (`error.code`).
    ///
    /// Source: `developers.tiktok.com` "Manage user access tokens", "Error handling" and "Content
    /// Posting API", read 2026-11-20.
    ///
    /// ```
    /// use tiktok::{ErrorClass, login::LoginErrorCode};
    ///
    /// assert_eq!(LoginErrorCode::from("invalid_grant").class(), ErrorClass::Reauthorize);
    /// assert_eq!(LoginErrorCode::from("something_new").class(), ErrorClass::Refused);
    /// ```
    LoginErrorCode {
        /// The user said no.
        AccessDenied = "access_denied",
        /// Client key and secret do not match.
        InvalidClient = "invalid_client",
        /// The code or refresh token is wrong, used or expired.
        InvalidGrant = "invalid_grant",
        /// A field of an OAuth call is wrong, such as a PKCE challenge that is not lowercase hex.
        InvalidRequest = "invalid_request",
        /// The app may not ask for the scope.
        InvalidScope = "invalid_scope",
        /// The app may not use this grant.
        UnauthorizedClient = "unauthorized_client",
        /// The grant type is unknown.
        UnsupportedGrantType = "unsupported_grant_type",
        /// The response type is unknown.
        UnsupportedResponseType = "unsupported_response_type",
        /// A failure inside TikTok.
        ServerError = "server_error",
        /// TikTok is overloaded or under maintenance.
        TemporarilyUnavailable = "temporarily_unavailable",
        /// The access token is expired or revoked.
        AccessTokenInvalid = "access_token_invalid",
        /// The user did not grant the scope of this call.
        ScopeNotAuthorized = "scope_not_authorized",
        /// The token lacks the scope of a field that was asked for.
        ScopePermissionMissed = "scope_permission_missed",
        /// A field is wrong.
        InvalidParams = "invalid_params",
        /// The uploaded file is refused.
        InvalidFileUpload = "invalid_file_upload",
        /// More than 600 requests in a minute on one endpoint, or the endpoint's own limit.
        RateLimitExceeded = "rate_limit_exceeded",
        /// A failure inside TikTok.
        InternalError = "internal_error",
        /// Five drafts of the last 24 hours still wait in the user's inbox.
        TooManyPendingShares = "spam_risk_too_many_pending_share",
    }
}

/// An error of TikTok for Developers with its message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error("TikTok refused the request with `{code}` ({meaning}): {message} [request {log_id}]", meaning = code.meaning())]
pub struct LoginError {
    /// The error. Example [`LoginErrorCode::InvalidGrant`].
    pub code: LoginErrorCode,
    /// TikTok's own words.
    pub message: String,
    /// TikTok's id of the request, for its support; may be empty.
    pub log_id: String,
    /// What the error means for the caller.
    pub class: ErrorClass,
    /// The HTTP status of the answer; that of OAuth errors is not documented.
    pub http_status: u16,
    /// How long the answer's `Retry-After` header asks to wait.
    pub retry_after: Option<Duration>,
}

impl LoginErrorCode {
    /// What the error means for the caller.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::AccessDenied | Self::InvalidGrant | Self::ScopeNotAuthorized => ErrorClass::Reauthorize,
            Self::InvalidClient => ErrorClass::Credentials,
            Self::InvalidRequest | Self::InvalidParams => ErrorClass::Parameter,
            // A missing field permission is no reason to disconnect anybody.
            Self::InvalidScope | Self::UnauthorizedClient | Self::ScopePermissionMissed => ErrorClass::Permission,
            Self::UnsupportedGrantType | Self::UnsupportedResponseType => ErrorClass::Bug,
            Self::ServerError | Self::InternalError => ErrorClass::Internal,
            // By RFC 6749 the request was not handled at all.
            Self::TemporarilyUnavailable => ErrorClass::Maintenance,
            Self::AccessTokenInvalid => ErrorClass::TokenExpired,
            Self::InvalidFileUpload => ErrorClass::File,
            Self::RateLimitExceeded => ErrorClass::RateLimited,
            Self::TooManyPendingShares | Self::Other(_) => ErrorClass::Refused,
        }
    }

    /// The meaning in a few words. Example `"the access token is expired or revoked"`.
    pub fn meaning(&self) -> &'static str {
        match self {
            Self::AccessDenied => "the user said no",
            Self::InvalidClient => "client key and secret do not match",
            Self::InvalidGrant => "the code or refresh token is wrong, used or expired",
            Self::InvalidRequest => "a field of the authorization is wrong",
            Self::InvalidScope => "the app may not ask for this permission",
            Self::UnauthorizedClient => "the app may not use this grant",
            Self::UnsupportedGrantType => "unknown grant type",
            Self::UnsupportedResponseType => "unknown response type",
            Self::ServerError | Self::InternalError => "a failure inside TikTok",
            Self::TemporarilyUnavailable => "overload or maintenance",
            Self::AccessTokenInvalid => "the access token is expired or revoked",
            Self::ScopeNotAuthorized => "the user did not grant the permission",
            Self::ScopePermissionMissed => "the permission for a field is missing",
            Self::InvalidParams => "a parameter is wrong; the message names it",
            Self::InvalidFileUpload => "the file is refused",
            Self::RateLimitExceeded => "too many requests",
            Self::TooManyPendingShares => "too many drafts wait in the user's inbox",
            Self::Other(_) => "refused",
        }
    }
}
