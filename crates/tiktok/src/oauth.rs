//! Authorization of an account holder: the consent address, its callback, scopes, credentials.
//! The token calls themselves are methods of [`Client`](crate::Client); this flow has no PKCE.

mod authorize_url;
mod callback;
mod scope;

pub use authorize_url::{AuthorizeUrl, DEFAULT_AUTHORIZE_URL, authorize_url};
pub(crate) use callback::query_value;
pub use callback::{Callback, CallbackError};
pub use scope::{MESSAGING_SCOPES, Scope, Scopes};

use crate::{model::AppId, secret::AppSecret};

/// Id and secret of a portal app, as the OAuth and webhook configuration calls need them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AppCredentials {
    /// The app. Example `7411000000000000042`.
    pub app_id: AppId,
    /// Its secret.
    pub secret: AppSecret,
}

impl AppCredentials {
    /// Puts the two together.
    pub fn new(app_id: impl Into<AppId>, secret: impl Into<AppSecret>) -> Self {
        Self { app_id: app_id.into(), secret: secret.into() }
    }
}
