//! How single values are kept in columns, and how they come back.

use domain::{clock::Timestamp, id::Id};
use serde::{Deserialize, Serialize, de::IntoDeserializer};

use crate::error::Fault;

/// The word that an enumeration is kept as.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Back from [`word`]; `place` is `table.column`.
pub(crate) fn from_word<'a, T: Deserialize<'a>>(place: &str, word: &'a str) -> Result<T, Fault> {
    let result: Result<T, serde::de::value::Error> = T::deserialize(word.into_deserializer());
    result.map_err(|error| Fault::corrupt(place, error))
}

/// A value kept as JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::corrupt("a value to be kept as JSON", error))
}

/// Back from [`json`]; `place` is `table.column`.
pub(crate) fn from_json<'a, T: Deserialize<'a>>(place: &str, text: &'a str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| Fault::corrupt(place, error))
}

/// A number that is never negative; `place` is `table.column`.
pub(crate) fn unsigned<T: TryFrom<i64>>(place: &str, value: i64) -> Result<T, Fault>
where
    T::Error: std::error::Error + Send + Sync + 'static,
{
    T::try_from(value).map_err(|error| Fault::corrupt(place, error))
}

/// A moment that may be missing, from milliseconds.
pub(crate) fn moment(ms: Option<i64>) -> Option<Timestamp> {
    ms.map(Timestamp::from_millis)
}

/// A moment that may be missing, in milliseconds.
pub(crate) fn millis(moment: Option<Timestamp>) -> Option<i64> {
    moment.map(Timestamp::as_millis)
}

/// The bits of ids.
pub(crate) fn raw<T>(ids: impl IntoIterator<Item = Id<T>>) -> Vec<i64> {
    ids.into_iter().map(Id::raw).collect()
}

/// Turns rows into the domain's types; the first bad one ends it.
pub(crate) fn all<R, T: TryFrom<R, Error = Fault>>(rows: Vec<R>) -> Result<Vec<T>, Fault> {
    rows.into_iter().map(T::try_from).collect()
}
