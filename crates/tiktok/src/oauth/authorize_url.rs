//! The address of TikTok's consent page.

use url::Url;

use super::{MESSAGING_SCOPES, Scope, Scopes};
use crate::{
    error::{Error, ErrorKind},
    model::AppId,
};

/// Where TikTok asks the account holder.
pub const DEFAULT_AUTHORIZE_URL: &str = "https://www.tiktok.com/v2/auth/authorize";

/// Builds the address of the consent page; see [`authorize_url`].
#[derive(Debug, Clone)]
#[must_use = "call `build` to get the address"]
pub struct AuthorizeUrl {
    base: String,
    app_id: AppId,
    redirect_uri: String,
    state: String,
    scopes: Scopes,
}

/// The address to send the account holder to.
///
/// * `redirect_uri`: exactly as registered in the portal, byte for byte.
/// * `state`: an unguessable value of yours that the callback returns unchanged.
///
/// Asks for [`MESSAGING_SCOPES`] unless told otherwise. One scope the app is not approved for makes
/// TikTok refuse the whole request. Always shows the consent page (`disable_auto_auth=1`).
///
/// Source: "TikTok account holder authorization URL" of the portal, read 2026-11-20.
///
/// ```
/// let url = tiktok::oauth::authorize_url(
///     "7411000000000000042",
///     "https://gateway.example.com/auth/callback",
///     "random-state",
/// )
/// .build()?;
/// assert!(url.starts_with("https://www.tiktok.com/v2/auth/authorize?client_key=7411000000000000042&"));
/// assert!(url.contains("&state=random-state&disable_auto_auth=1"));
/// # Ok::<(), tiktok::Error>(())
/// ```
pub fn authorize_url(
    app_id: impl Into<AppId>,
    redirect_uri: impl Into<String>,
    state: impl Into<String>,
) -> AuthorizeUrl {
    AuthorizeUrl {
        base: DEFAULT_AUTHORIZE_URL.to_owned(),
        app_id: app_id.into(),
        redirect_uri: redirect_uri.into(),
        state: state.into(),
        scopes: MESSAGING_SCOPES.into_iter().collect(),
    }
}

impl AuthorizeUrl {
    /// Another consent page than TikTok's, for example a simulator's.
    pub fn base(mut self, base: impl Into<String>) -> Self {
        self.base = base.into();
        self
    }

    /// Other permissions than [`MESSAGING_SCOPES`].
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = Scope>) -> Self {
        self.scopes = scopes.into_iter().collect();
        self
    }

    /// The finished address.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the base is not an http(s) address.
    pub fn build(self) -> Result<String, Error> {
        let unusable = || ErrorKind::Configuration("the authorize address is not a URL".into());
        let mut url = Url::parse(&self.base).map_err(|error| Error::with(unusable(), error))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Error::new(unusable()));
        }
        url.query_pairs_mut()
            .append_pair("client_key", self.app_id.as_str())
            .append_pair("response_type", "code")
            .append_pair("scope", &self.scopes.to_string())
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("state", &self.state)
            .append_pair("disable_auto_auth", "1");
        Ok(url.into())
    }
}
