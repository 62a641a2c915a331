//! The envelope of the API for Business: `{code, message, request_id, data}`, with code 0 for
//! success and HTTP status 200 even for errors.

use serde_json::Value;

use crate::{
    error::{ApiError, Error, ErrorKind},
    error_code::ErrorCode,
    request::Answer,
    transport::Raw,
    wire::{FieldError, Fields},
};

/// Reads `data` of a success, or says what went wrong.
pub(crate) fn open<T>(raw: &Raw, read: fn(&Value) -> Result<T, FieldError>) -> Result<Answer<T>, Error> {
    let envelope = raw.json()?;
    let fields = Fields::of(&envelope, "answer").ok();
    let request_id: Option<String> =
        fields.and_then(|fields| fields.filled("request_id")).or_else(|| raw.log_id.clone());
    let decode = |request_id, error| Error::with(ErrorKind::Decode { request_id }, error);
    match fields.and_then(|fields| fields.integer("code")) {
        Some(0) if raw.is_success() => {
            let data = envelope.get("data").unwrap_or(&Value::Null);
            match read(data) {
                Ok(value) => Ok(Answer { value, request_id }),
                Err(error) => Err(decode(request_id, error)),
            }
        }
        None if raw.is_success() => Err(decode(request_id, FieldError("code"))),
        None | Some(0) => Err(raw.refused(request_id)),
        Some(number) => {
            let code = ErrorCode::from(number);
            Err(Error::new(ErrorKind::Api(ApiError {
                code,
                message: fields.and_then(|fields| fields.text("message")).unwrap_or_default(),
                request_id: request_id.unwrap_or_default(),
                class: code.class(),
                http_status: raw.status,
                retry_after: raw.retry_after,
            })))
        }
    }
}
