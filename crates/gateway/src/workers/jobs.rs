//! Durable small jobs: copy a picture, ask who a customer is, refresh tokens, file history, look for withheld messages. Each may run
//! twice and does no harm by it. Answers to comments, which must not, are in `answers`.

use std::{sync::Arc, time::Duration};

use domain::{
    Clock, Id, Timestamp,
    account::{Account, AccountState, Binding, ProviderKind},
    conversation::Conversation,
    job::{Job, JobOutcome, Task},
    store::{ConversationRecord, Store, StoreError, StoreResult},
    workspace::Scope,
};
use futures_util::{FutureExt, future::BoxFuture};
use tiktok::ErrorCode;

use super::{answers::Answers, runner::Queue};
use crate::{
    app::App,
    blobs::{BlobError, Blobs},
    connect::login::look_again,
    providers::{
        FetchError, Official, Provider, Providers, Turn,
        tokens::{Current, TokenError, Tokens},
    },
    signs,
};

/// Tries before a job is given up.
const TRIES: u32 = 8;
/// Pause after the first failed try; doubled each time, at most [`PAUSE_MAX`].
const PAUSE: Duration = Duration::from_secs(5);
const PAUSE_MAX: Duration = Duration::from_mins(10);
/// Pauses between looks for a withheld message that no list shows yet.
const LOOK_AGAIN: [Duration; 3] = [Duration::from_secs(10), Duration::from_secs(90), Duration::from_mins(10)];
/// With less than this left of the refresh token, the account says that it must be connected again.
const EXPIRING: Duration = Duration::from_hours(14 * 24);

/// Works on the job table.
pub(super) struct Jobs {
    pub(super) store: Arc<dyn Store>,
    clock: Clock,
    pub(super) providers: Providers,
    pub(super) blobs: Blobs,
    tokens: Arc<Tokens>,
    answers: Answers,
}

/// Why a job did not get done.
#[derive(Debug, thiserror::Error)]
pub(super) enum JobError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    Tiktok(#[from] tiktok::Error),
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error("no list shows it yet")]
    NotListed,
    #[error("{0}")]
    Never(&'static str),
}

impl JobError {
    pub(super) fn is_temporary(&self) -> bool {
        match self {
            Self::Store(error) => error.is_temporary(),
            Self::Token(TokenError::NoApp | TokenError::NoLoginApp) | Self::Blob(_) | Self::NotListed => true,
            Self::Token(error) => error.is_temporary(),
            Self::Tiktok(error) => error.is_retryable() || error.token_expired(),
            Self::Fetch(error) => error.is_temporary(),
            Self::Never(_) => false,
        }
    }

    /// What was asked for is not there, or not any more.
    pub(super) fn is_gone(&self) -> bool {
        matches!(self.code(), Some(ErrorCode::NotFound | ErrorCode::ParameterError))
    }

    /// TikTok does not show it, whoever asks and however often.
    pub(super) fn is_refused(&self) -> bool {
        self.is_gone() || self.code() == Some(ErrorCode::NoPermission)
    }

    fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Tiktok(error) | Self::Fetch(FetchError::Tiktok(error)) => error.code(),
            _ => None,
        }
    }

    fn is_rate_limited(&self) -> bool {
        match self {
            Self::Tiktok(error) | Self::Fetch(FetchError::Tiktok(error)) | Self::Token(TokenError::Refresh(error)) => {
                error.is_rate_limited()
            }
            _ => false,
        }
    }
}

impl Queue for Jobs {
    type Item = Job;
    const NAME: &'static str = "jobs";

    async fn next_due(&self) -> StoreResult<Option<Timestamp>> {
        self.store.next_job_due_any_workspace().await
    }

    async fn claim(&self, limit: u32) -> StoreResult<Vec<Job>> {
        self.store.claim_jobs_any_workspace(limit).await
    }

    async fn work(&self, job: Job) -> StoreResult<()> {
        let done = match &job.task {
            Task::FetchMedia { media } => self.fetch_media(&job, *media).await,
            Task::DescribeConversation { conversation } => self.describe(&job, *conversation).await,
            Task::MarkRead { conversation } => self.mark_read(&job, *conversation).await,
            Task::RefreshTokens { binding } => self.refresh(&job, *binding).await,
            Task::FileHistory { account } => self.file_history(&job, *account).await,
            Task::FileConversation { account, external_id } => {
                self.file_conversation(&job, *account, external_id).await
            }
            Task::FindWithheld { account, at } => self.find_withheld(&job, *account, *at).await,
            Task::AnswerComment { comment } => {
                let outcome = self.answers.work(&job, *comment).await?;
                self.store.settle_job(&job, outcome).await?;
                return Ok(());
            }
        };
        let outcome = match done {
            Ok(()) => JobOutcome::Done,
            Err(error) => self.again(&job, &error).await?,
        };
        self.store.settle_job(&job, outcome).await?;
        Ok(())
    }
}

impl Jobs {
    pub(super) fn new(app: &App, tokens: Arc<Tokens>) -> Self {
        Self {
            store: Arc::clone(&app.store),
            clock: app.clock.clone(),
            providers: app.providers.clone(),
            blobs: app.blobs.clone(),
            answers: Answers::new(app, Arc::clone(&tokens)),
            tokens,
        }
    }

    async fn again(&self, job: &Job, error: &JobError) -> StoreResult<JobOutcome> {
        let tries = job.attempts + 1;
        let pause = pause_after(job).filter(|_| error.is_temporary());
        let sign = matches!(job.task, Task::MarkRead { .. });
        // Old pictures end, and a list may be late: both are daily.
        let daily = error.is_gone() || matches!(error, JobError::NotListed);
        note(job, tries, error, sign || daily || (pause.is_some() && error.is_rate_limited()));
        let text = error.to_string();
        if let Some(pause) = pause {
            return Ok(JobOutcome::Retry { due_at: self.clock.now().plus(pause), error: text });
        }
        match &job.task {
            Task::FetchMedia { media } => self.store.settle_media(job.workspace_id, *media, None).await?,
            Task::FileHistory { .. } | Task::FileConversation { .. } => self.give_up_history(job, error).await?,
            Task::FindWithheld { account, at } => {
                self.give_up_withheld(job, *account, *at).await?;
                return Ok(JobOutcome::Done);
            }
            // A sign that does not come is nobody's trouble, and TikTok's refusal of it tells nothing about replies.
            Task::MarkRead { .. } => {
                metrics::counter!("signs_total", "sign" => "read", "outcome" => "failed").increment(1);
                return Ok(JobOutcome::Done);
            }
            // An answer that was called for is never left to this: `answers` settles it.
            Task::DescribeConversation { .. } | Task::RefreshTokens { .. } | Task::AnswerComment { .. } => {}
        }
        Ok(JobOutcome::Failed { error: text })
    }

    async fn describe(&self, job: &Job, id: Id<Conversation>) -> Result<(), JobError> {
        let scope = Scope::all(job.workspace_id);
        let Some((record, account)) = self.conversation(&scope, id).await? else { return Ok(()) };
        // Of a disconnected account nobody can be asked about, and nobody waits for the answer.
        if !account.state.is_connected() {
            return Ok(());
        }
        let (official, account) = (self.official(&account)?, &account);
        let (name, request) = (record.conversation.external_id.as_str(), record.conversation.request);
        let list = |current: Current| {
            async move { Ok(official.list_messages(&current.access, account, name, Turn::Later).await?) }.boxed()
        };
        let listed = self.with_token(account, list).await?;
        let ask = |current: Current| {
            async move { Ok(official.image_send(&current.access, account, name, request).await?) }.boxed()
        };
        let image_send = self.with_token(account, ask).await?;
        self.store.describe_conversation(&scope, id, listed.contact(), image_send).await?;
        Ok(())
    }

    async fn mark_read(&self, job: &Job, id: Id<Conversation>) -> Result<(), JobError> {
        let Some((record, account)) = self.conversation(&Scope::all(job.workspace_id), id).await? else {
            return Ok(());
        };
        let sign = |outcome| metrics::counter!("signs_total", "sign" => "read", "outcome" => outcome).increment(1);
        if !signs::is_still_read(&record.conversation, &account, job.id.made_at(), self.clock.now()) {
            sign("dropped");
            return Ok(());
        }
        let (official, account, name) = (self.official(&account)?, &account, record.conversation.external_id.as_str());
        let tell =
            |current: Current| async move { Ok(official.mark_read(&current.access, account, name).await?) }.boxed();
        self.with_token(account, tell).await?;
        sign("shown");
        Ok(())
    }

    async fn refresh(&self, job: &Job, id: Id<Binding>) -> Result<(), JobError> {
        let scope = Scope::all(job.workspace_id);
        let Some(binding) = self.store.binding(&scope, id).await? else { return Ok(()) };
        let fresh = match self.tokens.refresh(&binding).await {
            // The account says so by now; nothing is left to do here.
            Err(TokenError::Reauthorize | TokenError::None) => return Ok(()),
            other => other?,
        };
        if binding.sends && fresh.refresh_expires_at <= self.clock.now().plus(EXPIRING) {
            let reason = format!(
                "The authorization ends at {} and can't be renewed by us; connect the account again",
                fresh.refresh_expires_at
            );
            let (from, to) = (&[AccountState::Active], AccountState::Expiring);
            self.store.move_account_state(&scope, binding.account_id, from, to, Some(reason)).await?;
        }
        if binding.provider == ProviderKind::Login
            && let Err(error) = look_again(&*self.store, self.providers.login(), &self.tokens, &binding).await
        {
            // The pair is renewed, which is what matters; with the next one it is asked again.
            tracing::warn!(account = %binding.account_id, %error, "the profile of an identity could not be read again");
        }
        Ok(())
    }

    /// A conversation, and the account as the side shows it whose name the conversation has first, whichever side sends.
    pub(super) async fn conversation(
        &self,
        scope: &Scope,
        id: Id<Conversation>,
    ) -> Result<Option<(ConversationRecord, Account)>, JobError> {
        let Some(record) = self.store.conversation(scope, id).await? else { return Ok(None) };
        // As whoever names the conversation knows the account: of two sides, not always the one that sends.
        let (account, side) = (record.conversation.account_id, record.conversation.provider);
        let account = self.store.account_through(scope, account, side).await?;
        Ok(account.map(|account| (record, account)))
    }

    pub(super) fn official(&self, account: &Account) -> Result<&Official, JobError> {
        match self.providers.of(account.provider) {
            Some(Provider::Official(official)) => Ok(official),
            _ => Err(JobError::Never("this provider can't be asked")),
        }
    }

    /// Calls TikTok with the account's token, and once more with a fresh one if that was dead.
    pub(super) async fn with_token<'a, T>(
        &self,
        account: &Account,
        call: impl Fn(Current) -> BoxFuture<'a, Result<T, FetchError>> + Sync,
    ) -> Result<T, JobError> {
        let current = self.tokens.current(account).await?;
        let version = current.version;
        match call(current).await {
            Err(FetchError::Tiktok(error)) if error.token_expired() => {
                let current = self.tokens.renewed(account, version).await?;
                Ok(call(current).await?)
            }
            other => Ok(other?),
        }
    }
}

/// How long to wait before the next try; `None` after the last one.
fn pause_after(job: &Job) -> Option<Duration> {
    let done = usize::try_from(job.attempts).unwrap_or(usize::MAX);
    if let Task::FindWithheld { .. } = job.task {
        return LOOK_AGAIN.get(done).copied();
    }
    (job.attempts + 1 < TRIES).then(|| PAUSE.saturating_mul(1 << job.attempts.min(10)).min(PAUSE_MAX))
}

/// Being asked for patience is routine: another program shares the app's limit, and the job comes back. So is a sign that does not
/// come.
fn note(job: &Job, tries: u32, error: &JobError, routine: bool) {
    let error = error as &(dyn std::error::Error + 'static);
    if routine {
        tracing::debug!(job = %job.id, tries, error, "a job did not get done yet, or need not be");
    } else {
        tracing::warn!(job = %job.id, tries, error, "a job did not get done");
    }
}
