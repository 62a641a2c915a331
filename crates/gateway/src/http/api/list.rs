//! What all lists have in common: how many, and whether there is more.

use crate::{http::problem::Problem, view::Page};

/// Items of a page when the caller does not say.
const DEFAULT: u32 = 50;
/// The most a caller may ask for.
const MAX: u32 = 100;

/// Checks `limit`.
///
/// # Errors
/// 400 outside 1 to 100.
pub(super) fn limit(asked: Option<u32>) -> Result<u32, Problem> {
    within(asked.unwrap_or(DEFAULT), MAX)
}

/// Checks a `limit` with a bound of its own.
///
/// # Errors
/// 400 outside 1 to `max`.
pub(super) fn within(asked: u32, max: u32) -> Result<u32, Problem> {
    if (1..=max).contains(&asked) {
        Ok(asked)
    } else {
        Err(Problem::invalid_parameter("limit", format!("limit is a number from 1 to {max}")))
    }
}

/// A page from `limit + 1` rows: the one too many only says that there is more. `cursor` names the last row shown.
pub(super) fn page<R, T>(
    mut rows: Vec<R>,
    limit: u32,
    view: impl Fn(&R) -> T,
    cursor: impl Fn(&R) -> String,
) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map(cursor) } else { None };
    Page { items: rows.iter().map(view).collect(), next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_only_where_there_is_more() {
        let of = |rows: Vec<u8>| page(rows, 2, |row| *row, ToString::to_string);
        assert_eq!(of(vec![1, 2]), Page { items: vec![1, 2], next: None });
        assert_eq!(of(vec![1, 2, 3]), Page { items: vec![1, 2], next: Some("2".to_owned()) });
        assert_eq!(of(vec![]), Page::whole(vec![]));
    }

    #[test]
    fn limits_have_bounds() {
        assert_eq!(limit(None).unwrap(), 50);
        assert!(limit(Some(0)).is_err());
        assert!(limit(Some(101)).is_err());
    }
}
