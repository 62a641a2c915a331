//! Sees to it that no access token ends while it is needed: once a minute, bindings whose token ends soon get a job.
//! The job table makes it durable and one at a time; a call that meets a dead token refreshes by itself.

use std::time::Duration;

use domain::{
    Timestamp,
    account::Binding,
    job::{NewJob, Task},
    store::StoreResult,
};

use super::runner::Runner;
use crate::timer;

/// How often they are looked at.
const EVERY: Duration = Duration::from_mins(1);
/// Before the end by at least this: room for an outage of TikTok's token endpoint.
const MARGIN: Duration = Duration::from_mins(30);
/// And up to this much more, by account, so that accounts connected together are not refreshed together.
const SPREAD_MINS: u64 = 60;

pub(super) async fn run(runner: Runner) {
    loop {
        if let Err(error) = sweep(&runner).await {
            tracing::warn!(error = &error as &(dyn std::error::Error + 'static), "tokens could not be looked at");
        }
        tokio::select! {
            () = runner.stop.cancelled() => return,
            () = timer::sleep(&runner.clock, EVERY) => {}
        }
    }
}

async fn sweep(runner: &Runner) -> StoreResult<()> {
    let now = runner.clock.now();
    let earliest = now.plus(MARGIN + Duration::from_mins(SPREAD_MINS));
    for binding in runner.store.tokens_ending_any_workspace(earliest).await? {
        if is_due(&binding, now) {
            let task = Task::RefreshTokens { binding: binding.id };
            runner
                .store
                .enqueue(NewJob { workspace_id: binding.workspace_id, task, due_at: now, later: false })
                .await?;
        }
    }
    Ok(())
}

fn is_due(binding: &Binding, now: Timestamp) -> bool {
    let spread = Duration::from_mins(binding.id.raw().cast_unsigned() % SPREAD_MINS);
    binding.token_expires_at.is_some_and(|end| end <= now.plus(MARGIN + spread))
}
