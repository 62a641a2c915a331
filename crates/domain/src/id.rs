//! Typed ids: 64 bits, made by us, printed as prefixed opaque strings (`msg_01ht…`) because JSON numbers lose bits.
//! They are unique, never an order: order is `(sent_at, id)` within a conversation and `seq` in the event log.

use std::{
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
    str::FromStr,
    sync::Mutex,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::clock::Timestamp;

/// Milliseconds from the Unix epoch to 2025-01-01T00:00:00Z, where our ids begin.
const EPOCH_MS: i64 = 1_735_689_600_000;
const NODE_BITS: u32 = 10;
const COUNTER_BITS: u32 = 12;
/// Largest node number, inclusive.
pub const MAX_NODE: u16 = (1 << NODE_BITS) - 1;
/// Crockford's alphabet in lower case: no `i`, `l`, `o`, `u`.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const ENCODED_LEN: usize = 13;

/// What an id names; gives the printed prefix, such as `msg`.
pub trait Entity {
    /// Three or four lower-case letters before the underscore.
    const PREFIX: &'static str;
}

/// An id of one kind of thing. Shape: 63 significant bits: 41 ms since 2025 · 10 node · 12 counter.
/// Example: `msg_00jx3k5t8g002`.
pub struct Id<T> {
    raw: i64,
    kind: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// The id with these bits, as a store keeps it (always positive).
    pub const fn from_raw(raw: i64) -> Self {
        Self { raw, kind: PhantomData }
    }

    /// The bits, as a store keeps them.
    pub const fn raw(self) -> i64 {
        self.raw
    }

    /// When it was made, by the clock of the node that made it.
    pub const fn made_at(self) -> Timestamp {
        Timestamp::from_millis(EPOCH_MS + (self.raw >> (NODE_BITS + COUNTER_BITS)))
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.raw.cmp(&other.raw)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.raw.hash(state);
    }
}

impl<T: Entity> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0_u8; ENCODED_LEN];
        let mut rest = self.raw.cast_unsigned();
        for place in text.iter_mut().rev() {
            *place = ALPHABET[(rest & 31) as usize];
            rest >>= 5;
        }
        write!(f, "{}_{}", T::PREFIX, std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl<T: Entity> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A string that is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {prefix}_ and {ENCODED_LEN} characters")]
pub struct ParseIdError {
    prefix: &'static str,
}

impl<T: Entity> FromStr for Id<T> {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = ParseIdError { prefix: T::PREFIX };
        let body = text.strip_prefix(T::PREFIX).and_then(|rest| rest.strip_prefix('_')).ok_or_else(|| error.clone())?;
        if body.len() != ENCODED_LEN {
            return Err(error);
        }
        let mut raw: u64 = 0;
        for byte in body.bytes() {
            let digit = ALPHABET.iter().position(|&known| known == byte).ok_or_else(|| error.clone())?;
            raw = raw
                .checked_mul(32)
                .and_then(|shifted| shifted.checked_add(digit as u64))
                .ok_or_else(|| error.clone())?;
        }
        i64::try_from(raw).map(Self::from_raw).map_err(|_| error)
    }
}

impl<T: Entity> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, T: Entity> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The node number is not ours (any more): nothing may be written until it is leased again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this process holds no valid node lease, so it may not make ids")]
pub struct NoLease;

#[derive(Debug)]
struct Generator {
    lease: Option<(u16, Timestamp)>,
    last_ms: i64,
    counter: i64,
}

/// Makes ids that never repeat and never go back, also when the clock does. Works only while a node lease is valid.
#[derive(Debug)]
pub struct IdGenerator {
    inner: Mutex<Generator>,
}

impl Default for IdGenerator {
    fn default() -> Self {
        Self::without_lease()
    }
}

impl IdGenerator {
    /// A generator that refuses until [`grant`](Self::grant) is called.
    pub const fn without_lease() -> Self {
        Self { inner: Mutex::new(Generator { lease: None, last_ms: 0, counter: 0 }) }
    }

    /// Takes over node `node` (0 to [`MAX_NODE`]) until `until`, exclusive. Called at start and at each renewal.
    pub fn grant(&self, node: u16, until: Timestamp) {
        self.lock().lease = Some((node & MAX_NODE, until));
    }

    /// Gives the lease up: from here on [`next`](Self::next) refuses.
    pub fn revoke(&self) {
        self.lock().lease = None;
    }

    /// A new id at `now`.
    ///
    /// # Errors
    /// [`NoLease`] when no lease was granted or it ended before `now`.
    pub fn next<T>(&self, now: Timestamp) -> Result<Id<T>, NoLease> {
        let mut inner = self.lock();
        let (node, until) = inner.lease.ok_or(NoLease)?;
        if now >= until {
            return Err(NoLease);
        }
        let ms = (now.as_millis() - EPOCH_MS).max(0);
        if ms > inner.last_ms {
            (inner.last_ms, inner.counter) = (ms, 0);
        } else {
            // The clock stood still or went back: go on from the last id, into the next millisecond when 4,096 are used.
            inner.counter += 1;
            if inner.counter >> COUNTER_BITS != 0 {
                (inner.last_ms, inner.counter) = (inner.last_ms + 1, 0);
            }
        }
        let raw = (inner.last_ms << (NODE_BITS + COUNTER_BITS)) | (i64::from(node) << COUNTER_BITS) | inner.counter;
        Ok(Id::from_raw(raw & i64::MAX))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Generator> {
        self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Thing;
    impl Entity for Thing {
        const PREFIX: &'static str = "thg";
    }

    fn generator() -> IdGenerator {
        let ids = IdGenerator::without_lease();
        ids.grant(5, Timestamp::MAX);
        ids
    }

    #[test]
    fn prints_and_parses_back() {
        let id: Id<Thing> = generator().next(Timestamp::from_millis(1_790_000_000_123)).unwrap();
        assert_eq!(id.to_string().parse::<Id<Thing>>().unwrap(), id);
        assert_eq!(id.to_string().len(), "thg_".len() + ENCODED_LEN);
    }

    #[test]
    fn refuses_what_is_not_an_id() {
        for text in ["", "thg_", "msg_0000000000000", "thg_000000000000i", "thg_zzzzzzzzzzzzz", "thg_00000000000000"] {
            assert!(text.parse::<Id<Thing>>().is_err(), "{text}");
        }
    }

    #[test]
    fn never_goes_back_when_the_clock_does() {
        let ids = generator();
        let mut last = 0;
        for ms in [1_790_000_000_000, 1_790_000_000_000, 1_789_999_000_000, 1_790_000_000_001] {
            for _ in 0..5_000 {
                let id: Id<Thing> = ids.next(Timestamp::from_millis(ms)).unwrap();
                assert!(id.raw() > last);
                last = id.raw();
            }
        }
    }

    #[test]
    fn no_lease_no_id() {
        let ids = IdGenerator::without_lease();
        let now = Timestamp::from_millis(1_790_000_000_000);
        assert_eq!(ids.next::<Thing>(now), Err(NoLease));
        ids.grant(1, Timestamp::from_millis(1_790_000_000_001));
        assert!(ids.next::<Thing>(now).is_ok());
        assert_eq!(ids.next::<Thing>(Timestamp::from_millis(1_790_000_000_001)), Err(NoLease));
    }
}
