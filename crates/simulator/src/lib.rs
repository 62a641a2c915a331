//! A faithful local TikTok: OAuth, Business Messaging, signed webhooks, a phone to write with.
//!
//! Used by the `message-gateway simulator` and `dev` commands, and in process by tests. It knows no other crate of the
//! workspace: types, limits, signatures and error texts are written here from TikTok's documentation a second time,
//! so that a misreading cannot be right on both sides.

mod avatar;
mod clock;
mod config;
mod connection;
mod console;
mod control;
mod delivery;
mod error;
mod platform;
mod signing;
mod sim_api;
mod simulator;
mod state;
mod wire;

pub use clock::{Clock, ManualClock, SystemClock};
pub use config::{Config, DEFAULT_APP_ID, DEFAULT_APP_SECRET};
pub use control::{
    AppReply, CommentRequest, ConversationView, CustomerMessage, DEMO_CONNECTED, ReferralRequest, Snapshot, Written,
};
pub use error::ControlError;
pub use signing::signature_header;
pub use simulator::Simulator;
pub use state::apps::{App, NewApp};
pub use state::businesses::{Business, NewBusiness};
pub use state::calls::Call;
pub use state::conversations::Conversation;
pub use state::customers::{Customer, NewCustomer};
pub use state::faults::{Fault, FaultKind, NewFault};
pub use state::ledger::Ledger;
pub use state::messages::{Button, Content, Message, Reaction, TappedButton};
pub use state::tokens::{Grant, SCOPES};
pub use state::webhooks::{Try, Webhook};
