//! When there is something to do for a space: the lists, what was said before, and looking whether anything has changed.

use std::time::Duration;

use domain::Timestamp;

use super::{
    back::{Backwards, Wanted},
    schedule::Schedule,
};

/// How often the right to ask is kept, and what may have changed is looked at.
pub(super) const KEEP_EVERY: Duration = Duration::from_secs(20);

/// What the lists are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Open,
    Whole,
}

/// When what is due next.
pub(super) struct Due {
    pub(super) open_list: Timestamp,
    pub(super) whole_list: Timestamp,
    pub(super) keep: Timestamp,
    /// Nothing before: something fails.
    pub(super) rests_until: Timestamp,
    pub(super) failures: u32,
    /// What was said before.
    pub(super) back: Backwards,
}

impl Due {
    /// Everything, at once.
    pub(super) fn new(wanted: Wanted, now: Timestamp) -> Self {
        let (keep, back) = (now.plus(KEEP_EVERY), Backwards::new(wanted, now));
        Self { open_list: now, whole_list: now, keep, rests_until: now, failures: 0, back }
    }

    /// The list that is due; from here on it is not.
    pub(super) fn list(&mut self, now: Timestamp) -> Option<List> {
        let (list, due) = if now >= self.open_list {
            (List::Open, &mut self.open_list)
        } else if now >= self.whole_list {
            (List::Whole, &mut self.whole_list)
        } else {
            return None;
        };
        // Until it is answered; an answer that fails is asked for again after the pause.
        *due = now.plus(Duration::from_secs(1));
        Some(list)
    }

    /// When there is something to do again that no answer tells.
    pub(super) fn wake(
        &self,
        schedule: &Schedule,
        now: Timestamp,
        lists: bool,
        reads: bool,
        back: Option<Timestamp>,
    ) -> Timestamp {
        let next_list = lists.then(|| self.open_list.min(self.whole_list));
        let next_read = reads.then(|| schedule.next_due(now)).flatten();
        let next = next_list.into_iter().chain(next_read).chain(back).min();
        next.map_or(self.keep, |next| next.max(self.rests_until).min(self.keep))
    }
}
