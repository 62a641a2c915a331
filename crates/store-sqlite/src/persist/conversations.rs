//! Accounts, contacts, conversations and referrals. Called by `persist`.

use domain::{
    Timestamp,
    account::Account,
    contact::Contact,
    conversation::Conversation,
    id::Id,
    journal::{Change, NewReferral, NewTrouble, ReferralKey},
    store::StoreResult,
};
use rusqlite::{Connection, params};

use crate::{
    sql::{execute, statements, to_json},
    text::Text,
};

statements! {
    UPDATE_ACCOUNT = "UPDATE account SET username = ?2, display_name = ?3, avatar_url = ?4, state = ?5, state_reason = ?6, rule_set = ?7, \
                      connected_at = ?8, last_delivery_at = ?9 WHERE id = ?1";
    TROUBLE = "UPDATE binding SET trouble = ?3 WHERE account_id = ?1 AND provider = ?2 AND sends = 0 AND connected_at <= ?4";
    INSERT_CONTACT = "INSERT INTO contact (id, workspace_id, channel, external_id, username, display_name, avatar_url, is_follower, created_at) \
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    UPDATE_CONTACT = "UPDATE contact SET username = ?2, display_name = ?3, avatar_url = ?4, is_follower = ?5 WHERE id = ?1";
    INSERT_CONVERSATION = "INSERT INTO conversation (id, workspace_id, account_id, contact_id, provider, external_id, status, assignee, mode, request, \
                           unread, last_message_id, last_activity_at, last_incoming_at, first_outgoing_at, spent, spent_in_grace, blocked_at, trouble, \
                           read_up_to, image_send, created_at, seq, sender) \
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)";
    UPDATE_CONVERSATION = "UPDATE conversation SET status = ?2, assignee = ?3, mode = ?4, request = ?5, unread = ?6, last_message_id = ?7, \
                           last_activity_at = ?8, last_incoming_at = ?9, spent = ?10, blocked_at = ?11, trouble = ?12, read_up_to = ?13, \
                           image_send = ?14, seq = ?15, first_outgoing_at = ?16, spent_in_grace = ?17, sender = ?18 WHERE id = ?1";
    RENAME_CONVERSATION = "UPDATE conversation SET provider = ?2, external_id = ?3, contact_id = ?4 WHERE id = ?1";
    INSERT_REFERRAL = "INSERT INTO referral (workspace_id, conversation_id, source_key, referred_at, dated, detail) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    REMOVE_REFERRAL = "DELETE FROM referral WHERE conversation_id = ?1 AND source_key = ?2 AND referred_at = ?3";
}

fn millis(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::as_millis)
}

pub(super) fn update_account(connection: &Connection, account: &Account) -> StoreResult<()> {
    let row = params![
        account.id.raw(),
        account.username,
        account.display_name,
        account.avatar_url,
        account.state.text(),
        account.state_reason,
        account.rule_set.text(),
        account.connected_at.as_millis(),
        millis(account.last_delivery_at),
    ];
    execute(connection, UPDATE_ACCOUNT, row).map(drop)
}

/// Why a binding beside the sending one does not work any more.
pub(super) fn trouble(connection: &Connection, trouble: &NewTrouble) -> StoreResult<()> {
    let row = (trouble.account_id.raw(), trouble.provider.text(), trouble.reason.as_str(), trouble.at.as_millis());
    execute(connection, TROUBLE, row).map(drop)
}

pub(super) fn contact(connection: &Connection, change: &Change<Contact>) -> StoreResult<()> {
    let contact = change.row();
    match change {
        Change::Insert(_) => {
            let row = params![
                contact.id.raw(),
                contact.workspace_id.raw(),
                contact.channel.text(),
                contact.external_id,
                contact.username,
                contact.display_name,
                contact.avatar_url,
                contact.is_follower,
                contact.created_at.as_millis(),
            ];
            execute(connection, INSERT_CONTACT, row).map(drop)
        }
        Change::Update(_) => {
            let row = params![
                contact.id.raw(),
                contact.username,
                contact.display_name,
                contact.avatar_url,
                contact.is_follower
            ];
            execute(connection, UPDATE_CONTACT, row).map(drop)
        }
    }
}

/// `seq`: the event about it in this use case, if there is one.
pub(super) fn conversation(
    connection: &Connection,
    change: &Change<Conversation>,
    seq: Option<i64>,
) -> StoreResult<()> {
    let row = change.row();
    let seq = seq.unwrap_or(row.seq);
    let assignee = row.assignee.map(Id::raw);
    let last_message = row.last_message_id.map(Id::raw);
    match change {
        Change::Insert(_) => {
            let values = params![
                row.id.raw(),
                row.workspace_id.raw(),
                row.account_id.raw(),
                row.contact_id.raw(),
                row.provider.text(),
                row.external_id,
                row.status.text(),
                assignee,
                row.mode.text(),
                row.request,
                row.unread,
                last_message,
                row.last_activity_at.as_millis(),
                millis(row.ledger.last_incoming_at),
                millis(row.ledger.first_outgoing_at),
                row.ledger.spent,
                row.ledger.spent_in_grace,
                millis(row.ledger.blocked_at),
                row.trouble,
                millis(row.read_up_to),
                row.image_send,
                row.created_at.as_millis(),
                seq,
                row.sender.map(Text::text),
            ];
            execute(connection, INSERT_CONVERSATION, values).map(drop)
        }
        Change::Update(_) => {
            let values = params![
                row.id.raw(),
                row.status.text(),
                assignee,
                row.mode.text(),
                row.request,
                row.unread,
                last_message,
                row.last_activity_at.as_millis(),
                millis(row.ledger.last_incoming_at),
                row.ledger.spent,
                millis(row.ledger.blocked_at),
                row.trouble,
                millis(row.read_up_to),
                row.image_send,
                seq,
                millis(row.ledger.first_outgoing_at),
                row.ledger.spent_in_grace,
                row.sender.map(Text::text),
            ];
            execute(connection, UPDATE_CONVERSATION, values).map(drop)
        }
    }
}

/// Another name comes first, with the customer as the side knows them that gave it.
pub(super) fn rename(connection: &Connection, row: &Conversation) -> StoreResult<()> {
    let row = (row.id.raw(), row.provider.text(), &row.external_id, row.contact_id.raw());
    execute(connection, RENAME_CONVERSATION, row).map(drop)
}

pub(super) fn referral(connection: &Connection, referral: &NewReferral) -> StoreResult<()> {
    let (workspace, conversation) = (referral.workspace_id.raw(), referral.conversation_id.raw());
    let told = &referral.referral;
    let detail = to_json(&told.source, "referral.detail")?;
    let row = (workspace, conversation, told.source.key(), told.at.as_millis(), told.dated, detail);
    execute(connection, INSERT_REFERRAL, row).map(drop)
}

pub(super) fn remove_referral(connection: &Connection, key: &ReferralKey) -> StoreResult<()> {
    let row = (key.conversation_id.raw(), &key.source, key.at.as_millis());
    execute(connection, REMOVE_REFERRAL, row).map(drop)
}
