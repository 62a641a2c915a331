//! The only error response of the gateway: RFC 9457 `application/problem+json` with a closed set of types.
//! Handlers return it, `extract` rejects with it, sockets send it in acknowledgements. Which error becomes which problem: `problem/errors.rs`.

mod errors;

use std::collections::BTreeMap;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::{
    IntoResponses, ToSchema as _,
    openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder, response::Response as Documented},
};

/// Where the types are named; the slug follows.
const BASE: &str = "https://message-gateway.dev/problems/";

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
    fn schema() -> RefOr<utoipa::openapi::Schema> {
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
        let mut response = (self.inner.slug.status(), axum::response::Json(self.body())).into_response();
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

/// What any route may answer instead, in the API document: for the `responses(…)` of handlers.
#[derive(Debug, Clone, Copy)]
pub struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(ProblemBody::name()))).build();
        let response =
            ResponseBuilder::new().description("A problem").content("application/problem+json", content).build();
        BTreeMap::from([("default".to_owned(), RefOr::T(response))])
    }
}
