//! History of an account, job by job: first the lists, then each conversation. A job that is done twice changes nothing, so a crash at
//! any moment costs at most one more look. What TikTok won't let us read is said on the account and not asked again.

use domain::{
    Id,
    account::{Account, ProviderKind},
    history::{ListedConversation, PastConversation},
    job::{Job, Task},
    store::StoreResult,
    workspace::Scope,
};
use futures_util::FutureExt;
use tiktok::ErrorCode;

use super::jobs::{JobError, Jobs};
use crate::providers::{
    FetchError, Turn,
    tokens::{Current, TokenError},
    words_of,
};

/// The scope that both lists need.
const READ: &str = "message.list.read";

impl Jobs {
    /// Reads both lists; each conversation becomes a job of its own.
    pub(super) async fn file_history(&self, job: &Job, id: Id<Account>) -> Result<(), JobError> {
        let scope = Scope::all(job.workspace_id);
        let Some(account) = self.store.account_through(&scope, id, ProviderKind::Official).await? else {
            return Ok(());
        };
        if !account.scopes.is_empty() && !account.scopes.iter().any(|scope| scope == READ) {
            return Err(JobError::Never("the permission message.list.read was not granted; connect the account again"));
        }
        let listed = self.conversations(&account).await?;
        tracing::info!(account = %id, conversations = listed.len(), "the history of the account is filed");
        self.store.expect_conversations(job.workspace_id, id, listed).await?;
        Ok(())
    }

    /// Files one conversation that a list showed.
    pub(super) async fn file_conversation(
        &self,
        job: &Job,
        id: Id<Account>,
        external_id: &str,
    ) -> Result<(), JobError> {
        let workspace = job.workspace_id;
        let Some(listed) = self.store.expected_conversation(workspace, id, external_id).await? else { return Ok(()) };
        let Some(account) = self.store.account_through(&Scope::all(workspace), id, ProviderKind::Official).await?
        else {
            return Ok(());
        };
        let past = match self.past(&account, &listed).await {
            // It was listed, and is gone or can't be read by anybody: nothing is left to file.
            Err(error) if error.is_gone() => nothing_of(&listed),
            other => other?,
        };
        self.store.file_conversation(workspace, id, past).await?;
        Ok(())
    }

    /// Gives up what a job was for, in words that the account shows.
    pub(super) async fn give_up_history(&self, job: &Job, error: &JobError) -> StoreResult<()> {
        match &job.task {
            Task::FileHistory { account } => {
                self.store.fail_history(job.workspace_id, *account, None, &plain(error)).await
            }
            Task::FileConversation { account, external_id } => {
                self.store.fail_history(job.workspace_id, *account, Some(external_id), &plain(error)).await
            }
            _ => Ok(()),
        }
    }

    /// Every conversation that TikTok lists.
    pub(super) async fn conversations(&self, account: &Account) -> Result<Vec<ListedConversation>, JobError> {
        let official = self.official(account)?;
        let list =
            |current: Current| async move { Ok(official.list_conversations(&current.access, account).await?) }.boxed();
        self.with_token(account, list).await
    }

    /// What TikTok shows of one conversation.
    pub(super) async fn past(
        &self,
        account: &Account,
        listed: &ListedConversation,
    ) -> Result<PastConversation, JobError> {
        let official = self.official(account)?;
        let (name, request) = (listed.external_id.as_str(), listed.request);
        let list = |current: Current| {
            async move { Ok(official.list_messages(&current.access, account, name, Turn::Later).await?) }.boxed()
        };
        let content = self.with_token(account, list).await?;
        let ask = |current: Current| {
            async move { Ok(official.image_send(&current.access, account, name, request).await?) }.boxed()
        };
        let image_send = match self.with_token(account, ask).await {
            // The words are here; whether pictures may be sent is not worth losing them.
            Err(error) if !error.is_temporary() => None,
            other => other?,
        };
        Ok(PastConversation {
            provider: ProviderKind::Official,
            external_id: listed.external_id.clone(),
            request,
            image_send,
            items: content.past(listed),
        })
    }
}

/// A conversation of which nothing can be read.
pub(super) fn nothing_of(listed: &ListedConversation) -> PastConversation {
    let external_id = listed.external_id.clone();
    let (provider, request) = (ProviderKind::Official, listed.request);
    PastConversation { provider, external_id, request, image_send: None, items: Vec::new() }
}

/// Why it did not work, for whoever looks at the account.
fn plain(error: &JobError) -> String {
    match error {
        JobError::Tiktok(error) | JobError::Fetch(FetchError::Tiktok(error)) => match error.code() {
            Some(ErrorCode::NoPermission) => "TikTok does not let this account read its messages: the permission \
                 message.list.read is missing, the app is not approved for Business Messaging, or the account was \
                 registered in the EEA, Switzerland or the UK"
                .to_owned(),
            _ => format!("TikTok answered: {}", words_of(error)),
        },
        JobError::Token(TokenError::None | TokenError::Reauthorize) => {
            "TikTok refuses the sign-in; connect the account again".to_owned()
        }
        other => other.to_string(),
    }
}
