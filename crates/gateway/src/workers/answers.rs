//! Sends the direct message that answers a comment: one call per job, written before it leaves and settled after it. A job that runs
//! a second time finds the attempt of the first and makes no call.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use domain::{
    Id,
    account::Account,
    comment::Comment,
    failure::FailureKind,
    job::{Job, JobOutcome},
    outbox::{Outcome, backoff},
    store::{Store, StoreResult},
};
use futures_util::FutureExt;

use super::attempt::Attempts;
use crate::{
    app::App,
    providers::{
        Provider, Providers,
        tokens::{Current, Tokens},
    },
};

/// Works on answers to comments.
pub(super) struct Answers {
    store: Arc<dyn Store>,
    attempts: Attempts,
    providers: Providers,
}

impl Answers {
    pub(super) fn new(app: &App, tokens: Arc<Tokens>) -> Self {
        let attempts = Attempts { clock: app.clock.clone(), tokens };
        Self { store: Arc::clone(&app.store), attempts, providers: app.providers.clone() }
    }

    /// One job. An error leaves it to its lease: whoever leases it next knows by the attempt whether a call may have been made.
    pub(super) async fn work(&self, job: &Job, id: Id<Comment>) -> StoreResult<JobOutcome> {
        let Some((comment, account)) = self.store.begin_answer(job, id).await? else { return Ok(JobOutcome::Done) };
        let outcome = self.attempt(&comment, &account).await;
        note(id, &outcome);
        self.attempts.settle(|| self.store.settle_answer(job, id, outcome.clone())).await?;
        Ok(match outcome {
            Outcome::Retry { failure, after } => {
                let pause = backoff(failure.kind, job.attempts, jitter(job), after);
                JobOutcome::Retry {
                    due_at: self.attempts.clock.now().plus(pause),
                    error: failure.kind.title().to_owned(),
                }
            }
            _ => JobOutcome::Done,
        })
    }

    async fn attempt(&self, comment: &Comment, account: &Account) -> Outcome {
        let (Some(Provider::Official(official)), Some(answer)) =
            (self.providers.of(account.provider), comment.answer.as_ref())
        else {
            return self.attempts.refused(FailureKind::Refused, "this account only receives");
        };
        let (left, comment, text) = (&AtomicBool::new(false), comment.external_id.as_str(), answer.text.as_str());
        let call = |current: Current| {
            let leaving = || left.store(true, Ordering::SeqCst);
            async move { official.answer_comment(&current.access, account, comment, text, leaving).await }.boxed()
        };
        self.attempts.in_time(left, self.attempts.call(account, left, call)).await
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
