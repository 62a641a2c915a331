//! How often somebody may try to sign in: by address of the caller and by e-mail address, whichever is used up first.

use std::{net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

use domain::{Clock, Timestamp, identity::SecretHash};
use governor::{
    Quota, RateLimiter, clock::Clock as _, middleware::NoOpMiddleware, nanos::Nanos,
    state::keyed::DefaultKeyedStateStore,
};

use super::hash_of;

/// Tries a caller has at once; one comes back every [`PER_MINUTE`]th of a minute.
const BURST: NonZeroU32 = NonZeroU32::new(10).expect("invariant: not zero");
/// Tries that come back each minute.
const PER_MINUTE: NonZeroU32 = NonZeroU32::new(6).expect("invariant: not zero");
/// From this many keys on, those that are back at full are forgotten.
const SWEEP_AT: usize = 10_000;

/// Our clock in governor's clothes.
#[derive(Debug, Clone)]
struct Ticks(Clock);

impl governor::clock::Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::from(self.0.now().since(Timestamp::ZERO))
    }
}

type Limiter<K> = RateLimiter<K, DefaultKeyedStateStore<K>, Ticks, NoOpMiddleware<Nanos>>;

/// Counts tries. Cloned cheaply.
#[derive(Debug, Clone)]
pub struct Throttle {
    by_address: Arc<Limiter<IpAddr>>,
    by_name: Arc<Limiter<SecretHash>>,
    clock: Ticks,
}

impl Throttle {
    /// Everybody at full.
    pub fn new(clock: Clock) -> Self {
        let clock = Ticks(clock);
        let quota = Quota::per_minute(PER_MINUTE).allow_burst(BURST);
        Self {
            by_address: Arc::new(RateLimiter::new(quota, DefaultKeyedStateStore::default(), clock.clone())),
            by_name: Arc::new(RateLimiter::new(quota, DefaultKeyedStateStore::default(), clock.clone())),
            clock,
        }
    }

    /// Counts a try from `address`, for `name` where one was given.
    ///
    /// # Errors
    /// The seconds to wait, at least 1.
    pub fn check(&self, address: IpAddr, name: Option<&str>) -> Result<(), u64> {
        if self.by_address.len() > SWEEP_AT || self.by_name.len() > SWEEP_AT {
            self.by_address.retain_recent();
            self.by_name.retain_recent();
        }
        let wait = |until: governor::NotUntil<Nanos>| secs_rounded_up(until.wait_time_from(self.clock.now()));
        self.by_address.check_key(&neighbourhood(address)).map_err(wait)?;
        match name {
            // Hashed, so that a key has the same small size whatever somebody sends.
            Some(name) => self.by_name.check_key(&hash_of(name)).map_err(wait),
            None => Ok(()),
        }
    }
}

fn secs_rounded_up(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

/// One IPv6 subscriber holds a whole /64.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(ip) => IpAddr::V4(ip),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            IpAddr::V6([a, b, c, d, 0, 0, 0, 0].into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_at_once_then_one_every_ten_seconds() {
        let clock = Clock::manual(Timestamp::from_secs(1_790_000_000));
        let throttle = Throttle::new(clock.clone());
        let address: IpAddr = "192.0.2.1".parse().unwrap();
        for _ in 0..10 {
            throttle.check(address, None).unwrap();
        }
        assert_eq!(throttle.check(address, None), Err(10));
        throttle.check("192.0.2.2".parse().unwrap(), None).unwrap();
        clock.advance(Duration::from_secs(10));
        throttle.check(address, None).unwrap();
        assert!(throttle.check(address, None).is_err());
    }

    #[test]
    fn many_addresses_can_not_try_one_name() {
        let throttle = Throttle::new(Clock::manual(Timestamp::from_secs(1_790_000_000)));
        for last in 0..10 {
            throttle.check(IpAddr::from([192, 0, 2, last]), Some("ploy@example.com")).unwrap();
        }
        assert!(throttle.check(IpAddr::from([192, 0, 2, 99]), Some("ploy@example.com")).is_err());
        throttle.check(IpAddr::from([192, 0, 2, 99]), Some("other@example.com")).unwrap();
    }
}
