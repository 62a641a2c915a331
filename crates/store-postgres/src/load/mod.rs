//! Loads the rows that a use case works on, by set queries. The accounts of all of them are locked by then.

mod comments;
mod tail;

use std::collections::{BTreeSet, HashMap};

use domain::{
    Id, account::Account, contact::Contact, conversation::Conversation, journal::Working, message::Message,
    workspace::Workspace,
};
use sqlx::PgConnection;

pub(crate) use comments::comment;

use crate::{
    error::Fault,
    referrals::{self, ReferralKeys},
    rows::{account_rows, all, contact_rows, conversation_rows, message_rows, raw},
};

/// Keys of many rows, column by column.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    /// (workspace, channel, the provider's id).
    pub(crate) contacts: (Vec<i64>, Vec<String>, Vec<String>),
    /// (account, the provider's id).
    pub(crate) conversations: (Vec<i64>, Vec<String>),
    /// The same.
    pub(crate) messages: (Vec<i64>, Vec<String>),
    /// The same.
    pub(crate) comments: (Vec<i64>, Vec<String>),
    /// Whose comment a message may answer: (account, channel, the contact's id, the message's id).
    pub(crate) answers: (Vec<i64>, Vec<String>, Vec<String>, Vec<String>),
    /// Those conversations that a read receipt is about, by the same keys.
    pub(crate) reads: BTreeSet<(i64, String)>,
    /// Reported referrals.
    pub(crate) referrals: ReferralKeys,
}

/// Accounts by id.
pub(crate) async fn accounts(conn: &mut PgConnection, ids: &[i64]) -> Result<Vec<Account>, Fault> {
    all(account_rows!("WHERE a.id = ANY($1)", ids).fetch_all(conn).await?)
}

/// Adds what the keys name (OFFSET 0: see `tail`), with the tails of the conversations.
pub(crate) async fn by_keys(conn: &mut PgConnection, working: &mut Working<'_>, keys: &Keys) -> Result<(), Fault> {
    if !keys.contacts.0.is_empty() {
        let rows = contact_rows!(
            "(SELECT DISTINCT * FROM unnest($1::bigint[], $2::text[], $3::text[]) AS u (workspace_id, channel, external_id)) k
            CROSS JOIN LATERAL (SELECT * FROM contact t WHERE t.workspace_id = k.workspace_id AND t.channel = k.channel
                AND t.external_id = k.external_id OFFSET 0) t",
            &keys.contacts.0,
            &keys.contacts.1,
            &keys.contacts.2,
        )
        .fetch_all(&mut *conn)
        .await?;
        for contact in all::<_, Contact>(rows)? {
            working.add_contact(contact);
        }
    }
    comments::by_keys(conn, working, keys).await?;
    let mut named = HashMap::new();
    if !keys.messages.0.is_empty() {
        let rows = message_rows!(
            "(SELECT DISTINCT * FROM unnest($1::bigint[], $2::text[]) AS u (account_id, external_id)) k
            CROSS JOIN LATERAL (SELECT * FROM message m WHERE m.account_id = k.account_id AND m.external_id = k.external_id OFFSET 0) m",
            &keys.messages.0,
            &keys.messages.1,
        )
        .fetch_all(&mut *conn)
        .await?;
        for message in all::<_, Message>(rows)? {
            *named.entry(message.conversation_id).or_default() += 1;
            working.add_message(message);
        }
    }
    if !keys.conversations.0.is_empty() {
        let rows = conversation_rows!(
            "(SELECT DISTINCT * FROM unnest($1::bigint[], $2::text[]) AS u (account_id, external_id)) k
            CROSS JOIN LATERAL (SELECT * FROM conversation c WHERE c.account_id = k.account_id AND c.external_id = k.external_id OFFSET 0) c",
            &keys.conversations.0,
            &keys.conversations.1,
        )
        .fetch_all(&mut *conn)
        .await?;
        tail::of_reports(conn, working, all(rows)?, &keys.reads, &named).await?;
    }
    referrals::add_known(conn, working, &keys.referrals).await
}

/// Adds conversations that a use case names by our ids, with account, contact, tail and queue. Unknown ones are left out.
pub(crate) async fn conversations(
    conn: &mut PgConnection,
    working: &mut Working<'_>,
    workspace: Id<Workspace>,
    ids: &[i64],
) -> Result<(), Fault> {
    let rows = conversation_rows!("conversation c WHERE c.workspace_id = $1 AND c.id = ANY($2)", workspace.raw(), ids)
        .fetch_all(&mut *conn)
        .await?;
    let rows: Vec<Conversation> = all(rows)?;
    for account in accounts(conn, &raw(rows.iter().map(|row| row.account_id))).await? {
        working.add_account(account);
    }
    let contacts = raw(rows.iter().map(|row| row.contact_id));
    let contacts = contact_rows!("contact t WHERE t.workspace_id = $1 AND t.id = ANY($2)", workspace.raw(), &contacts)
        .fetch_all(&mut *conn)
        .await?;
    for contact in all::<_, Contact>(contacts)? {
        working.add_contact(contact);
    }
    tail::full(conn, working, rows).await
}

/// Adds one message with its conversation and everything that belongs to it. Gives it, if it is there.
pub(crate) async fn message(
    conn: &mut PgConnection,
    working: &mut Working<'_>,
    workspace: Id<Workspace>,
    id: Id<Message>,
) -> Result<Option<Message>, Fault> {
    let row = message_rows!("message m WHERE m.workspace_id = $1 AND m.id = $2", workspace.raw(), id.raw())
        .fetch_optional(&mut *conn)
        .await?;
    let Some(message) = row.map(Message::try_from).transpose()? else {
        return Ok(None);
    };
    conversations(conn, working, workspace, &[message.conversation_id.raw()]).await?;
    working.add_message(message.clone());
    Ok(Some(message))
}

/// Adds the message that the provider knows by this id.
pub(crate) async fn message_by_key(
    conn: &mut PgConnection,
    working: &mut Working<'_>,
    account: Id<Account>,
    external_id: &str,
) -> Result<(), Fault> {
    let row = message_rows!("message m WHERE m.account_id = $1 AND m.external_id = $2", account.raw(), external_id)
        .fetch_optional(conn)
        .await?;
    if let Some(row) = row {
        working.add_message(row.try_into()?);
    }
    Ok(())
}
