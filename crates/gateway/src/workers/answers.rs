//! Sends the direct message that answers a comment: one call per job, written before it leaves and settled after it. A job that runs
//! a second time finds the attempt of the first and makes no call.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::{
    Clock, Id,
    account::Account,
    comment::Comment,
    failure::{Failure, FailureKind},
    job::{Job, JobOutcome},
    outbox::{Outcome, backoff},
    store::{Store, StoreResult},
};

use crate::{
    app::App,
    providers::{
        Official, Provider, Providers, SendError, outcome_of,
        tokens::{TokenError, Tokens},
    },
    timer,
};

/// Longest a whole attempt may take: token and call. Well below the 60 s of a job's lease.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(25);
/// Tries to write an outcome down while the lease lasts.
const SETTLE_TRIES: u32 = 5;

/// Works on answers to comments.
pub(super) struct Answers {
    store: Arc<dyn Store>,
    clock: Clock,
    providers: Providers,
    tokens: Arc<Tokens>,
}

impl Answers {
    pub(super) fn new(app: &App, tokens: Arc<Tokens>) -> Self {
        Self { store: Arc::clone(&app.store), clock: app.clock.clone(), providers: app.providers.clone(), tokens }
    }

    /// One job. An error leaves it to its lease: whoever leases it next knows by the attempt whether a call may have been made.
    pub(super) async fn work(&self, job: &Job, id: Id<Comment>) -> StoreResult<JobOutcome> {
        let Some((comment, account)) = self.store.begin_answer(job, id).await? else { return Ok(JobOutcome::Done) };
        let outcome = self.attempt(&comment, &account).await;
        note(id, &outcome);
        self.settle(job, id, &outcome).await?;
        Ok(match outcome {
            Outcome::Retry { failure, after } => {
                let pause = backoff(failure.kind, job.attempts, jitter(job), after);
                JobOutcome::Retry { due_at: self.clock.now().plus(pause), error: failure.kind.title().to_owned() }
            }
            _ => JobOutcome::Done,
        })
    }

    /// An outcome that is not written down turns into "unconfirmed", so a busy database gets more than one chance.
    async fn settle(&self, job: &Job, id: Id<Comment>, outcome: &Outcome) -> StoreResult<()> {
        for attempt in 1.. {
            match self.store.settle_answer(job, id, outcome.clone()).await {
                Ok(_) => break,
                Err(error) if error.is_temporary() && attempt < SETTLE_TRIES => {
                    timer::sleep(&self.clock, Duration::from_secs(1)).await;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn attempt(&self, comment: &Comment, account: &Account) -> Outcome {
        let (Some(Provider::Official(official)), Some(answer)) =
            (self.providers.of(account.provider), comment.answer.as_ref())
        else {
            return self.refused(FailureKind::Refused, "this account only receives");
        };
        let left = AtomicBool::new(false);
        let send = self.send(official, account, &comment.external_id, &answer.text, &left);
        match tokio::time::timeout(ATTEMPT_TIMEOUT, send).await {
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

    async fn send(
        &self,
        official: &Official,
        account: &Account,
        comment: &str,
        text: &str,
        left: &AtomicBool,
    ) -> Outcome {
        let mut current = match self.tokens.current(account).await {
            Ok(current) => current,
            Err(error) => return self.without_token(&error),
        };
        let mut renewed = false;
        loop {
            left.store(false, Ordering::SeqCst);
            let leaving = || left.store(true, Ordering::SeqCst);
            match official.answer_comment(&current.access, account, comment, text, leaving).await {
                Ok(Some(external_id)) => return Outcome::Sent { external_id },
                Ok(None) => {
                    let failure = self.failure(FailureKind::Timeout, "TikTok confirmed the message without naming it");
                    return Outcome::Unknown { failure };
                }
                // Nothing was done under a dead token, so one more try is safe.
                Err(failed) if failed.error.token_expired() && !renewed => {
                    renewed = true;
                    current = match self.tokens.renewed(account, current.version).await {
                        Ok(current) => current,
                        Err(error) => return self.without_token(&error),
                    };
                }
                Err(failed) => return self.failed(account, &failed).await,
            }
        }
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
        tracing::warn!(error = error as &(dyn std::error::Error + 'static), "no token for an answer to a comment");
        if error.is_temporary() {
            let failure = self.failure(FailureKind::ProviderError, "the account's token could not be refreshed");
            return Outcome::Retry { failure, after: None };
        }
        self.refused(FailureKind::AccountDisconnected, FailureKind::AccountDisconnected.title())
    }

    fn refused(&self, kind: FailureKind, detail: &str) -> Outcome {
        Outcome::Refused { failure: self.failure(kind, detail), dm_rule: false }
    }

    fn failure(&self, kind: FailureKind, detail: &str) -> Failure {
        Failure { kind, detail: detail.to_owned(), code: None, request_id: None, at: self.clock.now(), cause: None }
    }
}

/// Spreads retries: a fraction from the bits of the lease's token, mixed so that neighbours differ.
fn jitter(job: &Job) -> f64 {
    let mixed = job.token.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48;
    u16::try_from(mixed).map_or(0.0, |mixed| f64::from(mixed) / 65_536.0)
}

fn note(comment: Id<Comment>, outcome: &Outcome) {
    let (name, failure) = match outcome {
        Outcome::Sent { .. } => ("sent", None),
        Outcome::Retry { failure, .. } => ("retry", Some(failure)),
        Outcome::Refused { failure, .. } => ("refused", Some(failure)),
        Outcome::Unknown { failure } => ("unknown", Some(failure)),
    };
    metrics::counter!("comment_answers_total", "outcome" => name).increment(1);
    match failure {
        None => tracing::info!(%comment, "comment answered"),
        Some(failure) => {
            let (code, request_id) = (failure.code, failure.request_id.as_deref());
            tracing::warn!(%comment, outcome = name, code, request_id, "comment not answered");
        }
    }
}
