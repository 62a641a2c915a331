//! One call on the wire: send, read within bounds, name the failure.
//! Used by every endpoint in `request`; the only place that sees reqwest's errors.

use bytes::{Bytes, BytesMut};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::Value;

use crate::{
    answer::{Answer, RateLimit},
    client::Client,
    error::{ApiError, Error, ErrorKind, TransportKind},
    error_class::ErrorClass,
    limits,
    request::{Method, Request},
    secret::AccessToken,
    wire::{FieldError, Fields, number, text},
};

const JSON: &str = "application/json";

/// Sends the request and reads a successful answer.
pub(crate) async fn call<T>(
    client: &Client,
    request: Request,
    read: fn(&Value) -> Result<T, FieldError>,
) -> Result<Answer<T>, Error> {
    let endpoint = request.endpoint();
    let response = build(client, &request)?.send().await.map_err(transport)?;
    let result = answer(response, read).await;
    // The endpoint's pattern, not its path: paths name people.
    match &result {
        Ok(answer) => tracing::debug!(%endpoint, remaining = answer.rate_limit.remaining, "Respond.io answered"),
        Err(error) => tracing::debug!(
            %endpoint,
            status = error.status(),
            uncertain = error.outcome_uncertain(),
            "Respond.io call failed"
        ),
    }
    result
}

fn build(client: &Client, request: &Request) -> Result<reqwest::RequestBuilder, Error> {
    let url = match request.query_string() {
        query if query.is_empty() => format!("{}{}", client.base_url(), request.path()),
        query => format!("{}{}?{query}", client.base_url(), request.path()),
    };
    let builder = match request.method() {
        Method::Get => client.http().get(url),
        Method::Post => client.http().post(url),
        Method::Put => client.http().put(url),
        Method::Delete => client.http().delete(url),
    };
    let builder = builder.header(AUTHORIZATION, bearer(request.access_token())?).header(ACCEPT, JSON);
    Ok(match request.body() {
        None => builder,
        Some(json) => builder.header(CONTENT_TYPE, JSON).body(json.clone()),
    })
}

/// The token as a header value that no log shows.
fn bearer(token: &AccessToken) -> Result<HeaderValue, Error> {
    let unusable = || ErrorKind::Configuration("the access token is not a header value".into());
    let value = format!("Bearer {}", token.expose());
    let mut value = HeaderValue::from_str(&value).map_err(|error| Error::with(unusable(), error))?;
    value.set_sensitive(true);
    Ok(value)
}

async fn answer<T>(response: reqwest::Response, read: fn(&Value) -> Result<T, FieldError>) -> Result<Answer<T>, Error> {
    let status = response.status();
    let (success, status) = (status.is_success(), status.as_u16());
    let rate_limit = RateLimit::read(response.headers());
    let says_html = says_html(response.headers());
    let http = ErrorKind::Http { status, rate_limit };
    let decode = ErrorKind::Decode { rate_limit };

    let body = match read_bounded(response, limits::ANSWER_MAX_BYTES).await {
        Ok(Some(body)) => body,
        Ok(None) if success => return Err(Error::new(decode)),
        Err(error) if success => return Err(error),
        Ok(None) | Err(_) => return Err(Error::new(http)),
    };
    if says_html || looks_html(&body) {
        return Err(Error::new(ErrorKind::WebPage { status, rate_limit }));
    }
    // Small writes may be answered without a body; `read` says whether that will do.
    let value = match serde_json::from_slice(&body) {
        Ok(value) => value,
        Err(_) if success && body.iter().all(u8::is_ascii_whitespace) => Value::Null,
        Err(error) if success => return Err(Error::with(decode, error)),
        Err(_) => return Err(Error::new(http)),
    };
    match refusal(&value, success, status, rate_limit) {
        Some(refusal) => Err(Error::new(ErrorKind::Api(refusal))),
        None if success => {
            let value = read(&value).map_err(|error| Error::with(decode, error))?;
            Ok(Answer { value, rate_limit })
        }
        None => Err(Error::new(http)),
    }
}

/// The error envelope `{code, message}`. Some small writes answer a success in the same shape, so
/// with a success status only a code that is itself an error status counts.
fn refusal(value: &Value, success: bool, status: u16, rate_limit: RateLimit) -> Option<ApiError> {
    let fields = Fields::of(value, "answer").ok()?;
    let code = fields.value("code").and_then(number);
    let as_status = code.and_then(|code| u16::try_from(code).ok()).filter(|code| (400..=599).contains(code));
    let class = match as_status {
        Some(code) if success => ErrorClass::of(code),
        None if success => return None,
        _ => ErrorClass::of(status),
    };
    let message = fields.value("message").map(|value| text(value).unwrap_or_else(|| value.to_string()));
    Some(ApiError {
        status,
        code: code.and_then(|code| i64::try_from(code).ok()),
        message: message.unwrap_or_default(),
        class,
        rate_limit,
    })
}

fn says_html(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.trim_start().to_ascii_lowercase().starts_with("text/html")
}

/// JSON never begins with `<`.
fn looks_html(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

/// The whole body, or `None` if it is larger than `limit`.
async fn read_bounded(mut response: reqwest::Response, limit: usize) -> Result<Option<Bytes>, Error> {
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
/// request may have left". The address is removed: paths name people.
fn transport(error: reqwest::Error) -> Error {
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
