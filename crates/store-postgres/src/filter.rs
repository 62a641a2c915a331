//! Lists of conversations: the only statements that are put together at run time, from a typed filter and constant parts.

use domain::{
    Id,
    account::Account,
    conversation::ConversationStatus,
    store::{ConversationFilter, Sort, View},
    workspace::{Permitted, Scope},
};
use sqlx::{PgConnection, Postgres, QueryBuilder};

use crate::{
    error::Fault,
    rows::{ConversationRow, raw, word},
};

/// Twelve hours, in milliseconds: what "closing soon" means.
const SOON_MS: i64 = 12 * 3_600_000;

const COLUMNS: &str = "SELECT c.id, c.workspace_id, c.account_id, c.contact_id, c.provider, c.external_id, c.sender, c.status, c.assignee, c.mode, c.request,
    c.unread, c.last_message_id, c.last_activity_at, c.last_incoming_at, c.first_outgoing_at, c.spent, c.spent_in_grace, c.blocked_at,
    c.trouble, c.read_up_to, c.image_send, c.created_at, c.seq FROM conversation c WHERE c.last_message_id IS NOT NULL AND c.workspace_id = ";

/// The accounts in sight; `None` is all.
pub(crate) fn permitted(scope: &Scope) -> Option<Vec<i64>> {
    match &scope.accounts {
        Permitted::All => None,
        Permitted::Only(accounts) => Some(raw(accounts.iter().copied())),
    }
}

/// One page.
pub(crate) async fn page(
    conn: &mut PgConnection,
    scope: &Scope,
    filter: &ConversationFilter,
) -> Result<Vec<ConversationRow>, Fault> {
    let mut query = QueryBuilder::<Postgres>::new(COLUMNS);
    query.push_bind(scope.workspace.raw());
    if let Some(accounts) = permitted(scope) {
        query.push(" AND c.account_id = ANY(").push_bind(accounts).push(")");
    }
    push_filter(&mut query, filter.account, filter.status);
    if let Some(source) = &filter.referral {
        query.push(" AND c.id IN (SELECT r.conversation_id FROM referral r WHERE r.workspace_id = ");
        query.push_bind(scope.workspace.raw()).push(" AND r.source_key = ").push_bind(source.as_str()).push(")");
    }
    push_view(&mut query, filter);
    push_order(&mut query, filter);
    query.push(" LIMIT ").push_bind(i64::from(filter.limit.clamp(1, 200)));
    Ok(query.build_query_as::<ConversationRow>().fetch_all(conn).await?)
}

fn push_filter(query: &mut QueryBuilder<Postgres>, account: Option<Id<Account>>, status: Option<ConversationStatus>) {
    if let Some(account) = account {
        query.push(" AND c.account_id = ").push_bind(account.raw());
    }
    if let Some(status) = status {
        query.push(" AND c.status = ").push_bind(word(&status));
    }
}

fn push_view(query: &mut QueryBuilder<Postgres>, filter: &ConversationFilter) {
    match filter.view {
        View::All => {}
        View::Mine(user) => {
            query.push(" AND c.assignee = ").push_bind(user.raw());
        }
        View::Unassigned => {
            query.push(" AND c.assignee IS NULL");
        }
        View::ClosingSoon => {
            query.push(" AND c.last_incoming_at > ").push_bind(filter.window_start());
            query.push(" AND c.last_incoming_at <= ").push_bind(closing_from(filter.window_start()));
            query.push(" AND EXISTS (SELECT 1 FROM account a WHERE a.id = c.account_id AND a.rule_set <> 'unlimited')");
        }
        View::Requests => {
            query.push(" AND c.request");
        }
        View::Failed => {
            query.push(" AND c.trouble");
        }
    }
}

/// A window that opened at or before this closes within twelve hours.
pub(crate) const fn closing_from(window_start: i64) -> i64 {
    window_start.saturating_add(SOON_MS)
}

fn push_order(query: &mut QueryBuilder<Postgres>, filter: &ConversationFilter) {
    // Smaller than any stored time for the order that goes down, so that one comparison serves both ends.
    let (value, descending) = match filter.sort {
        Sort::Newest => ("c.last_activity_at", true),
        Sort::Waiting => ("COALESCE(c.last_incoming_at, 9223372036854775807)", false),
        Sort::ClosingFirst => ("", false),
    };
    if let Some((at, id)) = filter.after {
        query.push(" AND (");
        push_value(query, filter, value);
        query.push(if descending { ", c.id) < (" } else { ", c.id) > (" });
        query.push_bind(at).push(", ").push_bind(id.raw()).push(")");
    }
    query.push(" ORDER BY ");
    push_value(query, filter, value);
    query.push(if descending { " DESC, c.id DESC" } else { ", c.id" });
}

fn push_value(query: &mut QueryBuilder<Postgres>, filter: &ConversationFilter, value: &'static str) {
    if filter.sort == Sort::ClosingFirst {
        query.push("CASE WHEN c.last_incoming_at > ").push_bind(filter.window_start());
        query.push(" THEN c.last_incoming_at ELSE 9223372036854775807 END");
    } else {
        query.push(value);
    }
}
