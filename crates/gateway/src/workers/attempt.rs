//! One attempt to send something through TikTok, and writing down what became of it: the same for replies and for answers to comments.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::{
    Clock,
    account::Account,
    cause::Cause,
    failure::{Failure, FailureKind},
    outbox::Outcome,
    store::StoreResult,
};
use futures_util::future::BoxFuture;

use crate::{
    providers::{
        SendError, Stage, outcome_of,
        tokens::{Current, TokenError, Tokens},
    },
    timer,
};

/// Longest a whole attempt may take: token, upload and send. Well below the 60 s of a lease.
pub(super) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(25);
/// Tries to write an outcome down while the lease lasts.
const SETTLE_TRIES: u32 = 5;

/// See the module.
pub(super) struct Attempts {
    pub(super) clock: Clock,
    pub(super) tokens: Arc<Tokens>,
}

impl Attempts {
    /// Makes an attempt in time. `attempt` sets the flag when its call leaves: from then on nobody knows without an answer.
    pub(super) async fn in_time(&self, left: &AtomicBool, attempt: impl Future<Output = Outcome>) -> Outcome {
        match tokio::time::timeout(ATTEMPT_TIMEOUT, attempt).await {
            Ok(outcome) => outcome,
            Err(_) if left.load(Ordering::SeqCst) => {
                Outcome::Unknown { failure: self.failure(FailureKind::Timeout, "TikTok did not answer in time") }
            }
            Err(_) => Outcome::Retry {
                failure: self.failure(FailureKind::ProviderError, "its turn to leave for TikTok did not come in time"),
                after: None,
            },
        }
    }

    /// Calls TikTok with the account's token, and once more with a fresh one if that was dead.
    pub(super) async fn call<'a>(
        &self,
        account: &Account,
        left: &AtomicBool,
        call: impl Fn(Current) -> BoxFuture<'a, Result<Option<String>, SendError>> + Sync,
    ) -> Outcome {
        let mut current = match self.tokens.current(account).await {
            Ok(current) => current,
            Err(error) => return self.without_token(&error),
        };
        let mut renewed = false;
        loop {
            left.store(false, Ordering::SeqCst);
            let version = current.version;
            match call(current).await {
                Ok(Some(external_id)) => return Outcome::Sent { external_id },
                Ok(None) => {
                    let failure = self.failure(FailureKind::Timeout, "TikTok confirmed the message without naming it");
                    return Outcome::Unknown { failure };
                }
                // Nothing was done under a dead token, so one more try is safe.
                Err(failed) if failed.error.token_expired() && !renewed => {
                    renewed = true;
                    current = match self.tokens.renewed(account, version).await {
                        Ok(current) => current,
                        Err(error) => return self.without_token(&error),
                    };
                }
                Err(failed) => return self.failed(account, &failed).await,
            }
        }
    }

    /// An outcome that is not written down turns into "unconfirmed", so a busy database gets more than one chance.
    pub(super) async fn settle<F: Future<Output = StoreResult<bool>>>(&self, write: impl Fn() -> F) -> StoreResult<()> {
        for attempt in 1.. {
            match write().await {
                Ok(_) => break,
                Err(error) if error.is_temporary() && attempt < SETTLE_TRIES => {
                    timer::sleep(&self.clock, Duration::from_secs(1)).await;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// It never leaves, for a reason that is ours.
    pub(super) fn refused(&self, kind: FailureKind, detail: &str) -> Outcome {
        Outcome::Refused { failure: self.failure(kind, detail), dm_rule: false }
    }

    pub(super) fn failure(&self, kind: FailureKind, detail: &str) -> Failure {
        // What was refused here never reached TikTok.
        let cause = (kind == FailureKind::Refused).then_some(Cause::NotSendable);
        Failure { kind, detail: detail.to_owned(), code: None, request_id: None, at: self.clock.now(), cause }
    }

    async fn failed(&self, account: &Account, failed: &SendError) -> Outcome {
        let SendError { error, stage } = failed;
        if error.needs_reauthorization() || error.token_expired() {
            let reason = "TikTok no longer accepts this account's authorization; connect it again";
            if let Err(error) = self.tokens.ask_to_reconnect(account, reason).await {
                let error = &error as &(dyn std::error::Error + 'static);
                tracing::warn!(error, "the account's state could not be written");
            }
        }
        outcome_of(error, *stage, self.clock.now())
    }

    fn without_token(&self, error: &TokenError) -> Outcome {
        tracing::warn!(error = error as &(dyn std::error::Error + 'static), "no token to send with");
        if let TokenError::Refresh(error) = error {
            return outcome_of(error, Stage::Before, self.clock.now());
        }
        if error.is_temporary() {
            let failure = self.failure(FailureKind::ProviderError, "the account's token could not be refreshed");
            return Outcome::Retry { failure, after: None };
        }
        self.refused(FailureKind::AccountDisconnected, FailureKind::AccountDisconnected.title())
    }
}
