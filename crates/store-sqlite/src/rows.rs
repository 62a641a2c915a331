//! Rows as domain values: one column list and one reader per table, in the same order. Called by every topic that reads.

use domain::{
    account::{Account, Binding},
    comment::Comment,
    contact::Contact,
    conversation::Conversation,
    history::History,
    ledger::Ledger,
    media::Media,
    message::{Message, Reaction},
    outbox::{Lease, OutboxRow},
    profile::Profile,
    store::StoreResult,
    workspace::Workspace,
};

use crate::sql::Columns;

/// Of `account a` with its sending `binding b`, its `token t` and its `history h`.
macro_rules! account_columns {
    () => {
        "a.id, a.workspace_id, b.id AS binding_id, b.provider, b.external_id, a.username, a.display_name, a.avatar_url, a.state, a.state_reason, \
         a.rule_set, b.scopes, a.connected_at, t.access_expires_at AS token_expires_at, a.last_delivery_at, h.state, h.reason, \
         CASE WHEN h.state = 'filing' THEN (SELECT count(*) FROM expected_conversation e WHERE e.account_id = a.id AND e.failure IS NULL) \
         ELSE 0 END, a.both_since"
    };
}
/// What [`account_columns`] reads from.
macro_rules! account_tables {
    () => {
        "account a JOIN binding b ON b.workspace_id = a.workspace_id AND b.account_id = a.id AND b.sends = 1 \
         LEFT JOIN token t ON t.binding_id = b.id LEFT JOIN history h ON h.account_id = a.id"
    };
}
/// Of `binding b` with its `token t`.
macro_rules! binding_columns {
    () => {
        "b.id, b.workspace_id, b.account_id, b.provider, b.external_id, b.sends, b.scopes, b.trouble, b.connected_at, \
         t.access_expires_at AS token_expires_at, b.username, b.display_name, b.avatar_url"
    };
}
/// What [`binding_columns`] reads from.
macro_rules! binding_tables {
    () => {
        "binding b LEFT JOIN token t ON t.binding_id = b.id"
    };
}
/// Of `contact k`.
macro_rules! contact_columns {
    () => {
        "k.id, k.workspace_id, k.channel, k.external_id, k.username, k.display_name, k.avatar_url, k.is_follower, k.created_at"
    };
}
/// Of `conversation c`.
macro_rules! conversation_columns {
    () => {
        "c.id, c.workspace_id, c.account_id, c.contact_id, c.provider, c.external_id, c.sender, c.status, c.assignee, c.mode, c.request, c.unread, \
         c.last_message_id, c.last_activity_at, c.last_incoming_at, c.first_outgoing_at, c.spent, c.spent_in_grace, c.blocked_at, \
         c.trouble, c.read_up_to, c.image_send, c.created_at, c.seq"
    };
}
/// Of `message m`.
macro_rules! message_columns {
    () => {
        "m.id, m.workspace_id, m.account_id, m.conversation_id, m.direction, m.author, m.content, m.external_id, m.provisional, \
         m.reported, m.state, m.failure, m.sent_at, m.created_at, m.quoted_external_id, m.idempotency_key, m.send_anyway, \
         m.priority, m.next_attempt_at, m.filed, m.seq, m.provider"
    };
}
/// Of `outbox o`.
macro_rules! outbox_columns {
    () => {
        "o.message_id, o.workspace_id, o.account_id, o.conversation_id, o.queued_at, o.due_at, o.phase, o.attempts, \
         o.lease_token, o.lease_until, o.begun"
    };
}
/// Of `media d`.
macro_rules! media_columns {
    () => {
        "d.id, d.workspace_id, d.conversation_id, d.origin, d.state, d.mime, d.width, d.height, d.size, d.created_at"
    };
}
/// Of `reaction r`.
macro_rules! reaction_columns {
    () => {
        "r.message_external_id, r.reacted_by, r.reaction_key, r.image_url, r.by_customer, r.added, r.reacted_at"
    };
}
/// Of `comment q`.
macro_rules! comment_columns {
    () => {
        "q.id, q.workspace_id, q.account_id, q.contact_id, q.external_id, q.text, q.commented_at, q.state, q.answer, \
         q.message_external_id, q.created_at, q.seq"
    };
}
pub(crate) use {
    account_columns, account_tables, binding_columns, binding_tables, comment_columns, contact_columns,
    conversation_columns, media_columns, message_columns, outbox_columns, reaction_columns,
};

pub(crate) fn workspace(columns: &mut Columns<'_, '_>) -> StoreResult<Workspace> {
    let row = columns.table("workspace");
    Ok(Workspace { id: row.id()?, name: row.get()?, created_at: row.time()? })
}

pub(crate) fn account(columns: &mut Columns<'_, '_>) -> StoreResult<Account> {
    let row = columns.table("account");
    Ok(Account {
        id: row.id()?,
        workspace_id: row.id()?,
        binding: row.id()?,
        provider: row.text()?,
        external_id: row.get()?,
        username: row.get()?,
        display_name: row.get()?,
        avatar_url: row.get()?,
        state: row.text()?,
        state_reason: row.get()?,
        rule_set: row.text()?,
        scopes: row.json()?,
        connected_at: row.time()?,
        token_expires_at: row.opt_time()?,
        last_delivery_at: row.opt_time()?,
        history: history(row)?,
        both_since: row.opt_time()?,
    })
}

fn history(row: &mut Columns<'_, '_>) -> StoreResult<Option<History>> {
    if row.is_null() {
        row.skip(3);
        return Ok(None);
    }
    Ok(Some(History { state: row.text()?, reason: row.get()?, left: row.get()? }))
}

pub(crate) fn binding(columns: &mut Columns<'_, '_>) -> StoreResult<Binding> {
    let row = columns.table("binding");
    Ok(Binding {
        id: row.id()?,
        workspace_id: row.id()?,
        account_id: row.id()?,
        provider: row.text()?,
        external_id: row.get()?,
        sends: row.get()?,
        scopes: row.json()?,
        trouble: row.get()?,
        connected_at: row.time()?,
        token_expires_at: row.opt_time()?,
        profile: Profile { username: row.get()?, display_name: row.get()?, avatar_url: row.get()? },
    })
}

pub(crate) fn contact(columns: &mut Columns<'_, '_>) -> StoreResult<Contact> {
    let row = columns.table("contact");
    Ok(Contact {
        id: row.id()?,
        workspace_id: row.id()?,
        channel: row.text()?,
        external_id: row.get()?,
        username: row.get()?,
        display_name: row.get()?,
        avatar_url: row.get()?,
        is_follower: row.get()?,
        created_at: row.time()?,
    })
}

pub(crate) fn comment(columns: &mut Columns<'_, '_>) -> StoreResult<Comment> {
    let row = columns.table("comment");
    Ok(Comment {
        id: row.id()?,
        workspace_id: row.id()?,
        account_id: row.id()?,
        contact_id: row.id()?,
        external_id: row.get()?,
        text: row.get()?,
        commented_at: row.time()?,
        state: row.text()?,
        answer: row.opt_json()?,
        message_external_id: row.get()?,
        created_at: row.time()?,
        seq: row.get()?,
    })
}

pub(crate) fn conversation(columns: &mut Columns<'_, '_>) -> StoreResult<Conversation> {
    let row = columns.table("conversation");
    Ok(Conversation {
        id: row.id()?,
        workspace_id: row.id()?,
        account_id: row.id()?,
        contact_id: row.id()?,
        provider: row.text()?,
        external_id: row.get()?,
        sender: row.opt_text()?,
        status: row.text()?,
        assignee: row.opt_id()?,
        mode: row.text()?,
        request: row.get()?,
        unread: row.get()?,
        last_message_id: row.opt_id()?,
        last_activity_at: row.time()?,
        ledger: Ledger {
            last_incoming_at: row.opt_time()?,
            first_outgoing_at: row.opt_time()?,
            spent: row.get()?,
            spent_in_grace: row.get()?,
            blocked_at: row.opt_time()?,
        },
        trouble: row.get()?,
        read_up_to: row.opt_time()?,
        image_send: row.get()?,
        created_at: row.time()?,
        seq: row.get()?,
    })
}

/// Number of columns of [`message_columns`].
pub(crate) const MESSAGE_WIDTH: usize = 22;

pub(crate) fn message(columns: &mut Columns<'_, '_>) -> StoreResult<Message> {
    let row = columns.table("message");
    Ok(Message {
        id: row.id()?,
        workspace_id: row.id()?,
        account_id: row.id()?,
        conversation_id: row.id()?,
        direction: row.text()?,
        author: row.json()?,
        content: row.json()?,
        external_id: row.get()?,
        provisional: row.get()?,
        reported: row.get()?,
        state: row.text()?,
        failure: row.opt_json()?,
        sent_at: row.time()?,
        created_at: row.time()?,
        quoted_external_id: row.get()?,
        idempotency_key: row.get()?,
        send_anyway: row.get()?,
        priority: row.text()?,
        next_attempt_at: row.opt_time()?,
        filed: row.get()?,
        seq: row.get()?,
        provider: row.text()?,
    })
}

pub(crate) fn outbox(columns: &mut Columns<'_, '_>) -> StoreResult<OutboxRow> {
    let row = columns.table("outbox");
    Ok(OutboxRow {
        message_id: row.id()?,
        workspace_id: row.id()?,
        account_id: row.id()?,
        conversation_id: row.id()?,
        queued_at: row.time()?,
        due_at: row.time()?,
        phase: row.text()?,
        attempts: row.get()?,
        lease: row.get::<Option<i64>>()?.zip(row.opt_time()?).map(|(token, until)| Lease { token, until }),
        begun: row.get()?,
    })
}

pub(crate) fn media(columns: &mut Columns<'_, '_>) -> StoreResult<Media> {
    let row = columns.table("media");
    Ok(Media {
        id: row.id()?,
        workspace_id: row.id()?,
        conversation_id: row.opt_id()?,
        origin: row.json()?,
        state: row.text()?,
        mime: row.get()?,
        width: row.get()?,
        height: row.get()?,
        size: row.get()?,
        created_at: row.time()?,
    })
}

pub(crate) fn reaction(columns: &mut Columns<'_, '_>) -> StoreResult<Reaction> {
    let row = columns.table("reaction");
    Ok(Reaction {
        message_external_id: row.get()?,
        by: row.get()?,
        key: row.get()?,
        image_url: row.get()?,
        by_customer: row.get()?,
        added: row.get()?,
        at: row.time()?,
    })
}
