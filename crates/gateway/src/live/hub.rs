//! Who listens: one seat per socket, with its rights and a bounded queue. The tail fills the queues, a socket's own task empties one.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{
    Id,
    account::Account,
    workspace::{Scope, Workspace},
};
use serde_json::value::RawValue;
use socketioxide::socket::Sid;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::view;

/// Events that may wait for one socket. One more, and it is disconnected: it comes back with its cursor and catches up.
pub(super) const QUEUE: usize = 256;

/// An event, serialised once for everyone.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) workspace: Id<Workspace>,
    pub(super) account: Id<Account>,
    pub(super) event: Arc<view::Event>,
    /// Another account that it names, and what is told instead to those who do not see that one.
    pub(super) apart: Option<(Id<Account>, Arc<view::Event>)>,
}

impl Prepared {
    /// What somebody may know of it; `None` for nothing.
    fn seen_by(&self, scope: &Scope) -> Option<&Arc<view::Event>> {
        if !scope.allows(self.workspace, self.account) {
            return None;
        }
        match &self.apart {
            Some((other, instead)) if !scope.allows(self.workspace, *other) => Some(instead),
            _ => Some(&self.event),
        }
    }
}

/// What waits in a queue.
#[derive(Debug, Clone)]
pub(super) enum Parcel {
    Event(Arc<view::Event>),
    /// A hint: not numbered, not kept, lost when the queue is full.
    Typing(Arc<RawValue>),
}

#[derive(Debug)]
struct Seat {
    scope: Scope,
    queue: mpsc::Sender<Parcel>,
    behind: CancellationToken,
}

#[derive(Debug, Default)]
struct Room {
    /// Everything up to here was handed out; `None` until the tail knows where the log ends.
    head: Option<i64>,
    seats: HashMap<Sid, Seat>,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Hub {
    room: Mutex<Room>,
    open: watch::Sender<bool>,
}

impl Default for Hub {
    fn default() -> Self {
        Self { room: Mutex::default(), open: watch::Sender::new(false) }
    }
}

/// A socket's place: everything after `head` comes through `queue`. Given up on drop.
#[derive(Debug)]
pub(super) struct Ticket {
    pub(super) head: i64,
    pub(super) queue: mpsc::Receiver<Parcel>,
    /// Cancelled when the queue overflowed.
    pub(super) behind: CancellationToken,
    hub: Arc<Hub>,
    sid: Sid,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.hub.room().seats.remove(&self.sid);
    }
}

impl Hub {
    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The tail starts at `head`: from here on seats can be taken.
    pub(super) fn open(&self, head: i64) {
        self.room().head = Some(head);
        self.open.send_replace(true);
    }

    /// Takes a seat, once the tail runs.
    pub(super) async fn take_seat(self: &Arc<Self>, sid: Sid, scope: Scope) -> Ticket {
        let mut open = self.open.subscribe();
        // The sender lives in the hub itself, so waiting can't fail.
        drop(open.wait_for(|open| *open).await);
        let (sender, queue) = mpsc::channel(QUEUE);
        let behind = CancellationToken::new();
        let mut room = self.room();
        room.seats.insert(sid, Seat { scope, queue: sender, behind: behind.clone() });
        Ticket { head: room.head.unwrap_or(0), queue, behind, hub: Arc::clone(self), sid }
    }

    /// Whether anybody in `workspace` listens: nothing is serialised for nobody.
    pub(super) fn listens(&self, workspace: Id<Workspace>) -> bool {
        self.room().seats.values().any(|seat| seat.scope.workspace == workspace)
    }

    /// Hands a page of events out and moves the head, in one step: who takes a seat sees it whole or not at all.
    pub(super) fn hand_out(&self, events: &[Prepared], head: i64) {
        let mut room = self.room();
        for prepared in events {
            room.seats.retain(|_, seat| match prepared.seen_by(&seat.scope) {
                Some(event) => seat.give(Parcel::Event(Arc::clone(event))),
                None => true,
            });
        }
        room.head = Some(head);
    }

    /// Hands a hint to everybody who may see the account, but not to the one who gave it.
    pub(super) fn hint(&self, from: Sid, workspace: Id<Workspace>, account: Id<Account>, hint: &Arc<RawValue>) {
        let room = self.room();
        for (_, seat) in room.seats.iter().filter(|(sid, seat)| **sid != from && seat.scope.allows(workspace, account))
        {
            // A full queue loses the hint: the next one is seconds away.
            drop(seat.queue.try_send(Parcel::Typing(Arc::clone(hint))));
        }
    }

    /// Sends everybody away: the log has a hole that only a reload can bridge.
    pub(super) fn dismiss(&self, head: i64) {
        let mut room = self.room();
        room.seats.drain().for_each(|(_, seat)| seat.behind.cancel());
        room.head = Some(head);
    }
}

impl Seat {
    /// False when the socket fell behind or is gone: its seat goes.
    fn give(&self, parcel: Parcel) -> bool {
        let given = self.queue.try_send(parcel).is_ok();
        if !given {
            self.behind.cancel();
        }
        given
    }
}

#[cfg(test)]
mod tests {
    use domain::workspace::Permitted;

    use super::*;

    fn event(seq: i64, workspace: i64, account: i64) -> Prepared {
        Prepared {
            workspace: Id::from_raw(workspace),
            account: Id::from_raw(account),
            event: text(seq, "{}"),
            apart: None,
        }
    }

    fn text(seq: i64, data: &str) -> Arc<view::Event> {
        let data = RawValue::from_string(data.to_owned()).unwrap();
        Arc::new(view::Event { seq, name: "message", data })
    }

    fn only(account: i64) -> Scope {
        Scope { workspace: Id::from_raw(1), accounts: Permitted::Only([Id::from_raw(account)].into()) }
    }

    fn seqs(ticket: &mut Ticket) -> Vec<i64> {
        let mut seqs = Vec::new();
        while let Ok(Parcel::Event(event)) = ticket.queue.try_recv() {
            seqs.push(event.seq);
        }
        seqs
    }

    #[tokio::test]
    async fn everyone_gets_what_they_may_see() {
        let hub = Arc::new(Hub::default());
        hub.open(10);
        let mut owner = hub.take_seat(Sid::new(), Scope::all(Id::from_raw(1))).await;
        let mut agent = hub.take_seat(Sid::new(), only(7)).await;
        let mut stranger = hub.take_seat(Sid::new(), Scope::all(Id::from_raw(2))).await;
        hub.hand_out(&[event(11, 1, 7), event(12, 1, 8)], 12);
        assert_eq!(owner.head, 10);
        assert_eq!(seqs(&mut owner), [11, 12]);
        assert_eq!(seqs(&mut agent), [11]);
        assert!(seqs(&mut stranger).is_empty());
        assert_eq!(hub.take_seat(Sid::new(), only(7)).await.head, 12);
    }

    #[tokio::test]
    async fn an_account_out_of_sight_is_not_even_named() {
        let hub = Arc::new(Hub::default());
        hub.open(0);
        let mut owner = hub.take_seat(Sid::new(), Scope::all(Id::from_raw(1))).await;
        let mut agent = hub.take_seat(Sid::new(), only(7)).await;
        let apart = Some((Id::from_raw(8), text(1, "null")));
        hub.hand_out(&[Prepared { apart, ..event(1, 1, 7) }], 1);
        let told = |ticket: &mut Ticket| match ticket.queue.try_recv() {
            Ok(Parcel::Event(event)) => event.data.get().to_owned(),
            other => panic!("{other:?}"),
        };
        assert_eq!((told(&mut owner), told(&mut agent)), ("{}".to_owned(), "null".to_owned()));
    }

    #[tokio::test]
    async fn who_falls_behind_is_sent_away_alone() {
        let hub = Arc::new(Hub::default());
        hub.open(0);
        let slow = hub.take_seat(Sid::new(), Scope::all(Id::from_raw(1))).await;
        let mut quick = hub.take_seat(Sid::new(), Scope::all(Id::from_raw(1))).await;
        for seq in 1..=i64::try_from(QUEUE).unwrap() + 1 {
            hub.hand_out(&[event(seq, 1, 7)], seq);
            assert_eq!(seqs(&mut quick), [seq]);
        }
        assert!(slow.behind.is_cancelled());
        assert!(!quick.behind.is_cancelled());
    }

    #[tokio::test]
    async fn nobody_is_seated_before_the_tail_knows_its_place() {
        let hub = Arc::new(Hub::default());
        let seat = hub.take_seat(Sid::new(), only(7));
        tokio::pin!(seat);
        assert!(futures_util::poll!(&mut seat).is_pending());
        hub.open(5);
        assert_eq!(seat.await.head, 5);
        assert!(!hub.listens(Id::from_raw(1)));
    }
}
