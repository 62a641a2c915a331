//! The port `Comments`: flagged comments and their answers. The rules are [`domain::journal`]'s; here is who may, and what is shown.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use async_trait::async_trait;
use domain::{
    Id,
    account::Account,
    comment::{AnswerDraft, Comment},
    job::Job,
    journal::{self, Working},
    message::Author,
    outbox::Outcome,
    reply::Refusal,
    store::{Answered, CommentFilter, CommentRecord, Comments, StoreResult},
    workspace::Scope,
};
use sqlx::PgConnection;

use crate::{
    PostgresStore,
    error::Fault,
    filter, load, records,
    rows::{all, comment_rows, raw},
    transaction::{Touches, Tx},
};

#[async_trait]
impl Comments for PostgresStore {
    async fn comments(&self, scope: &Scope, filter: CommentFilter) -> StoreResult<Vec<CommentRecord>> {
        let mut tx = self.read(scope.workspace).await?;
        let permitted = filter::permitted(scope);
        let (at, id) = filter.before.map_or((i64::MAX, i64::MAX), |(at, id)| (at.as_millis(), id.raw()));
        let rows = comment_rows!(
            "comment q WHERE q.workspace_id = $1 AND (q.commented_at, q.id) < ($2, $3) AND ($4::bigint[] IS NULL OR q.account_id = ANY($4))
            AND ($5::bigint IS NULL OR q.account_id = $5) AND ($6::text IS NULL OR q.state = $6)
            ORDER BY q.commented_at DESC, q.id DESC LIMIT $7",
            scope.workspace.raw(),
            at,
            id,
            permitted.as_deref(),
            filter.account.map(Id::raw),
            filter.state.map(domain::comment::CommentState::as_str),
            i64::from(filter.limit.clamp(1, 200)),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(Fault::from)?;
        let records = complete(&mut tx, all(rows)?).await?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(records)
    }

    async fn comment(&self, scope: &Scope, id: Id<Comment>) -> StoreResult<Option<CommentRecord>> {
        let mut tx = self.read(scope.workspace).await?;
        let found = by_ids(&mut tx, &[scope.workspace.raw()], &[id.raw()]).await?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(found.into_iter().find(|row| scope.allows(row.comment.workspace_id, row.comment.account_id)))
    }

    async fn answer_comment(&self, scope: &Scope, draft: AnswerDraft) -> StoreResult<Answered> {
        let id = draft.comment_id;
        let touches = self.touches(id).await?;
        let scope = scope.clone();
        let (mut answered, numbers) = self
            .write_numbered(touches, move |tx| {
                let (scope, draft) = (scope.clone(), draft.clone());
                Box::pin(async move { answer(tx, &scope, draft).await })
            })
            .await?;
        let comment = &mut answered.record.comment;
        comment.seq = numbers.of_comment(id.raw()).unwrap_or(comment.seq);
        Ok(answered)
    }

    async fn begin_answer(&self, job: &Job, comment: Id<Comment>) -> StoreResult<Option<(Comment, Account)>> {
        let (touches, token) = (self.touches(comment).await?, job.token);
        self.write(touches, move |tx| Box::pin(begin(tx, comment, token))).await
    }

    async fn settle_answer(&self, job: &Job, comment: Id<Comment>, outcome: Outcome) -> StoreResult<bool> {
        let (touches, token) = (self.touches(comment).await?, job.token);
        self.write(touches, move |tx| {
            let outcome = outcome.clone();
            Box::pin(async move { settle(tx, comment, token, outcome).await })
        })
        .await
    }
}

impl PostgresStore {
    /// A comment never changes its account.
    async fn touches(&self, id: Id<Comment>) -> Result<Touches, Fault> {
        let mut tx = self.read_system().await?;
        let account = sqlx::query_scalar!("SELECT account_id FROM comment WHERE id = $1", id.raw())
            .fetch_optional(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(Touches { accounts: account.into_iter().collect(), ..Touches::default() })
    }
}

async fn answer(tx: &mut Tx, scope: &Scope, draft: AnswerDraft) -> Result<Answered, Fault> {
    let (id, workspace) = (draft.comment_id, scope.workspace.raw());
    let ids = Arc::clone(&tx.ids);
    let mut working = Working::new(tx.now(), &ids);
    load::comment(&mut tx.conn, &mut working, id, None).await?;
    let in_sight = |comment: &&Comment| scope.allows(comment.workspace_id, comment.account_id);
    working.comment(id).filter(in_sight).ok_or(Refusal::CommentNotFound)?;
    let fresh = journal::answer_comment(&mut working, draft)?;
    tx.persist(working, &[workspace]).await?;
    let record = by_ids(&mut tx.conn, &[workspace], &[id.raw()]).await?.pop();
    Ok(Answered { record: record.ok_or_else(|| Fault::corrupt("comment.id", "the row is missing"))?, fresh })
}

async fn begin(tx: &mut Tx, id: Id<Comment>, token: i64) -> Result<Option<(Comment, Account)>, Fault> {
    let ids = Arc::clone(&tx.ids);
    let mut working = Working::new(tx.now(), &ids);
    let Some(comment) = load::comment(&mut tx.conn, &mut working, id, None).await? else { return Ok(None) };
    let begun = journal::begin_answer(&mut working, id, token);
    let row = working.comment(id).cloned().filter(|_| begun);
    let found = row.and_then(|row| {
        let account = working.account(row.account_id).cloned()?;
        Some((row, account))
    });
    tx.persist(working, &[comment.workspace_id.raw()]).await?;
    Ok(found)
}

async fn settle(tx: &mut Tx, id: Id<Comment>, token: i64, outcome: Outcome) -> Result<bool, Fault> {
    let sent = match &outcome {
        Outcome::Sent { external_id } => Some(external_id.clone()),
        _ => None,
    };
    let ids = Arc::clone(&tx.ids);
    let mut working = Working::new(tx.now(), &ids);
    let Some(comment) = load::comment(&mut tx.conn, &mut working, id, sent.as_deref()).await? else { return Ok(false) };
    let settled = journal::settle_answer(&mut working, id, token, outcome);
    tx.persist(working, &[comment.workspace_id.raw()]).await?;
    Ok(settled)
}

/// Comments by id; those that are gone are left out.
pub(crate) async fn by_ids(
    conn: &mut PgConnection,
    workspaces: &[i64],
    ids: &[i64],
) -> Result<Vec<CommentRecord>, Fault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = comment_rows!("comment q WHERE q.workspace_id = ANY($1) AND q.id = ANY($2)", workspaces, ids)
        .fetch_all(&mut *conn)
        .await?;
    complete(conn, all(rows)?).await
}

/// Completes comments, in their order.
async fn complete(conn: &mut PgConnection, comments: Vec<Comment>) -> Result<Vec<CommentRecord>, Fault> {
    if comments.is_empty() {
        return Ok(Vec::new());
    }
    let contacts: BTreeSet<_> = comments.iter().map(|comment| comment.contact_id).collect();
    let contacts = records::contacts(conn, &raw(contacts)).await?;
    let author = |comment: &Comment| match &comment.answer.as_ref()?.author {
        Author::Agent { id } => Some(id.raw()),
        Author::ApiKey { id } => id.map(Id::raw),
        _ => None,
    };
    let names = records::names(conn, comments.iter().filter_map(author).collect()).await?;
    let threads = threads(conn, &comments).await?;
    comments
        .into_iter()
        .map(|comment| {
            let contact = contacts.get(&comment.contact_id.raw()).cloned();
            Ok(CommentRecord {
                contact: contact.ok_or_else(|| Fault::corrupt("comment.contact_id", "the contact is missing"))?,
                author_name: author(&comment).and_then(|id| names.get(&id).cloned()),
                conversation_id: threads.get(&comment.id.raw()).copied().map(Id::from_raw),
                comment,
            })
        })
        .collect()
}

/// The conversations in which the answers stand.
async fn threads(conn: &mut PgConnection, comments: &[Comment]) -> Result<HashMap<i64, i64>, Fault> {
    let named = comments.iter().filter_map(|one| Some((one, one.message_external_id.as_ref()?)));
    let keys: Vec<(i64, i64, String)> =
        named.map(|(one, key)| (one.id.raw(), one.account_id.raw(), key.clone())).collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        r#"SELECT k.id AS "id!", m.conversation_id FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS k (id, account_id, external_id)
        JOIN message m ON m.account_id = k.account_id AND m.external_id = k.external_id"#,
        &keys.iter().map(|key| key.0).collect::<Vec<_>>(),
        &keys.iter().map(|key| key.1).collect::<Vec<_>>(),
        &keys.into_iter().map(|key| key.2).collect::<Vec<_>>(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.conversation_id)).collect())
}
