//! The port [`Comments`]: flagged comments and their answers. The rules are [`domain::journal`]'s; here is who may, and what is shown.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use domain::{
    account::Account,
    comment::{AnswerDraft, Comment},
    contact::Contact,
    conversation::Conversation,
    id::Id,
    job::Job,
    journal,
    message::Author,
    outbox::Outcome,
    reply::Refusal,
    store::{Answered, CommentFilter, CommentRecord, Comments, StoreResult},
    workspace::Scope,
};
use rusqlite::{Connection, Params, Row, params};

use crate::{
    SqliteStore,
    error::corrupt,
    filter::permitted,
    load,
    persist::persist,
    rows::{self, comment_columns, contact_columns},
    sql::{Columns, id_list, many, statements},
    text::Text,
};

/// A comment with who wrote it and where its answer stands; read by [`part`].
macro_rules! comment_parts {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            comment_columns!(),
            ", ",
            contact_columns!(),
            ", m.conversation_id FROM comment q JOIN contact k ON k.id = q.contact_id \
             LEFT JOIN message m ON m.account_id = q.account_id AND m.external_id = q.message_external_id ",
            $rest
        )
    };
}

statements! {
    COMMENTS_BY_ID = comment_parts!("WHERE q.id IN (SELECT value FROM json_each(?1))");
    PAGE = comment_parts!(
        "WHERE q.workspace_id = ?1 AND (q.commented_at, q.id) < (?2, ?3) AND (?4 IS NULL OR q.account_id IN (SELECT value FROM json_each(?4))) \
         AND (?5 IS NULL OR q.account_id = ?5) AND (?6 IS NULL OR q.state = ?6) ORDER BY q.commented_at DESC, q.id DESC LIMIT ?7"
    );
    // Ids of users and keys come from one generator.
    NAMES = "SELECT id, name FROM \"user\" WHERE id IN (SELECT value FROM json_each(?1)) \
             UNION ALL SELECT id, name FROM api_key WHERE id IN (SELECT value FROM json_each(?1))";
}

#[async_trait]
impl Comments for SqliteStore {
    async fn comments(&self, scope: &Scope, filter: CommentFilter) -> StoreResult<Vec<CommentRecord>> {
        let scope = scope.clone();
        self.read(move |connection| {
            let (at, id) = filter.before.map_or((i64::MAX, i64::MAX), |(at, id)| (at.as_millis(), id.raw()));
            let (account, state) = (filter.account.map(Id::raw), filter.state.map(Text::text));
            let limit = filter.limit.clamp(1, 200);
            list(connection, PAGE, params![scope.workspace.raw(), at, id, permitted(&scope), account, state, limit])
        })
        .await
    }

    async fn comment(&self, scope: &Scope, id: Id<Comment>) -> StoreResult<Option<CommentRecord>> {
        let scope = scope.clone();
        self.read(move |connection| {
            let mut found = by_ids(connection, &BTreeSet::from([id]))?;
            Ok(found.remove(&id).filter(|row| scope.allows(row.comment.workspace_id, row.comment.account_id)))
        })
        .await
    }

    async fn answer_comment(&self, scope: &Scope, draft: AnswerDraft) -> StoreResult<Answered> {
        let scope = scope.clone();
        self.write(move |tx| {
            let id = draft.comment_id;
            let mut working = load::comment(tx, id, None)?;
            let in_sight = |comment: &&Comment| scope.allows(comment.workspace_id, comment.account_id);
            working.comment(id).filter(in_sight).ok_or(Refusal::CommentNotFound)?;
            let fresh = journal::answer_comment(&mut working, draft)?;
            persist(tx, &working.into_changes())?;
            let record = by_ids(tx.connection, &BTreeSet::from([id]))?.remove(&id);
            let record = record.ok_or_else(|| corrupt(format!("comment {id} is gone within its own transaction")))?;
            Ok(Answered { record, fresh })
        })
        .await
    }

    async fn begin_answer(&self, job: &Job, comment: Id<Comment>) -> StoreResult<Option<(Comment, Account)>> {
        let token = job.token;
        self.write(move |tx| {
            let mut working = load::comment(tx, comment, None)?;
            let begun = journal::begin_answer(&mut working, comment, token);
            let row = working.comment(comment).cloned().filter(|_| begun);
            let found = row.and_then(|row| {
                let account = working.account(row.account_id).cloned()?;
                Some((row, account))
            });
            persist(tx, &working.into_changes())?;
            Ok(found)
        })
        .await
    }

    async fn settle_answer(&self, job: &Job, comment: Id<Comment>, outcome: Outcome) -> StoreResult<bool> {
        let token = job.token;
        self.write(move |tx| {
            let sent = match &outcome {
                Outcome::Sent { external_id } => Some(external_id.as_str()),
                _ => None,
            };
            let mut working = load::comment(tx, comment, sent)?;
            let settled = journal::settle_answer(&mut working, comment, token, outcome);
            persist(tx, &working.into_changes())?;
            Ok(settled)
        })
        .await
    }
}

/// Comments by id; those that are gone are left out.
pub(crate) fn by_ids(
    connection: &Connection,
    ids: &BTreeSet<Id<Comment>>,
) -> StoreResult<HashMap<Id<Comment>, CommentRecord>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = list(connection, COMMENTS_BY_ID, [id_list(ids.iter().copied())])?;
    Ok(found.into_iter().map(|record| (record.comment.id, record)).collect())
}

type Part = (Comment, Contact, Option<Id<Conversation>>);

fn part(row: &Row<'_>) -> StoreResult<Part> {
    let mut columns = Columns::new(row, "comment");
    let (comment, contact) = (rows::comment(&mut columns)?, rows::contact(&mut columns)?);
    Ok((comment, contact, columns.table("message").opt_id()?))
}

fn list(connection: &Connection, sql: &'static str, params: impl Params) -> StoreResult<Vec<CommentRecord>> {
    let parts: Vec<Part> = many(connection, sql, params, part)?;
    let author = |comment: &Comment| match &comment.answer.as_ref()?.author {
        Author::Agent { id } => Some(id.raw()),
        Author::ApiKey { id } => id.map(Id::raw),
        _ => None,
    };
    let ids: BTreeSet<Id<Author>> = parts.iter().filter_map(|part| author(&part.0)).map(Id::from_raw).collect();
    let names: HashMap<i64, String> = if ids.is_empty() {
        HashMap::new()
    } else {
        let named = many(connection, NAMES, [id_list(ids)], |row| {
            let mut columns = Columns::new(row, "author");
            Ok((columns.get()?, columns.get()?))
        })?;
        named.into_iter().collect()
    };
    let record = |(comment, contact, conversation_id): Part| {
        let author_name = author(&comment).and_then(|id| names.get(&id).cloned());
        CommentRecord { comment, contact, author_name, conversation_id }
    };
    Ok(parts.into_iter().map(record).collect())
}
