//! So many calls a second. Who calls at once is refused above that; who waits for each answer is slowed down to it.

use std::collections::VecDeque;
use std::time::Duration;

/// Times of the calls of the last second, the newest possibly still to come.
#[derive(Debug, Clone, Default)]
pub(crate) struct Turns(VecDeque<i64>);

impl Turns {
    /// Takes a turn at `pace_ms`. Answers how long to wait for it, or `None` above `limit`: when `may_wait` is false,
    /// and when another call is waiting already.
    pub(crate) fn take(&mut self, limit: usize, pace_ms: i64, may_wait: bool) -> Option<Duration> {
        while self.0.front().is_some_and(|&at| at <= pace_ms - 1000) {
            self.0.pop_front();
        }
        let somebody_waits = self.0.back().is_some_and(|&at| at > pace_ms);
        let turn = match self.0.len().checked_sub(limit) {
            None => pace_ms,
            Some(_) if somebody_waits || !may_wait => return None,
            Some(place) => self.0.get(place)? + 1000,
        };
        self.0.push_back(turn);
        Some(Duration::from_millis(u64::try_from(turn - pace_ms).unwrap_or(0)))
    }

    /// Calls of the last second, as of the newest.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_call_waits_and_the_others_are_refused() {
        let mut turns = Turns::default();
        for at in [0, 10, 20] {
            assert_eq!(turns.take(3, at, true), Some(Duration::ZERO));
        }
        assert_eq!(turns.take(3, 100, false), None, "who may not wait");
        assert_eq!(turns.take(3, 100, true), Some(Duration::from_millis(900)), "until the first is a second old");
        assert_eq!(turns.take(3, 100, true), None, "somebody waits");
        assert_eq!(turns.take(3, 1000, true), Some(Duration::from_millis(10)), "the next turn is the second call's");
        assert_eq!(turns.take(3, 3000, true), Some(Duration::ZERO));
        assert_eq!(turns.len(), 1);
    }
}
