//! Automatic messages and Comment-to-Message of one account: read through from TikTok, which keeps them, and written through to it.
//! What TikTok tells of a change comes in as a delivery: it wakes whoever watches the account, and is the history of the message.
//! Called by `http::api::automation`.

use std::time::Duration;

use domain::{
    Id, Timestamp,
    account::{Account, AccountState, ProviderKind},
    automation::{AutoMessageEvent, AutoMessageKind, AutoMessageWords, AutoMessages},
    delivery::Delivery,
    store::{Store, StoreError},
    workspace::Scope,
};
use futures_util::{
    FutureExt as _,
    future::{BoxFuture, try_join_all},
};

use crate::providers::{
    At, Official, Providers,
    tokens::{TokenError, Tokens},
    words_of,
};

/// Why something about automatic messages did not get done.
#[derive(Debug, thiserror::Error)]
pub enum AutomationError {
    /// There is no such account in sight.
    #[error("there is no such account")]
    NotFound,
    /// The account is bound to another provider, which has nothing like it.
    #[error("only an account that is connected to TikTok itself has automatic messages")]
    NotAtTiktok,
    /// The account is not connected: TikTok can't be asked.
    #[error("the account is not connected; connect it again")]
    Disconnected,
    /// TikTok did not do it.
    #[error(transparent)]
    Tiktok(#[from] tiktok::Error),
    /// There is no token to ask with.
    #[error(transparent)]
    Token(TokenError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<TokenError> for AutomationError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::None | TokenError::Reauthorize => Self::Disconnected,
            TokenError::Refresh(error) => Self::Tiktok(error),
            TokenError::Store(error) => Self::Store(error),
            other @ (TokenError::NoApp | TokenError::Sealed(_)) => Self::Token(other),
        }
    }
}

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
    official: &'a Official,
    tokens: &'a Tokens,
    scope: &'a Scope,
    account: Account,
}

impl std::fmt::Debug for Automation<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Automation").field("account", &self.account.id).finish_non_exhaustive()
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
    ) -> Result<Self, AutomationError> {
        let account = store.account(scope, id).await?.ok_or(AutomationError::NotFound)?;
        if account.provider != ProviderKind::Official {
            return Err(AutomationError::NotAtTiktok);
        }
        Ok(Self { store, official: providers.official(), tokens, scope, account })
    }

    /// Everything, as TikTok has it now.
    ///
    /// # Errors
    /// [`AutomationError`]; that TikTok has no Comment-to-Message for the account is none.
    pub async fn overview(&self) -> Result<Overview, AutomationError> {
        let kinds = AutoMessageKind::ALL.map(|kind| self.call(move |at| self.official.auto_messages(at, kind).boxed()));
        let comments = async {
            match self.call(|at| self.official.comment_to_message(at).boxed()).await {
                Ok(on) => Ok(Comments::Is(on)),
                Err(AutomationError::Tiktok(error)) if error.class() == Some(tiktok::ErrorClass::Permission) => {
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
    /// [`AutomationError`].
    pub async fn create(&self, words: &AutoMessageWords) -> Result<String, AutomationError> {
        self.call(|at| self.official.create_auto_message(at, words).boxed()).await
    }

    /// Gives one other words. Gives the id that it has now.
    ///
    /// # Errors
    /// [`AutomationError`].
    pub async fn update(&self, id: &str, words: &AutoMessageWords) -> Result<String, AutomationError> {
        self.call(|at| self.official.update_auto_message(at, id, words).boxed()).await
    }

    /// Deletes one.
    ///
    /// # Errors
    /// [`AutomationError`].
    pub async fn delete(&self, kind: AutoMessageKind, id: &str) -> Result<(), AutomationError> {
        self.call(|at| self.official.delete_auto_message(at, kind, id).boxed()).await
    }

    /// Puts all chat prompts in an order.
    ///
    /// # Errors
    /// [`AutomationError`].
    pub async fn sort(&self, order: &[String]) -> Result<(), AutomationError> {
        self.call(|at| self.official.sort_chat_prompts(at, order).boxed()).await
    }

    /// Switches a whole kind.
    ///
    /// # Errors
    /// [`AutomationError`].
    pub async fn switch(&self, kind: AutoMessageKind, on: bool) -> Result<(), AutomationError> {
        self.call(|at| self.official.switch_auto_messages(at, kind, on).boxed()).await
    }

    /// Switches Comment-to-Message.
    ///
    /// # Errors
    /// [`AutomationError`].
    pub async fn switch_comments(&self, on: bool) -> Result<(), AutomationError> {
        self.call(|at| self.official.switch_comment_to_message(at, on).boxed()).await
    }

    /// What TikTok told of the account's automatic messages, newest first, before a delivery (exclusive). It is ours, so it can be
    /// read of a disconnected account too.
    ///
    /// # Errors
    /// `Store`.
    pub async fn history(&self, before: Option<Id<Delivery>>, limit: u32) -> Result<History, AutomationError> {
        let mut kept = self.store.automation_deliveries(self.scope, self.account.id, before, limit + 1).await?;
        let more = kept.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        kept.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = kept.last().filter(|_| more).map(|last| last.id);
        let entry = |one: domain::delivery::RawDelivery| {
            let event = Official::auto_message_event(&one.body)?;
            Some(Entry { delivery: one.id, received_at: one.received_at, event })
        };
        Ok(History { entries: kept.into_iter().filter_map(entry).collect(), next })
    }

    /// Calls TikTok with the account's token: once more with a fresh one if that was dead, and once more a second later if the app
    /// called too often. Neither time was anything done.
    async fn call<'c, T>(
        &'c self,
        ask: impl Fn(At<'c>) -> BoxFuture<'c, Result<T, tiktok::Error>> + Sync,
    ) -> Result<T, AutomationError> {
        let account = &self.account;
        if account.state == AccountState::Disconnected {
            return Err(AutomationError::Disconnected);
        }
        let mut current = self.tokens.current(account).await?;
        let (mut renewed, mut waited) = (false, false);
        loop {
            match ask(At { account, token: current.access.clone() }).await {
                Err(error) if error.token_expired() && !renewed => {
                    renewed = true;
                    current = self.tokens.renewed(account, current.version).await?;
                }
                // It was not carried out. The next turn comes later now: the budget has learned.
                Err(error) if is_over_in_a_second(&error) && !waited => waited = true,
                other => return Ok(other?),
            }
        }
    }
}

/// TikTok's limit of calls per second was met: a person waits that long, not for those of a minute or a day.
fn is_over_in_a_second(error: &tiktok::Error) -> bool {
    error.is_rate_limited() && error.retry_after().is_some_and(|pause| pause <= Duration::from_secs(1))
}
