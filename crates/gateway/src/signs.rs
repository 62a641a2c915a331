//! What a customer sees of us besides messages: that somebody types, and that their messages were looked at. Neither is a message:
//! TikTok tells nowhere that it counts them, so the ledger knows nothing of them, and nobody is bothered when one fails.
//! Called by `http` and `live`; the job worker tells of what was looked at.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{
    Clock, Id, Timestamp,
    account::{Account, ProviderKind},
    conversation::Conversation,
    job::{NewJob, Task},
    store::{ConversationPatch, ConversationRecord, Store, StoreResult},
    workspace::Scope,
};

use crate::{
    lifecycle::Lifecycle,
    providers::{
        Provider, Providers,
        tokens::{TokenError, Tokens},
    },
};

/// TikTok shows for five seconds that somebody types; so often it is told, whoever and however many type.
const TYPING_EVERY: Duration = Duration::from_secs(4);
/// What was looked at longer ago is not told any more: a customer would take it for now.
const READ_FOR: Duration = Duration::from_mins(5);
/// So many conversations are remembered before those that may type again are forgotten.
const REMEMBERED: usize = 1_024;

/// Tells TikTok of them. One per process; another process of the same database counts by itself.
pub struct Signs {
    store: Arc<dyn Store>,
    providers: Providers,
    tokens: Arc<Tokens>,
    lifecycle: Lifecycle,
    clock: Clock,
    typed_at: Mutex<HashMap<Id<Conversation>, Timestamp>>,
}

impl std::fmt::Debug for Signs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signs").finish_non_exhaustive()
    }
}

/// What became of it that somebody types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    /// The customer sees it.
    Shown,
    /// They were shown it lately, or no reply could leave.
    Withheld,
    /// Replies need the calls.
    Dropped,
    /// TikTok did not take it.
    Failed,
}

/// Why the customer was not shown that somebody types.
#[derive(Debug, thiserror::Error)]
enum Unshown {
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    Tiktok(#[from] tiktok::Error),
}

impl Signs {
    /// None was shown yet.
    pub fn new(
        store: Arc<dyn Store>,
        providers: Providers,
        tokens: Arc<Tokens>,
        lifecycle: Lifecycle,
        clock: Clock,
    ) -> Self {
        Self { store, providers, tokens, lifecycle, clock, typed_at: Mutex::default() }
    }

    /// Somebody types a reply in this conversation: [`show_typing`](Self::show_typing), in the background.
    pub fn typed(self: &Arc<Self>, scope: &Scope, record: &ConversationRecord) {
        let (this, scope, record) = (Arc::clone(self), scope.clone(), record.clone());
        self.lifecycle.spawn("typing", async move {
            this.show_typing(&scope, &record).await;
        });
    }

    /// Shows the customer that somebody types, unless they were shown lately, no reply could leave, or replies need the calls.
    pub async fn show_typing(&self, scope: &Scope, record: &ConversationRecord) -> Typing {
        let conversation = &record.conversation;
        let now = self.clock.now();
        // Before the customer wrote there is nobody to show it to, and no window.
        let may_reply = conversation.ledger.last_incoming_at.is_some()
            && conversation.ledger.window(now, record.rule_set).state.allows();
        if !may_reply || !self.is_due(conversation.id, now) {
            return Typing::Withheld;
        }
        let account = self.store.account(scope, conversation.account_id).await.ok().flatten();
        let account = account.filter(|account| shows_signs(account, conversation));
        let Some(account) = account else { return Typing::Withheld };
        let (shown, outcome) = match self.tell(&account, &conversation.external_id).await {
            Ok(true) => (Typing::Shown, "shown"),
            Ok(false) => (Typing::Dropped, "dropped"),
            Err(error) => {
                let error = &error as &(dyn std::error::Error + 'static);
                tracing::debug!(account = %account.id, error, "the customer is not shown that somebody types");
                (Typing::Failed, "failed")
            }
        };
        metrics::counter!("signs_total", "sign" => "typing", "outcome" => outcome).increment(1);
        shown
    }

    async fn tell(&self, account: &Account, conversation: &str) -> Result<bool, Unshown> {
        let Some(Provider::Official(official)) = self.providers.of(account.provider) else { return Ok(false) };
        let current = self.tokens.current(account).await?;
        Ok(official.show_typing(&current.access, account, conversation).await?)
    }

    fn is_due(&self, conversation: Id<Conversation>, now: Timestamp) -> bool {
        let rested = |last: Timestamp| last > now || now.since(last) >= TYPING_EVERY;
        let mut typed_at = self.typed_at.lock().unwrap_or_else(PoisonError::into_inner);
        if typed_at.get(&conversation).is_some_and(|last| !rested(*last)) {
            return false;
        }
        if typed_at.len() >= REMEMBERED {
            typed_at.retain(|_, last| !rested(*last));
        }
        typed_at.insert(conversation, now);
        true
    }
}

/// A member has looked at a conversation: nothing is unread any more. Unless they do it quietly, the customer is told, as by
/// TikTok's own app. `None` when there is none in sight.
///
/// # Errors
/// `Unavailable`.
pub async fn read(
    store: &dyn Store,
    scope: &Scope,
    id: Id<Conversation>,
    quietly: bool,
    now: Timestamp,
) -> StoreResult<Option<ConversationRecord>> {
    let Some(before) = store.conversation(scope, id).await?.map(|record| record.conversation) else { return Ok(None) };
    let patch = ConversationPatch { read: true, ..ConversationPatch::default() };
    let patched = store.patch_conversation(scope, id, patch).await?;
    let account = store.account(scope, before.account_id).await?;
    if !quietly && before.unread > 0 && account.is_some_and(|account| shows_signs(&account, &before)) {
        let task = Task::MarkRead { conversation: id };
        store.enqueue(NewJob { workspace_id: before.workspace_id, task, due_at: now, later: false }).await?;
    }
    Ok(patched)
}

/// Whether it is still true at `now` that everything was looked at, as somebody wanted to be told at `asked_at`.
pub fn is_still_read(conversation: &Conversation, account: &Account, asked_at: Timestamp, now: Timestamp) -> bool {
    shows_signs(account, conversation) && conversation.unread == 0 && now.since(asked_at) <= READ_FOR
}

fn shows_signs(account: &Account, conversation: &Conversation) -> bool {
    let at_tiktok = account.provider == ProviderKind::Official && conversation.provider == ProviderKind::Official;
    at_tiktok && account.state.can_send()
}
