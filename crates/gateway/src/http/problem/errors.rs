//! Which error of a use case becomes which problem.

use domain::{
    Timestamp,
    reply::{Refusal, TEXT_MAX},
    store::StoreError,
};
use tiktok::{ErrorCode, ErrorKind, ValidationError};

use super::{Problem, Slug};
use crate::{
    asking::AskError,
    auth::AuthError,
    posts::PostsError,
    providers::{cause_of, words_of},
    spaces::SpaceError,
};

/// What a caller is told to wait when the database is busy, in seconds.
const BUSY_RETRY_SECS: u64 = 2;

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Missing | AuthError::Invalid => Self::new(Slug::Unauthenticated, error.to_string()),
            AuthError::Forbidden(why) => Self::new(Slug::Forbidden, why),
            AuthError::Store(error) => error.into(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::new(Slug::NotFound, detail),
            Refusal::TextTooLong { length } => {
                Self::new(Slug::TextTooLong, detail).with("limit", TEXT_MAX).with("length", length)
            }
            Refusal::CardTooLong { part, limit, length } => {
                Self::new(Slug::TextTooLong, detail).with("parameter", part).with("limit", limit).with("length", length)
            }
            Refusal::NotQuotable(_) => Self::new(Slug::NotQuotable, detail),
            Refusal::InvalidContent(_) => Self::new(Slug::InvalidContent, detail),
            Refusal::WindowClosed { closed_at } => {
                Self::new(Slug::WindowClosed, detail).with("closedAt", closed_at.as_ref().map(Timestamp::to_string))
            }
            Refusal::QuotaSpent => Self::new(Slug::QuotaSpent, detail),
            Refusal::AccountDisconnected => Self::new(Slug::AccountDisconnected, detail),
            Refusal::AccountPaused => Self::new(Slug::AccountPaused, detail),
            Refusal::IdentityOnly => Self::new(Slug::IdentityOnly, detail),
            Refusal::ProviderCannotSend => Self::new(Slug::ProviderCannotSend, detail),
            Refusal::NotAtSide => Self::new(Slug::NotAtSide, detail),
            Refusal::ImageNotAllowed => Self::new(Slug::ImageNotAllowed, detail),
            Refusal::PictureUnreachable => Self::new(Slug::PictureUnreachable, detail),
            Refusal::IdempotencyConflict => Self::new(Slug::IdempotencyConflict, detail),
            Refusal::CommentNotFound => Self::not_found("comment"),
            Refusal::CommentTooOld { since } => {
                Self::new(Slug::WindowClosed, detail).with("closedAt", since.to_string())
            }
            Refusal::CommentAnswered => Self::new(Slug::CommentAnswered, detail),
            Refusal::NotRetryable(_) => Self::new(Slug::NotRetryable, detail),
        }
    }
}

impl From<AskError> for Problem {
    fn from(error: AskError) -> Self {
        let detail = error.to_string();
        match error {
            AskError::NotFound => Self::not_found("account"),
            AskError::NotAtTiktok => Self::new(Slug::NotAtTiktok, detail),
            AskError::Disconnected => Self::new(Slug::AccountDisconnected, detail),
            AskError::Tiktok(error) => of_tiktok(&error),
            AskError::Token(error) => Self::internal(&error),
            AskError::Store(error) => error.into(),
        }
    }
}

impl From<SpaceError> for Problem {
    fn from(error: SpaceError) -> Self {
        let detail = error.to_string();
        match error {
            SpaceError::NotFound => Self::not_found("Respond.io workspace"),
            SpaceError::NoAccount => Self::not_found("account"),
            SpaceError::NoChannel => Self::not_found("channel in this Respond.io workspace"),
            SpaceError::TokenRefused => Self::new(Slug::TokenRefused, detail),
            SpaceError::NoApi => Self::new(Slug::PlanWithoutApi, detail),
            SpaceError::Unusable(_) => Self::invalid_parameter("token", detail),
            SpaceError::Respondio(error) => {
                tracing::warn!(%error, "Respond.io did not answer as it should");
                let problem = Self::new(Slug::ProviderUnavailable, crate::providers::respondio::words_of(&error))
                    .with("provider", "respondio");
                match error.retry_after() {
                    Some(pause) => problem.retry_after(pause.as_secs().max(1)),
                    None => problem,
                }
            }
            SpaceError::Line(error) => Self::internal(&error),
            SpaceError::Store(error) => error.into(),
        }
    }
}

impl From<PostsError> for Problem {
    fn from(error: PostsError) -> Self {
        let detail = error.to_string();
        match error {
            PostsError::MissingScope { scope, refused } => {
                let (code, request_id) =
                    refused.map_or((None, None), |refused| (Some(refused.code), refused.request_id));
                let problem = Self::new(Slug::MissingScope, detail).with("scope", scope);
                problem.with("code", code).with("requestId", request_id)
            }
            PostsError::Ask(error) => error.into(),
        }
    }
}

/// A call that somebody waited for: a limit broken before the wire, a refusal in TikTok's words, or no clear answer.
fn of_tiktok(error: &tiktok::Error) -> Problem {
    let refused = matches!(error.kind(), ErrorKind::Api(_)) && !error.is_retryable() && !error.outcome_uncertain();
    let problem = match error.kind() {
        ErrorKind::Validation(ValidationError::TooLong { field, limit, length }) => {
            let problem = Problem::new(Slug::TextTooLong, error.to_string());
            return problem.with("parameter", *field).with("limit", *limit).with("length", *length);
        }
        ErrorKind::Validation(_) => return Problem::new(Slug::InvalidContent, error.to_string()),
        _ if error.needs_reauthorization() || error.token_expired() => {
            Problem::new(Slug::AccountDisconnected, words_of(error))
        }
        _ if refused => Problem::new(Slug::ProviderRefused, words_of(error)),
        _ => {
            tracing::warn!(%error, "TikTok did not answer as it should");
            Problem::new(Slug::ProviderUnavailable, words_of(error))
        }
    };
    let problem = match error.retry_after() {
        Some(pause) => problem.retry_after(pause.as_secs().max(1)),
        None => problem,
    };
    let cause = cause_of(error);
    let who = serde_json::to_value(crate::view::FixedBy::from(cause.fixed_by())).unwrap_or_default();
    problem
        .with("code", error.code().map(ErrorCode::number))
        .with("requestId", error.request_id())
        .with("cause", cause.as_str())
        .with("fixedBy", who)
        .with("action", cause.action())
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(refusal) => refusal.into(),
            StoreError::CantMerge(refusal) => Self::new(Slug::CantMerge, refusal.to_string()),
            StoreError::Conflict { what } => {
                Self::new(Slug::Conflict, format!("{what} is taken or has changed in the meantime"))
            }
            StoreError::Unavailable { .. } => {
                tracing::warn!(error = &error as &(dyn std::error::Error + 'static), "store unavailable");
                Self::new(Slug::Unavailable, "the database is busy or unreachable").retry_after(BUSY_RETRY_SECS)
            }
            other => Self::internal(&other),
        }
    }
}
