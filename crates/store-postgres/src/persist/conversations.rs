//! Accounts, contacts and conversations.

use std::collections::BTreeSet;

use domain::{
    Id,
    account::Account,
    contact::Contact,
    conversation::Conversation,
    journal::{Change, NewTrouble},
};
use sqlx::PgConnection;

use super::column;
use crate::{
    error::Fault,
    rows::{millis, raw, word},
};

/// Replaces accounts. Few rows ever: one after the other.
pub(super) async fn accounts(conn: &mut PgConnection, rows: &[Account]) -> Result<(), Fault> {
    for account in rows {
        sqlx::query!(
            "UPDATE account SET username = $3, display_name = $4, avatar_url = $5, state = $6, state_reason = $7, rule_set = $8,
            connected_at = $9, last_delivery_at = $10 WHERE workspace_id = $1 AND id = $2",
            account.workspace_id.raw(),
            account.id.raw(),
            account.username,
            account.display_name,
            account.avatar_url,
            word(&account.state),
            account.state_reason,
            word(&account.rule_set),
            account.connected_at.as_millis(),
            millis(account.last_delivery_at),
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Why bindings beside the sending ones don't work any more.
pub(super) async fn troubles(conn: &mut PgConnection, rows: &[NewTrouble]) -> Result<(), Fault> {
    for trouble in rows {
        sqlx::query!(
            "UPDATE binding SET trouble = $4 WHERE workspace_id = $1 AND account_id = $2 AND provider = $3 AND NOT sends
            AND connected_at <= $5",
            trouble.workspace_id.raw(),
            trouble.account_id.raw(),
            word(&trouble.provider),
            trouble.reason,
            trouble.at.as_millis(),
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Inserts and updates contacts in the order of their keys, because contacts are shared by accounts and no account's lock guards them.
pub(super) async fn contacts(conn: &mut PgConnection, changes: &[Change<Contact>]) -> Result<(), Fault> {
    if changes.is_empty() {
        return Ok(());
    }
    let rows: Vec<&Contact> = changes.iter().map(Change::row).collect();
    let written = sqlx::query_scalar!(
        "INSERT INTO contact (id, workspace_id, channel, external_id, username, display_name, avatar_url, is_follower, created_at)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bool[], $9::bigint[])
            AS n (id, workspace_id, channel, external_id, username, display_name, avatar_url, is_follower, created_at)
        ORDER BY n.workspace_id, n.channel, n.external_id
        ON CONFLICT (workspace_id, channel, external_id) DO UPDATE SET
            username = COALESCE(excluded.username, contact.username),
            display_name = COALESCE(excluded.display_name, contact.display_name),
            avatar_url = COALESCE(excluded.avatar_url, contact.avatar_url),
            is_follower = COALESCE(excluded.is_follower, contact.is_follower)
        RETURNING id",
        &raw(rows.iter().map(|row| row.id)),
        &raw(rows.iter().map(|row| row.workspace_id)),
        &column!(rows, row => row.channel.as_str().to_owned()),
        &column!(rows, row => row.external_id.clone()),
        &column!(rows, row => row.username.clone()) as &[Option<String>],
        &column!(rows, row => row.display_name.clone()) as &[Option<String>],
        &column!(rows, row => row.avatar_url.clone()) as &[Option<String>],
        &column!(rows, row => row.is_follower) as &[Option<bool>],
        &column!(rows, row => row.created_at.as_millis()),
    )
    .fetch_all(conn)
    .await?;
    let ours: BTreeSet<i64> = rows.iter().map(|row| row.id.raw()).collect();
    if written.iter().all(|id| ours.contains(id)) { Ok(()) } else { Err(Fault::Raced) }
}

/// Inserts conversations. Their accounts are locked, so nobody else can insert the same.
pub(super) async fn insert(conn: &mut PgConnection, rows: &[&Conversation]) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO conversation (id, workspace_id, account_id, contact_id, external_id, status, assignee, mode, request, unread,
            last_message_id, last_activity_at, last_incoming_at, spent, blocked_at, trouble, read_up_to, image_send, created_at,
            first_outgoing_at, spent_in_grace, provider, sender, seq)
        SELECT *, 0 FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::text[],
            $9::bool[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bool[],
            $17::bigint[], $18::bool[], $19::bigint[], $20::bigint[], $21::bigint[], $22::text[], $23::text[])",
        &raw(rows.iter().map(|row| row.id)),
        &raw(rows.iter().map(|row| row.workspace_id)),
        &raw(rows.iter().map(|row| row.account_id)),
        &raw(rows.iter().map(|row| row.contact_id)),
        &column!(rows, row => row.external_id.clone()),
        &column!(rows, row => word(&row.status)),
        &column!(rows, row => row.assignee.map(Id::raw)) as &[Option<i64>],
        &column!(rows, row => word(&row.mode)),
        &column!(rows, row => row.request),
        &column!(rows, row => i64::from(row.unread)),
        &column!(rows, row => row.last_message_id.map(Id::raw)) as &[Option<i64>],
        &column!(rows, row => row.last_activity_at.as_millis()),
        &column!(rows, row => millis(row.ledger.last_incoming_at)) as &[Option<i64>],
        &column!(rows, row => i64::from(row.ledger.spent)),
        &column!(rows, row => millis(row.ledger.blocked_at)) as &[Option<i64>],
        &column!(rows, row => row.trouble),
        &column!(rows, row => millis(row.read_up_to)) as &[Option<i64>],
        &column!(rows, row => row.image_send) as &[Option<bool>],
        &column!(rows, row => row.created_at.as_millis()),
        &column!(rows, row => millis(row.ledger.first_outgoing_at)) as &[Option<i64>],
        &column!(rows, row => i64::from(row.ledger.spent_in_grace)),
        &column!(rows, row => word(&row.provider)),
        &column!(rows, row => row.sender.as_ref().map(word)) as &[Option<String>],
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Replaces what can change of conversations; `seq` is written with the events.
pub(super) async fn update(conn: &mut PgConnection, rows: &[&Conversation]) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "UPDATE conversation c SET status = n.status, assignee = n.assignee, mode = n.mode, request = n.request, unread = n.unread,
            last_message_id = n.last_message_id, last_activity_at = n.last_activity_at, last_incoming_at = n.last_incoming_at,
            spent = n.spent, blocked_at = n.blocked_at, trouble = n.trouble, read_up_to = n.read_up_to, image_send = n.image_send,
            first_outgoing_at = n.first_outgoing_at, spent_in_grace = n.spent_in_grace, sender = n.sender
        FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::bool[], $6::bigint[], $7::bigint[], $8::bigint[],
            $9::bigint[], $10::bigint[], $11::bigint[], $12::bool[], $13::bigint[], $14::bool[], $15::bigint[], $16::bigint[], $17::text[])
            AS n (id, status, assignee, mode, request, unread, last_message_id, last_activity_at, last_incoming_at, spent, blocked_at,
            trouble, read_up_to, image_send, first_outgoing_at, spent_in_grace, sender)
        WHERE c.id = n.id",
        &raw(rows.iter().map(|row| row.id)),
        &column!(rows, row => word(&row.status)),
        &column!(rows, row => row.assignee.map(Id::raw)) as &[Option<i64>],
        &column!(rows, row => word(&row.mode)),
        &column!(rows, row => row.request),
        &column!(rows, row => i64::from(row.unread)),
        &column!(rows, row => row.last_message_id.map(Id::raw)) as &[Option<i64>],
        &column!(rows, row => row.last_activity_at.as_millis()),
        &column!(rows, row => millis(row.ledger.last_incoming_at)) as &[Option<i64>],
        &column!(rows, row => i64::from(row.ledger.spent)),
        &column!(rows, row => millis(row.ledger.blocked_at)) as &[Option<i64>],
        &column!(rows, row => row.trouble),
        &column!(rows, row => millis(row.read_up_to)) as &[Option<i64>],
        &column!(rows, row => row.image_send) as &[Option<bool>],
        &column!(rows, row => millis(row.ledger.first_outgoing_at)) as &[Option<i64>],
        &column!(rows, row => i64::from(row.ledger.spent_in_grace)),
        &column!(rows, row => row.sender.as_ref().map(word)) as &[Option<String>],
    )
    .execute(conn)
    .await?;
    Ok(())
}
