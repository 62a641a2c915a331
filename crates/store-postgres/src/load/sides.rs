//! What an account with two sides needs beside: names, messages that say the same, and conversations that may be one. Called by
//! `load` for such accounts only, item by item.

use std::collections::BTreeSet;

use domain::{
    Id, Timestamp,
    account::{Account, ProviderKind},
    contact::Contact,
    conversation::Conversation,
    inbound::{Inbound, InboundMessage},
    journal::{self, ConversationName, WHOLE, Working, item_keys},
    message::Message,
    sides::{REACH, TOLERANCE, platform_id, tells_of},
    workspace::Workspace,
};
use sqlx::PgConnection;

use super::tail;
use crate::{
    error::Fault,
    rows::{all, contact_rows, conversation_name_rows, conversation_rows, message_name_rows, message_rows, raw, word},
};

/// How many messages at one time are looked through.
const NEAR: i64 = 500;

/// Everything beyond what the items name in their side's own words.
pub(crate) async fn items(
    conn: &mut PgConnection,
    working: &mut Working<'_>,
    account: &Account,
    side: ProviderKind,
    items: &[Inbound],
) -> Result<(), Fault> {
    let mut homes = BTreeSet::new();
    for item in items {
        let keys = item_keys(item);
        if let Some(external_id) = keys.conversation
            && working.conversation_named(account.id, side, external_id).is_none()
        {
            homes.extend(conversation_by_name(conn, account.id, side, external_id).await?);
        }
        for external_id in keys.messages {
            by_name(conn, working, account.id, side, external_id).await?;
        }
    }
    complete(conn, working, account.workspace_id, homes).await?;
    for item in items {
        let Inbound::Message(report) = item else { continue };
        alike(conn, working, account, side, report).await?;
    }
    complete(conn, working, account.workspace_id, BTreeSet::new()).await?;
    for item in items {
        for double in journal::doubles(working, account.id, side, item) {
            let rows = message_rows!(
                "message m WHERE m.conversation_id = $1 ORDER BY m.sent_at DESC, m.id DESC LIMIT $2",
                double.raw(),
                i64::from(WHOLE),
            );
            add(working, all(rows.fetch_all(&mut *conn).await?)?);
        }
    }
    complete(conn, working, account.workspace_id, BTreeSet::new()).await
}

/// The message that a side calls so, or that it is by the platform's id.
pub(super) async fn by_name(
    conn: &mut PgConnection,
    working: &mut Working<'_>,
    account: Id<Account>,
    side: ProviderKind,
    external_id: &str,
) -> Result<(), Fault> {
    let rows = message_rows!(
        "message_name n JOIN message m ON m.workspace_id = n.workspace_id AND m.id = n.message_id
        WHERE n.account_id = $1 AND n.provider = $2 AND n.external_id = $3",
        account.raw(),
        word(&side),
        external_id,
    );
    add(working, all(rows.fetch_all(&mut *conn).await?)?);
    if side == ProviderKind::Official { by_platform(conn, working, account, external_id).await } else { Ok(()) }
}

async fn by_platform(
    conn: &mut PgConnection,
    working: &mut Working<'_>,
    account: Id<Account>,
    id: &str,
) -> Result<(), Fault> {
    let rows = message_rows!(
        "message_name n JOIN message m ON m.workspace_id = n.workspace_id AND m.id = n.message_id
        WHERE n.account_id = $1 AND n.platform_id = $2",
        account.raw(),
        id,
    );
    add(working, all(rows.fetch_all(conn).await?)?);
    Ok(())
}

/// Messages that may be the reported one: by the platform's id, or because they say the same at that time.
async fn alike(
    conn: &mut PgConnection,
    working: &mut Working<'_>,
    account: &Account,
    side: ProviderKind,
    report: &InboundMessage,
) -> Result<(), Fault> {
    if let Some(id) = platform_id(side, report) {
        super::message_by_key(conn, working, account.id, ProviderKind::Official, id).await?;
        by_platform(conn, working, account.id, id).await?;
    }
    let span = |reach| (report.sent_at.minus(reach), report.sent_at.plus(reach));
    if let Some(here) = working.conversation_named(account.id, side, &report.conversation_external_id) {
        let (from, to) = span(REACH);
        let rows = message_rows!(
            "message m WHERE m.conversation_id = $1 AND m.sent_at BETWEEN $2 AND $3 ORDER BY m.sent_at, m.id LIMIT $4",
            here.raw(),
            from.as_millis(),
            to.as_millis(),
            NEAR,
        );
        add(working, all(rows.fetch_all(&mut *conn).await?)?);
        if working.is_linked(here) {
            return Ok(());
        }
    }
    let near = near_by(conn, account, side, report, span(TOLERANCE)).await?;
    add(working, near.into_iter().filter(|message| tells_of(report, message)));
    Ok(())
}

/// What was said at that time in conversations that this side has no name for.
async fn near_by(
    conn: &mut PgConnection,
    account: &Account,
    side: ProviderKind,
    report: &InboundMessage,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<Message>, Fault> {
    let rows = message_rows!(
        "message m JOIN conversation c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
        WHERE m.workspace_id = $1 AND m.sent_at BETWEEN $2 AND $3 AND m.account_id = $4 AND m.direction = $5 AND c.provider <> $6
            AND NOT EXISTS (SELECT 1 FROM conversation_name n
                WHERE n.workspace_id = $1 AND n.conversation_id = c.id AND n.provider = $6)
        ORDER BY m.sent_at, m.id LIMIT $7",
        account.workspace_id.raw(),
        from.as_millis(),
        to.as_millis(),
        account.id.raw(),
        word(&report.direction),
        word(&side),
        NEAR,
    );
    all(rows.fetch_all(conn).await?)
}

/// Adds the conversations of all loaded messages and those named here, whole as the rules look at them, and every name.
pub(crate) async fn complete(
    conn: &mut PgConnection,
    working: &mut Working<'_>,
    workspace: Id<Workspace>,
    mut homes: BTreeSet<Id<Conversation>>,
) -> Result<(), Fault> {
    homes.extend(working.message_homes());
    homes.retain(|home| working.conversation(*home).is_none());
    // A conversation that the reports alone brought has less of its tail than the rules look at here.
    let partial: Vec<_> = working.conversation_ids().filter_map(|id| working.conversation(id)).cloned().collect();
    let partial: Vec<_> = partial.into_iter().filter(|row| !working.has_contact(row.contact_id)).collect();
    let rows =
        conversation_rows!("conversation c WHERE c.workspace_id = $1 AND c.id = ANY($2)", workspace.raw(), &raw(homes));
    let mut rows: Vec<Conversation> = all(rows.fetch_all(&mut *conn).await?)?;
    rows.extend(partial);
    let contacts = raw(rows.iter().map(|row| row.contact_id));
    tail::full(conn, working, rows).await?;
    let rows = contact_rows!("contact t WHERE t.workspace_id = $1 AND t.id = ANY($2)", workspace.raw(), &contacts);
    for contact in all::<_, Contact>(rows.fetch_all(&mut *conn).await?)? {
        working.add_contact(contact);
    }
    names(conn, working, workspace).await
}

/// Every name of what is loaded.
async fn names(conn: &mut PgConnection, working: &mut Working<'_>, workspace: Id<Workspace>) -> Result<(), Fault> {
    let loaded = raw(working.conversation_ids());
    let rows =
        conversation_name_rows!("WHERE n.workspace_id = $1 AND n.conversation_id = ANY($2)", workspace.raw(), &loaded);
    for name in all(rows.fetch_all(&mut *conn).await?)? {
        working.add_conversation_name(name);
    }
    let loaded = raw(working.message_ids());
    let rows = message_name_rows!("WHERE n.workspace_id = $1 AND n.message_id = ANY($2)", workspace.raw(), &loaded);
    for name in all(rows.fetch_all(conn).await?)? {
        working.add_message_name(name);
    }
    Ok(())
}

async fn conversation_by_name(
    conn: &mut PgConnection,
    account: Id<Account>,
    side: ProviderKind,
    external_id: &str,
) -> Result<Option<Id<Conversation>>, Fault> {
    let rows = conversation_name_rows!(
        "WHERE n.account_id = $1 AND n.provider = $2 AND n.external_id = $3",
        account.raw(),
        word(&side),
        external_id
    );
    let found: Vec<ConversationName> = all(rows.fetch_all(conn).await?)?;
    Ok(found.first().map(|name| name.conversation_id))
}

fn add(working: &mut Working<'_>, found: impl IntoIterator<Item = Message>) {
    for message in found {
        working.add_message(message);
    }
}
