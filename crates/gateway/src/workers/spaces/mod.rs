//! Asks the spaces of Respond.io what is new: of several processes exactly one asks each. Lists go to the schedule, messages to the
//! journal, the same that webhooks go to; from there everything is as with TikTok itself.

mod back;
mod due;
mod read;
mod schedule;
mod unreadable;
mod watch;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{
    Id,
    account::AccountState,
    space::{Space, SpaceState},
    store::StoreResult,
};

use self::watch::Watcher;
use crate::{app::App, lifecycle::Lifecycle, timer};

/// How often spaces are looked for that nobody asks: another process may have died.
const EVERY: Duration = Duration::from_secs(30);

/// Spaces that this process asks.
type Asked = Arc<Mutex<HashSet<Id<Space>>>>;

/// Runs until stopped.
pub(super) async fn run(app: App) {
    let watcher = Watcher {
        store: Arc::clone(&app.store),
        clock: app.clock.clone(),
        lines: Arc::clone(&app.lines),
        stop: app.lifecycle.token(),
    };
    let asked = Asked::default();
    loop {
        let news = watcher.lines.respondio().news();
        tokio::pin!(news);
        // Armed before looking, so that news in between wake us.
        news.as_mut().enable();
        if let Err(error) = take(&watcher, &asked, &app.lifecycle).await {
            tracing::warn!(error = &error as &(dyn std::error::Error + 'static), "spaces could not be looked at");
        }
        tokio::select! {
            () = watcher.stop.cancelled() => return,
            () = news => {}
            () = timer::sleep(&watcher.clock, EVERY) => {}
        }
    }
}

/// Begins to watch every space that nobody watches and that something hangs on.
async fn take(watcher: &Watcher, asked: &Asked, lifecycle: &Lifecycle) -> StoreResult<()> {
    let _at_work = watcher.lines.respondio().at_work();
    for space in watcher.store.spaces_any_workspace().await? {
        let id = space.id;
        let is_asked = asked.lock().unwrap_or_else(PoisonError::into_inner).contains(&id);
        if is_asked || space.state == SpaceState::Refused || watcher.stop.is_cancelled() {
            continue;
        }
        let accounts = watcher.store.accounts_of_space(space.workspace_id, id).await?;
        if accounts.iter().all(|account| account.state == AccountState::Disconnected) {
            continue;
        }
        let Some(lease) = watcher.store.lease_space(id, None).await? else { continue };
        asked.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        let (watcher, asked) = (watcher.clone(), Arc::clone(asked));
        lifecycle.spawn("space", async move {
            let lines = Arc::clone(&watcher.lines);
            watcher.run(space, lease).await;
            asked.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            // It may be wanted again by now.
            lines.respondio().spaces_changed();
        });
    }
    Ok(())
}
