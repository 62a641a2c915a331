//! Time as a parameter: only [`Clock`] reads it, so that hour-long cases run in tests at once.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment in UTC with millisecond precision, as TikTok counts. Printed `2026-11-20T10:00:00.123Z`, kept as `i64` ms since 1970.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 1970-01-01.
    pub const ZERO: Self = Self(0);
    /// Later than anything we print (year 9999).
    pub const MAX: Self = Self(253_402_207_200_000);

    /// From milliseconds since 1970. Values outside years 0001–9999 are clamped.
    pub const fn from_millis(ms: i64) -> Self {
        if ms > Self::MAX.0 {
            Self::MAX
        } else if ms < -62_135_596_800_000 {
            Self(-62_135_596_800_000)
        } else {
            Self(ms)
        }
    }

    /// From whole seconds since 1970, as TikTok's envelopes count.
    pub const fn from_secs(secs: i64) -> Self {
        Self::from_millis(secs.saturating_mul(1000))
    }

    /// Milliseconds since 1970.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down.
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment moved into the future; clamped at [`Self::MAX`].
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self::from_millis(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// This moment moved into the past.
    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        Self::from_millis(self.0.saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero when it is not.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = jiff::Timestamp::from_millisecond(self.0).map_err(|_| fmt::Error)?;
        write!(f, "{moment:.3}")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for Timestamp {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<jiff::Timestamp>().map(|moment| Self::from_millis(moment.as_millisecond()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Where time comes from: the system, or a test's hand.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Manual(Arc<Manual>),
}

#[derive(Debug, Default)]
struct Manual {
    now_ms: AtomicI64,
    moves: AtomicU64,
    waiting: Mutex<Vec<Waker>>,
}

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `now` until [`advance`](Self::advance) or [`set`](Self::set) moves it. Clones share the time.
    pub fn manual(now: Timestamp) -> Self {
        let manual = Manual { now_ms: AtomicI64::new(now.as_millis()), ..Manual::default() };
        Self(Source::Manual(Arc::new(manual)))
    }

    /// Now, in whole milliseconds.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's time")]
            Source::System => Timestamp::from_millis(jiff::Timestamp::now().as_millisecond()),
            Source::Manual(manual) => Timestamp::from_millis(manual.now_ms.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock forward and wakes whoever waits for it. A system clock stays as it is.
    pub fn advance(&self, by: Duration) {
        self.set(self.now().plus(by));
    }

    /// Puts a manual clock to `now`, also backwards. A system clock stays as it is.
    pub fn set(&self, now: Timestamp) {
        if let Source::Manual(manual) = &self.0 {
            manual.now_ms.store(now.as_millis(), Ordering::SeqCst);
            manual.moves.fetch_add(1, Ordering::SeqCst);
            let waiting =
                std::mem::take(&mut *manual.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
            waiting.into_iter().for_each(Waker::wake);
        }
    }

    /// For a manual clock: a future that ends when the clock is moved. `None` for the system's clock, which needs a timer.
    pub fn moved(&self) -> Option<Moved> {
        match &self.0 {
            Source::System => None,
            Source::Manual(manual) => {
                Some(Moved { seen: manual.moves.load(Ordering::SeqCst), manual: Arc::clone(manual) })
            }
        }
    }
}

/// Ends when a manual clock has been moved since [`Clock::moved`] was called.
#[derive(Debug)]
pub struct Moved {
    manual: Arc<Manual>,
    seen: u64,
}

impl Future for Moved {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut waiting = self.manual.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if self.manual.moves.load(Ordering::SeqCst) != self.seen {
            return Poll::Ready(());
        }
        waiting.push(context.waker().clone());
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_milliseconds_and_parses_back() {
        let moment = Timestamp::from_millis(1_790_000_000_120);
        assert_eq!(moment.to_string(), "2026-09-21T14:13:20.120Z");
        assert_eq!(moment.to_string().parse::<Timestamp>().unwrap(), moment);
        assert_eq!(Timestamp::MAX.to_string().parse::<Timestamp>().unwrap(), Timestamp::MAX);
    }

    #[test]
    fn manual_clocks_share_their_time() {
        let clock = Clock::manual(Timestamp::from_secs(10));
        let other = clock.clone();
        clock.advance(Duration::from_secs(5));
        assert_eq!(other.now(), Timestamp::from_secs(15));
        assert_eq!(other.now().since(Timestamp::from_secs(20)), Duration::ZERO);
    }
}
