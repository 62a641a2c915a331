//! Single rows by their keys. Called by `load` and by the topics.

use domain::{
    account::{Account, ProviderKind},
    comment::Comment,
    contact::{Channel, Contact},
    conversation::Conversation,
    id::Id,
    message::Message,
    store::StoreResult,
    workspace::Workspace,
};
use rusqlite::Connection;

use crate::{
    rows::{
        self, account_columns, account_tables, comment_columns, contact_columns, conversation_columns, message_columns,
    },
    sql::{Columns, many, one, statements},
    text::Text,
};

statements! {
    ACCOUNT_BY_ID = concat!("SELECT ", account_columns!(), " FROM ", account_tables!(), " WHERE a.id = ?1");
    // As one of its bindings shows it, whether that sends or not.
    ACCOUNT_THROUGH = concat!(
        "SELECT ", account_columns!(), " FROM account a JOIN binding b ON b.workspace_id = a.workspace_id AND b.account_id = a.id \
         AND b.provider = ?2 LEFT JOIN token t ON t.binding_id = b.id LEFT JOIN history h ON h.account_id = a.id WHERE a.id = ?1"
    );
    // Any binding names the account; its sending one is read.
    ACCOUNT_BY_KEY = concat!(
        "SELECT ", account_columns!(), " FROM binding n JOIN ", account_tables!(),
        " WHERE n.provider = ?1 AND n.external_id = ?2 AND a.id = n.account_id AND a.workspace_id = n.workspace_id"
    );
    CONTACT_BY_ID = concat!("SELECT ", contact_columns!(), " FROM contact k WHERE k.id = ?1");
    CONTACT_BY_KEY =
        concat!("SELECT ", contact_columns!(), " FROM contact k WHERE k.workspace_id = ?1 AND k.channel = ?2 AND k.external_id = ?3");
    COMMENT_BY_ID = concat!("SELECT ", comment_columns!(), " FROM comment q WHERE q.id = ?1");
    COMMENT_BY_KEY = concat!("SELECT ", comment_columns!(), " FROM comment q WHERE q.account_id = ?1 AND q.external_id = ?2");
    // Those that wait for a report of their answer, and the one whose answer it is.
    COMMENTS_OF = concat!(
        "SELECT ", comment_columns!(), " FROM contact k JOIN comment q ON q.workspace_id = k.workspace_id AND q.contact_id = k.id \
         WHERE k.workspace_id = ?1 AND k.channel = ?2 AND k.external_id = ?3 AND q.account_id = ?4 \
         AND (q.state IN ('answering', 'unconfirmed') OR q.message_external_id = ?5)"
    );
    CONVERSATION_BY_ID = concat!("SELECT ", conversation_columns!(), " FROM conversation c WHERE c.id = ?1");
    CONVERSATION_BY_KEY =
        concat!("SELECT ", conversation_columns!(), " FROM conversation c WHERE c.account_id = ?1 AND c.external_id = ?2 AND c.provider = ?3");
    CONVERSATIONS_WITH_QUEUE = "SELECT DISTINCT conversation_id FROM outbox WHERE account_id = ?1 ORDER BY conversation_id";
    MESSAGE_BY_ID = concat!("SELECT ", message_columns!(), " FROM message m WHERE m.id = ?1");
    MESSAGE_BY_KEY = concat!("SELECT ", message_columns!(), " FROM message m WHERE m.account_id = ?1 AND m.external_id = ?2 AND m.provider = ?3");
    MESSAGE_BY_IDEMPOTENCY_KEY =
        concat!("SELECT ", message_columns!(), " FROM message m WHERE m.conversation_id = ?1 AND m.idempotency_key = ?2");
}

pub(crate) fn account_by_id(connection: &Connection, id: Id<Account>) -> StoreResult<Option<Account>> {
    one(connection, ACCOUNT_BY_ID, [id.raw()], |row| rows::account(&mut Columns::new(row, "account")))
}

/// The account as one of its sides shows it.
pub(crate) fn account_through(
    connection: &Connection,
    id: Id<Account>,
    side: ProviderKind,
) -> StoreResult<Option<Account>> {
    one(connection, ACCOUNT_THROUGH, (id.raw(), side.text()), |row| rows::account(&mut Columns::new(row, "account")))
}

pub(crate) fn account_by_key(
    connection: &Connection,
    provider: ProviderKind,
    external_id: &str,
) -> StoreResult<Option<Account>> {
    one(connection, ACCOUNT_BY_KEY, (provider.text(), external_id), |row| {
        rows::account(&mut Columns::new(row, "account"))
    })
}

pub(crate) fn contact_by_id(connection: &Connection, id: Id<Contact>) -> StoreResult<Option<Contact>> {
    one(connection, CONTACT_BY_ID, [id.raw()], |row| rows::contact(&mut Columns::new(row, "contact")))
}

pub(super) fn contact_by_key(
    connection: &Connection,
    workspace: Id<Workspace>,
    channel: Channel,
    external_id: &str,
) -> StoreResult<Option<Contact>> {
    let key = (workspace.raw(), channel.text(), external_id);
    one(connection, CONTACT_BY_KEY, key, |row| rows::contact(&mut Columns::new(row, "contact")))
}

pub(super) fn comment_by_id(connection: &Connection, id: Id<Comment>) -> StoreResult<Option<Comment>> {
    one(connection, COMMENT_BY_ID, [id.raw()], |row| rows::comment(&mut Columns::new(row, "comment")))
}

pub(super) fn comment_by_key(
    connection: &Connection,
    account: Id<Account>,
    external_id: &str,
) -> StoreResult<Option<Comment>> {
    one(connection, COMMENT_BY_KEY, (account.raw(), external_id), |row| {
        rows::comment(&mut Columns::new(row, "comment"))
    })
}

/// Comments of a contact that the message `message` may be the answer to.
pub(super) fn comments_of(
    connection: &Connection,
    account: &Account,
    channel: Channel,
    contact: &str,
    message: &str,
) -> StoreResult<Vec<Comment>> {
    let key = (account.workspace_id.raw(), channel.text(), contact, account.id.raw(), message);
    many(connection, COMMENTS_OF, key, |row| rows::comment(&mut Columns::new(row, "comment")))
}

pub(crate) fn conversation_by_id(connection: &Connection, id: Id<Conversation>) -> StoreResult<Option<Conversation>> {
    one(connection, CONVERSATION_BY_ID, [id.raw()], |row| rows::conversation(&mut Columns::new(row, "conversation")))
}

pub(super) fn conversation_by_key(
    connection: &Connection,
    account: Id<Account>,
    side: ProviderKind,
    external_id: &str,
) -> StoreResult<Option<Conversation>> {
    one(connection, CONVERSATION_BY_KEY, (account.raw(), external_id, side.text()), |row| {
        rows::conversation(&mut Columns::new(row, "conversation"))
    })
}

pub(super) fn conversations_with_queue(
    connection: &Connection,
    account: Id<Account>,
) -> StoreResult<Vec<Id<Conversation>>> {
    many(connection, CONVERSATIONS_WITH_QUEUE, [account.raw()], |row| Columns::new(row, "outbox").id())
}

pub(crate) fn message_by_id(connection: &Connection, id: Id<Message>) -> StoreResult<Option<Message>> {
    one(connection, MESSAGE_BY_ID, [id.raw()], |row| rows::message(&mut Columns::new(row, "message")))
}

pub(super) fn message_by_key(
    connection: &Connection,
    account: Id<Account>,
    side: ProviderKind,
    external_id: &str,
) -> StoreResult<Option<Message>> {
    one(connection, MESSAGE_BY_KEY, (account.raw(), external_id, side.text()), |row| {
        rows::message(&mut Columns::new(row, "message"))
    })
}

pub(crate) fn message_by_idempotency_key(
    connection: &Connection,
    conversation: Id<Conversation>,
    key: &str,
) -> StoreResult<Option<Message>> {
    one(connection, MESSAGE_BY_IDEMPOTENCY_KEY, (conversation.raw(), key), |row| {
        rows::message(&mut Columns::new(row, "message"))
    })
}
