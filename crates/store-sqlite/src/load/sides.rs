//! What an account with two sides needs beside: names, messages that say the same, and conversations that may be one. Called by
//! `load` for such accounts only.

use std::collections::BTreeSet;

use domain::{
    account::{Account, ProviderKind},
    conversation::Conversation,
    id::Id,
    inbound::{Inbound, InboundMessage},
    journal::{self, ConversationName, MessageName, WHOLE, Working, item_keys},
    message::Message,
    sides::{REACH, TOLERANCE, platform_id, tells_of},
    store::StoreResult,
};
use rusqlite::Connection;

use super::{find, tail};
use crate::{
    rows::{self, conversation_columns, message_columns},
    sql::{Columns, id_list, many, one, statements},
    text::Text,
};

/// How many messages at one time are looked through.
const NEAR: u32 = 500;

statements! {
    CONVERSATION_BY_NAME = concat!(
        "SELECT ", conversation_columns!(), " FROM conversation_name n JOIN conversation c ON c.id = n.conversation_id \
         WHERE n.account_id = ?1 AND n.provider = ?2 AND n.external_id = ?3"
    );
    CONVERSATION_NAMES = "SELECT n.workspace_id, n.account_id, n.provider, n.external_id, n.conversation_id, n.guessed FROM conversation_name n \
                          WHERE n.workspace_id = ?1 AND n.conversation_id = ?2 ORDER BY n.provider, n.external_id";
    MESSAGE_BY_NAME = concat!(
        "SELECT ", message_columns!(), " FROM message_name n JOIN message m ON m.id = n.message_id \
         WHERE n.account_id = ?1 AND n.provider = ?2 AND n.external_id = ?3"
    );
    MESSAGES_BY_PLATFORM = concat!(
        "SELECT ", message_columns!(), " FROM message_name n JOIN message m ON m.id = n.message_id \
         WHERE n.account_id = ?1 AND n.platform_id = ?2"
    );
    MESSAGE_NAMES = "SELECT n.workspace_id, n.account_id, n.provider, n.external_id, n.message_id, n.platform_id, n.told_at, n.guessed \
                     FROM json_each(?2) j JOIN message_name n ON n.workspace_id = ?1 AND n.message_id = j.value";
    // Of other conversations, only those that this side has no name for.
    NEAR_BY = concat!(
        "SELECT ", message_columns!(), " FROM message m JOIN conversation c ON c.id = m.conversation_id \
         WHERE m.workspace_id = ?1 AND m.sent_at BETWEEN ?2 AND ?3 AND m.account_id = ?4 AND m.direction = ?5 AND c.provider <> ?6 \
         AND NOT EXISTS (SELECT 1 FROM conversation_name n WHERE n.workspace_id = ?1 AND n.conversation_id = c.id AND n.provider = ?6) \
         ORDER BY m.sent_at, m.id LIMIT ?7"
    );
    NEAR_WITHIN = concat!(
        "SELECT ", message_columns!(), " FROM message m WHERE m.conversation_id = ?1 AND m.sent_at BETWEEN ?2 AND ?3 \
         ORDER BY m.sent_at, m.id LIMIT ?4"
    );
    NEWEST_OF = concat!(
        "SELECT ", message_columns!(), " FROM message m WHERE m.conversation_id = ?1 ORDER BY m.sent_at DESC, m.id DESC LIMIT ?2"
    );
}

/// Everything beyond what the items name in their side's own words.
pub(super) fn items(
    connection: &Connection,
    working: &mut Working<'_>,
    account: &Account,
    side: ProviderKind,
    items: &[Inbound],
) -> StoreResult<()> {
    let mut homes = BTreeSet::new();
    for item in items {
        let keys = item_keys(item);
        if let Some(external_id) = keys.conversation
            && working.conversation_named(account.id, side, external_id).is_none()
            && let Some(known) = conversation_by_name(connection, account.id, side, external_id)?
        {
            homes.insert(known.id);
        }
        for external_id in keys.messages {
            add_by_key(connection, working, account.id, side, external_id)?;
        }
    }
    complete(connection, working, homes)?;
    for item in items {
        let Inbound::Message(report) = item else { continue };
        alike(connection, working, account, side, report)?;
    }
    complete(connection, working, BTreeSet::new())?;
    for item in items {
        for double in journal::doubles(working, account.id, side, item) {
            add(working, many(connection, NEWEST_OF, (double.raw(), WHOLE), message)?);
        }
    }
    complete(connection, working, BTreeSet::new())
}

/// The message that a side calls so, or that it is by the platform's id.
pub(super) fn add_by_key(
    connection: &Connection,
    working: &mut Working<'_>,
    account: Id<Account>,
    side: ProviderKind,
    external_id: &str,
) -> StoreResult<()> {
    let key = (account.raw(), side.text(), external_id);
    add(working, one(connection, MESSAGE_BY_NAME, key, message)?);
    if side == ProviderKind::Official {
        add(working, many(connection, MESSAGES_BY_PLATFORM, (account.raw(), external_id), message)?);
    }
    Ok(())
}

/// Messages that may be the reported one: by the platform's id, or because they say the same at that time.
fn alike(
    connection: &Connection,
    working: &mut Working<'_>,
    account: &Account,
    side: ProviderKind,
    report: &InboundMessage,
) -> StoreResult<()> {
    if let Some(id) = platform_id(side, report) {
        add(working, find::message_by_key(connection, account.id, ProviderKind::Official, id)?);
        add(working, many(connection, MESSAGES_BY_PLATFORM, (account.id.raw(), id), message)?);
    }
    let (from, to) = (report.sent_at.minus(TOLERANCE).as_millis(), report.sent_at.plus(TOLERANCE).as_millis());
    let here = working.conversation_named(account.id, side, &report.conversation_external_id);
    if let Some(here) = here {
        let reach = (report.sent_at.minus(REACH).as_millis(), report.sent_at.plus(REACH).as_millis());
        add(working, many(connection, NEAR_WITHIN, (here.raw(), reach.0, reach.1, NEAR), message)?);
        if working.is_linked(here) {
            return Ok(());
        }
    }
    let near = (account.workspace_id.raw(), from, to, account.id.raw(), report.direction.text(), side.text(), NEAR);
    let near = many(connection, NEAR_BY, near, message)?;
    add(working, near.into_iter().filter(|message| tells_of(report, message)));
    Ok(())
}

/// Adds the conversations of all loaded messages and those named here, whole as the rules look at them, and every name.
pub(super) fn complete(
    connection: &Connection,
    working: &mut Working<'_>,
    mut homes: BTreeSet<Id<Conversation>>,
) -> StoreResult<()> {
    homes.extend(working.message_homes());
    for home in homes {
        if working.conversation(home).is_none()
            && let Some(conversation) = find::conversation_by_id(connection, home)?
        {
            tail::full(connection, working, &conversation)?;
            working.add_conversation(conversation);
        }
    }
    let known: Vec<Id<Conversation>> = working.conversation_ids().collect();
    for id in known {
        beside(connection, working, id)?;
    }
    let mut of_workspace: Vec<_> = working.message_ids().filter_map(|id| working.message(id)).collect();
    of_workspace.sort_unstable_by_key(|message| message.workspace_id);
    let mut names = Vec::new();
    for group in of_workspace.chunk_by(|one, other| one.workspace_id == other.workspace_id) {
        let (workspace, ids) = (group[0].workspace_id.raw(), id_list(group.iter().map(|message| message.id)));
        names.extend(many(connection, MESSAGE_NAMES, (workspace, ids), message_name)?);
    }
    for name in names {
        working.add_message_name(name);
    }
    Ok(())
}

/// The whole tail, the customer and the names of a conversation.
fn beside(connection: &Connection, working: &mut Working<'_>, id: Id<Conversation>) -> StoreResult<()> {
    let Some(conversation) = working.conversation(id).cloned() else { return Ok(()) };
    if !working.has_contact(conversation.contact_id)
        && let Some(contact) = find::contact_by_id(connection, conversation.contact_id)?
    {
        working.add_contact(contact);
        // What the reports alone would need of it is not enough.
        tail::full(connection, working, &conversation)?;
    }
    for name in names(connection, &conversation)? {
        working.add_conversation_name(name);
    }
    Ok(())
}

/// The names of a conversation beyond its first.
pub(super) fn names(connection: &Connection, conversation: &Conversation) -> StoreResult<Vec<ConversationName>> {
    many(connection, CONVERSATION_NAMES, (conversation.workspace_id.raw(), conversation.id.raw()), conversation_name)
}

fn conversation_by_name(
    connection: &Connection,
    account: Id<Account>,
    side: ProviderKind,
    external_id: &str,
) -> StoreResult<Option<Conversation>> {
    one(connection, CONVERSATION_BY_NAME, (account.raw(), side.text(), external_id), |row| {
        rows::conversation(&mut Columns::new(row, "conversation"))
    })
}

fn message(row: &rusqlite::Row<'_>) -> StoreResult<Message> {
    rows::message(&mut Columns::new(row, "message"))
}

fn add(working: &mut Working<'_>, found: impl IntoIterator<Item = Message>) {
    for message in found {
        working.add_message(message);
    }
}

pub(crate) fn conversation_name(row: &rusqlite::Row<'_>) -> StoreResult<ConversationName> {
    let mut columns = Columns::new(row, "conversation_name");
    Ok(ConversationName {
        workspace_id: columns.id()?,
        account_id: columns.id()?,
        provider: columns.text()?,
        external_id: columns.get()?,
        conversation_id: columns.id()?,
        guessed: columns.get()?,
    })
}

pub(crate) fn message_name(row: &rusqlite::Row<'_>) -> StoreResult<MessageName> {
    let mut columns = Columns::new(row, "message_name");
    Ok(MessageName {
        workspace_id: columns.id()?,
        account_id: columns.id()?,
        provider: columns.text()?,
        external_id: columns.get()?,
        message_id: columns.id()?,
        platform_id: columns.get()?,
        told_at: columns.time()?,
        guessed: columns.get()?,
    })
}
