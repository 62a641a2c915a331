//! `limit` and `cursorId`: the next page is named by a whole address.

use serde_json::{Map, Value, json};

use super::api::Call;
use super::refusal::Refusal;
use super::space::ListEnd;

const DEFAULT: usize = 10;
const MOST: usize = 100;

fn number(call: &Call, name: &str) -> Result<Option<u64>, Refusal> {
    let found = call.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.parse());
    found.transpose().map_err(|_| Refusal::invalid(format!("{name} must be a number")))
}

/// One page of entries that stand in the order of their cursors, rising or falling.
pub(super) fn page(
    call: &Call,
    end: ListEnd,
    rising: bool,
    entries: impl Iterator<Item = (u64, Value)>,
) -> Result<Value, Refusal> {
    let limit = number(call, "limit")?.map_or(DEFAULT, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    if !(1..=MOST).contains(&limit) {
        return Err(Refusal::invalid("limit must be between 1 and 100"));
    }
    // 0 is the start, as an example of the vendor has it.
    let after = number(call, "cursorId")?.filter(|cursor| *cursor != 0);
    let past = |id: u64| after.is_none_or(|after| if rising { id > after } else { id < after });
    let mut rest = entries.filter(|(id, _)| past(*id));
    let shown: Vec<(u64, Value)> = rest.by_ref().take(limit).collect();
    let address = |cursor: u64| format!("{}/respondio/v2/{}?limit={limit}&cursorId={cursor}", call.base_url, call.path);
    let mut pagination = Map::new();
    match (rest.next(), shown.last(), end) {
        (Some(_), Some((last, _)), _) => _ = pagination.insert("next".to_owned(), json!(address(*last))),
        (_, _, ListEnd::Empty) => _ = pagination.insert("next".to_owned(), json!("")),
        (_, _, ListEnd::Null) => _ = pagination.insert("next".to_owned(), Value::Null),
        (_, _, ListEnd::Absent) => {}
    }
    let first = shown.first().filter(|_| after.is_some());
    pagination.insert("previous".to_owned(), json!(first.map_or_else(String::new, |(id, _)| address(*id))));
    let items: Vec<Value> = shown.into_iter().map(|(_, item)| item).collect();
    Ok(json!({"items": items, "pagination": pagination}))
}
