//! The two shapes in which TikTok for Developers answers. OAuth calls answer flat, with a string
//! `error` when they fail; the API answers `{data, error: {code, message, log_id}}`, with the code
//! `ok` for success.

use serde_json::Value;

use super::{LoginError, LoginErrorCode};
use crate::{
    error::{Error, ErrorKind},
    error_code::ErrorClass,
    request::Answer,
    transport::Raw,
    wire::{FieldError, Fields},
};

/// Reads the whole body of a success (`Null` when it is empty), or says what went wrong. The status
/// of OAuth errors is not documented, so an `error` counts whatever the status.
pub(super) fn open<T>(raw: &Raw, read: fn(&Value) -> Result<T, FieldError>) -> Result<Answer<T>, Error> {
    // A revocation answers with nothing, for which 204 would be as good.
    let success = raw.is_success() || raw.status == 204;
    let value = if success && raw.body.trim_ascii().is_empty() { Value::Null } else { raw.json()? };
    let fields = Fields::of(&value, "answer").ok();
    let detail = fields.and_then(|fields| fields.object("error"));
    let log_id: Option<String> =
        detail.or(fields).and_then(|fields| fields.filled("log_id")).or_else(|| raw.log_id.clone());
    let (code, message) = match (detail, fields) {
        (Some(detail), _) => (detail.text("code"), detail.text("message")),
        (None, Some(fields)) => (fields.text("error"), fields.text("error_description")),
        (None, None) => (None, None),
    };
    match code.as_deref() {
        Some(code) if !code.is_empty() && !code.eq_ignore_ascii_case("ok") => {
            let code = LoginErrorCode::from(code);
            Err(Error::new(ErrorKind::Login(LoginError {
                class: class(&code, raw.status),
                code,
                message: message.unwrap_or_default(),
                log_id: log_id.unwrap_or_default(),
                http_status: raw.status,
                retry_after: raw.retry_after,
            })))
        }
        _ if !success => Err(raw.refused(log_id)),
        _ => match read(&value) {
            Ok(value) => Ok(Answer { value, request_id: log_id }),
            Err(error) => Err(Error::with(ErrorKind::Decode { request_id: log_id }, error)),
        },
    }
}

/// A word nobody knows means what its status means.
fn class(code: &LoginErrorCode, status: u16) -> ErrorClass {
    match (code, status) {
        (LoginErrorCode::Other(_), 429) => ErrorClass::RateLimited,
        (LoginErrorCode::Other(_), 500..) => ErrorClass::Internal,
        (code, _) => code.class(),
    }
}
