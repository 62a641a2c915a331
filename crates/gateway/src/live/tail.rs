//! The one reader of the event log per process: wakes by the store's hint or once a second, and hands out what is new.

use std::{sync::Arc, time::Duration};

use domain::{
    event::Event,
    store::{EventsPage, StoreError},
};
use futures_util::poll;

use super::{Live, hub::Prepared};
use crate::{timer, view};

/// Events read at once.
const PAGE: u32 = 500;
/// The hint may get lost (another process, a dropped notification): looked at this often all the same.
const FALLBACK: Duration = Duration::from_secs(1);

/// Runs until shutdown.
pub(super) async fn run(live: Live) {
    let end = live.app.lifecycle.token();
    tokio::select! {
        () = end.cancelled() => {}
        () = follow(&live) => {}
    }
}

async fn follow(live: &Live) {
    let mut cursor = loop {
        match live.app.store.head_seq().await {
            Ok(head) => break head,
            Err(error) => pause(live, &error).await,
        }
    };
    live.hub.open(cursor);
    loop {
        let changed = live.app.store.changed();
        tokio::pin!(changed);
        // Polled before the read, so that a commit during the read is not missed whatever the store's future does lazily.
        let ripe = poll!(&mut changed).is_ready();
        match live.app.store.events_after(None, cursor, PAGE).await {
            Ok(page) if page.too_old => {
                cursor = skip_hole(live, page.next).await;
            }
            Ok(page) => {
                let moved = page.next > cursor;
                cursor = page.next;
                hand_out(live, &page);
                if !moved && !ripe {
                    tokio::select! {
                        () = &mut changed => {}
                        () = timer::sleep(&live.app.clock, FALLBACK) => {}
                    }
                }
            }
            Err(error) => pause(live, &error).await,
        }
    }
}

fn hand_out(live: &Live, page: &EventsPage) {
    let now = live.app.clock.now();
    let prepare = |event: &Event| {
        if !live.hub.listens(event.workspace_id) {
            return None;
        }
        match view::Event::shared(event, now) {
            Ok((view, apart)) => Some(Prepared {
                workspace: event.workspace_id,
                account: event.account_id,
                event: Arc::new(view),
                apart: apart.map(|view::Apart { other, instead }| (other, Arc::new(instead))),
            }),
            Err(error) => {
                tracing::error!(seq = event.seq, %error, "event can't be shown");
                None
            }
        }
    };
    let events: Vec<_> = page.events.iter().filter_map(prepare).collect();
    live.hub.hand_out(&events, page.next);
}

/// Pruned faster than read: everybody must reload.
async fn skip_hole(live: &Live, fallback: i64) -> i64 {
    let head = live.app.store.head_seq().await.unwrap_or(fallback);
    tracing::warn!(head, "the event log was pruned past the live tail; sockets reload");
    live.hub.dismiss(head);
    head
}

async fn pause(live: &Live, error: &StoreError) {
    tracing::warn!(%error, "the event log can't be read");
    timer::sleep(&live.app.clock, FALLBACK).await;
}
