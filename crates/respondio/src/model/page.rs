//! One page of any list, and where it goes on.

use serde_json::Value;

use super::Cursor;
use crate::wire::{FieldError, Fields};

/// One page of a list.
///
/// Source: the vendor's TypeScript SDK and n8n nodes, read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The entries of the page.
    pub items: Vec<T>,
    /// Entries that could not be read, as received.
    pub unreadable: Vec<Value>,
    next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Where to continue, or `None` at the end: when there is no next page, when it is named
    /// without a cursor, and when this page is empty.
    pub fn next_cursor(&self) -> Option<&Cursor> {
        self.next.as_ref().filter(|_| !self.items.is_empty() || !self.unreadable.is_empty())
    }

    pub(crate) fn read(value: &Value, item: fn(&Value) -> Result<T, FieldError>) -> Result<Self, FieldError> {
        let fields = Fields::of(value, "answer")?;
        let list = fields.value("items").and_then(Value::as_array).ok_or(FieldError("items"))?;
        let (mut items, mut unreadable) = (Vec::new(), Vec::new());
        for value in list {
            match item(value) {
                Ok(item) => items.push(item),
                Err(_) => unreadable.push(value.clone()),
            }
        }
        let next = fields.object("pagination").and_then(|pagination| pagination.text("next"));
        Ok(Self { items, unreadable, next: next.as_deref().and_then(cursor) })
    }
}

/// The `cursorId` of a next address. Its host is never followed: only the cursor counts.
fn cursor(address: &str) -> Option<Cursor> {
    let (_, query) = address.split_once('?')?;
    let query = query.split('#').next()?;
    let (_, id) = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "cursorId")?;
    (!id.is_empty()).then(|| Cursor::new(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn next(value: &Value) -> Option<String> {
        let page = Page::read(value, |value| Ok(value.clone())).unwrap();
        page.next_cursor().map(ToString::to_string)
    }

    #[test]
    fn the_cursor_is_taken_from_the_address() {
        for address in [
            "https://api.respond.io/v2/contact/list?limit=2&cursorId=410000102",
            "https://elsewhere.example/?cursorId=410000102#top",
            "/v2/contact/list?cursorId=410000102",
        ] {
            let page = json!({"items": [1], "pagination": {"next": address, "previous": ""}});
            assert_eq!(next(&page).as_deref(), Some("410000102"), "{address}");
        }
    }

    #[test]
    fn the_end_is_told_in_five_ways() {
        let address = "https://api.respond.io/v2/contact/list?cursorId=1";
        for end in [
            json!({"items": [1]}),
            json!({"items": [1], "pagination": {}}),
            json!({"items": [1], "pagination": {"next": null}}),
            json!({"items": [1], "pagination": {"next": ""}}),
            json!({"items": [1], "pagination": {"next": "https://api.respond.io/v2/contact/list?limit=2"}}),
            json!({"items": [1], "pagination": {"next": "https://api.respond.io/v2/contact/list?cursorId="}}),
            json!({"items": [], "pagination": {"next": address}}),
        ] {
            assert_eq!(next(&end), None, "{end}");
        }
        assert!(Page::read(&json!({"pagination": {}}), |_| Ok(())).is_err());
        // A page of nothing but oddities is not the end.
        let page = Page::<()>::read(&json!({"items": [1], "pagination": {"next": address}}), |_| Err(FieldError("x")));
        assert_eq!(page.unwrap().next_cursor(), Some(&Cursor::from(1)));
    }
}
