//! The gateway: receives TikTok direct messages, shows them, answers them.
//!
//! Data flows one way: `socket → http → use case → store → event log → live → dashboard`; replies enter at [`http`] and go round
//! the same circle. `http`, [`live`] and [`workers`] never import one another: they meet in the store. [`app`] names everything.

pub mod app;
pub mod asking;
pub mod auth;
pub mod automation;
pub mod blobs;
pub mod commands;
pub mod config;
pub mod connect;
pub mod costs;
pub mod doctor;
pub mod http;
pub mod import;
pub mod inbox;
pub mod keyring;
pub mod lifecycle;
pub mod links;
pub mod live;
pub mod posts;
pub mod providers;
pub mod replay;
pub mod replies;
pub mod signs;
pub mod spaces;
pub mod telemetry;
pub mod timer;
pub mod view;
pub mod workers;
