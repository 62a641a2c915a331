//! Tests of the crate as its users see it: fixtures, requests, answers, failures, webhooks.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod answers;
mod auto_messages;
mod codes;
mod errors;
mod login_answers;
mod login_oauth;
mod login_posting;
mod login_requests;
mod media;
mod model;
mod oauth;
mod posts;
mod properties;
mod request_ids;
mod requests;
mod short_link;
mod signature;
mod support;
mod validation;
mod webhooks;
mod webhooks_other;
