//! From a client's cursor to the live queue, with nothing lost and nothing told twice in between.
//!
//! First the log is read page by page, without a seat, so that a long way back fills no queue. Then the seat is taken: it says from which
//! `seq` on the queue holds everything. The little that was written in between is read from the log up to there, and beyond where a page
//! reaches further; what the queue holds of that again is skipped by `seq`.

use super::{
    client::{Client, End},
    hub::Ticket,
};
use crate::view;

/// Events read at once.
const PAGE: u32 = 200;

/// Catches a socket up and says `resume`. Gives its seat, and the `seq` up to which everything was told.
pub(super) async fn catch_up(client: &Client) -> Result<(Ticket, i64), End> {
    let mut way = Way { client, replayed: 0, cursor: 0 };
    let reset = match client.guest.after {
        None => return from_now_on(client, false).await,
        Some(after) => {
            way.cursor = after;
            after < 0 || after > head(client).await? || way.walk(None).await? == Walked::TooOld
        }
    };
    if reset {
        return from_now_on(client, true).await;
    }
    let ticket = seat(client).await;
    if way.walk(Some(ticket.head)).await? == Walked::TooOld {
        drop(ticket);
        return from_now_on(client, true).await;
    }
    // A page may have reached beyond the head, and the log may have ended before it when subjects are gone.
    let cursor = way.cursor.max(ticket.head);
    client.emit("resume", &Resume { seq: cursor, replayed: way.replayed, reset: false }).await?;
    Ok((ticket, cursor))
}

/// Without a cursor, or with one of no use: only what happens from here on.
async fn from_now_on(client: &Client, reset: bool) -> Result<(Ticket, i64), End> {
    let ticket = seat(client).await;
    let cursor = ticket.head;
    client.emit("resume", &Resume { seq: cursor, replayed: 0, reset }).await?;
    Ok((ticket, cursor))
}

async fn seat(client: &Client) -> Ticket {
    client.live.hub.take_seat(client.socket.id, client.guest.principal.scope.clone()).await
}

async fn head(client: &Client) -> Result<i64, End> {
    client.live.app.store.head_seq().await.map_err(|error| unavailable(&error))
}

/// What `resume` tells once a socket is caught up.
#[derive(Debug, serde::Serialize)]
struct Resume {
    /// Everything up to here was told.
    seq: i64,
    /// Events told since the client's cursor.
    replayed: u64,
    /// The cursor was of no use: reload over REST.
    reset: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Walked {
    There,
    TooOld,
}

struct Way<'a> {
    client: &'a Client,
    cursor: i64,
    replayed: u64,
}

impl Way<'_> {
    /// Tells what the log holds from the cursor on: up to `until`, or to its end.
    async fn walk(&mut self, until: Option<i64>) -> Result<Walked, End> {
        let (app, scope) = (&self.client.live.app, &self.client.guest.principal.scope);
        while until.is_none_or(|until| self.cursor < until) {
            let page = app
                .store
                .events_after(Some(scope.workspace), self.cursor, PAGE)
                .await
                .map_err(|error| unavailable(&error))?;
            if page.too_old {
                return Ok(Walked::TooOld);
            }
            for event in page.events.iter().filter(|event| scope.allows(event.workspace_id, event.account_id)) {
                let view = view::Event::seen(event, app.clock.now(), scope).map_err(|_| End::Broken)?;
                self.client.emit(view.name, &view.data).await?;
                self.replayed += 1;
            }
            if page.next <= self.cursor {
                break;
            }
            self.cursor = page.next;
        }
        Ok(Walked::There)
    }
}

fn unavailable(error: &domain::store::StoreError) -> End {
    tracing::warn!(%error, "the event log can't be read for a socket");
    End::Unavailable
}
