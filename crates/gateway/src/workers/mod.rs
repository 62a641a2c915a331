//! Background work: replies, jobs, token refresh, and asking Respond.io what is new. All but the last wake by what the store says or
//! by the clock, never by polling.
//! Started once by the composition root; knows neither `http` nor `live`: they meet in the store.

mod answers;
mod attempt;
mod carrier;
pub mod facts;
mod generic;
mod history;
mod jobs;
mod media;
mod outbox;
mod refresh;
mod runner;
mod spaces;
mod withheld;

use std::sync::Arc;

use crate::app::App;

/// Replies on their way at the same time.
const SENDS_AT_ONCE: usize = 32;
/// Jobs at the same time. A video is in memory while it is copied, so not many.
const JOBS_AT_ONCE: usize = 4;

/// Starts every worker under the app's lifecycle; they end with it, after the call in hand.
pub fn start(app: &App) {
    let stop = app.lifecycle.token();
    let outbox = outbox::Sender::new(app, Arc::clone(&app.tokens));
    let jobs = jobs::Jobs::new(app, Arc::clone(&app.tokens));
    let base = runner::Runner { store: Arc::clone(&app.store), clock: app.clock.clone(), stop };
    app.lifecycle.spawn_critical("outbox", base.clone().run(outbox, SENDS_AT_ONCE));
    app.lifecycle.spawn_critical("jobs", base.clone().run(jobs, JOBS_AT_ONCE));
    app.lifecycle.spawn_critical("refresh", refresh::run(base));
    app.lifecycle.spawn_critical("spaces", spaces::run(app.clone()));
}
