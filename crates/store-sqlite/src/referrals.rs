//! How customers came: what the journal must know of it, and what is shown. Called by `load` and `inbox`.

use domain::{
    Timestamp,
    conversation::Conversation,
    id::Id,
    journal::{ReferralKey, Working},
    referral::Referral,
    store::{ReferralRecord, Referrals, StoreResult},
    workspace::Scope,
};
use rusqlite::{Connection, Row};

use crate::{
    filter::permitted,
    sql::{Columns, many, statements},
};

statements! {
    // At most the one of the same time and one that stands in for it.
    KNOWN = "SELECT referred_at, dated FROM referral WHERE conversation_id = ?1 AND source_key = ?2 \
             AND (?4 = 0 OR referred_at = ?3 OR dated = 0) LIMIT 2";
    HERE = "SELECT r.conversation_id, c.account_id, r.referred_at, r.dated, r.detail, \
            (SELECT min(f.referred_at) FROM referral f WHERE f.conversation_id = r.conversation_id AND f.source_key = r.source_key) \
            FROM referral r JOIN conversation c ON c.id = r.conversation_id WHERE r.conversation_id = ?1 \
            ORDER BY r.referred_at DESC, r.source_key LIMIT ?2";
    ELSEWHERE = "SELECT r.conversation_id, c.account_id, r.referred_at, r.dated, r.detail, \
                 (SELECT min(f.referred_at) FROM referral f WHERE f.conversation_id = r.conversation_id AND f.source_key = r.source_key) \
                 FROM conversation c JOIN referral r ON r.conversation_id = c.id \
                 WHERE c.workspace_id = ?1 AND c.contact_id = ?2 AND c.id <> ?3 \
                 AND (?4 IS NULL OR c.account_id IN (SELECT value FROM json_each(?4))) \
                 ORDER BY r.referred_at DESC, r.conversation_id, r.source_key LIMIT ?5";
}

/// Adds what the journal asks for before it takes a reported one.
pub(crate) fn add_known(
    connection: &Connection,
    working: &mut Working<'_>,
    conversation_id: Id<Conversation>,
    report: &Referral,
) -> StoreResult<()> {
    let source = report.source.key();
    let wanted = (conversation_id.raw(), &source, report.at.as_millis(), report.dated);
    let known = many(connection, KNOWN, wanted, |row| {
        let mut columns = Columns::new(row, "referral");
        Ok((columns.time()?, columns.get()?))
    })?;
    for (at, dated) in known {
        working.add_referral(ReferralKey { conversation_id, source: source.clone(), at }, dated);
    }
    Ok(())
}

/// Of a conversation in sight, and of its contact elsewhere.
pub(crate) fn of(
    connection: &Connection,
    scope: &Scope,
    conversation: &Conversation,
    limit: u32,
) -> StoreResult<Referrals> {
    let here = many(connection, HERE, (conversation.id.raw(), limit), record)?;
    let (workspace, contact) = (scope.workspace.raw(), conversation.contact_id.raw());
    let wanted = (workspace, contact, conversation.id.raw(), permitted(scope), limit);
    Ok(Referrals { here, elsewhere: many(connection, ELSEWHERE, wanted, record)? })
}

fn record(row: &Row<'_>) -> StoreResult<ReferralRecord> {
    let mut columns = Columns::new(row, "referral");
    let (conversation_id, account_id) = (columns.id()?, columns.id()?);
    let (at, dated): (Timestamp, bool) = (columns.time()?, columns.get()?);
    let referral = Referral { at, dated, source: columns.json()? };
    Ok(ReferralRecord { conversation_id, account_id, referral, first_at: columns.time()? })
}
