//! Waiting in a world: for a condition, woken by the store, with a deadline after which the test says what it waited for.

use std::{cell::Cell, future::Future, time::Duration};

use domain::{
    Id, Timestamp,
    message::{Message, MessageState},
    outbox::{CHECK_AFTER, LEASE},
    store::MessageRecord,
};
use tokio::time::Instant;

use crate::harness::World;

/// How long a condition may take before the test fails. Only ever reached by a test that fails.
const PATIENCE: Duration = Duration::from_secs(30);
/// How soon to look again at what does not wake us.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Looks in a row that found the same thing due.
#[derive(Debug, Default)]
struct Stuck(Cell<(Option<Timestamp>, u32)>);

impl Stuck {
    /// Whether nothing has moved for more looks than a call to the simulator takes.
    fn for_long(&self, due: Timestamp) -> bool {
        let (before, looks) = self.0.get();
        let looks = if before == Some(due) { looks + 1 } else { 0 };
        self.0.set((Some(due), looks));
        looks >= 40
    }
}

impl World {
    /// Waits for `look` to give something, looking again whenever the store has changed, and now and then for what the store
    /// does not see (the simulator's logs).
    pub(crate) async fn until<T, F: Future<Output = Option<T>>>(&self, what: &str, look: impl Fn() -> F) -> T {
        self.patiently(what, PATIENCE, look).await
    }

    /// The same for what takes longer: calls to TikTok have a pace, and one that hangs is waited for.
    pub(crate) async fn patiently<T, F: Future<Output = Option<T>>>(
        &self,
        what: &str,
        patience: Duration,
        look: impl Fn() -> F,
    ) -> T {
        let deadline = Instant::now() + patience;
        loop {
            let changed = self.store().changed();
            if let Some(found) = look().await {
                return found;
            }
            let in_time = Instant::now() < deadline;
            assert!(in_time, "waited in vain: {what}; messages: {:#?}", self.summary().await);
            drop(tokio::time::timeout(LOOK_AGAIN, changed).await);
        }
    }

    /// Waits for a message.
    pub(crate) async fn message_that(&self, what: &str, is_it: impl Fn(&MessageRecord) -> bool) -> MessageRecord {
        let is_it = &is_it;
        self.until(what, || async { self.messages().await.into_iter().find(is_it) }).await
    }

    /// Waits for a message to reach a state.
    pub(crate) async fn state_of(&self, id: Id<Message>, state: MessageState) -> MessageRecord {
        self.message_that(&format!("{id} becomes {state:?}"), |one| one.message.id == id && one.message.state == state)
            .await
    }

    /// Waits for a message to reach a state, moving the clock to whatever the outbox waits for.
    pub(crate) async fn state_in_time(&self, id: Id<Message>, state: MessageState) -> MessageRecord {
        let stuck = Stuck::default();
        let arrived = || async {
            let messages = self.messages().await;
            if let Some(due) = self.next_step(&messages, &stuck).await.filter(|due| *due > self.clock.now()) {
                self.clock.set(due);
            }
            messages.into_iter().find(|one| one.message.id == id && one.message.state == state)
        };
        self.until(&format!("{id} becomes {state:?} in time"), arrived).await
    }

    /// What the outbox waits for: a retry, or a look at TikTok's list. While a call is under way it waits for TikTok instead, and
    /// moving the clock to the end of the lease would only take the work out of its hands.
    async fn next_step(&self, messages: &[MessageRecord], stuck: &Stuck) -> Option<Timestamp> {
        if messages.iter().any(|one| one.message.state == MessageState::Sending) {
            return None;
        }
        let lost = messages
            .iter()
            .find(|one| one.message.state == MessageState::Unconfirmed)
            .and_then(|one| one.message.failure.as_ref());
        let Some(lost) = lost else { return messages.iter().filter_map(|one| one.message.next_attempt_at).min() };
        let due = self.store().next_due_any_workspace().await.unwrap();
        let mut look = lost.at;
        // A look under way at the third time looks like the fourth: its lease ends when that would be due.
        let planned = CHECK_AFTER.into_iter().chain([LEASE]).find_map(|pause| {
            look = look.plus(pause);
            (due == Some(look)).then_some(look)
        });
        // If the clock went on under a look, what is due comes as much later and nothing of the plan fits any more.
        planned.or_else(|| due.filter(|due| stuck.for_long(*due)))
    }

    async fn summary(&self) -> Vec<String> {
        let one = |record: MessageRecord| {
            let Message { id, direction, author, content, state, failure, external_id, .. } = record.message;
            format!("{id} {direction:?} {author:?} {} {state:?} {failure:?} {external_id:?}", content.type_name())
        };
        self.messages().await.into_iter().map(one).collect()
    }
}
