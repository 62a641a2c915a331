//! Lists of conversations. The only place where a query is put together at run time: from constant pieces, values bound.
//!
//! The contract compares it with a plain-Rust model over every combination. Called by `inbox`.

use std::time::Duration;

use domain::{
    ledger::WINDOW,
    store::{ConversationFilter, ConversationRecord, Sort, StoreResult, View},
    workspace::{Permitted, Scope},
};
use rusqlite::{Connection, types::Value};

use crate::{
    record::{self, conversation_parts},
    sql::{id_list, many},
    text::Text,
};

/// A window that closes within this is closing soon.
pub(crate) const CLOSING: Duration = Duration::from_hours(12);

/// The permitted accounts as the statements take them: NULL is all.
pub(crate) fn permitted(scope: &Scope) -> Option<String> {
    match &scope.accounts {
        Permitted::All => None,
        Permitted::Only(accounts) => Some(id_list(accounts.iter().copied())),
    }
}

/// Pieces of a WHERE clause with the values they bind, in order.
#[derive(Debug, Default)]
struct Query {
    sql: String,
    values: Vec<Value>,
}

impl Query {
    fn and(&mut self, piece: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(if self.values.is_empty() && self.sql.is_empty() { "WHERE " } else { " AND " });
        self.sql.push_str(piece);
        self.values.extend(values);
    }
}

/// Which stretch of an order is read. Sorts by waiting time have two: those that wait, and behind them, by id, all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stretch {
    Newest,
    Waiting,
    Others,
}

/// A page of conversations in sight.
pub(crate) fn conversations(
    connection: &Connection,
    scope: &Scope,
    filter: &ConversationFilter,
) -> StoreResult<Vec<ConversationRecord>> {
    let limit = usize::try_from(filter.limit.clamp(1, 200)).unwrap_or(200);
    if filter.sort == Sort::Newest {
        return stretch(connection, scope, filter, Stretch::Newest, limit);
    }
    let past_waiting = filter.after.is_some_and(|(value, _)| value == i64::MAX);
    let mut found =
        if past_waiting { Vec::new() } else { stretch(connection, scope, filter, Stretch::Waiting, limit)? };
    if found.len() < limit {
        found.extend(stretch(connection, scope, filter, Stretch::Others, limit - found.len())?);
    }
    Ok(found)
}

fn stretch(
    connection: &Connection,
    scope: &Scope,
    filter: &ConversationFilter,
    stretch: Stretch,
    limit: usize,
) -> StoreResult<Vec<ConversationRecord>> {
    let mut query = which(scope, filter);
    after(&mut query, filter, stretch);
    let order = match stretch {
        Stretch::Newest => " ORDER BY c.last_activity_at DESC, c.id DESC LIMIT ?",
        Stretch::Waiting => " ORDER BY c.last_incoming_at, c.id LIMIT ?",
        Stretch::Others => " ORDER BY c.id LIMIT ?",
    };
    query.values.push(int(i64::try_from(limit).unwrap_or(i64::MAX)));
    let sql = format!("{}{}{order}", conversation_parts!(), query.sql);
    many(connection, &sql, rusqlite::params_from_iter(query.values), record::conversation)
}

/// What does not depend on the order.
fn which(scope: &Scope, filter: &ConversationFilter) -> Query {
    let mut query = Query::default();
    query.and("c.workspace_id = ?", [int(scope.workspace.raw())]);
    query.and("c.last_message_id IS NOT NULL", []);
    if let Some(accounts) = permitted(scope) {
        query.and("c.account_id IN (SELECT value FROM json_each(?))", [Value::Text(accounts)]);
    }
    if let Some(status) = filter.status {
        query.and("c.status = ?", [Value::Text(status.text().to_owned())]);
    }
    if let Some(account) = filter.account {
        query.and("c.account_id = ?", [int(account.raw())]);
    }
    if let Some(source) = &filter.referral {
        query.and(
            "c.id IN (SELECT r.conversation_id FROM referral r WHERE r.workspace_id = ? AND r.source_key = ?)",
            [int(scope.workspace.raw()), Value::Text(source.clone())],
        );
    }
    match filter.view {
        View::All => {}
        View::Mine(user) => query.and("c.assignee = ?", [int(user.raw())]),
        View::Unassigned => query.and("c.assignee IS NULL", []),
        View::ClosingSoon => {
            let (opened_after, opened_until) = closing(filter.now);
            query.and(
                "a.rule_set <> 'unlimited' AND c.last_incoming_at > ? AND c.last_incoming_at <= ?",
                [int(opened_after), int(opened_until)],
            );
        }
        View::Requests => query.and("c.request = 1", []),
        View::Failed => query.and("c.trouble = 1", []),
    }
    query
}

/// The stretch of the order, and within it what follows the last item of the page before.
fn after(query: &mut Query, filter: &ConversationFilter, stretch: Stretch) {
    match (stretch, filter.sort) {
        (Stretch::Waiting, Sort::ClosingFirst) => query.and("c.last_incoming_at > ?", [int(filter.window_start())]),
        (Stretch::Waiting, _) => query.and("c.last_incoming_at IS NOT NULL", []),
        (Stretch::Others, Sort::ClosingFirst) => {
            query.and("(c.last_incoming_at IS NULL OR c.last_incoming_at <= ?)", [int(filter.window_start())]);
        }
        (Stretch::Others, _) => query.and("c.last_incoming_at IS NULL", []),
        (Stretch::Newest, _) => {}
    }
    let Some((value, id)) = filter.after else { return };
    match stretch {
        Stretch::Newest => query.and("(c.last_activity_at, c.id) < (?, ?)", [int(value), int(id.raw())]),
        Stretch::Waiting => query.and("(c.last_incoming_at, c.id) > (?, ?)", [int(value), int(id.raw())]),
        Stretch::Others if value == i64::MAX => query.and("c.id > ?", [int(id.raw())]),
        // The page before ended among those that wait: all of these follow.
        Stretch::Others => {}
    }
}

/// Bounds of the customer's last message, first exclusive, second inclusive, of windows that are open at `now` and close soon.
pub(crate) fn closing(now: domain::Timestamp) -> (i64, i64) {
    let opened_after = now.minus(WINDOW);
    (opened_after.as_millis(), opened_after.plus(CLOSING).as_millis())
}

const fn int(value: i64) -> Value {
    Value::Integer(value)
}
