//! The simulator as its clients see it: shapes against the fixtures, OAuth, rules, deliveries, faults, control side.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails the test")]

mod control;
mod delivery;
mod faults;
mod oauth;
mod rules;
mod shapes;
mod support;
mod webhook_shapes;
