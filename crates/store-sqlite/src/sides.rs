//! The port [`Sides`]: which providers tell of an account, which of them sends, and what only one of them told.

use async_trait::async_trait;
use domain::{
    account::{Account, ProviderKind},
    conversation::Conversation,
    id::Id,
    journal::{MessageName, Working},
    message::Message,
    outbox::sender,
    reply::Refusal,
    sides::{GRACE, NEAR, Shadow, ShadowFilter, Side, TOLERANCE},
    store::{ConversationRecord, Sides, StoreError, StoreResult},
    workspace::Scope,
};
use rusqlite::{Connection, params};

use crate::{
    SqliteStore,
    edit::{account_in_sight, edit_account, name_anew},
    filter::permitted,
    load,
    persist::persist,
    record,
    rows::{self, message_columns},
    sql::{Columns, execute, many, one, statements},
    text::Text,
    writer::Tx,
};

statements! {
    SIDES = "SELECT b.provider, b.external_id, b.sends FROM binding b WHERE b.workspace_id = ?1 AND b.account_id = ?2 \
             AND b.provider IN ('official', 'respondio', 'thirdparty') ORDER BY b.sends DESC, b.id";
    OWNER = "SELECT account_id FROM binding WHERE provider = ?1 AND external_id = ?2";
    INSERT_SIDE = "INSERT INTO binding (id, workspace_id, account_id, provider, external_id, sends, scopes, connected_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5, 0, '[]', ?6)";
    BOTH_SINCE = "UPDATE account SET both_since = ?2 WHERE id = ?1";
    REMOVE_SIDE = "DELETE FROM binding WHERE account_id = ?1 AND provider = ?2 AND sends = 0";
    FORGET_CHOICES = "UPDATE conversation SET sender = NULL WHERE account_id = ?1 AND sender = ?2";
    // What nobody settled of a side that is gone can only be looked up, or sent again, through the one that is left.
    ADOPT = "UPDATE message SET provider = ?3 WHERE conversation_id IN (SELECT id FROM conversation WHERE account_id = ?1) \
             AND state IN ('queued', 'sending', 'unconfirmed') AND provider = ?2 AND external_id IS NULL";
    // The one that sent first, or two would for a moment.
    SENDS_NO_MORE = "UPDATE binding SET sends = 0, trouble = ?2 WHERE account_id = ?1 AND sends = 1";
    SENDS = "UPDATE binding SET sends = 1, trouble = NULL WHERE account_id = ?1 AND provider = ?2";
    TROUBLE = "SELECT trouble FROM binding WHERE account_id = ?1 AND provider = ?2";
    SHADOWS = concat!(
        "SELECT ", message_columns!(), " FROM message m JOIN account a ON a.workspace_id = m.workspace_id AND a.id = m.account_id \
         WHERE m.workspace_id = ?1 AND (m.sent_at, m.id) < (?2, ?3) AND m.sent_at >= a.both_since AND m.created_at <= ?4 \
         AND (?5 IS NULL OR m.account_id = ?5) AND (?6 IS NULL OR m.account_id IN (SELECT value FROM json_each(?6))) \
         AND m.state IN ('received', 'sent') \
         AND (SELECT count(*) FROM binding b WHERE b.workspace_id = m.workspace_id AND b.account_id = m.account_id \
         AND b.provider IN ('official', 'respondio', 'thirdparty')) > 1 \
         AND m.external_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM message_name n \
         WHERE n.workspace_id = m.workspace_id AND n.message_id = m.id AND n.provider <> m.provider) \
         ORDER BY m.sent_at DESC, m.id DESC LIMIT ?7"
    );
    NAME = "SELECT n.workspace_id, n.account_id, n.provider, n.external_id, n.message_id, n.platform_id, n.told_at, n.guessed \
            FROM message_name n WHERE n.workspace_id = ?1 AND n.message_id = ?2 AND n.provider = ?3";
    // What another side told at that time, in the same conversation or in one that this side does not know.
    CANDIDATES = concat!(
        "SELECT ", message_columns!(), " FROM message m JOIN conversation c ON c.id = m.conversation_id \
         WHERE m.workspace_id = ?1 AND m.sent_at BETWEEN ?2 AND ?3 AND m.account_id = ?4 AND m.direction = ?5 \
         AND m.external_id IS NOT NULL AND m.provider <> ?6 AND NOT EXISTS (SELECT 1 FROM message_name n \
         WHERE n.workspace_id = ?1 AND n.message_id = m.id AND n.provider = ?6) \
         AND (c.id = ?7 OR (c.provider <> ?6 AND NOT EXISTS (SELECT 1 FROM conversation_name n \
         WHERE n.workspace_id = ?1 AND n.conversation_id = c.id AND n.provider = ?6))) ORDER BY m.sent_at, m.id LIMIT ?8"
    );
}

#[async_trait]
impl Sides for SqliteStore {
    async fn sides(&self, scope: &Scope, account: Id<Account>) -> StoreResult<Vec<Side>> {
        let scope = scope.clone();
        self.read(move |connection| match account_in_sight(connection, &scope, account)? {
            Some(account) => of(connection, &account),
            None => Ok(Vec::new()),
        })
        .await
    }

    async fn account_through(
        &self,
        scope: &Scope,
        account: Id<Account>,
        provider: ProviderKind,
    ) -> StoreResult<Option<Account>> {
        let scope = scope.clone();
        self.read(move |connection| {
            let Some(sends) = account_in_sight(connection, &scope, account)? else { return Ok(None) };
            if sends.provider == provider {
                return Ok(Some(sends));
            }
            Ok(Some(load::account_through(connection, account, provider)?.unwrap_or(sends)))
        })
        .await
    }

    async fn add_side(
        &self,
        scope: &Scope,
        account: Id<Account>,
        provider: ProviderKind,
        external_id: &str,
    ) -> StoreResult<Option<Account>> {
        let (scope, external_id) = (scope.clone(), external_id.to_owned());
        self.write(move |tx| {
            let Some(account) = account_in_sight(tx.connection, &scope, account)? else { return Ok(None) };
            add(tx, &account, provider, &external_id)?;
            edit_account(tx, account.id, |_| {})
        })
        .await
    }

    async fn remove_side(
        &self,
        scope: &Scope,
        account: Id<Account>,
        provider: ProviderKind,
    ) -> StoreResult<Option<Account>> {
        let scope = scope.clone();
        self.write(move |tx| {
            let Some(account) = account_in_sight(tx.connection, &scope, account)? else { return Ok(None) };
            if account.provider == provider {
                return Err(StoreError::Conflict { what: "the side that sends" });
            }
            execute(tx.connection, REMOVE_SIDE, (account.id.raw(), provider.text()))?;
            forget(tx, &account, provider)?;
            name_anew(tx, account.id)
        })
        .await
    }

    async fn set_sender(
        &self,
        scope: &Scope,
        account: Id<Account>,
        provider: ProviderKind,
    ) -> StoreResult<Option<Account>> {
        let scope = scope.clone();
        self.write(move |tx| {
            let Some(account) = account_in_sight(tx.connection, &scope, account)? else { return Ok(None) };
            if !of(tx.connection, &account)?.iter().any(|side| side.provider == provider) {
                return Ok(None);
            }
            if !provider.can_send() {
                return Err(Refusal::ProviderCannotSend.into());
            }
            if account.provider == provider {
                return Ok(Some(account));
            }
            switch(tx, account, provider)
        })
        .await
    }

    async fn set_conversation_sender(
        &self,
        scope: &Scope,
        conversation: Id<Conversation>,
        provider: Option<ProviderKind>,
    ) -> StoreResult<Option<ConversationRecord>> {
        let scope = scope.clone();
        self.write(move |tx| {
            let known = load::conversation_by_id(tx.connection, conversation)?;
            let Some(known) = known.filter(|row| scope.allows(row.workspace_id, row.account_id)) else {
                return Ok(None);
            };
            if let Some(provider) = provider {
                may_send(tx.connection, &known, provider)?;
            }
            let mut working = Working::new(tx.now, tx.ids);
            working.add_conversation(known);
            working.edit_conversation(conversation, |row| row.sender = provider);
            persist(tx, &working.into_changes())?;
            // Also where nothing is listed yet, what waits is to be looked at again.
            tx.notify = true;
            record::conversation_by_id(tx.connection, conversation)
        })
        .await
    }

    async fn shadows(&self, scope: &Scope, filter: ShadowFilter) -> StoreResult<Vec<Shadow>> {
        let scope = scope.clone();
        self.read(move |connection| shadows(connection, &scope, &filter)).await
    }
}

fn of(connection: &Connection, account: &Account) -> StoreResult<Vec<Side>> {
    many(connection, SIDES, (account.workspace_id.raw(), account.id.raw()), |row| {
        let mut columns = Columns::new(row, "binding");
        Ok(Side { provider: columns.text()?, external_id: columns.get()?, sends: columns.get()? })
    })
}

fn add(tx: &Tx<'_>, account: &Account, provider: ProviderKind, external_id: &str) -> StoreResult<()> {
    let owner = one(tx.connection, OWNER, (provider.text(), external_id), |row| Columns::new(row, "binding").id())?;
    let known = of(tx.connection, account)?;
    match owner {
        Some(owner) if owner == account.id => return Ok(()),
        Some(_) => return Err(StoreError::Conflict { what: "side" }),
        None if known.iter().any(|side| side.provider == provider) => {
            return Err(StoreError::Conflict { what: "side" });
        }
        None => {}
    }
    let id: Id<Side> = tx.new_id()?;
    let row = params![
        id.raw(),
        account.workspace_id.raw(),
        account.id.raw(),
        provider.text(),
        external_id,
        tx.now.as_millis()
    ];
    execute(tx.connection, INSERT_SIDE, row)?;
    execute(tx.connection, BOTH_SINCE, (account.id.raw(), tx.now.as_millis())).map(drop)
}

/// After a side is gone: nothing chooses it any more.
pub(crate) fn forget(tx: &Tx<'_>, account: &Account, gone: ProviderKind) -> StoreResult<()> {
    execute(tx.connection, FORGET_CHOICES, (account.id.raw(), gone.text()))?;
    execute(tx.connection, ADOPT, (account.id.raw(), gone.text(), account.provider.text())).map(drop)
}

fn switch(tx: &mut Tx<'_>, mut account: Account, to: ProviderKind) -> StoreResult<Option<Account>> {
    let id = account.id;
    let trouble = one(tx.connection, TROUBLE, (id.raw(), to.text()), |row| Columns::new(row, "binding").get())?;
    let former = account.sends_through_another(trouble.flatten());
    execute(tx.connection, SENDS_NO_MORE, (id.raw(), former))?;
    execute(tx.connection, SENDS, (id.raw(), to.text()))?;
    let (state, reason) = (account.state, account.state_reason);
    edit_account(tx, id, |account| (account.state, account.state_reason) = (state, reason))
}

/// Whether a side can be chosen for a conversation.
fn may_send(connection: &Connection, conversation: &Conversation, provider: ProviderKind) -> StoreResult<()> {
    let account = load::account_by_id(connection, conversation.account_id)?.ok_or(Refusal::NotFound)?;
    if !provider.can_send() || !of(connection, &account)?.iter().any(|side| side.provider == provider) {
        return Err(Refusal::ProviderCannotSend.into());
    }
    let known = load::conversation_name(connection, conversation, provider)?;
    if known.is_none() && sender(&account, conversation, None) != provider {
        return Err(Refusal::NotAtSide.into());
    }
    Ok(())
}

fn shadows(connection: &Connection, scope: &Scope, filter: &ShadowFilter) -> StoreResult<Vec<Shadow>> {
    let (at, id) = filter.before.map_or((i64::MAX, i64::MAX), |(at, id)| (at.as_millis(), id.raw()));
    let row = params![
        scope.workspace.raw(),
        at,
        id,
        filter.now.minus(GRACE).as_millis(),
        filter.account.map(Id::raw),
        permitted(scope),
        filter.limit.clamp(1, 200),
    ];
    let found = many(connection, SHADOWS, row, message)?;
    found.into_iter().map(|message| shadow(connection, message)).collect()
}

fn shadow(connection: &Connection, one_sided: Message) -> StoreResult<Shadow> {
    let key = (one_sided.workspace_id.raw(), one_sided.id.raw(), one_sided.provider.text());
    let name: Option<MessageName> = one(connection, NAME, key, load::message_name)?;
    let near = params![
        one_sided.workspace_id.raw(),
        one_sided.sent_at.minus(TOLERANCE).as_millis(),
        one_sided.sent_at.plus(TOLERANCE).as_millis(),
        one_sided.account_id.raw(),
        one_sided.direction.text(),
        one_sided.provider.text(),
        one_sided.conversation_id.raw(),
        NEAR,
    ];
    let near = many(connection, CANDIDATES, near, message)?;
    Ok(Shadow::new(one_sided, name.and_then(|name| name.platform_id), &near))
}

fn message(row: &rusqlite::Row<'_>) -> StoreResult<Message> {
    rows::message(&mut Columns::new(row, "message"))
}
