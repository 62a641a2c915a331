//! Running constant statements: each is prepared once per connection and kept. Called by every topic of this crate.

use domain::{
    clock::Timestamp,
    id::Id,
    store::{StoreError, StoreResult},
};
use rusqlite::{Connection, Params, Row};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::{corrupt, fault},
    text::Text,
};

/// Declares a topic's statements as constants, and in tests the list of them, so that one test can prepare every one.
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$meta])* const $name: &str = $sql;)*
        #[cfg(test)]
        pub(crate) const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}
pub(crate) use statements;

/// The first row, if there is one.
pub(crate) fn one<T>(
    connection: &Connection,
    sql: &'static str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> StoreResult<T>,
) -> StoreResult<Option<T>> {
    let mut statement = connection.prepare_cached(sql).map_err(fault)?;
    let mut rows = statement.query(params).map_err(fault)?;
    rows.next().map_err(fault)?.map(read).transpose()
}

/// Every row.
pub(crate) fn many<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> StoreResult<T>,
) -> StoreResult<Vec<T>> {
    let mut statement = connection.prepare_cached(sql).map_err(fault)?;
    let mut rows = statement.query(params).map_err(fault)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(fault)? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// Changes rows; gives their number.
pub(crate) fn execute(connection: &Connection, sql: &'static str, params: impl Params) -> StoreResult<usize> {
    connection.prepare_cached(sql).and_then(|mut statement| statement.execute(params)).map_err(fault)
}

/// A value as the JSON a column keeps.
pub(crate) fn to_json(value: &impl Serialize, place: &str) -> StoreResult<String> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::Rejected { what: format!("{place} is no JSON"), source: Some(Box::new(error)) })
}

/// Ids as a JSON list, for `json_each`.
pub(crate) fn id_list<T>(ids: impl IntoIterator<Item = Id<T>>) -> String {
    let mut list = String::from("[");
    for id in ids {
        if list.len() > 1 {
            list.push(',');
        }
        list.push_str(&id.raw().to_string());
    }
    list.push(']');
    list
}

/// Reads the columns of a row one after the other, so that joined rows are read piece by piece.
#[derive(Debug)]
pub(crate) struct Columns<'r, 's> {
    row: &'r Row<'s>,
    next: usize,
    table: &'static str,
}

impl<'r, 's> Columns<'r, 's> {
    /// From the first column on. `table` is named in errors.
    pub(crate) const fn new(row: &'r Row<'s>, table: &'static str) -> Self {
        Self { row, next: 0, table }
    }

    /// The columns that follow belong to another table.
    pub(crate) fn table(&mut self, table: &'static str) -> &mut Self {
        self.table = table;
        self
    }

    /// Leaves columns out.
    pub(crate) fn skip(&mut self, columns: usize) {
        self.next += columns;
    }

    /// Whether the next column is NULL; stays before it.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self.row.get_ref(self.next), Ok(rusqlite::types::ValueRef::Null))
    }

    /// The next value.
    pub(crate) fn get<T: rusqlite::types::FromSql>(&mut self) -> StoreResult<T> {
        let at = self.next;
        self.next += 1;
        self.row.get(at).map_err(|error| StoreError::Corrupt { place: self.place(at), source: Some(Box::new(error)) })
    }

    pub(crate) fn id<T>(&mut self) -> StoreResult<Id<T>> {
        self.get().map(Id::from_raw)
    }

    pub(crate) fn opt_id<T>(&mut self) -> StoreResult<Option<Id<T>>> {
        Ok(self.get::<Option<i64>>()?.map(Id::from_raw))
    }

    pub(crate) fn time(&mut self) -> StoreResult<Timestamp> {
        self.get().map(Timestamp::from_millis)
    }

    pub(crate) fn opt_time(&mut self) -> StoreResult<Option<Timestamp>> {
        Ok(self.get::<Option<i64>>()?.map(Timestamp::from_millis))
    }

    /// An enumeration kept as text.
    pub(crate) fn text<E: Text>(&mut self) -> StoreResult<E> {
        let at = self.next;
        self.next += 1;
        let text = self.row.get_ref(at).ok().and_then(|value| value.as_str().ok());
        text.and_then(E::from_text).ok_or_else(|| corrupt(self.place(at)))
    }

    /// The same, where it may be NULL.
    pub(crate) fn opt_text<E: Text>(&mut self) -> StoreResult<Option<E>> {
        if self.is_null() {
            self.next += 1;
            return Ok(None);
        }
        self.text().map(Some)
    }

    /// JSON kept as text.
    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> StoreResult<T> {
        self.opt_json()?.ok_or_else(|| corrupt(self.place(self.next - 1)))
    }

    pub(crate) fn opt_json<T: DeserializeOwned>(&mut self) -> StoreResult<Option<T>> {
        let at = self.next;
        self.next += 1;
        let text = self
            .row
            .get_ref(at)
            .and_then(|value| Ok(value.as_str_or_null()?))
            .map_err(|error| StoreError::Corrupt { place: self.place(at), source: Some(Box::new(error)) })?;
        text.map(serde_json::from_str)
            .transpose()
            .map_err(|error| StoreError::Corrupt { place: self.place(at), source: Some(Box::new(error)) })
    }

    fn place(&self, at: usize) -> String {
        format!("{}.{}", self.table, self.row.as_ref().column_name(at).unwrap_or("?"))
    }
}
