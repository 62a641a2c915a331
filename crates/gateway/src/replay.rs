//! Kept deliveries, read again with the decoders of this version: what was not understood when it came may be by now, and what
//! belonged to nobody may have an owner. Called by the `replay` command.

use std::collections::{BTreeMap, HashMap};

use domain::{
    Id,
    account::ProviderKind,
    delivery::{Delivery, KeptDelivery, Reapplied, Retold},
    store::{KeptFilter, Store, StoreError, StoreResult},
};
use futures_util::future::join_all;
use serde::Serialize;

use crate::providers::{Login, Official, Respondio, thirdparty};

/// Deliveries in memory at a time, with their bodies of at most [`BODY_MAX`](crate::inbox::BODY_MAX); they share a commit.
const BATCH: u32 = 64;
/// Reasons and refusals that a report names; it counts all.
const NAMED: usize = 50;

/// What came of a replay. Every delivery is in exactly one of `understood`, `not_understood`, `unchanged`, `refused` and `gone`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Nothing was written.
    pub dry_run: bool,
    /// Deliveries read.
    pub read: u64,
    /// Not understood whole before, understood now.
    pub understood: u64,
    /// Still, or now, not understood whole.
    pub not_understood: u64,
    /// Understood whole before and now.
    pub unchanged: u64,
    /// Refused by the database for what they say; they stay as they were.
    pub refused: u64,
    /// Erased, or replayed by somebody else, in the meantime.
    pub gone: u64,
    /// Of an account that was unknown when they came and is connected by now.
    pub attributed: u64,
    /// Of an account that nobody has connected: kept, not shown.
    pub foreign: u64,
    /// Those that added something: a message, its content, a name. Not known in a dry run.
    pub changed: Option<u64>,
    /// Why deliveries are not understood, and how many for each reason. The first 50 reasons.
    pub reasons: BTreeMap<String, u64>,
    /// The first 50 that were refused, and why.
    pub refusals: Vec<Refusal>,
}

/// A delivery that could not be applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// `dlv_…`.
    pub delivery: Id<Delivery>,
    /// The database's words, without any data.
    pub reason: String,
}

/// How far a replay has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Deliveries read.
    pub done: u64,
    /// Of so many that were there when it began.
    pub of: u64,
}

/// Reads the deliveries that `filter` finds, oldest first, and applies what they say unless it is a `dry_run`. Doing it again
/// changes nothing. Deliveries that come in meanwhile are left alone: this version has read them already.
///
/// # Errors
/// `Unavailable`; what was applied until then stays, and a further run goes on from it.
pub async fn replay(
    store: &dyn Store,
    filter: &KeptFilter,
    dry_run: bool,
    mut tell: impl FnMut(Progress),
) -> StoreResult<Report> {
    let span = store.kept_span_any_workspace(filter).await?;
    let mut run = Run {
        store,
        known: HashMap::new(),
        report: Report { dry_run, changed: (!dry_run).then_some(0), ..Report::default() },
    };
    let mut after = None;
    while let Some(last) = span.last.filter(|last| after.is_none_or(|done| done < *last)) {
        let mut batch = store.kept_any_workspace(filter, after, BATCH).await?;
        let Some(end) = batch.last().map(|kept| kept.id) else { break };
        after = Some(end);
        batch.retain(|kept| kept.id <= last);
        if dry_run {
            run.look(batch).await?;
        } else {
            run.apply(batch).await?;
        }
        tell(Progress { done: run.report.read, of: span.count });
    }
    Ok(run.report)
}

struct Run<'s> {
    store: &'s dyn Store,
    /// Whether somebody has connected an account; for dry runs.
    known: HashMap<(ProviderKind, String), bool>,
    report: Report,
}

impl Run<'_> {
    async fn look(&mut self, batch: Vec<KeptDelivery>) -> StoreResult<()> {
        for kept in batch {
            let told = translate(&kept);
            let is_connected = match &told.account_external_id {
                _ if kept.account_id.is_some() => true,
                Some(external_id) => self.is_connected(kept.provider, external_id).await?,
                None => false,
            };
            self.report.attributed += u64::from(is_connected && kept.account_id.is_none());
            self.report.foreign += u64::from(!is_connected);
            self.count(&kept, told.unsupported);
        }
        Ok(())
    }

    async fn is_connected(&mut self, provider: ProviderKind, external_id: &str) -> StoreResult<bool> {
        let key = (provider, external_id.to_owned());
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let found = self.store.account_by_external_id_any_workspace(provider, external_id).await?.is_some();
        self.known.insert(key, found);
        Ok(found)
    }

    async fn apply(&mut self, batch: Vec<KeptDelivery>) -> StoreResult<()> {
        let store = self.store;
        let applied = join_all(batch.iter().map(|kept| async move {
            let told = translate(kept);
            let unsupported = told.unsupported.clone();
            (unsupported, store.reapply(kept, told).await)
        }));
        for (kept, (unsupported, answer)) in batch.iter().zip(applied.await) {
            match answer {
                Ok(Some(applied)) => self.applied(kept, applied, unsupported),
                Ok(None) => {
                    self.report.read += 1;
                    self.report.gone += 1;
                }
                Err(
                    error @ (StoreError::Rejected { .. } | StoreError::Conflict { .. } | StoreError::Corrupt { .. }),
                ) => {
                    self.refused(kept.id, &error);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn applied(&mut self, kept: &KeptDelivery, applied: Reapplied, unsupported: Option<String>) {
        self.report.attributed += u64::from(applied.attributed);
        self.report.foreign += u64::from(applied.account_id.is_none());
        if let Some(changed) = &mut self.report.changed {
            *changed += u64::from(applied.changed);
        }
        self.count(kept, unsupported);
    }

    fn refused(&mut self, delivery: Id<Delivery>, error: &StoreError) {
        self.report.read += 1;
        self.report.refused += 1;
        if self.report.refusals.len() < NAMED {
            self.report.refusals.push(Refusal { delivery, reason: error.to_string() });
        }
    }

    fn count(&mut self, kept: &KeptDelivery, unsupported: Option<String>) {
        let report = &mut self.report;
        report.read += 1;
        match (unsupported, &kept.unsupported) {
            (Some(why), _) => {
                report.not_understood += 1;
                if report.reasons.len() < NAMED || report.reasons.contains_key(&why) {
                    *report.reasons.entry(why).or_default() += 1;
                }
            }
            (None, Some(_)) => report.understood += 1,
            (None, None) => report.unchanged += 1,
        }
    }
}

/// What this version makes of a delivery, as if it had come at its time. The route of a generic webhook named its account.
fn translate(kept: &KeptDelivery) -> Retold {
    match kept.provider {
        ProviderKind::Official | ProviderKind::Login => {
            let login = kept.provider == ProviderKind::Login;
            let told = if login { Login::translate(&kept.body) } else { Official::translate(&kept.body) };
            Retold {
                account_external_id: told.account,
                event: told.event,
                items: told.items,
                unsupported: told.unsupported,
            }
        }
        ProviderKind::Thirdparty => {
            let told = thirdparty::translate(&kept.body, kept.received_at);
            Retold {
                account_external_id: kept.account_external_id.clone(),
                event: told.event.to_owned(),
                items: told.items,
                unsupported: told.unsupported,
            }
        }
        ProviderKind::Respondio => {
            let told = Respondio::translate(&kept.body, kept.received_at);
            Retold {
                // The channel that it was found to belong to when it came.
                account_external_id: kept.account_external_id.clone(),
                event: told.event,
                items: told.items,
                unsupported: told.unsupported,
            }
        }
    }
}
