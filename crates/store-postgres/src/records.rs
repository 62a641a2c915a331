//! Messages and conversations with everything a view shows of them: a few set queries for a whole page, never one per row.

use std::collections::{BTreeSet, HashMap};

use domain::{
    Id, Timestamp,
    contact::Contact,
    content::Content,
    conversation::Conversation,
    identity::User,
    ledger::RuleSet,
    media::Media,
    message::{Author, Direction, Message, Reaction},
    store::{AnsweredComment, ConversationRecord, MessageRecord},
};
use sqlx::PgConnection;

use crate::{
    error::Fault,
    rows::{ReactionRow, all, contact_rows, from_word, media_rows, message_rows, moment, raw},
};

/// Completes messages, in their order.
pub(crate) async fn messages(conn: &mut PgConnection, messages: Vec<Message>) -> Result<Vec<MessageRecord>, Fault> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let customers = customers(conn, &messages).await?;
    let authors = author_names(conn, &messages).await?;
    let media = media(conn, &messages).await?;
    let mut reactions = reactions(conn, &messages).await?;
    let quoted = quoted(conn, &messages).await?;
    let attempts = attempts(conn, &messages).await?;
    let mut comments = answered(conn, &messages).await?;
    messages
        .into_iter()
        .map(|message| {
            let account = message.account_id.raw();
            let (contact, read_up_to) = customers
                .get(&message.conversation_id.raw())
                .cloned()
                .ok_or_else(|| Fault::corrupt("message.conversation_id", "its conversation is missing"))?;
            Ok(MessageRecord {
                contact,
                author_name: author_id(&message.author).and_then(|id| authors.get(&id).cloned()),
                media: message.content.media().and_then(|id| media.get(&id).cloned()),
                reactions: message
                    .external_id
                    .as_ref()
                    .and_then(|key| reactions.remove(&(account, key.clone())))
                    .unwrap_or_default(),
                quoted: message
                    .quoted_external_id
                    .as_ref()
                    .and_then(|key| quoted.get(&(account, key.clone())).copied()),
                comment: message.external_id.as_ref().and_then(|key| comments.remove(&(account, key.clone()))),
                read_up_to,
                attempts: attempts.get(&message.id.raw()).copied().unwrap_or_default(),
                message,
            })
        })
        .collect()
}

/// Completes one message.
pub(crate) async fn message(conn: &mut PgConnection, message: Message) -> Result<MessageRecord, Fault> {
    let records = messages(conn, vec![message]).await?;
    records.into_iter().next().ok_or_else(|| Fault::corrupt("message.id", "the row is missing"))
}

async fn customers(
    conn: &mut PgConnection,
    messages: &[Message],
) -> Result<HashMap<i64, (Contact, Option<Timestamp>)>, Fault> {
    let ids = distinct(messages.iter().map(|message| message.conversation_id));
    let conversations = sqlx::query!("SELECT id, contact_id, read_up_to FROM conversation WHERE id = ANY($1)", &ids)
        .fetch_all(&mut *conn)
        .await?;
    let ids: Vec<i64> = conversations.iter().map(|row| row.contact_id).collect();
    let contacts = contacts(conn, &ids).await?;
    let joined = conversations
        .into_iter()
        .filter_map(|row| Some((row.id, (contacts.get(&row.contact_id)?.clone(), moment(row.read_up_to)))));
    Ok(joined.collect())
}

pub(crate) async fn contacts(conn: &mut PgConnection, ids: &[i64]) -> Result<HashMap<i64, Contact>, Fault> {
    let rows = contact_rows!("contact t WHERE t.id = ANY($1)", ids).fetch_all(conn).await?;
    Ok(all::<_, Contact>(rows)?.into_iter().map(|contact| (contact.id.raw(), contact)).collect())
}

const fn author_id(author: &Author) -> Option<i64> {
    match author {
        Author::Agent { id } => Some(id.raw()),
        Author::ApiKey { id: Some(id) } => Some(id.raw()),
        _ => None,
    }
}

/// Names of members and API keys. Their ids come from one generator, so they share a map.
async fn author_names(conn: &mut PgConnection, messages: &[Message]) -> Result<HashMap<i64, String>, Fault> {
    names(conn, messages.iter().filter_map(|message| author_id(&message.author)).collect()).await
}

/// The same by id.
pub(crate) async fn names(conn: &mut PgConnection, ids: BTreeSet<i64>) -> Result<HashMap<i64, String>, Fault> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<i64> = ids.into_iter().collect();
    let rows = sqlx::query!(
        r#"SELECT id AS "id!", name AS "name!" FROM "user" WHERE id = ANY($1) UNION ALL SELECT id, name FROM api_key WHERE id = ANY($1)"#,
        &ids
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

async fn media(conn: &mut PgConnection, messages: &[Message]) -> Result<HashMap<Id<Media>, Media>, Fault> {
    let ids = distinct(messages.iter().map(|message| &message.content).filter_map(Content::media));
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = media_rows!("WHERE d.id = ANY($1)", &ids).fetch_all(conn).await?;
    Ok(all::<_, Media>(rows)?.into_iter().map(|media| (media.id, media)).collect())
}

type ByKey<T> = HashMap<(i64, String), T>;

fn keys(messages: &[Message], key: impl Fn(&Message) -> Option<&String>) -> (Vec<i64>, Vec<String>) {
    let keys: BTreeSet<(i64, &String)> =
        messages.iter().filter_map(|message| Some((message.account_id.raw(), key(message)?))).collect();
    keys.into_iter().map(|(account, key)| (account, key.clone())).unzip()
}

async fn reactions(conn: &mut PgConnection, messages: &[Message]) -> Result<ByKey<Vec<Reaction>>, Fault> {
    let (accounts, external_ids) = keys(messages, |message| message.external_id.as_ref());
    if accounts.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query_as!(
        ReactionRow,
        "SELECT r.account_id, r.message_external_id, r.reacted_by, r.reaction_key, r.image_url, r.by_customer, r.added, r.reacted_at
        FROM unnest($1::bigint[], $2::text[]) AS k (account_id, external_id)
        JOIN reaction r ON r.account_id = k.account_id AND r.message_external_id = k.external_id
        WHERE r.added ORDER BY r.reacted_at, r.reacted_by, r.reaction_key",
        &accounts,
        &external_ids,
    )
    .fetch_all(conn)
    .await?;
    let mut found: ByKey<Vec<Reaction>> = HashMap::new();
    for row in rows {
        found.entry((row.account_id, row.message_external_id.clone())).or_default().push(row.into());
    }
    Ok(found)
}

async fn quoted(conn: &mut PgConnection, messages: &[Message]) -> Result<ByKey<Id<Message>>, Fault> {
    let (accounts, external_ids) = keys(messages, |message| message.quoted_external_id.as_ref());
    if accounts.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        r#"SELECT m.id, m.account_id, m.external_id AS "external_id!"
        FROM unnest($1::bigint[], $2::text[]) AS k (account_id, external_id)
        JOIN message m ON m.account_id = k.account_id AND m.external_id = k.external_id"#,
        &accounts,
        &external_ids,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| ((row.account_id, row.external_id), Id::from_raw(row.id))).collect())
}

/// How often each outgoing message was tried.
async fn attempts(conn: &mut PgConnection, messages: &[Message]) -> Result<HashMap<i64, u32>, Fault> {
    let outgoing = || messages.iter().filter(|message| message.direction == Direction::Outgoing);
    let ids = distinct(outgoing().map(|message| message.id));
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let workspaces = distinct(outgoing().map(|message| message.workspace_id));
    let rows = sqlx::query!(
        r#"SELECT message_id, count(*) AS "count!" FROM attempt
        WHERE workspace_id = ANY($1) AND message_id = ANY($2) GROUP BY message_id"#,
        &workspaces,
        &ids
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.message_id, u32::try_from(row.count).unwrap_or(u32::MAX))).collect())
}

/// The comments that messages of ours answer.
async fn answered(conn: &mut PgConnection, messages: &[Message]) -> Result<ByKey<AnsweredComment>, Fault> {
    let ours = |message: &Message| message.direction == Direction::Outgoing;
    let (accounts, external_ids) = keys(messages, |message| message.external_id.as_ref().filter(|_| ours(message)));
    if accounts.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        r#"SELECT q.id, q.account_id, q.message_external_id AS "message!", q.text
        FROM unnest($1::bigint[], $2::text[]) AS k (account_id, external_id)
        JOIN comment q ON q.account_id = k.account_id AND q.message_external_id = k.external_id"#,
        &accounts,
        &external_ids,
    )
    .fetch_all(conn)
    .await?;
    let comment = |id, text| AnsweredComment { id: Id::from_raw(id), text };
    Ok(rows.into_iter().map(|row| ((row.account_id, row.message), comment(row.id, row.text))).collect())
}

/// Completes conversations, in their order.
pub(crate) async fn conversations(
    conn: &mut PgConnection,
    conversations: Vec<Conversation>,
) -> Result<Vec<ConversationRecord>, Fault> {
    if conversations.is_empty() {
        return Ok(Vec::new());
    }
    let contacts = contacts(conn, &distinct(conversations.iter().map(|row| row.contact_id))).await?;
    let rules = rule_sets(conn, &distinct(conversations.iter().map(|row| row.account_id))).await?;
    let names = user_names(conn, &distinct(conversations.iter().filter_map(|row| row.assignee))).await?;
    let workspaces = distinct(conversations.iter().map(|row| row.workspace_id));
    let last = raw(conversations.iter().filter_map(|row| row.last_message_id));
    let last = message_rows!("message m WHERE m.workspace_id = ANY($1) AND m.id = ANY($2)", &workspaces, &last)
        .fetch_all(conn)
        .await?;
    let mut last: HashMap<Id<Message>, Message> =
        all::<_, Message>(last)?.into_iter().map(|message| (message.id, message)).collect();
    conversations
        .into_iter()
        .map(|conversation| {
            Ok(ConversationRecord {
                contact: contacts
                    .get(&conversation.contact_id.raw())
                    .cloned()
                    .ok_or_else(|| Fault::corrupt("conversation.contact_id", "the contact is missing"))?,
                rule_set: rules
                    .get(&conversation.account_id.raw())
                    .copied()
                    .ok_or_else(|| Fault::corrupt("conversation.account_id", "the account is missing"))?,
                assignee_name: conversation.assignee.and_then(|user| names.get(&user).cloned()),
                last_message: conversation.last_message_id.and_then(|id| last.remove(&id)),
                conversation,
            })
        })
        .collect()
}

/// Completes one conversation.
pub(crate) async fn conversation(
    conn: &mut PgConnection,
    conversation: Conversation,
) -> Result<ConversationRecord, Fault> {
    let records = conversations(conn, vec![conversation]).await?;
    records.into_iter().next().ok_or_else(|| Fault::corrupt("conversation.id", "the row is missing"))
}

async fn rule_sets(conn: &mut PgConnection, ids: &[i64]) -> Result<HashMap<i64, RuleSet>, Fault> {
    let rows = sqlx::query!("SELECT id, rule_set FROM account WHERE id = ANY($1)", ids).fetch_all(conn).await?;
    rows.into_iter().map(|row| Ok((row.id, from_word("account.rule_set", &row.rule_set)?))).collect()
}

async fn user_names(conn: &mut PgConnection, ids: &[i64]) -> Result<HashMap<Id<User>, String>, Fault> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(r#"SELECT id, name FROM "user" WHERE id = ANY($1)"#, ids).fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (Id::from_raw(row.id), row.name)).collect())
}

fn distinct<T>(ids: impl Iterator<Item = Id<T>>) -> Vec<i64> {
    let ids: BTreeSet<i64> = ids.map(Id::raw).collect();
    ids.into_iter().collect()
}
