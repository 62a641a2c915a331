//! Messages and conversations with everything a view shows of them, in a few set queries however many there are.
//! Called by inbox, filter, outbox and events.

use std::collections::{BTreeSet, HashMap};

use domain::{
    clock::Timestamp,
    contact::Contact,
    conversation::Conversation,
    id::Id,
    media::Media,
    message::{Author, Direction, Message, Reaction},
    store::{AnsweredComment, ConversationRecord, MessageRecord, StoreResult},
};
use rusqlite::{Connection, Params, Row};

use crate::{
    rows::{self, MESSAGE_WIDTH, media_columns, reaction_columns},
    sql::{Columns, id_list, many, one, statements},
};

/// A message with its customer and the conversation's read mark; read by [`part`].
macro_rules! message_parts {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            crate::rows::message_columns!(),
            ", ",
            crate::rows::contact_columns!(),
            ", c.read_up_to FROM message m ",
            "JOIN conversation c ON c.id = m.conversation_id JOIN contact k ON k.id = c.contact_id ",
            $rest
        )
    };
}
pub(crate) use message_parts;

/// A conversation with what its list row shows; read by [`conversation`].
macro_rules! conversation_parts {
    () => {
        concat!(
            "SELECT ",
            crate::rows::conversation_columns!(),
            ", ",
            crate::rows::contact_columns!(),
            ", a.rule_set, u.name AS assignee_name, ",
            crate::rows::message_columns!(),
            " FROM conversation c JOIN contact k ON k.id = c.contact_id JOIN account a ON a.id = c.account_id \
             LEFT JOIN \"user\" u ON u.id = c.assignee LEFT JOIN message m ON m.id = c.last_message_id "
        )
    };
}
pub(crate) use conversation_parts;

statements! {
    MESSAGE = message_parts!("WHERE m.id = ?1");
    MESSAGES = message_parts!("WHERE m.id IN (SELECT value FROM json_each(?1))");
    CONVERSATION = concat!(conversation_parts!(), "WHERE c.id = ?1");
    CONVERSATIONS = concat!(conversation_parts!(), "WHERE c.id IN (SELECT value FROM json_each(?1))");
    ATTEMPTS = "SELECT a.message_id, count(*) FROM attempt a WHERE a.message_id IN (SELECT value FROM json_each(?1)) GROUP BY a.message_id";
    USER_NAMES = "SELECT id, name FROM \"user\" WHERE id IN (SELECT value FROM json_each(?1))";
    KEY_NAMES = "SELECT id, name FROM api_key WHERE id IN (SELECT value FROM json_each(?1))";
    MEDIA = concat!("SELECT ", media_columns!(), " FROM media d WHERE d.id IN (SELECT value FROM json_each(?1))");
    REACTIONS = concat!(
        "SELECT r.account_id, ", reaction_columns!(), " FROM json_each(?1) n JOIN reaction r \
         ON r.account_id = n.value ->> 0 AND r.message_external_id = n.value ->> 1 \
         WHERE r.added = 1 ORDER BY r.reacted_at, r.reacted_by, r.reaction_key"
    );
    ANSWERED = "SELECT q.account_id, q.message_external_id, q.id, q.text FROM json_each(?1) n JOIN comment q \
                ON q.account_id = n.value ->> 0 AND q.message_external_id = n.value ->> 1";
    QUOTED = "SELECT m.account_id, m.external_id, m.id FROM json_each(?1) n JOIN message m \
              ON m.account_id = n.value ->> 0 AND m.external_id = n.value ->> 1";
}

/// A message on its way to a record.
pub(crate) struct Part {
    message: Message,
    contact: Contact,
    read_up_to: Option<Timestamp>,
}

/// Reads a row of [`message_parts`].
pub(crate) fn part(row: &Row<'_>) -> StoreResult<Part> {
    let mut columns = Columns::new(row, "message");
    Ok(Part {
        message: rows::message(&mut columns)?,
        contact: rows::contact(&mut columns)?,
        read_up_to: columns.table("conversation").opt_time()?,
    })
}

/// One message.
pub(crate) fn message(connection: &Connection, id: Id<Message>) -> StoreResult<Option<MessageRecord>> {
    let part = one(connection, MESSAGE, [id.raw()], part)?;
    Ok(complete(connection, part.into_iter().collect())?.pop())
}

/// Messages by id; those that are gone are left out.
pub(crate) fn messages(
    connection: &Connection,
    ids: &BTreeSet<Id<Message>>,
) -> StoreResult<HashMap<Id<Message>, MessageRecord>> {
    let records = message_list(connection, MESSAGES, [id_list(ids.iter().copied())])?;
    Ok(records.into_iter().map(|record| (record.message.id, record)).collect())
}

/// The messages of a statement made of [`message_parts`], in its order.
pub(crate) fn message_list(
    connection: &Connection,
    sql: &'static str,
    params: impl Params,
) -> StoreResult<Vec<MessageRecord>> {
    let parts = many(connection, sql, params, part)?;
    complete(connection, parts)
}

/// One conversation.
pub(crate) fn conversation_by_id(
    connection: &Connection,
    id: Id<Conversation>,
) -> StoreResult<Option<ConversationRecord>> {
    one(connection, CONVERSATION, [id.raw()], conversation)
}

/// Conversations by id.
pub(crate) fn conversations(
    connection: &Connection,
    ids: &BTreeSet<Id<Conversation>>,
) -> StoreResult<HashMap<Id<Conversation>, ConversationRecord>> {
    let found = many(connection, CONVERSATIONS, [id_list(ids.iter().copied())], conversation)?;
    Ok(found.into_iter().map(|record| (record.conversation.id, record)).collect())
}

/// Reads a row of [`conversation_parts`].
pub(crate) fn conversation(row: &Row<'_>) -> StoreResult<ConversationRecord> {
    let mut columns = Columns::new(row, "conversation");
    let conversation = rows::conversation(&mut columns)?;
    let contact = rows::contact(&mut columns)?;
    let rule_set = columns.table("account").text()?;
    let assignee_name = columns.table("user").get()?;
    let last_message = if columns.is_null() {
        columns.skip(MESSAGE_WIDTH);
        None
    } else {
        Some(rows::message(&mut columns)?)
    };
    Ok(ConversationRecord { conversation, contact, rule_set, assignee_name, last_message })
}

/// What is looked up for all messages of a page at once.
#[derive(Default)]
struct Beside {
    users: HashMap<i64, String>,
    keys: HashMap<i64, String>,
    media: HashMap<Id<Media>, Media>,
    reactions: HashMap<(i64, String), Vec<Reaction>>,
    quoted: HashMap<(i64, String), Id<Message>>,
    attempts: HashMap<Id<Message>, u32>,
    comments: HashMap<(i64, String), AnsweredComment>,
}

fn complete(connection: &Connection, parts: Vec<Part>) -> StoreResult<Vec<MessageRecord>> {
    let mut beside = beside(connection, &parts)?;
    Ok(parts.into_iter().map(|part| record(part, &mut beside)).collect())
}

fn record(part: Part, beside: &mut Beside) -> MessageRecord {
    let Part { message, contact, read_up_to } = part;
    let account = message.account_id.raw();
    let author_name = match &message.author {
        Author::Agent { id } => beside.users.get(&id.raw()).cloned(),
        Author::ApiKey { id } => id.and_then(|id| beside.keys.get(&id.raw()).cloned()),
        _ => None,
    };
    let comment = message.external_id.clone().and_then(|key| beside.comments.remove(&(account, key)));
    let reactions =
        message.external_id.clone().and_then(|key| beside.reactions.remove(&(account, key))).unwrap_or_default();
    let quoted = message.quoted_external_id.clone().and_then(|key| beside.quoted.get(&(account, key)).copied());
    let media = message.content.media().and_then(|id| beside.media.get(&id).cloned());
    let attempts = beside.attempts.get(&message.id).copied().unwrap_or_default();
    MessageRecord { message, contact, author_name, media, reactions, quoted, comment, read_up_to, attempts }
}

fn beside(connection: &Connection, parts: &[Part]) -> StoreResult<Beside> {
    let mut found = Beside::default();
    let (mut users, mut keys, mut media) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut named, mut ours, mut quoting) = (Vec::new(), Vec::new(), Vec::new());
    let mut outgoing = BTreeSet::new();
    for Part { message, .. } in parts {
        if message.direction == Direction::Outgoing {
            outgoing.insert(message.id);
        }
        match &message.author {
            Author::Agent { id } => drop(users.insert(*id)),
            Author::ApiKey { id: Some(id) } => drop(keys.insert(*id)),
            _ => {}
        }
        media.extend(message.content.media());
        named.extend(message.external_id.as_deref().map(|key| (message.account_id.raw(), key)));
        let outgoing = message.direction == Direction::Outgoing;
        ours.extend(message.external_id.as_deref().filter(|_| outgoing).map(|key| (message.account_id.raw(), key)));
        quoting.extend(message.quoted_external_id.as_deref().map(|key| (message.account_id.raw(), key)));
    }
    let name = |row: &Row<'_>| {
        let mut columns = Columns::new(row, "author");
        Ok((columns.get()?, columns.get()?))
    };
    if !users.is_empty() {
        found.users = many(connection, USER_NAMES, [id_list(users)], name)?.into_iter().collect();
    }
    if !keys.is_empty() {
        found.keys = many(connection, KEY_NAMES, [id_list(keys)], name)?.into_iter().collect();
    }
    if !media.is_empty() {
        let rows = many(connection, MEDIA, [id_list(media)], |row| rows::media(&mut Columns::new(row, "media")))?;
        found.media = rows.into_iter().map(|media| (media.id, media)).collect();
    }
    if !named.is_empty() {
        for (account, reaction) in many(connection, REACTIONS, [pairs(&named)?], |row| {
            let mut columns = Columns::new(row, "reaction");
            Ok((columns.get::<i64>()?, rows::reaction(&mut columns)?))
        })? {
            found.reactions.entry((account, reaction.message_external_id.clone())).or_default().push(reaction);
        }
    }
    if !outgoing.is_empty() {
        let rows = many(connection, ATTEMPTS, [id_list(outgoing)], |row| {
            let mut columns = Columns::new(row, "attempt");
            Ok((columns.id()?, columns.get()?))
        })?;
        found.attempts = rows.into_iter().collect();
    }
    if !ours.is_empty() {
        let rows = many(connection, ANSWERED, [pairs(&ours)?], |row| {
            let mut columns = Columns::new(row, "comment");
            let key = (columns.get()?, columns.get()?);
            Ok((key, AnsweredComment { id: columns.id()?, text: columns.get()? }))
        })?;
        found.comments = rows.into_iter().collect();
    }
    if !quoting.is_empty() {
        let rows = many(connection, QUOTED, [pairs(&quoting)?], |row| {
            let mut columns = Columns::new(row, "message");
            Ok(((columns.get()?, columns.get()?), columns.id()?))
        })?;
        found.quoted = rows.into_iter().collect();
    }
    Ok(found)
}

fn pairs(keys: &[(i64, &str)]) -> StoreResult<String> {
    crate::sql::to_json(&keys, "a list of keys")
}
