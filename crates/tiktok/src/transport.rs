//! One call on the wire: send, read within bounds, open the envelope, name the failure.
//! Used by every endpoint in `request`; the only place that sees reqwest's errors.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use serde_json::Value;

use crate::{
    client::Client,
    error::{ApiError, Error, ErrorKind, TransportKind},
    error_code::ErrorCode,
    limits,
    request::{Body, Method, Multipart, Request},
    secret::AccessToken,
    wire::{FieldError, Fields},
};

const ACCESS_TOKEN: HeaderName = HeaderName::from_static("access-token");
const LOG_ID: HeaderName = HeaderName::from_static("x-tt-logid");

/// Sends the request and reads `data` of a successful answer.
pub(crate) async fn call<T>(
    client: &Client,
    request: Request,
    read: fn(&Value) -> Result<T, FieldError>,
) -> Result<T, Error> {
    let path = request.path();
    let response = build(client, &request)?.send().await.map_err(transport)?;
    let result = answer(response, read).await;
    match &result {
        Ok(_) => tracing::debug!(path, "TikTok answered"),
        Err(error) => tracing::debug!(
            path,
            code = error.code().map(ErrorCode::number),
            request_id = error.request_id(),
            uncertain = error.outcome_uncertain(),
            "TikTok call failed"
        ),
    }
    result
}

fn build(client: &Client, request: &Request) -> Result<reqwest::RequestBuilder, Error> {
    let url = match request.query_string() {
        query if query.is_empty() => format!("{}{}", client.base_url(), request.path()),
        query => format!("{}{}?{query}", client.base_url(), request.path()),
    };
    let mut builder = match request.method() {
        Method::Get => client.http().get(url),
        Method::Post => client.http().post(url),
    };
    if let Some(token) = request.access_token() {
        builder = builder.header(ACCESS_TOKEN, token_header(token)?);
    }
    Ok(match request.body() {
        Body::Empty => builder,
        Body::Json(json) => builder.header(reqwest::header::CONTENT_TYPE, "application/json").body(json.clone()),
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

/// The token as a header value that no log shows.
pub(crate) fn token_header(token: &AccessToken) -> Result<HeaderValue, Error> {
    let unusable = || ErrorKind::Configuration("the access token is not a header value".into());
    let mut value = HeaderValue::from_str(token.expose()).map_err(|error| Error::with(unusable(), error))?;
    value.set_sensitive(true);
    Ok(value)
}

async fn answer<T>(response: reqwest::Response, read: fn(&Value) -> Result<T, FieldError>) -> Result<T, Error> {
    let status = response.status().as_u16();
    let retry_after = retry_after(response.headers());
    let log_id = log_id(response.headers());
    let http = |request_id| ErrorKind::Http { status, request_id, retry_after };
    let decode = |request_id| ErrorKind::Decode { request_id };

    let body = match read_bounded(response, limits::ANSWER_MAX_BYTES).await {
        Ok(Some(body)) => body,
        Ok(None) if status == 200 => return Err(Error::new(decode(log_id))),
        Err(error) if status == 200 => return Err(error),
        Ok(None) | Err(_) => return Err(Error::new(http(log_id))),
    };
    let envelope: Value = match serde_json::from_slice(&body) {
        Ok(envelope) => envelope,
        Err(error) if status == 200 => return Err(Error::with(decode(log_id), error)),
        Err(_) => return Err(Error::new(http(log_id))),
    };
    let fields = Fields::of(&envelope, "answer").ok();
    let request_id: Option<String> = fields.and_then(|fields| fields.filled("request_id")).or(log_id);
    match fields.and_then(|fields| fields.integer("code")) {
        Some(0) if status == 200 => {
            let data = envelope.get("data").unwrap_or(&Value::Null);
            read(data).map_err(|error| Error::with(decode(request_id), error))
        }
        None if status == 200 => Err(Error::with(decode(request_id), FieldError("code"))),
        None | Some(0) => Err(Error::new(http(request_id))),
        Some(number) => {
            let code = ErrorCode::from(number);
            Err(Error::new(ErrorKind::Api(ApiError {
                code,
                message: fields.and_then(|fields| fields.text("message")).unwrap_or_default(),
                request_id: request_id.unwrap_or_default(),
                class: code.class(),
                http_status: status,
                retry_after,
            })))
        }
    }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn log_id(headers: &HeaderMap) -> Option<String> {
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
