//! Comments. Called by `persist`.

use domain::{comment::Comment, journal::Change, store::StoreResult};
use rusqlite::{Connection, params};

use crate::{
    sql::{execute, statements, to_json},
    text::Text,
};

statements! {
    INSERT_COMMENT = "INSERT INTO comment (id, workspace_id, account_id, contact_id, external_id, text, commented_at, state, answer, \
                      message_external_id, created_at, seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    UPDATE_COMMENT = "UPDATE comment SET state = ?2, answer = ?3, message_external_id = ?4, seq = ?5 WHERE id = ?1";
}

/// `seq`: the event about it in this use case, if there is one.
pub(super) fn comment(connection: &Connection, change: &Change<Comment>, seq: Option<i64>) -> StoreResult<()> {
    let row = change.row();
    let seq = seq.unwrap_or(row.seq);
    let answer = row.answer.as_ref().map(|answer| to_json(answer, "comment.answer")).transpose()?;
    match change {
        Change::Insert(_) => {
            let values = params![
                row.id.raw(),
                row.workspace_id.raw(),
                row.account_id.raw(),
                row.contact_id.raw(),
                row.external_id,
                row.text,
                row.commented_at.as_millis(),
                row.state.text(),
                answer,
                row.message_external_id,
                row.created_at.as_millis(),
                seq,
            ];
            execute(connection, INSERT_COMMENT, values).map(drop)
        }
        Change::Update(_) => {
            let values = (row.id.raw(), row.state.text(), answer, &row.message_external_id, seq);
            execute(connection, UPDATE_COMMENT, values).map(drop)
        }
    }
}
