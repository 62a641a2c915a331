//! Login Kit of TikTok for Developers (`open.tiktokapis.com`): **another platform** than the API for
//! Business, with its own app, secret, tokens, open ids and errors. It signs people in and uploads
//! video drafts; it has no direct messages.
//!
//! Nothing of one platform fits the other: the same names here are different types.
//!
//! Source: `developers.tiktok.com`, "Login Kit for Web", "Login Kit for Desktop", "Manage user access
//! tokens", "Get user info", "Content Posting API", read 2026-11-20.
//!
//! ```no_run
//! use tiktok::login::{Callback, Client, Credentials, authorize_web};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder().build()?;
//! let app = Credentials::new("client-key", "client-secret");
//! let redirect_uri = "https://example.com/callback";
//! println!("open {}", authorize_web(app.client_key.clone(), redirect_uri, "random-state").build()?);
//!
//! let query = "code=…&state=random-state"; // of the callback; compare the state first
//! if let Callback::Granted { code, .. } = Callback::parse(query)? {
//!     let tokens = client.exchange_code(&app, code, redirect_uri).await?;
//!     let user = client.user_info(&tokens.access_token).granted(&tokens.scopes).await?;
//!     println!("hello, {}", user.display_name.unwrap_or_default());
//!     let fresh = client.refresh_tokens(&app, &tokens.refresh_token).await?; // store both again
//!     client.revoke_token(&app, &fresh.access_token).await?;
//! }
//! # Ok(())
//! # }
//! ```

mod answer;
mod authorize;
mod callback;
mod client;
mod credentials;
mod error;
mod pkce;
mod posting;
pub mod request;
mod scope;
mod token;
mod user;
mod webhook;

pub use authorize::{AuthorizeUrl, authorize_desktop, authorize_web};
pub use callback::{Callback, CallbackError};
pub use client::{Client, ClientBuilder, DEFAULT_BASE_URL};
pub use credentials::{AccessToken, AuthCode, ClientKey, ClientSecret, Credentials, OpenId, RefreshToken, UnionId};
pub use error::{LoginError, LoginErrorCode};
pub use pkce::CodeVerifier;
pub use posting::{
    InboxUpload, PublishId, PublishStatus, UploadPlan, UploadState, UploadStatus, VideoSource, VideoType,
};
pub use scope::{Scope, Scopes};
pub use token::TokenSet;
pub use user::{UserField, UserInfo};
pub use webhook::{WebhookEnvelope, decode_webhook};
