//! Comments by their keys, and those that a reported message may be the answer to.

use domain::{Id, comment::Comment, journal::Working};
use sqlx::PgConnection;

use super::Keys;
use crate::{
    error::Fault,
    rows::{all, comment_rows},
};

/// Adds what the keys name (OFFSET 0: see `tail`).
pub(super) async fn by_keys(conn: &mut PgConnection, working: &mut Working<'_>, keys: &Keys) -> Result<(), Fault> {
    let mut found: Vec<Comment> = Vec::new();
    if !keys.comments.0.is_empty() {
        let rows = comment_rows!(
            "(SELECT DISTINCT * FROM unnest($1::bigint[], $2::text[]) AS u (account_id, external_id)) k
            CROSS JOIN LATERAL (SELECT * FROM comment q WHERE q.account_id = k.account_id AND q.external_id = k.external_id OFFSET 0) q",
            &keys.comments.0,
            &keys.comments.1,
        )
        .fetch_all(&mut *conn)
        .await?;
        found.extend(all::<_, Comment>(rows)?);
    }
    if !keys.answers.0.is_empty() {
        // Those that wait for a report of their answer, and the one whose answer it is.
        let rows = comment_rows!(
            "(SELECT DISTINCT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS u (account_id, channel, external_id, message)) k
            JOIN account a ON a.id = k.account_id
            CROSS JOIN LATERAL (SELECT t.id FROM contact t WHERE t.workspace_id = a.workspace_id AND t.channel = k.channel
                AND t.external_id = k.external_id OFFSET 0) t
            CROSS JOIN LATERAL (SELECT * FROM comment q WHERE q.workspace_id = a.workspace_id AND q.contact_id = t.id
                AND q.account_id = k.account_id AND (q.state IN ('answering', 'unconfirmed') OR q.message_external_id = k.message) OFFSET 0) q",
            &keys.answers.0,
            &keys.answers.1,
            &keys.answers.2,
            &keys.answers.3,
        )
        .fetch_all(conn)
        .await?;
        found.extend(all::<_, Comment>(rows)?);
    }
    for comment in found {
        working.add_comment(comment);
    }
    Ok(())
}

/// Adds a comment with its account, the message that it is joined with, and the one that is `sent` for it. Gives it, if it is there.
pub(crate) async fn comment(
    conn: &mut PgConnection,
    working: &mut Working<'_>,
    id: Id<Comment>,
    sent: Option<&str>,
) -> Result<Option<Comment>, Fault> {
    let row = comment_rows!("comment q WHERE q.id = $1", id.raw()).fetch_optional(&mut *conn).await?;
    let Some(comment) = row.map(Comment::try_from).transpose()? else { return Ok(None) };
    for account in super::accounts(conn, &[comment.account_id.raw()]).await? {
        working.add_account(account);
    }
    for external_id in comment.message_external_id.as_deref().into_iter().chain(sent) {
        let found = sqlx::query!(
            "SELECT id FROM message WHERE account_id = $1 AND external_id = $2 AND provider = 'official'",
            comment.account_id.raw(),
            external_id
        )
        .fetch_optional(&mut *conn)
        .await?;
        if let Some(row) = found {
            super::message(conn, working, comment.workspace_id, Id::from_raw(row.id)).await?;
        }
    }
    working.add_comment(comment.clone());
    Ok(Some(comment))
}
