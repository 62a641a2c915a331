//! A finished request as plain data, and the future that sends it.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use serde::Serialize;

use crate::{answer::Answer, error::Error, secret::AccessToken};

/// What an endpoint would send.
pub trait TryIntoRequest {
    /// Builds the request without sending it.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`](crate::ErrorKind::Validation) if the input breaks a published
    /// limit.
    fn try_into_request(self) -> Result<Request, Error>;
}

/// HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Adds and acts; also lists contacts.
    Post,
    /// Changes.
    Put,
    /// Removes.
    Delete,
}

/// One endpoint of the API: what Respond.io counts calls by. Holds no name of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Endpoint {
    /// Its method.
    pub method: Method,
    /// Its path with names in place of values. Example `/contact/{identifier}/message`.
    pub pattern: &'static str,
}

/// One request to the API, apart from its base address.
#[derive(Clone)]
pub struct Request {
    endpoint: Endpoint,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<Bytes>,
    token: AccessToken,
}

impl Request {
    pub(crate) fn get(token: AccessToken, pattern: &'static str, values: &[String]) -> Self {
        Self::new(Method::Get, token, pattern, values)
    }

    pub(crate) fn post(token: AccessToken, pattern: &'static str, values: &[String], body: &impl Serialize) -> Self {
        Self::new(Method::Post, token, pattern, values).json(body)
    }

    pub(crate) fn put(token: AccessToken, pattern: &'static str, values: &[String], body: &impl Serialize) -> Self {
        Self::new(Method::Put, token, pattern, values).json(body)
    }

    pub(crate) fn delete(token: AccessToken, pattern: &'static str, values: &[String]) -> Self {
        Self::new(Method::Delete, token, pattern, values)
    }

    /// `values` take the place of the names in braces, in order; they are encoded already.
    fn new(method: Method, token: AccessToken, pattern: &'static str, values: &[String]) -> Self {
        let mut values = values.iter();
        let mut fill = |part: &'static str| match part.strip_prefix('{') {
            Some(_) => values.next().expect("invariant: as many values as names").clone(),
            None => part.to_owned(),
        };
        let path = pattern.split('/').map(&mut fill).collect::<Vec<_>>().join("/");
        Self { endpoint: Endpoint { method, pattern }, path, query: Vec::new(), body: None, token }
    }

    pub(crate) fn json(mut self, body: &impl Serialize) -> Self {
        let json = serde_json::to_vec(body).expect("invariant: request bodies have string keys");
        self.body = Some(json.into());
        self
    }

    pub(crate) fn query_pair(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// The endpoint, for budgets and logs.
    pub fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    /// The HTTP method.
    pub fn method(&self) -> Method {
        self.endpoint.method
    }

    /// The path below the base address. Example `/contact/id:410000101/message`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query, not encoded.
    pub fn query(&self) -> &[(&'static str, String)] {
        &self.query
    }

    /// The query as it goes on the wire; empty if there is none.
    pub fn query_string(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.query).finish()
    }

    /// The body, JSON; some calls with the method DELETE have one too.
    pub fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    /// The token that goes into the header `Authorization`.
    pub fn access_token(&self) -> &AccessToken {
        &self.token
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method.as_str(), self.pattern)
    }
}

impl Method {
    /// The method as HTTP writes it. Example `POST`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

// Bodies hold message texts, paths and queries hold addresses of people: none of it is shown.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("endpoint", &self.endpoint)
            .field("body_bytes", &self.body.as_ref().map(Bytes::len))
            .finish_non_exhaustive()
    }
}

/// The answer on its way. Dropping it abandons the call, which may already have been carried out.
#[must_use = "futures do nothing unless awaited"]
pub struct ResponseFuture<T> {
    inner: Pin<Box<dyn Future<Output = Result<Answer<T>, Error>> + Send>>,
}

impl<T> ResponseFuture<T> {
    pub(crate) fn new(future: impl Future<Output = Result<Answer<T>, Error>> + Send + 'static) -> Self {
        Self { inner: Box::pin(future) }
    }
}

impl<T> Future for ResponseFuture<T> {
    type Output = Result<Answer<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.inner.as_mut().poll(context)
    }
}

impl<T> fmt::Debug for ResponseFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
