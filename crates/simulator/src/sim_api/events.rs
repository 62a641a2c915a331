//! `/sim/events`: server-sent events that tell the console what to fetch again.

use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use tokio::sync::broadcast::error::RecvError;

use crate::simulator::Simulator;

/// Each event's data is `{"topic":"conversation|webhook|webhooks|call|faults|clock|state|reload","id":"…"}`.
pub(super) async fn stream(State(sim): State<Simulator>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let news = sim.news();
    let closing = sim.closing().clone();
    let stream = futures_util::stream::unfold((news, closing), |(mut news, closing)| async move {
        let told = tokio::select! {
            () = closing.cancelled() => return None,
            told = news.recv() => told,
        };
        let data = match told {
            Ok(data) => data.to_string(),
            // The console was too slow to hear everything: it fetches all.
            Err(RecvError::Lagged(_)) => "{\"topic\":\"reload\",\"id\":\"\"}".to_owned(),
            Err(RecvError::Closed) => return None,
        };
        Some((Ok(Event::default().data(data)), (news, closing)))
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}
