//! Automatic messages and Comment-to-Message of one account: read through from TikTok, which keeps them, and written through to it.
//! What TikTok tells of a change comes in as a delivery: it wakes whoever watches the account, and is the history of the message.
//! Called by `http::api::automation`.

use domain::{
    Id, Timestamp,
    account::Account,
    automation::{AutoMessageEvent, AutoMessageKind, AutoMessageWords, AutoMessages},
    delivery::Delivery,
    store::Store,
    workspace::Scope,
};
use futures_util::{FutureExt as _, future::try_join_all};

use crate::{
    asking::{AskError, Asking},
    providers::{Official, Providers, tokens::Tokens, words_of},
};

/// Everything TikTok does by itself for an account, as it is now.
#[derive(Debug)]
pub struct Overview {
    /// One for each kind.
    pub kinds: Vec<AutoMessages>,
    /// Whether Comment-to-Message is on.
    pub comments: Comments,
}

/// Comment-to-Message of an account.
#[derive(Debug)]
pub enum Comments {
    /// On or off; `None` where TikTok says neither.
    Is(Option<bool>),
    /// TikTok has it not for this account, in its own words.
    Unavailable {
        /// TikTok's code.
        code: Option<i64>,
        /// TikTok's words.
        detail: String,
        /// TikTok's id of the request.
        request_id: Option<String>,
    },
}

/// One entry of the history.
#[derive(Debug)]
pub struct Entry {
    /// The delivery that told it.
    pub delivery: Id<Delivery>,
    /// When it came in.
    pub received_at: Timestamp,
    /// What it told.
    pub event: AutoMessageEvent,
}

/// One page of the history, newest first.
#[derive(Debug)]
pub struct History {
    /// Its entries.
    pub entries: Vec<Entry>,
    /// Where the next page goes on, if there is one.
    pub next: Option<Id<Delivery>>,
}

/// The automatic messages of one account in sight.
pub struct Automation<'a> {
    store: &'a dyn Store,
    scope: &'a Scope,
    asking: Asking<'a>,
}

impl std::fmt::Debug for Automation<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Automation").field("asking", &self.asking).finish_non_exhaustive()
    }
}

impl<'a> Automation<'a> {
    /// Of this account.
    ///
    /// # Errors
    /// `NotFound`, `NotAtTiktok` or `Store`.
    pub async fn of(
        store: &'a dyn Store,
        providers: &'a Providers,
        tokens: &'a Tokens,
        scope: &'a Scope,
        id: Id<Account>,
    ) -> Result<Self, AskError> {
        Ok(Self { store, scope, asking: Asking::about(store, providers, tokens, scope, id).await? })
    }

    /// Everything, as TikTok has it now.
    ///
    /// # Errors
    /// [`AskError`]; that TikTok has no Comment-to-Message for the account is none.
    pub async fn overview(&self) -> Result<Overview, AskError> {
        let kinds = AutoMessageKind::ALL
            .map(|kind| self.asking.call(move |at| self.asking.official.auto_messages(at, kind).boxed()));
        let comments = async {
            match self.asking.call(|at| self.asking.official.comment_to_message(at).boxed()).await {
                Ok(on) => Ok(Comments::Is(on)),
                Err(AskError::Tiktok(error)) if error.class() == Some(tiktok::ErrorClass::Permission) => {
                    let code = error.code().map(tiktok::ErrorCode::number);
                    let request_id = error.request_id().map(str::to_owned);
                    Ok(Comments::Unavailable { code, detail: words_of(&error), request_id })
                }
                Err(other) => Err(other),
            }
        };
        let (kinds, comments) = futures_util::try_join!(try_join_all(kinds), comments)?;
        Ok(Overview { kinds, comments })
    }

    /// Writes a new one. Gives TikTok's id of it.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn create(&self, words: &AutoMessageWords) -> Result<String, AskError> {
        self.asking.call(|at| self.asking.official.create_auto_message(at, words).boxed()).await
    }

    /// Gives one other words. Gives the id that it has now.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn update(&self, id: &str, words: &AutoMessageWords) -> Result<String, AskError> {
        self.asking.call(|at| self.asking.official.update_auto_message(at, id, words).boxed()).await
    }

    /// Deletes one.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn delete(&self, kind: AutoMessageKind, id: &str) -> Result<(), AskError> {
        self.asking.call(|at| self.asking.official.delete_auto_message(at, kind, id).boxed()).await
    }

    /// Puts all chat prompts in an order.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn sort(&self, order: &[String]) -> Result<(), AskError> {
        self.asking.call(|at| self.asking.official.sort_chat_prompts(at, order).boxed()).await
    }

    /// Switches a whole kind.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn switch(&self, kind: AutoMessageKind, on: bool) -> Result<(), AskError> {
        self.asking.call(|at| self.asking.official.switch_auto_messages(at, kind, on).boxed()).await
    }

    /// Switches Comment-to-Message.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn switch_comments(&self, on: bool) -> Result<(), AskError> {
        self.asking.call(|at| self.asking.official.switch_comment_to_message(at, on).boxed()).await
    }

    /// What TikTok told of the account's automatic messages, newest first, before a delivery (exclusive). It is ours, so it can be
    /// read of a disconnected account too.
    ///
    /// # Errors
    /// `Store`.
    pub async fn history(&self, before: Option<Id<Delivery>>, limit: u32) -> Result<History, AskError> {
        let mut kept = self.store.automation_deliveries(self.scope, self.asking.account.id, before, limit + 1).await?;
        let more = kept.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        kept.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = kept.last().filter(|_| more).map(|last| last.id);
        let entry = |one: domain::delivery::RawDelivery| {
            let event = Official::auto_message_event(&one.body)?;
            Some(Entry { delivery: one.id, received_at: one.received_at, event })
        };
        Ok(History { entries: kept.into_iter().filter_map(entry).collect(), next })
    }
}
