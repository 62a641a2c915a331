//! A finished request as plain data, and the future that sends it.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use serde::Serialize;

use crate::{error::Error, login, secret::AccessToken};

/// What an endpoint would send.
pub trait TryIntoRequest {
    /// Builds the request without sending it.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`](crate::ErrorKind::Validation) if the input breaks a published
    /// limit.
    fn try_into_request(self) -> Result<Request, Error>;
}

/// HTTP method; the API knows two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Everything else.
    Post,
}

/// One request to the API, apart from its base address.
#[derive(Clone)]
pub struct Request {
    method: Method,
    path: &'static str,
    query: Vec<(&'static str, String)>,
    body: Body,
    credential: Credential,
}

/// Who the request speaks for; one kind of token per platform.
#[derive(Clone)]
pub(crate) enum Credential {
    None,
    /// API for Business: the bare token in `Access-Token`.
    AccessToken(AccessToken),
    /// Login Kit: `Authorization: Bearer`.
    Bearer(login::AccessToken),
}

/// The body of a request.
#[derive(Clone)]
#[non_exhaustive]
pub enum Body {
    /// None.
    Empty,
    /// `application/json`.
    Json(Bytes),
    /// `application/x-www-form-urlencoded`: the fields, not encoded, in order.
    Form(Vec<(&'static str, String)>),
    /// `multipart/form-data`.
    Multipart(Multipart),
}

/// A form with one file.
#[derive(Clone)]
#[non_exhaustive]
pub struct Multipart {
    /// The text fields, in order.
    pub fields: Vec<(&'static str, String)>,
    /// Name of the file's field. Example `file`.
    pub file_field: &'static str,
    /// Name of the file. Example `menu.png`.
    pub file_name: String,
    /// Content type of the file. Example `image/png`.
    pub content_type: &'static str,
    /// The file.
    pub bytes: Bytes,
}

impl Request {
    pub(crate) fn get(path: &'static str) -> Self {
        Self { method: Method::Get, path, query: Vec::new(), body: Body::Empty, credential: Credential::None }
    }

    pub(crate) fn post(path: &'static str, body: &impl Serialize) -> Self {
        let json = serde_json::to_vec(body).expect("invariant: request bodies have string keys");
        Self { method: Method::Post, body: Body::Json(json.into()), ..Self::get(path) }
    }

    pub(crate) fn form(path: &'static str, fields: Vec<(&'static str, String)>) -> Self {
        Self { method: Method::Post, body: Body::Form(fields), ..Self::get(path) }
    }

    pub(crate) fn upload(path: &'static str, form: Multipart) -> Self {
        Self { method: Method::Post, body: Body::Multipart(form), ..Self::get(path) }
    }

    pub(crate) fn query_pair(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub(crate) fn authorized(mut self, token: AccessToken) -> Self {
        self.credential = Credential::AccessToken(token);
        self
    }

    pub(crate) fn bearer(mut self, token: login::AccessToken) -> Self {
        self.credential = Credential::Bearer(token);
        self
    }

    pub(crate) fn credential(&self) -> &Credential {
        &self.credential
    }

    /// The HTTP method.
    pub fn method(&self) -> Method {
        self.method
    }

    /// The path below the base address. Example `/business/message/send/`.
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// The query, not encoded. On the webhook configuration calls it holds the app secret.
    pub fn query(&self) -> &[(&'static str, String)] {
        &self.query
    }

    /// The query as it goes on the wire, `+`, `/` and `=` of ids encoded; empty if there is none.
    pub fn query_string(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.query).finish()
    }

    /// The body.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The token that goes into the header `Access-Token`; `None` on OAuth and webhook
    /// configuration calls, and on every call of Login Kit.
    pub fn access_token(&self) -> Option<&AccessToken> {
        match &self.credential {
            Credential::AccessToken(token) => Some(token),
            _ => None,
        }
    }

    /// The token that goes into the header `Authorization: Bearer`; calls of Login Kit only.
    pub fn bearer_token(&self) -> Option<&login::AccessToken> {
        match &self.credential {
            Credential::Bearer(token) => Some(token),
            _ => None,
        }
    }
}

// Bodies hold message texts and secrets, queries hold secrets: none of it is shown.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, path, .. } = self;
        f.debug_struct("Request")
            .field("method", method)
            .field("path", path)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Json(json) => write!(f, "Json({} bytes)", json.len()),
            Self::Form(fields) => write!(f, "Form({} fields)", fields.len()),
            Self::Multipart(form) => form.fmt(f),
        }
    }
}

impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Multipart({}, {} bytes)", self.content_type, self.bytes.len())
    }
}

/// A value with TikTok's id of the request that brought it, for its support. The id of a failure is
/// [`Error::request_id`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer<T> {
    /// What was asked for.
    pub value: T,
    /// `request_id` of the API for Business or `log_id` of Login Kit; the header `x-tt-logid` where
    /// the body has none. Example `20261120103015A1B2C3`.
    pub request_id: Option<String>,
}

/// The answer on its way. Dropping it abandons the call, which may already have been carried out.
#[must_use = "futures do nothing unless awaited"]
pub struct ResponseFuture<T> {
    inner: Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>,
}

impl<T> ResponseFuture<T> {
    pub(crate) fn new(future: impl Future<Output = Result<T, Error>> + Send + 'static) -> Self {
        Self { inner: Box::pin(future) }
    }
}

impl<T> Future for ResponseFuture<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.inner.as_mut().poll(context)
    }
}

impl<T> fmt::Debug for ResponseFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
