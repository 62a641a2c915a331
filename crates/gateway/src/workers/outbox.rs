//! Sends replies, one attempt each, and asks the provider's list about those whose answer was lost.
//! The attempt is written before the call and settled after it; no transaction is open over the network.

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use domain::{
    Timestamp,
    inbound::Inbound,
    outbox::{CheckOutcome, Claimed, Outcome, Phase},
    place::{self, Place},
    store::{Store, StoreError, StoreResult},
    workspace::Scope,
};

use super::{
    attempt::ATTEMPT_TIMEOUT,
    carrier::{Carrier, Seen},
    runner::Queue,
};
use crate::{app::App, providers::tokens::Tokens};

/// How far the provider's clock may be behind ours for a listed message still to count as older than an attempt.
const CLOCK_SKEW: Duration = Duration::from_mins(1);
/// Newest messages of ours that are compared with a list of the provider's (TikTok's: 20): it may hold some that came since.
const KNOWN: u32 = 50;

/// Works on the outbox.
pub(super) struct Sender {
    store: Arc<dyn Store>,
    carrier: Carrier,
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
                self.carrier.attempts.settle(|| self.store.settle(&claimed, outcome.clone())).await?;
                place::reach(Place::SettleCommitted);
            }
            Phase::Check => {
                let outcome = self.check(&claimed).await;
                self.carrier.attempts.settle(|| self.store.settle_check(&claimed, outcome)).await?;
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
        Self { store: Arc::clone(&app.store), carrier: Carrier::new(app, tokens) }
    }

    async fn attempt(&self, claimed: &Claimed) -> Outcome {
        let left = AtomicBool::new(false);
        self.carrier.attempts.in_time(&left, self.carrier.send(claimed, &left)).await
    }

    /// Applies what the provider lists of the conversation. If the message is in it, the journal joins the two and its row is gone
    /// before the check is settled.
    async fn check(&self, claimed: &Claimed) -> CheckOutcome {
        let begun = claimed.message.sent_at.minus(CLOCK_SKEW);
        let Ok(Some(listed)) = tokio::time::timeout(ATTEMPT_TIMEOUT, self.carrier.seen(claimed, begun)).await else {
            return CheckOutcome::Unreadable;
        };
        let by_time = listed.complete || listed.oldest.is_some_and(|oldest| oldest <= begun);
        let reaches_back = by_time || self.holds_what_was_before(claimed, &listed).await;
        place::reach(Place::CheckAnswered);
        let account = claimed.account.external_id.clone();
        if let Err(error) = self.store.apply(claimed.account.provider, account, listed.items).await {
            warn_of(&error, "the provider's list could not be applied");
            return CheckOutcome::Unreadable;
        }
        place::reach(Place::CheckApplied);
        if reaches_back { CheckOutcome::Absent } else { CheckOutcome::Unclear }
    }

    /// Whether the list holds a message that was here before the attempt began. The list is the newest of a conversation without a
    /// gap, so then it reaches back far enough, whatever the two clocks say.
    async fn holds_what_was_before(&self, claimed: &Claimed, listed: &Seen) -> bool {
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
