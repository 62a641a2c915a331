//! What a TikTok direct message *is*: types, rules, and the ports that a store must offer.
//!
//! No I/O, no async runtime, no SQL, no HTTP: the rules are plain functions, so that they can be tested in milliseconds
//! and both stores share them. Read [`journal`] for how a conversation comes about, [`store`] for the ports.

#![warn(clippy::missing_errors_doc)]

pub mod account;
pub mod automation;
pub mod cause;
pub mod clock;
pub mod comment;
pub mod contact;
pub mod content;
#[cfg(feature = "contract")]
pub mod contract;
pub mod conversation;
pub mod delivery;
pub mod event;
pub mod failure;
pub mod history;
pub mod id;
pub mod identity;
pub mod inbound;
pub mod job;
pub mod journal;
pub mod ledger;
pub mod media;
pub mod message;
pub mod outbox;
pub mod place;
pub mod profile;
pub mod referral;
pub mod reply;
pub mod sides;
pub mod space;
pub mod store;
pub mod volume;
pub mod withheld;
pub mod workspace;

pub use clock::{Clock, Timestamp};
pub use id::{Id, IdGenerator};
