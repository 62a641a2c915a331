//! Lenient reading of JSON objects, used for API answers and webhook bodies alike.
//! Respond.io's own sources disagree about ids (numbers or strings), about times (seconds,
//! milliseconds or microseconds) and about what may be absent; one odd optional field must not cost
//! the rest of the message.

use serde_json::{Map, Value};

/// A field the decoder cannot do without is missing or has another type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("field `{0}` is missing or has an unexpected type")]
pub(crate) struct FieldError(pub(crate) &'static str);

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

    /// A number id, sent as a number or as a string of digits.
    pub(crate) fn id<T: From<u64>>(self, name: &str) -> Option<T> {
        number(self.value(name)?).map(T::from)
    }

    pub(crate) fn integer(self, name: &str) -> Option<i64> {
        number(self.value(name)?).and_then(|number| i64::try_from(number).ok())
    }

    /// A point in time as milliseconds since 1970, see [`millis`].
    pub(crate) fn millis(self, name: &str) -> Option<i64> {
        millis(number(self.value(name)?)?)
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

    /// The strings of an array; whatever is no string is left out.
    pub(crate) fn texts(self, name: &str) -> Vec<String> {
        self.list(name).iter().filter_map(text).collect()
    }

    pub(crate) fn need<T: From<String>>(self, name: &'static str) -> Result<T, FieldError> {
        self.filled(name).ok_or(FieldError(name))
    }

    pub(crate) fn need_id<T: From<u64>>(self, name: &'static str) -> Result<T, FieldError> {
        self.id(name).ok_or(FieldError(name))
    }

    pub(crate) fn need_text(self, name: &'static str) -> Result<String, FieldError> {
        self.text(name).ok_or(FieldError(name))
    }

    pub(crate) fn need_object(self, name: &'static str) -> Result<Self, FieldError> {
        self.object(name).ok_or(FieldError(name))
    }
}

pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        // A number that only fits a float has already lost digits: better absent than wrong.
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}

/// A whole number that is not negative, every digit kept.
pub(crate) fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// `1795170000.0` and `1.79517e15` are whole numbers too.
fn whole(number: f64) -> Option<u64> {
    // 2^53: up to here a float names every integer exactly.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked: whole, 0 to 2^53")]
    (number.fract() == 0.0 && (0.0..=EXACT).contains(&number)).then_some(number as u64)
}

/// Milliseconds since 1970 of a time whose unit only its size tells: microseconds from 10^15,
/// milliseconds from 10^12, seconds from 10^9. Smaller numbers are no time of our century.
pub(crate) fn millis(time: u64) -> Option<i64> {
    let millis = match time {
        1_000_000_000_000_000.. => time / 1_000,
        1_000_000_000_000.. => time,
        1_000_000_000.. => time * 1_000,
        _ => return None,
    };
    i64::try_from(millis).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ids_may_be_strings_and_keep_every_digit() {
        let value = json!({
            "id": 18_446_744_073_709_551_615_u64, "text": "1795170000000001", "float": 1.79517e15, "huge": 1e30,
            "negative": -1, "word": "x", "empty": "",
        });
        let fields = Fields::of(&value, "value").unwrap();
        assert_eq!(fields.id::<u64>("id"), Some(u64::MAX));
        assert_eq!(fields.id::<u64>("text"), Some(1_795_170_000_000_001));
        assert_eq!(fields.id::<u64>("float"), Some(1_795_170_000_000_000));
        for name in ["huge", "negative", "word", "empty", "none"] {
            assert_eq!(fields.id::<u64>(name), None, "{name}");
        }
        assert_eq!(fields.need::<String>("empty"), Err(FieldError("empty")));
    }

    #[test]
    fn times_are_milliseconds_whatever_was_sent() {
        let value = json!({
            "s": 1_795_170_000, "ms": 1_795_170_000_000_i64, "us": 1_795_170_000_000_999_u64, "text": "1795170000",
            "float": 1_795_170_000.0, "small": 3600, "half": 1.5, "word": "soon", "zero": 0,
        });
        let fields = Fields::of(&value, "value").unwrap();
        for name in ["s", "ms", "us", "text", "float"] {
            assert_eq!(fields.millis(name), Some(1_795_170_000_000), "{name}");
        }
        for name in ["small", "half", "word", "zero"] {
            assert_eq!(fields.millis(name), None, "{name}");
        }
        assert_eq!(millis(u64::MAX), Some(18_446_744_073_709_551));
    }

    #[test]
    fn flags_and_lists_are_lenient() {
        let value = json!({"a": true, "b": 1, "c": "True", "d": [], "one": {"x": 1}, "null": null, "t": ["x", 7, {}]});
        let fields = Fields::of(&value, "value").unwrap();
        assert_eq!([fields.flag("a"), fields.flag("b"), fields.flag("c")], [Some(true); 3]);
        assert_eq!(fields.flag("d"), None);
        assert_eq!(fields.list("one").len(), 1);
        assert!(fields.list("null").is_empty() && fields.list("none").is_empty());
        assert_eq!(fields.texts("t"), ["x", "7"]);
    }
}
