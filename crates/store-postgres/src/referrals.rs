//! How customers came: what the journal must know of it, and what is shown. Called by `load` and `inbox`.

use domain::{
    Id, Timestamp,
    account::Account,
    conversation::Conversation,
    journal::{ReferralKey, Working},
    referral::Referral,
    store::{ReferralRecord, Referrals},
    workspace::Scope,
};
use sqlx::PgConnection;

use crate::{
    error::Fault,
    filter,
    rows::{all, from_json},
};

/// Reported referrals, column by column.
#[derive(Debug, Default)]
pub(crate) struct ReferralKeys {
    accounts: Vec<i64>,
    conversations: Vec<String>,
    sources: Vec<String>,
    times: Vec<i64>,
    dated: Vec<bool>,
}

impl ReferralKeys {
    /// Notes one of a conversation, which the provider names.
    pub(crate) fn note(&mut self, account: Id<Account>, conversation: &str, report: &Referral) {
        self.accounts.push(account.raw());
        self.conversations.push(conversation.to_owned());
        self.sources.push(report.source.key());
        self.times.push(report.at.as_millis());
        self.dated.push(report.dated);
    }
}

/// Adds what the journal asks for before it takes reported ones.
pub(crate) async fn add_known(
    conn: &mut PgConnection,
    working: &mut Working<'_>,
    keys: &ReferralKeys,
) -> Result<(), Fault> {
    if keys.accounts.is_empty() {
        return Ok(());
    }
    // At most the one of the same time and one that stands in for it, for each.
    let rows = sqlx::query!(
        "SELECT r.conversation_id, r.source_key, r.referred_at, r.dated
        FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bool[]) AS k (account_id, external_id, source_key, at, dated)
        JOIN conversation c ON c.account_id = k.account_id AND c.external_id = k.external_id
        CROSS JOIN LATERAL (SELECT * FROM referral r WHERE r.conversation_id = c.id AND r.source_key = k.source_key
            AND (NOT k.dated OR r.referred_at = k.at OR NOT r.dated) LIMIT 2) r",
        &keys.accounts,
        &keys.conversations,
        &keys.sources,
        &keys.times,
        &keys.dated,
    )
    .fetch_all(conn)
    .await?;
    for row in rows {
        let key = ReferralKey {
            conversation_id: Id::from_raw(row.conversation_id),
            source: row.source_key,
            at: Timestamp::from_millis(row.referred_at),
        };
        working.add_referral(key, row.dated);
    }
    Ok(())
}

/// Of a conversation in sight, and of its contact elsewhere.
pub(crate) async fn of(
    conn: &mut PgConnection,
    scope: &Scope,
    conversation: &Conversation,
    limit: u32,
) -> Result<Referrals, Fault> {
    let here = sqlx::query_as!(
        ReferralRow,
        r#"SELECT r.conversation_id, c.account_id, r.referred_at, r.dated, r.detail,
            (SELECT min(f.referred_at) FROM referral f WHERE f.conversation_id = r.conversation_id AND f.source_key = r.source_key) AS "first_at!"
        FROM referral r JOIN conversation c ON c.id = r.conversation_id
        WHERE r.workspace_id = $1 AND r.conversation_id = $2 ORDER BY r.referred_at DESC, r.source_key LIMIT $3"#,
        scope.workspace.raw(),
        conversation.id.raw(),
        i64::from(limit),
    )
    .fetch_all(&mut *conn)
    .await?;
    let accounts = filter::permitted(scope);
    let elsewhere = sqlx::query_as!(
        ReferralRow,
        r#"SELECT r.conversation_id, c.account_id, r.referred_at, r.dated, r.detail,
            (SELECT min(f.referred_at) FROM referral f WHERE f.conversation_id = r.conversation_id AND f.source_key = r.source_key) AS "first_at!"
        FROM conversation c JOIN referral r ON r.conversation_id = c.id
        WHERE c.workspace_id = $1 AND c.contact_id = $2 AND c.id <> $3 AND ($4::bigint[] IS NULL OR c.account_id = ANY($4))
        ORDER BY r.referred_at DESC, r.conversation_id, r.source_key LIMIT $5"#,
        scope.workspace.raw(),
        conversation.contact_id.raw(),
        conversation.id.raw(),
        accounts.as_deref(),
        i64::from(limit),
    )
    .fetch_all(conn)
    .await?;
    Ok(Referrals { here: all(here)?, elsewhere: all(elsewhere)? })
}

/// A referral with where it led.
#[derive(Debug)]
struct ReferralRow {
    conversation_id: i64,
    account_id: i64,
    referred_at: i64,
    dated: bool,
    detail: String,
    first_at: i64,
}

impl TryFrom<ReferralRow> for ReferralRecord {
    type Error = Fault;

    fn try_from(row: ReferralRow) -> Result<Self, Fault> {
        let source = from_json("referral.detail", &row.detail)?;
        Ok(Self {
            conversation_id: Id::from_raw(row.conversation_id),
            account_id: Id::from_raw(row.account_id),
            referral: Referral { source, at: Timestamp::from_millis(row.referred_at), dated: row.dated },
            first_at: Timestamp::from_millis(row.first_at),
        })
    }
}
