#![doc = include_str!("../README.md")]
#![warn(clippy::missing_errors_doc)]

mod advice;
mod client;
mod envelope;
mod error;
mod error_code;
mod hex;
mod http;
pub mod limits;
pub mod login;
pub mod model;
pub mod oauth;
pub mod request;
mod secret;
pub mod short_link;
mod transport;
pub mod webhook;
mod wire;

pub use advice::{Advice, FixedBy};
pub use client::{Client, ClientBuilder, DEFAULT_BASE_URL};
pub use error::{ApiError, Error, ErrorKind, MediaError, TransportKind, ValidationError};
pub use error_code::{ErrorClass, ErrorCode};
pub use secret::{AccessToken, AppSecret, AuthCode, RefreshToken};
