//! The simulator as its clients see it: shapes against the fixtures, OAuth, rules, deliveries, faults, control side.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails the test")]

mod auto_messages;
mod auto_replies;
mod clients;
mod comments;
mod control;
mod delivery;
mod expiry;
mod faults;
mod foreign_clients;
mod foreign_line;
mod foreign_logins;
mod login_kit;
mod oauth;
mod respondio;
mod respondio_doors;
mod respondio_hooks;
mod respondio_lists;
mod respondio_sends;
mod rules;
mod rules_guide;
mod scenario;
mod shapes;
mod support;
mod videos;
mod webhook_knobs;
mod webhook_shapes;
