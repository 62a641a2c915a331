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
mod pace;
mod platform;
pub mod respondio;
mod scenario;
mod serve;
mod signing;
mod sim_api;
mod simulator;
mod state;
mod wire;

pub use clock::{Clock, ManualClock, SystemClock};
pub use config::{
    Config, DEFAULT_APP_ID, DEFAULT_APP_SECRET, DEFAULT_DESKTOP_KEY, DEFAULT_WEB_KEY, LoginLifetimes, WebChallenge,
};
pub use control::{
    AppReply, CommentAction, CommentRequest, ConversationView, CustomerMessage, NewAutoMessage, ReferralRequest,
    Snapshot, Written,
};
pub use error::ControlError;
pub use scenario::{DEMO_CONNECTED, Played, Scenario, ScenarioError};
pub use signing::signature_header;
pub use simulator::Simulator;
pub use state::apps::{App, NewApp, Platform};
pub use state::auto_messages::{AuditStatus, AutoKind, AutoMessage};
pub use state::businesses::{Business, BusinessSettings, European, KeywordReply, NewBusiness, Review, RuleSet};
pub use state::calls::Call;
pub use state::conversations::Conversation;
pub use state::customers::{Customer, NewCustomer};
pub use state::faults::{Fault, FaultKind, NewFault};
pub use state::ledger::Ledger;
pub use state::messages::{Button, Content, Message, Reaction, TappedButton};
pub use state::posts::Post;
pub use state::tokens::{Grant, LOGIN_SCOPES, SCOPES};
pub use state::webhooks::{Try, Webhook};
