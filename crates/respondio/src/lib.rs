#![doc = include_str!("../README.md")]
#![warn(clippy::missing_errors_doc)]

mod answer;
mod client;
mod error;
mod error_class;
pub mod limits;
pub mod model;
pub mod request;
mod secret;
mod transport;
pub mod webhook;
mod wire;

pub use answer::{Answer, RateLimit};
pub use client::{Client, ClientBuilder, DEFAULT_BASE_URL};
pub use error::{ApiError, Error, ErrorKind, TransportKind, ValidationError};
pub use error_class::ErrorClass;
pub use secret::{AccessToken, SigningKey};
