//! Parameters of a call, whether they came as JSON, query or form; missing or wrong ones are 40002 with their name.

use serde_json::{Map, Value};

use crate::error::ApiError;

/// Named values of one call.
#[derive(Debug)]
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    pub(crate) fn from_json(bytes: &[u8]) -> Result<Self, ApiError> {
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(map)) => Ok(Self(map)),
            _ => Err(ApiError::new(40002, "Request body is invalid.")),
        }
    }

    pub(crate) fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect())
    }

    /// As a web server reads it: a bare `+` becomes a blank, so an unencoded conversation id turns invalid.
    pub(crate) fn from_query(query: &str) -> Self {
        Self::from_pairs(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A required, non-empty string.
    pub(crate) fn text(&self, name: &str) -> Result<&str, ApiError> {
        self.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).ok_or_else(|| ApiError::param(name))
    }

    /// An integer within a range, as number or digits.
    pub(crate) fn integer(
        &self,
        name: &str,
        default: i64,
        range: std::ops::RangeInclusive<i64>,
    ) -> Result<i64, ApiError> {
        let number = match self.get(name) {
            None => Some(default),
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(text)) => text.parse().ok(),
            Some(_) => None,
        };
        number.filter(|number| range.contains(number)).ok_or_else(|| ApiError::param(name))
    }

    /// A JSON array of strings inside a string, e.g. `["IMAGE_SEND"]` in a query.
    pub(crate) fn list(&self, name: &str) -> Result<Option<Vec<String>>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some).map_err(|_| ApiError::param(name)),
            Some(array) => serde_json::from_value(array.clone()).map(Some).map_err(|_| ApiError::param(name)),
        }
    }

    /// A string at a path, e.g. `["text", "body"]`, named `text.body` in the error.
    pub(crate) fn nested(&self, path: [&str; 2]) -> Result<&str, ApiError> {
        let value = self.get(path[0]).and_then(|outer| outer.get(path[1]));
        value.and_then(Value::as_str).filter(|text| !text.is_empty()).ok_or_else(|| ApiError::param(&path.join(".")))
    }
}
