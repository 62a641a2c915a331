#![doc = include_str!("../README.md")]
#![warn(clippy::missing_errors_doc)]

mod client;
mod error;
mod error_code;
pub mod limits;
pub mod model;
pub mod oauth;
pub mod request;
mod secret;
mod transport;
pub mod webhook;
mod wire;

pub use client::{Client, ClientBuilder, DEFAULT_BASE_URL};
pub use error::{ApiError, Error, ErrorKind, MediaError, TransportKind, ValidationError};
pub use error_code::{ErrorClass, ErrorCode};
pub use secret::{AccessToken, AppSecret, AuthCode, RefreshToken};
