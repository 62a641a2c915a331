//! The only error response of the gateway: RFC 9457 `application/problem+json` with a closed set of types.
//! Handlers return it, [`super::extract`] rejects with it, sockets send it in acknowledgements.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    Timestamp,
    reply::{Refusal, TEXT_MAX},
    store::StoreError,
};
use serde::Serialize;
use serde_json::{Map, Value};
use tiktok::{ErrorCode, ErrorKind, ValidationError};

use super::extract::Json;
use crate::{
    asking::AskError,
    auth::AuthError,
    posts::PostsError,
    providers::{cause_of, words_of},
    spaces::SpaceError,
};

/// Where the types are named; the slug follows.
const BASE: &str = "https://message-gateway.dev/problems/";
/// What a caller is told to wait when the database is busy, in seconds.
const BUSY_RETRY_SECS: u64 = 2;

macro_rules! slugs {
    ($($name:ident $slug:literal $status:ident $title:literal;)*) => {
        /// What kind of problem it is. Closed: clients may match on all of them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Slug {
            $(#[doc = $title] $name,)*
        }

        impl Slug {
            /// Every slug there is.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The last part of the problem's `type`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// The HTTP status it travels with.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            /// One plain sentence, the same for every problem of the kind.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

slugs! {
    Unauthenticated "unauthenticated" UNAUTHORIZED "You are not signed in";
    Forbidden "forbidden" FORBIDDEN "You may not do this";
    OriginRefused "origin-refused" FORBIDDEN "Requests from this origin are refused";
    HostRefused "host-refused" MISDIRECTED_REQUEST "This host name is not ours";
    NotFound "not-found" NOT_FOUND "There is no such thing";
    MethodNotAllowed "method-not-allowed" METHOD_NOT_ALLOWED "This address takes another method";
    MalformedJson "malformed-json" BAD_REQUEST "The body is not valid JSON";
    InvalidParameter "invalid-parameter" BAD_REQUEST "A parameter is not valid";
    PayloadTooLarge "payload-too-large" PAYLOAD_TOO_LARGE "The body is too large";
    UnsupportedMediaType "unsupported-media-type" UNSUPPORTED_MEDIA_TYPE "This media type is not taken here";
    TextTooLong "text-too-long" UNPROCESSABLE_ENTITY "The text is too long for TikTok";
    InvalidContent "invalid-content" UNPROCESSABLE_ENTITY "This can't be sent";
    NotQuotable "not-quotable" UNPROCESSABLE_ENTITY "This can't be quoted";
    WindowClosed "window-closed" CONFLICT "The 48-hour window is closed";
    QuotaSpent "quota-spent" CONFLICT "All ten messages of this window are used";
    AccountDisconnected "account-disconnected" CONFLICT "The account is not connected";
    AccountPaused "account-paused" CONFLICT "The account is paused";
    IdentityOnly "identity-only" CONFLICT "This account is identity only";
    CantMerge "cant-merge" CONFLICT "These accounts can't become one";
    ProviderCannotSend "provider-cannot-send" CONFLICT "This account only receives";
    NotAtSide "not-at-side" CONFLICT "The side that sends does not know this conversation";
    ImageNotAllowed "image-not-allowed" CONFLICT "TikTok allows no pictures in this conversation";
    PictureUnreachable "picture-unreachable" CONFLICT "Respond.io can't fetch pictures from this gateway";
    IdempotencyConflict "idempotency-conflict" CONFLICT "The idempotency key was used for another message";
    NotRetryable "not-retryable" CONFLICT "The message is in no state for that";
    MissingScope "missing-scope" CONFLICT "The account lacks a permission at TikTok";
    CommentAnswered "comment-answered" CONFLICT "This comment was answered already";
    TokenRefused "token-refused" CONFLICT "Respond.io refuses this access token";
    PlanWithoutApi "plan-without-api" CONFLICT "The plan at Respond.io has no API";
    NotAtTiktok "not-at-tiktok" CONFLICT "Only accounts connected to TikTok have this";
    ProviderRefused "provider-refused" CONFLICT "TikTok refused this";
    ProviderUnavailable "provider-unavailable" BAD_GATEWAY "TikTok did not answer as it should";
    SetupRequired "setup-required" CONFLICT "The owner must be set up first";
    Conflict "conflict" CONFLICT "Something else has it already";
    LinkInvalid "link-invalid" GONE "This link is used up or too old";
    CursorTooOld "cursor-too-old" GONE "The cursor is older than what is kept";
    TooManyRequests "too-many-requests" TOO_MANY_REQUESTS "Too many requests";
    Unavailable "unavailable" SERVICE_UNAVAILABLE "The gateway can't do this right now";
    Timeout "timeout" GATEWAY_TIMEOUT "This took too long";
    Internal "internal" INTERNAL_SERVER_ERROR "Something went wrong in the gateway";
    SignatureMissing "signature-missing" UNAUTHORIZED "The webhook is not signed";
    SignatureInvalid "signature-invalid" UNAUTHORIZED "The webhook's signature is wrong";
}

/// A problem on its way out.
#[derive(Debug, Clone)]
pub struct Problem {
    inner: Box<Inner>,
}

#[derive(Debug, Clone)]
struct Inner {
    slug: Slug,
    detail: String,
    extras: Map<String, Value>,
    retry_after_secs: Option<u64>,
}

/// What a problem looks like on the wire (RFC 9457). Some kinds carry more fields, such as `closedAt`. Its schema in the API document is
/// `view::Problem`.
#[derive(Debug, Serialize)]
pub struct ProblemBody {
    /// An address that names the kind. Example: `https://message-gateway.dev/problems/window-closed`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
    /// What was wrong this time.
    pub detail: String,
    /// Fields of this kind, such as `closedAt`, `limit`, `length`, `parameter`.
    #[serde(flatten)]
    pub extras: Map<String, Value>,
}

impl utoipa::PartialSchema for ProblemBody {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        <crate::view::Problem as utoipa::PartialSchema>::schema()
    }
}

impl utoipa::ToSchema for ProblemBody {
    fn name() -> std::borrow::Cow<'static, str> {
        <crate::view::Problem as utoipa::ToSchema>::name()
    }
}

impl Problem {
    /// A problem of a kind, with what was wrong this time. `detail` must hold no message text and no secret.
    pub fn new(slug: Slug, detail: impl Into<String>) -> Self {
        Self { inner: Box::new(Inner { slug, detail: detail.into(), extras: Map::new(), retry_after_secs: None }) }
    }

    /// Adds a field, such as `closedAt`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.inner.extras.insert(name.to_owned(), value.into());
        self
    }

    /// Adds `Retry-After`.
    #[must_use]
    pub fn retry_after(mut self, secs: u64) -> Self {
        self.inner.retry_after_secs = Some(secs);
        self
    }

    /// 404. Example: `Problem::not_found("conversation")`.
    pub fn not_found(what: &str) -> Self {
        Self::new(Slug::NotFound, format!("there is no such {what}"))
    }

    /// 400 for a parameter of the query, the path, a header or a field of the body.
    pub fn invalid_parameter(parameter: &str, detail: impl Into<String>) -> Self {
        Self::new(Slug::InvalidParameter, detail).with("parameter", parameter)
    }

    /// 500: the cause goes to the log, not to the caller.
    pub fn internal(cause: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = cause, "internal error");
        Self::new(Slug::Internal, "the cause is in the gateway's log")
    }

    /// What kind it is.
    pub fn slug(&self) -> Slug {
        self.inner.slug
    }

    /// As it is sent.
    pub fn body(&self) -> ProblemBody {
        let slug = self.inner.slug;
        ProblemBody {
            kind: format!("{BASE}{}", slug.as_str()),
            title: slug.title().to_owned(),
            status: slug.status().as_u16(),
            detail: self.inner.detail.clone(),
            extras: self.inner.extras.clone(),
        }
    }

    /// As JSON, for a socket's acknowledgement.
    ///
    /// # Panics
    /// Never: a problem is plain data.
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self.body()).expect("invariant: a problem is plain data")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.inner.slug.status(), Json(self.body())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(secs) = self.inner.retry_after_secs {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(secs));
        }
        if matches!(self.inner.slug, Slug::Unauthenticated) {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

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
