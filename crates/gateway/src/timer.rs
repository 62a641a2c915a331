//! Waiting by the clock that was passed in: a timer for the system's clock, a test's hand for a manual one.
//! Workers, the live tail and the lease renewal wait here and nowhere else.

use std::time::Duration;

use domain::{Clock, Timestamp};

/// Longest single wait on the system's clock: after it the clock is read again, so that one that was set is noticed while a person
/// looks. Half a dozen sleepers that look at a clock once a second cost nothing that can be measured.
const LONGEST_NAP: Duration = Duration::from_secs(1);

/// Ends when `clock` shows `until` or later; at once when it already does.
pub async fn sleep_until(clock: &Clock, until: Timestamp) {
    loop {
        // Asked before the time is read, so that a move in between is not missed.
        let moved = clock.moved();
        let left = until.since(clock.now());
        if left.is_zero() {
            return;
        }
        match moved {
            Some(moved) => moved.await,
            None => tokio::time::sleep(left.min(LONGEST_NAP)).await,
        }
    }
}

/// Ends when `clock` has gone on by `wait`.
pub async fn sleep(clock: &Clock, wait: Duration) {
    sleep_until(clock, clock.now().plus(wait)).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_manual_clock_wakes_the_sleeper() {
        let clock = Clock::manual(Timestamp::from_secs(100));
        let sleeper = sleep(&clock, Duration::from_hours(48));
        tokio::pin!(sleeper);
        assert!(futures_util::poll!(&mut sleeper).is_pending());
        clock.advance(Duration::from_hours(47));
        assert!(futures_util::poll!(&mut sleeper).is_pending());
        clock.advance(Duration::from_hours(1));
        assert!(futures_util::poll!(&mut sleeper).is_ready());
    }

    #[tokio::test]
    async fn what_is_past_does_not_wait() {
        let clock = Clock::system();
        sleep_until(&clock, Timestamp::ZERO).await;
    }
}
