//! Rows as the database gives them, and how they become the domain's types. The `*_rows!` macros spell a table's columns once;
//! each use adds the constant rest of its statement, so that every statement is checked whole.

use domain::{
    account::{Account, Binding},
    clock::Timestamp,
    contact::{Channel, Contact},
    conversation::Conversation,
    history::History,
    id::Id,
    ledger::Ledger,
    message::{Message, MessageState},
    profile::Profile,
};

use crate::error::Fault;

mod comments;
mod outbox;
mod sides;
mod value;

pub(crate) use comments::*;
pub(crate) use outbox::*;
pub(crate) use sides::*;
pub(crate) use value::*;

/// An account with its sending binding, the end of its token and how far its history is filed.
#[derive(Debug)]
pub(crate) struct AccountRow {
    pub(crate) id: i64,
    pub(crate) workspace_id: i64,
    pub(crate) binding_id: i64,
    pub(crate) provider: String,
    pub(crate) external_id: String,
    pub(crate) username: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) avatar_url: Option<String>,
    pub(crate) state: String,
    pub(crate) state_reason: Option<String>,
    pub(crate) rule_set: String,
    pub(crate) scopes: String,
    pub(crate) connected_at: i64,
    pub(crate) token_expires_at: Option<i64>,
    pub(crate) last_delivery_at: Option<i64>,
    pub(crate) history_state: Option<String>,
    pub(crate) history_reason: Option<String>,
    pub(crate) history_left: i64,
    pub(crate) both_since: Option<i64>,
}

macro_rules! account_rows {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::rows::AccountRow,
            r#"SELECT a.id, a.workspace_id, b.id AS binding_id, b.provider, b.external_id, a.username, a.display_name, a.avatar_url, a.state, a.state_reason,
            a.rule_set, b.scopes, a.connected_at, t.access_expires_at AS "token_expires_at?", a.last_delivery_at,
            h.state AS "history_state?", h.reason AS history_reason, CASE WHEN h.state = 'filing' THEN
                (SELECT count(*) FROM expected_conversation e WHERE e.account_id = a.id AND e.failure IS NULL) ELSE 0 END AS "history_left!",
            a.both_since
            FROM account a JOIN binding b ON b.account_id = a.id AND b.sends LEFT JOIN token t ON t.binding_id = b.id
            LEFT JOIN history h ON h.account_id = a.id "#
            + $rest
            $(, $argument)*
        )
    };
}
pub(crate) use account_rows;

impl TryFrom<AccountRow> for Account {
    type Error = Fault;

    fn try_from(row: AccountRow) -> Result<Self, Fault> {
        Ok(Self {
            id: Id::from_raw(row.id),
            workspace_id: Id::from_raw(row.workspace_id),
            binding: Id::from_raw(row.binding_id),
            provider: from_word("binding.provider", &row.provider)?,
            external_id: row.external_id,
            username: row.username,
            display_name: row.display_name,
            avatar_url: row.avatar_url,
            state: from_word("account.state", &row.state)?,
            state_reason: row.state_reason,
            rule_set: from_word("account.rule_set", &row.rule_set)?,
            scopes: from_json("binding.scopes", &row.scopes)?,
            connected_at: Timestamp::from_millis(row.connected_at),
            token_expires_at: moment(row.token_expires_at),
            last_delivery_at: moment(row.last_delivery_at),
            history: match row.history_state {
                Some(state) => Some(History {
                    state: from_word("history.state", &state)?,
                    reason: row.history_reason,
                    left: unsigned("expected_conversation.account_id", row.history_left)?,
                }),
                None => None,
            },
            both_since: moment(row.both_since),
        })
    }
}

/// A binding with the end of its token.
#[derive(Debug)]
pub(crate) struct BindingRow {
    pub(crate) id: i64,
    pub(crate) workspace_id: i64,
    pub(crate) account_id: i64,
    pub(crate) provider: String,
    pub(crate) external_id: String,
    pub(crate) sends: bool,
    pub(crate) scopes: String,
    pub(crate) trouble: Option<String>,
    pub(crate) connected_at: i64,
    pub(crate) token_expires_at: Option<i64>,
    pub(crate) username: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) avatar_url: Option<String>,
}

macro_rules! binding_rows {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::rows::BindingRow,
            r#"SELECT b.id, b.workspace_id, b.account_id, b.provider, b.external_id, b.sends, b.scopes, b.trouble, b.connected_at,
            t.access_expires_at AS "token_expires_at?", b.username, b.display_name, b.avatar_url FROM binding b LEFT JOIN token t ON t.binding_id = b.id "#
            + $rest
            $(, $argument)*
        )
    };
}
pub(crate) use binding_rows;

impl TryFrom<BindingRow> for Binding {
    type Error = Fault;

    fn try_from(row: BindingRow) -> Result<Self, Fault> {
        Ok(Self {
            id: Id::from_raw(row.id),
            workspace_id: Id::from_raw(row.workspace_id),
            account_id: Id::from_raw(row.account_id),
            provider: from_word("binding.provider", &row.provider)?,
            external_id: row.external_id,
            sends: row.sends,
            scopes: from_json("binding.scopes", &row.scopes)?,
            trouble: row.trouble,
            connected_at: Timestamp::from_millis(row.connected_at),
            token_expires_at: moment(row.token_expires_at),
            profile: Profile { username: row.username, display_name: row.display_name, avatar_url: row.avatar_url },
        })
    }
}

/// A contact.
#[derive(Debug)]
pub(crate) struct ContactRow {
    pub(crate) id: i64,
    pub(crate) workspace_id: i64,
    pub(crate) channel: String,
    pub(crate) external_id: String,
    pub(crate) username: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) avatar_url: Option<String>,
    pub(crate) is_follower: Option<bool>,
    pub(crate) created_at: i64,
}

macro_rules! contact_rows {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::rows::ContactRow,
            "SELECT t.id, t.workspace_id, t.channel, t.external_id, t.username, t.display_name, t.avatar_url, t.is_follower, t.created_at
            FROM " + $rest
            $(, $argument)*
        )
    };
}
pub(crate) use contact_rows;

impl TryFrom<ContactRow> for Contact {
    type Error = Fault;

    fn try_from(row: ContactRow) -> Result<Self, Fault> {
        Ok(Self {
            id: Id::from_raw(row.id),
            workspace_id: Id::from_raw(row.workspace_id),
            channel: Channel::parse(&row.channel)
                .ok_or_else(|| Fault::corrupt("contact.channel", "an unknown word"))?,
            external_id: row.external_id,
            username: row.username,
            display_name: row.display_name,
            avatar_url: row.avatar_url,
            is_follower: row.is_follower,
            created_at: Timestamp::from_millis(row.created_at),
        })
    }
}

/// A conversation.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct ConversationRow {
    pub(crate) id: i64,
    pub(crate) workspace_id: i64,
    pub(crate) account_id: i64,
    pub(crate) contact_id: i64,
    pub(crate) provider: String,
    pub(crate) external_id: String,
    pub(crate) sender: Option<String>,
    pub(crate) status: String,
    pub(crate) assignee: Option<i64>,
    pub(crate) mode: String,
    pub(crate) request: bool,
    pub(crate) unread: i64,
    pub(crate) last_message_id: Option<i64>,
    pub(crate) last_activity_at: i64,
    pub(crate) last_incoming_at: Option<i64>,
    pub(crate) first_outgoing_at: Option<i64>,
    pub(crate) spent: i64,
    pub(crate) spent_in_grace: i64,
    pub(crate) blocked_at: Option<i64>,
    pub(crate) trouble: bool,
    pub(crate) read_up_to: Option<i64>,
    pub(crate) image_send: Option<bool>,
    pub(crate) created_at: i64,
    pub(crate) seq: i64,
}

macro_rules! conversation_rows {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::rows::ConversationRow,
            "SELECT c.id, c.workspace_id, c.account_id, c.contact_id, c.provider, c.external_id, c.sender, c.status, c.assignee, c.mode, c.request, c.unread,
            c.last_message_id, c.last_activity_at, c.last_incoming_at, c.first_outgoing_at, c.spent, c.spent_in_grace, c.blocked_at,
            c.trouble, c.read_up_to, c.image_send, c.created_at, c.seq FROM " + $rest
            $(, $argument)*
        )
    };
}
pub(crate) use conversation_rows;

impl TryFrom<ConversationRow> for Conversation {
    type Error = Fault;

    fn try_from(row: ConversationRow) -> Result<Self, Fault> {
        Ok(Self {
            id: Id::from_raw(row.id),
            workspace_id: Id::from_raw(row.workspace_id),
            account_id: Id::from_raw(row.account_id),
            contact_id: Id::from_raw(row.contact_id),
            provider: from_word("conversation.provider", &row.provider)?,
            external_id: row.external_id,
            sender: row.sender.as_deref().map(|word| from_word("conversation.sender", word)).transpose()?,
            status: from_word("conversation.status", &row.status)?,
            assignee: row.assignee.map(Id::from_raw),
            mode: from_word("conversation.mode", &row.mode)?,
            request: row.request,
            unread: unsigned("conversation.unread", row.unread)?,
            last_message_id: row.last_message_id.map(Id::from_raw),
            last_activity_at: Timestamp::from_millis(row.last_activity_at),
            ledger: Ledger {
                last_incoming_at: moment(row.last_incoming_at),
                first_outgoing_at: moment(row.first_outgoing_at),
                spent: unsigned("conversation.spent", row.spent)?,
                spent_in_grace: unsigned("conversation.spent_in_grace", row.spent_in_grace)?,
                blocked_at: moment(row.blocked_at),
            },
            trouble: row.trouble,
            read_up_to: moment(row.read_up_to),
            image_send: row.image_send,
            created_at: Timestamp::from_millis(row.created_at),
            seq: row.seq,
        })
    }
}

/// A message.
#[derive(Debug, sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column")]
pub(crate) struct MessageRow {
    pub(crate) id: i64,
    pub(crate) workspace_id: i64,
    pub(crate) account_id: i64,
    pub(crate) conversation_id: i64,
    pub(crate) direction: String,
    pub(crate) author: String,
    pub(crate) content: String,
    pub(crate) provider: String,
    pub(crate) external_id: Option<String>,
    pub(crate) provisional: bool,
    pub(crate) reported: bool,
    pub(crate) state: String,
    pub(crate) failure: Option<String>,
    pub(crate) sent_at: i64,
    pub(crate) created_at: i64,
    pub(crate) quoted_external_id: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) send_anyway: bool,
    pub(crate) priority: String,
    pub(crate) next_attempt_at: Option<i64>,
    pub(crate) filed: bool,
    pub(crate) seq: i64,
}

macro_rules! message_rows {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::rows::MessageRow,
            "SELECT m.id, m.workspace_id, m.account_id, m.conversation_id, m.direction, m.author, m.content, m.provider, m.external_id, m.provisional,
            m.reported, m.state, m.failure, m.sent_at, m.created_at, m.quoted_external_id, m.idempotency_key, m.send_anyway,
            m.priority, m.next_attempt_at, m.filed, m.seq FROM " + $rest
            $(, $argument)*
        )
    };
}
pub(crate) use message_rows;

impl TryFrom<MessageRow> for Message {
    type Error = Fault;

    fn try_from(row: MessageRow) -> Result<Self, Fault> {
        Ok(Self {
            id: Id::from_raw(row.id),
            workspace_id: Id::from_raw(row.workspace_id),
            account_id: Id::from_raw(row.account_id),
            conversation_id: Id::from_raw(row.conversation_id),
            direction: from_word("message.direction", &row.direction)?,
            author: from_json("message.author", &row.author)?,
            content: from_json("message.content", &row.content)?,
            provider: from_word("message.provider", &row.provider)?,
            external_id: row.external_id,
            provisional: row.provisional,
            reported: row.reported,
            state: MessageState::parse(&row.state).ok_or_else(|| Fault::corrupt("message.state", "an unknown word"))?,
            failure: row.failure.as_deref().map(|text| from_json("message.failure", text)).transpose()?,
            sent_at: Timestamp::from_millis(row.sent_at),
            created_at: Timestamp::from_millis(row.created_at),
            quoted_external_id: row.quoted_external_id,
            idempotency_key: row.idempotency_key,
            send_anyway: row.send_anyway,
            priority: from_word("message.priority", &row.priority)?,
            next_attempt_at: moment(row.next_attempt_at),
            filed: row.filed,
            seq: row.seq,
        })
    }
}
