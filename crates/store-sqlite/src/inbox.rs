//! The port [`Inbox`]: what people read, and the little that a click changes.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::{
    clock::Timestamp,
    conversation::{Conversation, ConversationStatus},
    id::Id,
    identity::User,
    journal::Working,
    message::Message,
    store::{
        ChatFilter, ContactFacts, ConversationCounts, ConversationFilter, ConversationPatch, ConversationRecord, Inbox,
        MessageCursor, MessageRecord, Referrals, StoreError, StoreResult, Totals,
    },
    workspace::Scope,
};
use rusqlite::{Connection, params};

use crate::{
    SqliteStore,
    filter::{self, permitted},
    load,
    persist::persist,
    record::{self, message_parts},
    referrals,
    sql::{Columns, many, one, statements},
    text::Text,
    writer::Tx,
};

statements! {
    COUNTS = "SELECT c.account_id, count(*), count(*) FILTER (WHERE c.assignee = ?3), count(*) FILTER (WHERE c.assignee IS NULL), \
              count(*) FILTER (WHERE a.rule_set <> 'unlimited' AND c.last_incoming_at > ?4 AND c.last_incoming_at <= ?5), \
              count(*) FILTER (WHERE c.request = 1), count(*) FILTER (WHERE c.trouble = 1) \
              FROM conversation c JOIN account a ON a.id = c.account_id \
              WHERE c.workspace_id = ?1 AND c.status = ?6 AND c.last_message_id IS NOT NULL \
              AND (?2 IS NULL OR c.account_id IN (SELECT value FROM json_each(?2))) GROUP BY c.account_id";
    BY_EXTERNAL_ID = "SELECT id, account_id FROM conversation WHERE workspace_id = ?1 AND external_id = ?2 ORDER BY id";
    BY_FURTHER_NAME = "SELECT conversation_id, account_id FROM conversation_name WHERE external_id = ?2 AND workspace_id = ?1 \
                       AND account_id IN (SELECT id FROM account WHERE workspace_id = ?1 AND both_since IS NOT NULL) ORDER BY conversation_id";
    PAGE = message_parts!(
        "WHERE m.conversation_id = ?1 AND (m.sent_at, m.id) < (?2, ?3) ORDER BY m.sent_at DESC, m.id DESC LIMIT ?4"
    );
    CHATS = message_parts!(
        "WHERE m.workspace_id = ?1 AND (m.sent_at, m.id) > (?2, ?3) AND (?4 IS NULL OR m.account_id IN (SELECT value FROM json_each(?4))) \
         AND (?5 IS NULL OR m.account_id = ?5) ORDER BY m.sent_at, m.id LIMIT ?6"
    );
    CHATS_OF_CONVERSATION = message_parts!(
        "WHERE m.conversation_id = ?7 AND m.workspace_id = ?1 AND (m.sent_at, m.id) > (?2, ?3) \
         AND (?4 IS NULL OR m.account_id IN (SELECT value FROM json_each(?4))) \
         AND (?5 IS NULL OR m.account_id = ?5) ORDER BY m.sent_at, m.id LIMIT ?6"
    );
    // A contact is in sight through a conversation with a permitted account.
    TOTALS = "SELECT (SELECT count(DISTINCT c.contact_id) FROM conversation c WHERE c.workspace_id = ?1 \
              AND (?2 IS NULL OR c.account_id IN (SELECT value FROM json_each(?2)))), \
              (SELECT count(*) FROM message m WHERE m.workspace_id = ?1 AND (?2 IS NULL OR m.account_id IN (SELECT value FROM json_each(?2)))), \
              (SELECT count(*) FROM conversation c WHERE c.workspace_id = ?1 AND c.last_message_id IS NOT NULL \
              AND (?2 IS NULL OR c.account_id IN (SELECT value FROM json_each(?2))))";
    IS_MEMBER = "SELECT 1 FROM member WHERE workspace_id = ?1 AND user_id = ?2";
}

/// Largest page of messages.
const PAGE_MAX: u32 = 1_000;

#[async_trait]
impl Inbox for SqliteStore {
    async fn conversations(&self, scope: &Scope, filter: &ConversationFilter) -> StoreResult<Vec<ConversationRecord>> {
        let (scope, filter) = (scope.clone(), filter.clone());
        self.read(move |connection| filter::conversations(connection, &scope, &filter)).await
    }

    async fn conversation_counts(
        &self,
        scope: &Scope,
        me: Option<Id<User>>,
        now: Timestamp,
    ) -> StoreResult<ConversationCounts> {
        let scope = scope.clone();
        self.read(move |connection| counts(connection, &scope, me, now)).await
    }

    async fn conversation(&self, scope: &Scope, id: Id<Conversation>) -> StoreResult<Option<ConversationRecord>> {
        let scope = scope.clone();
        self.read(move |connection| {
            Ok(record::conversation_by_id(connection, id)?.filter(|record| sees(&scope, &record.conversation)))
        })
        .await
    }

    async fn conversation_by_external_id(
        &self,
        scope: &Scope,
        external_id: &str,
    ) -> StoreResult<Option<Id<Conversation>>> {
        let (scope, external_id) = (scope.clone(), external_id.to_owned());
        self.read(move |connection| {
            for sql in [BY_EXTERNAL_ID, BY_FURTHER_NAME] {
                let found = many(connection, sql, (scope.workspace.raw(), &external_id), |row| {
                    let mut columns = Columns::new(row, "conversation");
                    Ok((columns.id()?, columns.id()?))
                })?;
                if let Some((id, _)) = found.into_iter().find(|(_, account)| scope.accounts.allows(*account)) {
                    return Ok(Some(id));
                }
            }
            Ok(None)
        })
        .await
    }

    async fn patch_conversation(
        &self,
        scope: &Scope,
        id: Id<Conversation>,
        patch: ConversationPatch,
    ) -> StoreResult<Option<ConversationRecord>> {
        let scope = scope.clone();
        self.write(move |tx| {
            let Some(conversation) = load::conversation_by_id(tx.connection, id)?.filter(|found| sees(&scope, found))
            else {
                return Ok(None);
            };
            change(tx, conversation, &patch)?;
            record::conversation_by_id(tx.connection, id)
        })
        .await
    }

    async fn messages(
        &self,
        scope: &Scope,
        conversation: Id<Conversation>,
        before: Option<MessageCursor>,
        limit: u32,
    ) -> StoreResult<Option<Vec<MessageRecord>>> {
        let scope = scope.clone();
        self.read(move |connection| {
            if load::conversation_by_id(connection, conversation)?.is_none_or(|found| !sees(&scope, &found)) {
                return Ok(None);
            }
            let (at, id) = before.map_or((i64::MAX, i64::MAX), |(at, id)| (at.as_millis(), id.raw()));
            record::message_list(connection, PAGE, (conversation.raw(), at, id, limit.clamp(1, PAGE_MAX))).map(Some)
        })
        .await
    }

    async fn message(&self, scope: &Scope, id: Id<Message>) -> StoreResult<Option<MessageRecord>> {
        let scope = scope.clone();
        self.read(move |connection| {
            Ok(record::message(connection, id)?
                .filter(|found| scope.allows(found.message.workspace_id, found.message.account_id)))
        })
        .await
    }

    async fn referrals(
        &self,
        scope: &Scope,
        conversation: Id<Conversation>,
        limit: u32,
    ) -> StoreResult<Option<Referrals>> {
        let scope = scope.clone();
        self.read(move |connection| {
            let conversation = load::conversation_by_id(connection, conversation)?.filter(|found| sees(&scope, found));
            conversation.map(|found| referrals::of(connection, &scope, &found, limit)).transpose()
        })
        .await
    }

    async fn chats(
        &self,
        scope: &Scope,
        filter: ChatFilter,
        after: Option<MessageCursor>,
        limit: u32,
    ) -> StoreResult<Vec<MessageRecord>> {
        let scope = scope.clone();
        self.read(move |connection| {
            // `since` is inclusive, a cursor is not: the place before the first id of that time.
            let since = filter.since.map_or((i64::MIN, i64::MIN), |since| (since.as_millis(), i64::MIN));
            let after = after.map_or((i64::MIN, i64::MIN), |(at, id)| (at.as_millis(), id.raw()));
            let (at, id) = since.max(after);
            let (permitted, account) = (permitted(&scope), filter.account.map(Id::raw));
            let limit = limit.clamp(1, PAGE_MAX);
            match filter.conversation {
                None => record::message_list(
                    connection,
                    CHATS,
                    params![scope.workspace.raw(), at, id, permitted, account, limit],
                ),
                Some(conversation) => {
                    let values = params![scope.workspace.raw(), at, id, permitted, account, limit, conversation.raw()];
                    record::message_list(connection, CHATS_OF_CONVERSATION, values)
                }
            }
        })
        .await
    }

    async fn totals(&self, scope: &Scope) -> StoreResult<Totals> {
        let scope = scope.clone();
        self.read(move |connection| {
            let totals = one(connection, TOTALS, (scope.workspace.raw(), permitted(&scope)), |row| {
                let mut columns = Columns::new(row, "totals");
                Ok(Totals { contacts: columns.get()?, messages: columns.get()?, conversations: columns.get()? })
            })?;
            Ok(totals.unwrap_or_default())
        })
        .await
    }

    async fn describe_conversation(
        &self,
        scope: &Scope,
        id: Id<Conversation>,
        contact: ContactFacts,
        image_send: Option<bool>,
    ) -> StoreResult<()> {
        let scope = scope.clone();
        self.write(move |tx| {
            let Some(conversation) = load::conversation_by_id(tx.connection, id)?.filter(|found| sees(&scope, found))
            else {
                return Ok(());
            };
            describe(tx, conversation, contact, image_send)
        })
        .await
    }
}

fn sees(scope: &Scope, conversation: &Conversation) -> bool {
    scope.allows(conversation.workspace_id, conversation.account_id)
}

fn counts(
    connection: &Connection,
    scope: &Scope,
    me: Option<Id<User>>,
    now: Timestamp,
) -> StoreResult<ConversationCounts> {
    let (opened_after, opened_until) = filter::closing(now);
    let me = me.map(Id::raw);
    let values = params![
        scope.workspace.raw(),
        permitted(scope),
        me,
        opened_after,
        opened_until,
        ConversationStatus::Open.text()
    ];
    let per_account = many(connection, COUNTS, values, |row| {
        let mut columns = Columns::new(row, "conversation");
        let account = columns.id()?;
        let all = columns.get()?;
        Ok(ConversationCounts {
            all,
            mine: columns.get()?,
            unassigned: columns.get()?,
            closing: columns.get()?,
            requests: columns.get()?,
            failed: columns.get()?,
            accounts: BTreeMap::from([(account, all)]),
        })
    })?;
    Ok(per_account.into_iter().fold(ConversationCounts::default(), |mut sum, one| {
        sum.all += one.all;
        sum.mine += one.mine;
        sum.unassigned += one.unassigned;
        sum.closing += one.closing;
        sum.requests += one.requests;
        sum.failed += one.failed;
        sum.accounts.extend(one.accounts);
        sum
    }))
}

fn change(tx: &mut Tx<'_>, before: Conversation, patch: &ConversationPatch) -> StoreResult<()> {
    if let Some(Some(user)) = patch.assignee
        && one(tx.connection, IS_MEMBER, (before.workspace_id.raw(), user.raw()), |_| Ok(()))?.is_none()
    {
        return Err(StoreError::Conflict { what: "conversation.assignee" });
    }
    let mut after = before.clone();
    after.status = patch.status.unwrap_or(after.status);
    after.assignee = patch.assignee.unwrap_or(after.assignee);
    after.mode = patch.mode.unwrap_or(after.mode);
    after.unread = if patch.read { 0 } else { after.unread };
    edit(tx, before, after)
}

/// Writes a changed conversation and its event; nothing for one that is as it was.
fn edit(tx: &mut Tx<'_>, before: Conversation, after: Conversation) -> StoreResult<()> {
    if before == after {
        return Ok(());
    }
    let mut working = Working::new(tx.now, tx.ids);
    let id = before.id;
    working.add_conversation(before);
    working.edit_conversation(id, |conversation| *conversation = after);
    persist(tx, &working.into_changes())
}

fn describe(
    tx: &mut Tx<'_>,
    conversation: Conversation,
    told: ContactFacts,
    image_send: Option<bool>,
) -> StoreResult<()> {
    let Some(before) = load::contact_by_id(tx.connection, conversation.contact_id)? else { return Ok(()) };
    let mut after = before.clone();
    after.username = told.username.or(after.username);
    after.display_name = told.display_name.or(after.display_name);
    after.avatar_url = told.avatar_url.or(after.avatar_url);
    after.is_follower = told.is_follower.or(after.is_follower);
    let image_send = image_send.or(conversation.image_send);
    if before == after && image_send == conversation.image_send {
        return Ok(());
    }
    let mut working = Working::new(tx.now, tx.ids);
    let (id, contact) = (conversation.id, before.id);
    working.add_contact(before);
    working.add_conversation(conversation);
    working.edit_contact(contact, |contact| *contact = after);
    working.edit_conversation(id, |conversation| conversation.image_send = image_send);
    persist(tx, &working.into_changes())
}
