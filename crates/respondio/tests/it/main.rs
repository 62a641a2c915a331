//! Tests of the crate as its users see it: fixtures, requests, answers, failures, webhooks.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod answers;
mod errors;
mod messages;
mod properties;
mod requests;
mod signature;
mod support;
mod validation;
mod webhooks;
