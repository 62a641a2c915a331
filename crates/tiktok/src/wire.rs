//! Lenient reading of JSON objects, used for API answers and webhook contents alike.
//! TikTok writes ids as strings or numbers and enum values in either case; one odd optional field
//! must not cost the rest of the message.

use serde_json::{Map, Value};

/// A field the decoder cannot do without is missing or has another type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("field `{0}` is missing or has an unexpected type")]
pub(crate) struct FieldError(pub(crate) &'static str);

/// Times at or above this are milliseconds, below it seconds (1973 as ms, year 5138 as s).
const MILLIS_FROM: i64 = 100_000_000_000;

/// View of one JSON object.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    pub(crate) fn of(value: &'a Value, name: &'static str) -> Result<Self, FieldError> {
        value.as_object().map(Self).ok_or(FieldError(name))
    }

    /// The field, unless absent or null.
    pub(crate) fn value(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A string; a whole number is taken as its digits.
    pub(crate) fn text(self, name: &str) -> Option<String> {
        text(self.value(name)?)
    }

    /// Like [`Self::text`], but an empty string counts as absent.
    pub(crate) fn filled<T: From<String>>(self, name: &str) -> Option<T> {
        self.text(name).filter(|text| !text.is_empty()).map(T::from)
    }

    pub(crate) fn integer(self, name: &str) -> Option<i64> {
        integer(self.value(name)?)
    }

    /// A point in time as milliseconds since 1970, whether sent as seconds or milliseconds.
    pub(crate) fn millis(self, name: &str) -> Option<i64> {
        self.integer(name).and_then(to_millis)
    }

    pub(crate) fn flag(self, name: &str) -> Option<bool> {
        match self.value(name)? {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) => number.as_i64().map(|number| number != 0),
            Value::String(text) => text.to_ascii_lowercase().parse().ok(),
            _ => None,
        }
    }

    pub(crate) fn object(self, name: &str) -> Option<Self> {
        self.value(name)?.as_object().map(Self)
    }

    /// An array; absent is empty, a lone value is a list of one.
    pub(crate) fn list(self, name: &str) -> &'a [Value] {
        match self.value(name) {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(one) => std::slice::from_ref(one),
        }
    }

    pub(crate) fn need<T: From<String>>(self, name: &'static str) -> Result<T, FieldError> {
        self.filled(name).ok_or(FieldError(name))
    }

    pub(crate) fn need_text(self, name: &'static str) -> Result<String, FieldError> {
        self.text(name).ok_or(FieldError(name))
    }

    pub(crate) fn need_millis(self, name: &'static str) -> Result<i64, FieldError> {
        self.millis(name).ok_or(FieldError(name))
    }

    pub(crate) fn need_object(self, name: &'static str) -> Result<Self, FieldError> {
        self.object(name).ok_or(FieldError(name))
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        // A number that only fits a float has already lost digits: better absent than wrong.
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// `86400.0` and `1.79e12` are whole numbers too.
fn whole(number: f64) -> Option<i64> {
    // 2^53: up to here a float names every integer exactly.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "checked: whole and within 2^53")]
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

fn to_millis(time: i64) -> Option<i64> {
    if time.unsigned_abs() < MILLIS_FROM.unsigned_abs() { time.checked_mul(1000) } else { Some(time) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ids_may_be_numbers_and_keep_every_digit() {
        let value = json!({"id": 7_400_000_000_000_000_401_u64, "huge": 1e30, "empty": ""});
        let fields = Fields::of(&value, "value").unwrap();
        assert_eq!(fields.text("id").as_deref(), Some("7400000000000000401"));
        assert_eq!(fields.text("huge"), None);
        assert_eq!(fields.filled::<String>("empty"), None);
        assert_eq!(fields.need::<String>("empty"), Err(FieldError("empty")));
    }

    #[test]
    fn times_are_milliseconds_whatever_was_sent() {
        let value = json!({
            "s": 1_789_999_995, "ms": 1_789_999_995_000_i64, "text": "1789999995000", "float": 1_789_999_995.0,
            "min": i64::MIN, "half": 1.5, "word": "soon",
        });
        let fields = Fields::of(&value, "value").unwrap();
        for name in ["s", "ms", "text", "float"] {
            assert_eq!(fields.millis(name), Some(1_789_999_995_000), "{name}");
        }
        assert_eq!(fields.millis("min"), Some(i64::MIN));
        assert_eq!(fields.millis("half"), None);
        assert_eq!(fields.millis("word"), None);
    }

    #[test]
    fn flags_and_lists_are_lenient() {
        let value = json!({"a": true, "b": 1, "c": "True", "d": [], "one": {"x": 1}, "null": null});
        let fields = Fields::of(&value, "value").unwrap();
        assert_eq!([fields.flag("a"), fields.flag("b"), fields.flag("c")], [Some(true); 3]);
        assert_eq!(fields.flag("d"), None);
        assert_eq!(fields.list("one").len(), 1);
        assert!(fields.list("null").is_empty() && fields.list("none").is_empty());
    }
}
