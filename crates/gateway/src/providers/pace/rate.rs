//! How fast calls may leave, learned from a platform's answers. Pure: time is a parameter, counted from any beginning.
//!
//! It grows by a little for as long as calls are taken, and is halved when one is refused. Processes (and programs of others) that
//! share an app's limit come to equal parts of it by this rule alone, without knowing of each other.

use std::time::Duration;

/// Never slower than this many calls a second, or nothing would be learned any more.
const LEAST: f64 = 1.0;
/// Calls a second that are added in each second in which calls are taken.
const GROWTH: f64 = 0.1;
/// A longer silence before a call that was taken tells no more than this.
const GROWTH_COUNTS: Duration = Duration::from_secs(10);
/// Longest pause that one answer may impose on everybody. What was refused waits longer on its own account: its queue sees to it.
const PAUSE_MAX: Duration = Duration::from_mins(1);

/// What an answer tells about the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::providers) enum Answer {
    /// The call was let through.
    Taken,
    /// It was one too many.
    TooFrequent {
        /// What the platform asks to wait.
        retry_after: Option<Duration>,
    },
    /// Nothing: no answer came, or one from a server in trouble.
    Silent,
}

/// The rate, and when the next call may leave.
#[derive(Debug)]
pub(super) struct Rate {
    most: f64,
    current: f64,
    left: Option<Duration>,
    cut: Option<Duration>,
    grown: Duration,
    pause_until: Duration,
}

impl Rate {
    /// At most `limit` calls in any second. They are spread evenly, and one less a second is the most that is used: platforms count
    /// arrivals, which are never as even as departures.
    pub(super) fn new(limit: u32) -> Self {
        let most = f64::from(limit.saturating_sub(1)).max(LEAST);
        Self { most, current: most, left: None, cut: None, grown: Duration::ZERO, pause_until: Duration::ZERO }
    }

    /// Calls a second that leave at present.
    pub(super) const fn per_second(&self) -> f64 {
        self.current
    }

    /// The earliest moment at which the next call may leave.
    pub(super) fn ready_at(&self) -> Duration {
        let gap = Duration::from_secs_f64(self.current.recip());
        self.left.map_or(Duration::ZERO, |left| left + gap).max(self.pause_until)
    }

    /// Whether calls are so few that one more would hardly make another wait: none left lately, and nobody asks for patience.
    pub(super) fn is_idle(&self, now: Duration) -> bool {
        let gap = Duration::from_secs_f64(self.current.recip());
        let lately = self.left.is_some_and(|left| now < left + 2 * gap);
        !lately && now >= self.pause_until && self.current >= self.most / 2.0
    }

    /// The platform names its limit: a lower one than was thought counts from now on.
    pub(super) fn at_most(&mut self, limit: u32) {
        self.most = self.most.min(Self::new(limit).most);
        self.current = self.current.min(self.most);
    }

    /// Nothing leaves before `until`, which is believed within bounds.
    pub(super) fn rest_until(&mut self, until: Duration) {
        self.pause_until = self.pause_until.max(until);
    }

    /// A call leaves.
    pub(super) fn depart(&mut self, now: Duration) {
        self.left = Some(now);
    }

    /// What came of a call that left at `left`. True when the rate was cut.
    pub(super) fn learn(&mut self, left: Duration, now: Duration, answer: Answer) -> bool {
        match answer {
            Answer::Taken => {
                let since = now.saturating_sub(self.grown).min(GROWTH_COUNTS);
                self.current = GROWTH.mul_add(since.as_secs_f64(), self.current).min(self.most);
                self.grown = now;
                false
            }
            Answer::TooFrequent { retry_after } => {
                self.grown = now;
                self.pause_until = self.pause_until.max(now + retry_after.unwrap_or_default().min(PAUSE_MAX));
                // What left before the last cut left at a rate that was given up already.
                let fresh = self.cut.is_none_or(|cut| left > cut);
                if fresh {
                    self.current = (self.current / 2.0).max(LEAST);
                    self.cut = Some(now);
                }
                fresh
            }
            Answer::Silent => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    const LIMIT: u32 = 10;
    const SECOND: Duration = Duration::from_secs(1);

    fn refused(retry_after: Option<u64>) -> Answer {
        Answer::TooFrequent { retry_after: retry_after.map(Duration::from_secs) }
    }

    fn answers() -> impl Strategy<Value = Answer> {
        prop_oneof![
            6 => Just(Answer::Taken),
            1 => prop::option::of(0_u64..1_000_000).prop_map(refused),
            1 => Just(Answer::Silent),
        ]
    }

    #[test]
    fn a_call_that_is_not_needed_leaves_in_idle_moments_only() {
        let mut rate = Rate::new(LIMIT);
        assert!(rate.is_idle(Duration::ZERO));
        rate.depart(Duration::ZERO);
        let gap = rate.ready_at();
        assert!(!rate.is_idle(gap), "a reply might leave now, so nothing else takes its place");
        assert!(rate.is_idle(2 * gap));
        rate.learn(Duration::ZERO, SECOND, refused(Some(30)));
        assert!(!rate.is_idle(20 * SECOND));
        rate.learn(2 * SECOND, 40 * SECOND, refused(None));
        assert!(!rate.is_idle(90 * SECOND), "another program uses the rest");
    }

    proptest! {
        /// Whatever is asked for and whatever comes back: never more than the limit in any second, never slower than once in a
        /// second but for a bounded pause.
        #[test]
        fn the_limit_holds_in_any_second(calls in prop::collection::vec((0_u64..400, 0_u64..3_000, answers()), 1..300)) {
            let mut rate = Rate::new(LIMIT);
            let (mut asked, mut left) = (Duration::ZERO, VecDeque::new());
            for (pause, latency, answer) in calls {
                asked += Duration::from_millis(pause);
                let now = asked.max(rate.ready_at());
                prop_assert!(now <= asked.max(left.back().copied().unwrap_or_default()) + PAUSE_MAX + 3 * SECOND);
                rate.depart(now);
                left.push_back(now);
                while left.front().is_some_and(|first| now > *first + SECOND) {
                    left.pop_front();
                }
                prop_assert!(left.len() <= LIMIT as usize, "{left:?}");
                rate.learn(now, now + Duration::from_millis(latency), answer);
                prop_assert!((LEAST..=9.0).contains(&rate.per_second()));
                asked = now;
            }
        }

        /// From wherever refusals have brought it, it is back after 80 busy seconds without one.
        #[test]
        fn it_recovers_in_time(refusals in prop::collection::vec(prop::option::of(0_u64..100), 1..6)) {
            let mut rate = Rate::new(LIMIT);
            let mut now = Duration::ZERO;
            for retry_after in refusals {
                now = (now + SECOND / 10).max(rate.ready_at());
                rate.depart(now);
                rate.learn(now, now, refused(retry_after));
            }
            let begun = rate.ready_at();
            while rate.per_second() < 9.0 {
                let at = rate.ready_at();
                prop_assert!(at <= begun + 82 * SECOND, "still {} a second", rate.per_second());
                rate.depart(at);
                rate.learn(at, at, Answer::Taken);
            }
        }
    }

    #[test]
    fn refusals_halve_it_once_each_time_it_was_tried() {
        let mut rate = Rate::new(LIMIT);
        let at = |tenths: u32| SECOND * tenths / 10;
        assert!(rate.learn(at(1), at(5), refused(None)));
        // These left before the cut.
        assert!(!rate.learn(at(2), at(6), refused(None)) && !rate.learn(at(3), at(6), refused(None)));
        assert!((rate.per_second() - 4.5).abs() < 1e-9);
        for seconds in 1..6 {
            assert!(rate.learn(at(10 * seconds), at(10 * seconds), refused(None)));
        }
        assert!((rate.per_second() - LEAST).abs() < 1e-9);
    }

    #[test]
    fn the_next_call_waits_as_long_as_asked_within_bounds() {
        let mut rate = Rate::new(LIMIT);
        rate.depart(SECOND);
        rate.learn(SECOND, 2 * SECOND, refused(Some(7)));
        assert_eq!(rate.ready_at(), 9 * SECOND);
        rate.learn(SECOND, 3 * SECOND, refused(Some(1)));
        assert_eq!(rate.ready_at(), 9 * SECOND, "a shorter wish does not shorten a longer one");
        rate.learn(SECOND, 4 * SECOND, refused(Some(86_400)));
        assert_eq!(rate.ready_at(), 4 * SECOND + PAUSE_MAX);
    }

    /// Two processes of which one has everything, and a platform that takes ten calls in any second: after ten minutes both
    /// have their part, and hardly a call was refused on the way.
    #[test]
    fn two_processes_come_to_equal_parts() {
        let mut rates = [Rate::new(LIMIT), Rate::new(LIMIT)];
        for second in 1..4 {
            rates[1].learn(SECOND * second, SECOND * second, refused(None));
        }
        let (mut window, mut calls, mut refusals) = (VecDeque::new(), [0_u32; 2], 0_u32);
        let mut now = 4 * SECOND;
        while now < 604 * SECOND {
            // The second one sleeps a little longer each time, as no two processes are in step.
            let late = [Duration::ZERO, Duration::from_millis(7)];
            let next = [rates[0].ready_at().max(now) + late[0], rates[1].ready_at().max(now) + late[1]];
            let who = usize::from(next[1] < next[0]);
            now = next[who];
            rates[who].depart(now);
            while window.front().is_some_and(|first| now >= *first + SECOND) {
                window.pop_front();
            }
            let taken = window.len() < LIMIT as usize;
            if taken {
                window.push_back(now);
            }
            if now > 304 * SECOND {
                calls[who] += 1;
                refusals += u32::from(!taken);
            }
            rates[who].learn(now, now, if taken { Answer::Taken } else { refused(None) });
        }
        let all = calls[0] + calls[1];
        assert!(calls.iter().all(|part| part * 10 >= all * 4), "{calls:?}");
        assert!(refusals * 50 <= all, "{refusals} of {all} refused");
        assert!(all > 300 * 6, "{all} calls in 300 seconds");
    }
}
