//! The simulator's own time, in milliseconds since 1970.
//! Every rule (window, token life, retry) asks a [`Clock`]; tests move a [`ManualClock`] by hand,
//! the console speeds up or skips with a [`SystemClock`].

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Where the simulator takes its time from. All times are Unix milliseconds.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Now, e.g. `1_790_000_000_123`.
    fn now_ms(&self) -> i64;

    /// Moves the clock so that `now_ms` answers `ms`. Clocks that cannot be moved ignore it.
    fn set_ms(&self, ms: i64);

    /// How fast simulated time runs against real time: `1.0` normal, `60.0` an hour a minute, `0.0` paused.
    fn speed(&self) -> f64 {
        1.0
    }

    /// Changes the speed; ignored by clocks without one.
    fn set_speed(&self, _speed: f64) {}

    /// True when time stands still between calls of [`Clock::set_ms`]: webhooks then go out only when asked for.
    fn is_manual(&self) -> bool {
        false
    }

    /// The time that signatures carry: the receiver of a webhook checks it against its own clock, which the console does not move.
    fn wall_ms(&self) -> i64 {
        self.now_ms()
    }

    /// A clock for the calls-per-second limit, which a paused or sped-up console must not distort.
    fn pace_ms(&self) -> i64 {
        self.now_ms()
    }
}

/// A clock that moves only when told. The tests' clock.
#[derive(Debug)]
pub struct ManualClock(Mutex<i64>);

impl ManualClock {
    /// Starts at `ms` (Unix milliseconds).
    pub fn new(ms: i64) -> Self {
        Self(Mutex::new(ms))
    }
}

impl Clock for ManualClock {
    fn now_ms(&self) -> i64 {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_ms(&self, ms: i64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = ms;
    }

    fn is_manual(&self) -> bool {
        true
    }
}

#[derive(Debug)]
struct Anchor {
    real: Instant,
    simulated: i64,
    speed: f64,
}

impl Anchor {
    fn now(&self) -> i64 {
        let elapsed = self.real.elapsed().as_secs_f64() * 1000.0 * self.speed;
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of a session fit an i64 many times over")]
        let elapsed = elapsed as i64;
        self.simulated + elapsed
    }
}

/// Real time plus an offset, at a chosen speed.
#[derive(Debug)]
pub struct SystemClock {
    anchor: Mutex<Anchor>,
    started: Instant,
}

fn machine_ms() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "this is the clock; everything else asks it")]
    let now = jiff::Timestamp::now();
    now.as_millisecond()
}

impl SystemClock {
    /// Starts at the machine's time, at normal speed.
    pub fn new() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the clock; everything else asks it")]
        let now = jiff::Timestamp::now().as_millisecond();
        let real = Instant::now();
        Self { anchor: Mutex::new(Anchor { real, simulated: now, speed: 1.0 }), started: real }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        self.anchor.lock().unwrap_or_else(PoisonError::into_inner).now()
    }

    fn set_ms(&self, ms: i64) {
        let mut anchor = self.anchor.lock().unwrap_or_else(PoisonError::into_inner);
        anchor.simulated = ms;
        anchor.real = Instant::now();
    }

    fn speed(&self) -> f64 {
        self.anchor.lock().unwrap_or_else(PoisonError::into_inner).speed
    }

    fn set_speed(&self, speed: f64) {
        let mut anchor = self.anchor.lock().unwrap_or_else(PoisonError::into_inner);
        anchor.simulated = anchor.now();
        anchor.real = Instant::now();
        anchor.speed = if speed.is_finite() { speed.clamp(0.0, 3600.0) } else { 1.0 };
    }

    fn wall_ms(&self) -> i64 {
        machine_ms()
    }

    fn pace_ms(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, ManualClock, SystemClock};

    #[test]
    fn a_paused_clock_stands_where_it_was_put() {
        let clock = SystemClock::new();
        clock.set_speed(0.0);
        clock.set_ms(1_790_000_000_123);
        assert_eq!((clock.now_ms(), clock.speed()), (1_790_000_000_123, 0.0));
        assert_ne!(clock.wall_ms(), 1_790_000_000_123);
        clock.set_speed(f64::NAN);
        assert!((clock.speed() - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = ManualClock::new(5);
        assert_eq!((clock.now_ms(), clock.wall_ms(), clock.pace_ms()), (5, 5, 5));
        clock.set_ms(9);
        assert!(clock.is_manual() && clock.now_ms() == 9);
    }
}
