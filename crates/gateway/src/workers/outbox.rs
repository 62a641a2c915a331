//! Sends replies, one attempt each, and asks TikTok's list about those whose answer was lost.
//! The attempt is written before the call and settled after it; no transaction is open over the network.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::{
    Clock, Timestamp,
    account::ProviderKind,
    cause::Cause,
    content::Content,
    failure::{Failure, FailureKind},
    inbound::Inbound,
    outbox::{CheckOutcome, Claimed, Outcome, Phase},
    place::{self, Place},
    store::{Store, StoreError, StoreResult},
    workspace::Scope,
};

use super::runner::Queue;
use crate::{
    app::App,
    blobs::Blobs,
    providers::{
        Listed, Official, Parcel, Provider, Providers, SendError, Stage, Turn, outcome_of,
        tokens::{Current, TokenError, Tokens},
    },
    timer,
};

/// Longest a whole attempt may take: token, upload and send. Well below the 60 s of a lease.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(25);
/// How far TikTok's clock may be behind ours for a listed message still to count as older than an attempt.
const CLOCK_SKEW: Duration = Duration::from_mins(1);
/// Newest messages of ours that are compared with a list of TikTok's (20): it may hold some that came since.
const KNOWN: u32 = 50;
/// Tries to write an outcome down while the lease lasts.
const SETTLE_TRIES: u32 = 5;

/// Works on the outbox.
pub(super) struct Sender {
    store: Arc<dyn Store>,
    clock: Clock,
    providers: Providers,
    blobs: Blobs,
    tokens: Arc<Tokens>,
}

impl Queue for Sender {
    type Item = Claimed;
    const NAME: &'static str = "outbox";

    async fn next_due(&self) -> StoreResult<Option<Timestamp>> {
        self.store.next_due_any_workspace().await
    }

    async fn claim(&self, limit: u32) -> StoreResult<Vec<Claimed>> {
        let claimed = self.store.claim_any_workspace(limit).await;
        place::reach(Place::ClaimCommitted);
        claimed
    }

    async fn work(&self, claimed: Claimed) -> StoreResult<()> {
        if !self.store.begin(&claimed).await? {
            return Ok(());
        }
        place::reach(Place::BeginCommitted);
        match claimed.row.phase {
            Phase::Send => {
                let outcome = self.attempt(&claimed).await;
                place::reach(Place::SendAnswered);
                note(&claimed, &outcome);
                self.settle(|| self.store.settle(&claimed, outcome.clone())).await?;
                place::reach(Place::SettleCommitted);
            }
            Phase::Check => {
                let outcome = self.check(&claimed).await;
                self.settle(|| self.store.settle_check(&claimed, outcome)).await?;
                place::reach(Place::CheckCommitted);
            }
            // Never begun: it went back into the queue, or has failed.
            Phase::Hold => {}
        }
        Ok(())
    }
}

impl Sender {
    pub(super) fn new(app: &App, tokens: Arc<Tokens>) -> Self {
        Self {
            store: Arc::clone(&app.store),
            clock: app.clock.clone(),
            providers: app.providers.clone(),
            blobs: app.blobs.clone(),
            tokens,
        }
    }

    /// An outcome that is not written down turns into "unconfirmed", so a busy database gets more than one chance.
    async fn settle<F: Future<Output = StoreResult<bool>>>(&self, write: impl Fn() -> F) -> StoreResult<()> {
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

    async fn attempt(&self, claimed: &Claimed) -> Outcome {
        let left = AtomicBool::new(false);
        match tokio::time::timeout(ATTEMPT_TIMEOUT, self.send(claimed, &left)).await {
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

    async fn send(&self, claimed: &Claimed, left: &AtomicBool) -> Outcome {
        let account = &claimed.account;
        let Some(Provider::Official(official)) = self.providers.of(account.provider) else {
            return self.refused(FailureKind::Refused, "this account only receives");
        };
        let parcel = match self.parcel(claimed).await {
            Ok(parcel) => parcel,
            Err(outcome) => return outcome,
        };
        let mut current = match self.tokens.current(account).await {
            Ok(current) => current,
            Err(error) => return self.without_token(&error),
        };
        let mut renewed = false;
        loop {
            left.store(false, Ordering::SeqCst);
            let leaving = || {
                left.store(true, Ordering::SeqCst);
                place::reach(Place::SendLeaving);
            };
            match official.send(&current.access, account, &claimed.conversation_external_id, &parcel, leaving).await {
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
                Err(failed) => return self.failed(claimed, &failed).await,
            }
        }
    }

    async fn failed(&self, claimed: &Claimed, failed: &SendError) -> Outcome {
        let SendError { error, stage } = failed;
        if error.needs_reauthorization() || error.token_expired() {
            let reason = "TikTok no longer accepts this account's authorization; connect it again";
            if let Err(error) = self.tokens.ask_to_reconnect(&claimed.account, reason).await {
                tracing::warn!(
                    error = &error as &(dyn std::error::Error + 'static),
                    "the account's state could not be written"
                );
            }
        }
        outcome_of(error, *stage, self.clock.now())
    }

    async fn parcel(&self, claimed: &Claimed) -> Result<Parcel, Outcome> {
        match &claimed.message.content {
            Content::Text { body } => {
                Ok(Parcel::Text { body: body.clone(), quote: claimed.message.quoted_external_id.clone() })
            }
            Content::SharedPost { post_id: Some(post), .. } => Ok(Parcel::SharedPost(post.clone())),
            Content::Template { style, title, buttons } => {
                Ok(Parcel::Template { style: *style, title: title.clone(), buttons: buttons.clone() })
            }
            Content::Image { media } => match self.blobs.get(claimed.message.workspace_id, *media).await {
                Ok(Some(bytes)) => Ok(Parcel::Image(bytes)),
                Ok(None) => Err(self.refused(FailureKind::Refused, "the picture is not stored here any more")),
                Err(error) => {
                    tracing::error!(
                        error = &error as &(dyn std::error::Error + 'static),
                        "a picture could not be read"
                    );
                    let failure = self.failure(FailureKind::ProviderError, "the picture could not be read");
                    Err(Outcome::Retry { failure, after: None })
                }
            },
            _ => Err(self.refused(FailureKind::Refused, "TikTok's API can't send this type")),
        }
    }

    fn without_token(&self, error: &TokenError) -> Outcome {
        tracing::warn!(error = error as &(dyn std::error::Error + 'static), "no token for a reply");
        if let TokenError::Refresh(error) = error {
            return outcome_of(error, Stage::Before, self.clock.now());
        }
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
        // What was refused here never reached TikTok.
        let cause = (kind == FailureKind::Refused).then_some(Cause::NotSendable);
        Failure { kind, detail: detail.to_owned(), code: None, request_id: None, at: self.clock.now(), cause }
    }

    /// Applies what TikTok lists of the conversation. If the message is in it, the journal joins the two and its row is gone
    /// before the check is settled.
    async fn check(&self, claimed: &Claimed) -> CheckOutcome {
        let Ok(Some(listed)) = tokio::time::timeout(ATTEMPT_TIMEOUT, self.list(claimed)).await else {
            return CheckOutcome::Unreadable;
        };
        let begun = claimed.message.sent_at.minus(CLOCK_SKEW);
        let by_time = listed.complete || listed.oldest.is_some_and(|oldest| oldest <= begun);
        let reaches_back = by_time || self.holds_what_was_before(claimed, &listed).await;
        place::reach(Place::CheckAnswered);
        let account = claimed.account.external_id.clone();
        if let Err(error) = self.store.apply(ProviderKind::Official, account, listed.items).await {
            warn_of(&error, "TikTok's list could not be applied");
            return CheckOutcome::Unreadable;
        }
        place::reach(Place::CheckApplied);
        if reaches_back { CheckOutcome::Absent } else { CheckOutcome::Unclear }
    }

    /// Whether the list holds a message that was here before the attempt began. The list is the newest of a conversation without a
    /// gap, so then it reaches back far enough, whatever the two clocks say.
    async fn holds_what_was_before(&self, claimed: &Claimed, listed: &Listed) -> bool {
        let listed: BTreeSet<&str> = listed
            .items
            .iter()
            .filter_map(|item| match item {
                Inbound::Message(message) => Some(message.external_id.as_str()),
                _ => None,
            })
            .collect();
        let scope = Scope::all(claimed.message.workspace_id);
        let newest = self.store.messages(&scope, claimed.message.conversation_id, None, KNOWN).await;
        newest.ok().flatten().unwrap_or_default().iter().any(|known| {
            let before = known.message.created_at < claimed.message.sent_at && known.message.id != claimed.message.id;
            before && known.message.external_id.as_deref().is_some_and(|id| listed.contains(id))
        })
    }

    async fn list(&self, claimed: &Claimed) -> Option<Listed> {
        let account = &claimed.account;
        let Some(Provider::Official(official)) = self.providers.of(account.provider) else { return None };
        let list = async |official: &Official, current: &Current| {
            official.list_messages(&current.access, account, &claimed.conversation_external_id, Turn::Now).await
        };
        let current = self.tokens.current(account).await.ok()?;
        let listed = match list(official, &current).await {
            Err(error) if error.token_expired() => {
                let current = self.tokens.renewed(account, current.version).await.ok()?;
                list(official, &current).await
            }
            other => other,
        };
        listed.inspect_err(|error| tracing::warn!(%error, "TikTok's list could not be read")).ok()
    }
}

fn note(claimed: &Claimed, outcome: &Outcome) {
    let name = match outcome {
        Outcome::Sent { .. } => "sent",
        Outcome::Retry { .. } => "retry",
        Outcome::Refused { .. } => "refused",
        Outcome::Unknown { .. } => "unknown",
    };
    metrics::counter!("send_attempts_total", "outcome" => name).increment(1);
    let failure = match outcome {
        Outcome::Sent { .. } => None,
        Outcome::Retry { failure, .. } | Outcome::Refused { failure, .. } | Outcome::Unknown { failure } => {
            Some(failure)
        }
    };
    match failure {
        None => tracing::info!(message = %claimed.message.id, "reply sent"),
        Some(failure) => tracing::warn!(
            message = %claimed.message.id,
            outcome = name,
            code = failure.code,
            request_id = failure.request_id,
            "reply not sent"
        ),
    }
}

fn warn_of(error: &StoreError, what: &str) {
    tracing::warn!(error = error as &(dyn std::error::Error + 'static), "{what}");
}
