//! Loads the rows that a use case works on, by set queries. The accounts of all of them are locked by then.

mod comments;
mod sides;
mod tail;

use std::collections::{BTreeSet, HashMap};

use domain::{
    Id,
    account::{Account, ProviderKind},
    contact::Contact,
    conversation::Conversation,
    journal::Working,
    message::Message,
    workspace::Workspace,
};
use sqlx::PgConnection;

pub(crate) use comments::comment;
pub(crate) use sides::items as of_sides;

use crate::{
    error::Fault,
    referrals::{self, ReferralKeys},
    rows::{account_rows, all, contact_rows, conversation_rows, from_json, message_rows, moment, raw, word},
};

/// Keys of many rows, column by column.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    /// (workspace, channel, the provider's id).
    pub(crate) contacts: (Vec<i64>, Vec<String>, Vec<String>),
    /// (account, the provider's id, provider).
    pub(crate) conversations: (Vec<i64>, Vec<String>, Vec<String>),
    /// The same.
    pub(crate) messages: (Vec<i64>, Vec<String>, Vec<String>),
    /// (account, the provider's id).
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
            "(SELECT DISTINCT * FROM unnest($1::bigint[], $2::text[], $3::text[]) AS u (account_id, external_id, provider)) k
            CROSS JOIN LATERAL (SELECT * FROM message m WHERE m.account_id = k.account_id AND m.external_id = k.external_id
                AND m.provider = k.provider OFFSET 0) m",
            &keys.messages.0,
            &keys.messages.1,
            &keys.messages.2,
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
            "(SELECT DISTINCT * FROM unnest($1::bigint[], $2::text[], $3::text[]) AS u (account_id, external_id, provider)) k
            CROSS JOIN LATERAL (SELECT * FROM conversation c WHERE c.account_id = k.account_id AND c.external_id = k.external_id
                AND c.provider = k.provider OFFSET 0) c",
            &keys.conversations.0,
            &keys.conversations.1,
            &keys.conversations.2,
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
    let two_sides = rows.iter().any(|row| working.has_two_sides(row.account_id));
    tail::full(conn, working, rows).await?;
    if two_sides { sides::complete(conn, working, workspace, BTreeSet::new()).await } else { Ok(()) }
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

/// Adds the message that a side knows by this id.
pub(crate) async fn message_by_key(
    conn: &mut PgConnection,
    working: &mut Working<'_>,
    account: Id<Account>,
    side: ProviderKind,
    external_id: &str,
) -> Result<(), Fault> {
    let row = message_rows!(
        "message m WHERE m.account_id = $1 AND m.external_id = $2 AND m.provider = $3",
        account.raw(),
        external_id,
        word(&side)
    )
    .fetch_optional(conn)
    .await?;
    if let Some(row) = row {
        working.add_message(row.try_into()?);
    }
    Ok(())
}

/// The same of what an answer names, with what belongs to it where another side knows it too.
pub(crate) async fn answered(
    conn: &mut PgConnection,
    working: &mut Working<'_>,
    message: &Message,
    external_id: &str,
) -> Result<(), Fault> {
    let (account, side) = (message.account_id, message.provider);
    message_by_key(conn, working, account, side, external_id).await?;
    if working.has_two_sides(account) {
        sides::by_name(conn, working, account, side, external_id).await?;
        sides::complete(conn, working, message.workspace_id, BTreeSet::new()).await?;
    }
    Ok(())
}

/// Accounts as one of their sides shows them, whether that sends or not.
pub(crate) async fn account_through(
    conn: &mut PgConnection,
    id: Id<Account>,
    side: ProviderKind,
) -> Result<Option<Account>, Fault> {
    let Some(account) = accounts(conn, &[id.raw()]).await?.into_iter().next() else { return Ok(None) };
    let row = sqlx::query!(
        r#"SELECT b.id, b.external_id, b.scopes, t.access_expires_at AS "token_expires_at?"
        FROM binding b LEFT JOIN token t ON t.binding_id = b.id WHERE b.account_id = $1 AND b.provider = $2"#,
        id.raw(),
        word(&side)
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Account {
        binding: Id::from_raw(row.id),
        provider: side,
        external_id: row.external_id,
        scopes: from_json("binding.scopes", &row.scopes)?,
        token_expires_at: moment(row.token_expires_at),
        ..account
    }))
}

/// What a side calls a conversation of an account with two; of several names, any.
pub(crate) async fn conversation_name(
    conn: &mut PgConnection,
    conversation: &Conversation,
    side: ProviderKind,
) -> Result<Option<String>, Fault> {
    if conversation.provider == side {
        return Ok(Some(conversation.external_id.clone()));
    }
    let names = sqlx::query_scalar!(
        "SELECT external_id FROM conversation_name WHERE workspace_id = $1 AND conversation_id = $2 AND provider = $3
        ORDER BY external_id LIMIT 1",
        conversation.workspace_id.raw(),
        conversation.id.raw(),
        word(&side),
    );
    Ok(names.fetch_optional(conn).await?)
}
