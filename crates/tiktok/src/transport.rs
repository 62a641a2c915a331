//! One call on the wire: send, read within bounds, name the failure of the connection.
//! Shared by both platforms; what an answer means is opened in `envelope` and `login::answer`.
//! With the two fetchers of files, the only place that sees reqwest's errors.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use serde_json::Value;

use crate::{
    error::{Error, ErrorKind, TransportKind},
    http::Http,
    limits,
    request::{Answer, Body, Credential, Method, Multipart, Request},
};

const ACCESS_TOKEN: HeaderName = HeaderName::from_static("access-token");
/// The one status of success that TikTok documents.
const OK: u16 = 200;
const LOG_ID: HeaderName = HeaderName::from_static("x-tt-logid");

/// An answer read to its end, whatever its status.
pub(crate) struct Raw {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    /// TikTok's id of the request from the header; the body may hold a better one.
    pub(crate) log_id: Option<String>,
    pub(crate) body: Bytes,
}

/// Sends the request and lets `open` say what the answer means.
pub(crate) async fn call<T>(
    http: &Http,
    request: Request,
    open: impl FnOnce(Raw) -> Result<Answer<T>, Error>,
) -> Result<Answer<T>, Error> {
    let path = request.path();
    let response = build(http, &request)?.send().await.map_err(transport)?;
    let result = match read(response).await {
        Ok(raw) => open(raw),
        Err(error) => Err(error),
    };
    match &result {
        Ok(answer) => tracing::debug!(path, request_id = answer.request_id.as_deref(), "TikTok answered"),
        Err(error) => tracing::debug!(
            path,
            code = error.code().map(crate::ErrorCode::number),
            login_code = error.login_code().map(crate::login::LoginErrorCode::as_str),
            request_id = error.request_id(),
            uncertain = error.outcome_uncertain(),
            "TikTok call failed"
        ),
    }
    result
}

fn build(http: &Http, request: &Request) -> Result<reqwest::RequestBuilder, Error> {
    let url = match request.query_string() {
        query if query.is_empty() => format!("{}{}", http.base_url, request.path()),
        query => format!("{}{}?{query}", http.base_url, request.path()),
    };
    let builder = match request.method() {
        Method::Get => http.pool.get(url),
        Method::Post => http.pool.post(url),
    };
    let builder = match request.credential() {
        Credential::None => builder,
        Credential::AccessToken(token) => builder.header(ACCESS_TOKEN, secret_header(token.expose())?),
        Credential::Bearer(token) => {
            builder.header(AUTHORIZATION, secret_header(&format!("Bearer {}", token.expose()))?)
        }
    };
    Ok(match request.body() {
        Body::Empty => builder,
        Body::Json(json) => builder.header(CONTENT_TYPE, "application/json").body(json.clone()),
        Body::Form(fields) => {
            let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            builder.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form)
        }
        Body::Multipart(form) => builder.multipart(multipart(form)?),
    })
}

fn multipart(form: &Multipart) -> Result<reqwest::multipart::Form, Error> {
    let length = u64::try_from(form.bytes.len()).expect("invariant: usize fits u64");
    let part = reqwest::multipart::Part::stream_with_length(form.bytes.clone(), length)
        .file_name(form.file_name.clone())
        .mime_str(form.content_type)
        .map_err(transport)?;
    let fields = form.fields.iter().cloned();
    let texts = fields.fold(reqwest::multipart::Form::new(), |texts, (name, value)| texts.text(name, value));
    Ok(texts.part(form.file_field, part))
}

/// A credential as a header value that no log shows.
pub(crate) fn secret_header(text: &str) -> Result<HeaderValue, Error> {
    let unusable = || ErrorKind::Configuration("the access token is not a header value".into());
    let mut value = HeaderValue::from_str(text).map_err(|error| Error::with(unusable(), error))?;
    value.set_sensitive(true);
    Ok(value)
}

async fn read(response: reqwest::Response) -> Result<Raw, Error> {
    let status = response.status().as_u16();
    let (retry_after, log_id) = (retry_after(response.headers()), log_id(response.headers()));
    let raw = |body| Raw { status, retry_after, log_id, body };
    match read_bounded(response, limits::ANSWER_MAX_BYTES).await {
        Ok(Some(body)) => Ok(raw(body)),
        Ok(None) if status == OK => Err(raw(Bytes::new()).unreadable(None)),
        Err(error) if status == OK => Err(error),
        Ok(None) | Err(_) => Err(raw(Bytes::new()).refused(None)),
    }
}

impl Raw {
    /// Whether the status claims success.
    pub(crate) fn is_success(&self) -> bool {
        self.status == OK
    }

    /// The body as JSON; a body that is none is an unreadable success or a bare HTTP failure.
    pub(crate) fn json(&self) -> Result<Value, Error> {
        serde_json::from_slice(&self.body).map_err(|error| {
            if self.is_success() {
                Error::with(ErrorKind::Decode { request_id: self.log_id.clone() }, error)
            } else {
                self.refused(None)
            }
        })
    }

    /// An HTTP failure without an error code in its body.
    pub(crate) fn refused(&self, request_id: Option<String>) -> Error {
        let request_id = request_id.or_else(|| self.log_id.clone());
        Error::new(ErrorKind::Http { status: self.status, request_id, retry_after: self.retry_after })
    }

    /// A success nobody can read.
    pub(crate) fn unreadable(&self, request_id: Option<String>) -> Error {
        Error::new(ErrorKind::Decode { request_id: request_id.or_else(|| self.log_id.clone()) })
    }
}

pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

pub(crate) fn log_id(headers: &HeaderMap) -> Option<String> {
    headers.get(LOG_ID)?.to_str().ok().map(str::to_owned)
}

/// The whole body, or `None` if it is larger than `limit`.
pub(crate) async fn read_bounded(mut response: reqwest::Response, limit: usize) -> Result<Option<Bytes>, Error> {
    let announced = response.content_length().map(usize::try_from);
    if announced.is_some_and(|length| length.is_err() || length.is_ok_and(|n| n > limit)) {
        return Ok(None);
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(broken_body)? {
        if body.len() + chunk.len() > limit {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body.freeze()))
}

fn broken_body(error: reqwest::Error) -> Error {
    let kind = if error.is_timeout() { TransportKind::Timeout } else { TransportKind::Body };
    Error::with(ErrorKind::Transport(kind), error.without_url())
}

/// Names a failure of the connection. Anything not known to be earlier counts as "after the
/// request may have left". The address is removed: queries hold secrets.
pub(crate) fn transport(error: reqwest::Error) -> Error {
    let kind = if error.is_builder() {
        ErrorKind::Configuration("the request is not valid HTTP".to_owned())
    } else if error.is_connect() {
        ErrorKind::Transport(TransportKind::Connect)
    } else if error.is_timeout() {
        ErrorKind::Transport(TransportKind::Timeout)
    } else {
        ErrorKind::Transport(TransportKind::Interrupted)
    };
    Error::with(kind, error.without_url())
}
