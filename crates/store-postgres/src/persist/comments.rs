//! Comments. Few rows ever: one after the other.

use domain::{comment::Comment, journal::Change};
use sqlx::PgConnection;

use crate::{error::Fault, rows::json};

/// Inserts and updates. The accounts are locked, so nobody else can insert the same.
pub(super) async fn write(conn: &mut PgConnection, changes: &[Change<Comment>]) -> Result<(), Fault> {
    for change in changes {
        let comment = change.row();
        let answer = comment.answer.as_ref().map(json).transpose()?;
        let statement = match change {
            Change::Insert(_) => sqlx::query!(
                "INSERT INTO comment (id, workspace_id, account_id, contact_id, external_id, text, commented_at, state, answer,
                    message_external_id, created_at, seq)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                comment.id.raw(),
                comment.workspace_id.raw(),
                comment.account_id.raw(),
                comment.contact_id.raw(),
                comment.external_id,
                comment.text,
                comment.commented_at.as_millis(),
                comment.state.as_str(),
                answer,
                comment.message_external_id,
                comment.created_at.as_millis(),
                comment.seq,
            ),
            Change::Update(_) => sqlx::query!(
                "UPDATE comment SET state = $3, answer = $4, message_external_id = $5 WHERE workspace_id = $1 AND id = $2",
                comment.workspace_id.raw(),
                comment.id.raw(),
                comment.state.as_str(),
                answer,
                comment.message_external_id,
            ),
        };
        statement.execute(&mut *conn).await?;
    }
    Ok(())
}
