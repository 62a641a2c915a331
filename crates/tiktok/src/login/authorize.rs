//! The address of Login Kit's consent page, for web and for desktop apps.

use url::Url;

use super::{ClientKey, CodeVerifier, Scope, Scopes};
use crate::{
    error::{Error, ErrorKind, ValidationError},
    limits,
    oauth::DEFAULT_AUTHORIZE_URL,
};

/// Builds the address of the consent page; see [`authorize_web`] and [`authorize_desktop`].
#[derive(Debug, Clone)]
#[must_use = "call `build` to get the address"]
pub struct AuthorizeUrl {
    base: String,
    client_key: ClientKey,
    redirect_uri: String,
    state: String,
    scopes: Scopes,
    /// Desktop only; TikTok refuses a challenge from a web app.
    challenge: Option<String>,
}

/// The address to send the user of a **web** app to. No PKCE: TikTok answers a challenge of a web app
/// with an error page.
///
/// * `redirect_uri`: `https`, shorter than 512 characters, without query and fragment, exactly as
///   registered.
/// * `state`: an unguessable value of yours that the callback returns unchanged.
///
/// Asks for [`Scope::UserInfoBasic`] unless told otherwise. Always shows the consent page
/// (`disable_auto_auth=1`).
///
/// Source: `developers.tiktok.com` "Login Kit for Web", read 2026-11-20.
///
/// ```
/// let url = tiktok::login::authorize_web("client-key", "https://example.com/callback", "random-state").build()?;
/// assert!(url.starts_with("https://www.tiktok.com/v2/auth/authorize/?client_key=client-key&"));
/// assert!(!url.contains("code_challenge"));
/// # Ok::<(), tiktok::Error>(())
/// ```
pub fn authorize_web(
    client_key: impl Into<ClientKey>,
    redirect_uri: impl Into<String>,
    state: impl Into<String>,
) -> AuthorizeUrl {
    AuthorizeUrl {
        base: format!("{DEFAULT_AUTHORIZE_URL}/"),
        client_key: client_key.into(),
        redirect_uri: redirect_uri.into(),
        state: state.into(),
        scopes: [Scope::UserInfoBasic].into_iter().collect(),
        challenge: None,
    }
}

/// The address to send the user of a **desktop** app to, with PKCE.
///
/// * `redirect_uri`: `http` or `https`, host `localhost` or `127.0.0.1`, with a port; as registered,
///   where the registered port may be `*`.
/// * `verifier`: kept until the code is exchanged, see
///   [`ExchangeCode::code_verifier`](super::request::ExchangeCode::code_verifier).
///
/// Source: `developers.tiktok.com` "Login Kit for Desktop", read 2026-11-20.
///
/// ```
/// use tiktok::login::{CodeVerifier, authorize_desktop};
///
/// let verifier = CodeVerifier::from_random([7; 32]);
/// let url = authorize_desktop("client-key", "http://localhost:3455/callback", "random-state", &verifier).build()?;
/// assert!(url.contains(&format!("&code_challenge={}&code_challenge_method=S256", verifier.challenge())));
/// # Ok::<(), tiktok::Error>(())
/// ```
pub fn authorize_desktop(
    client_key: impl Into<ClientKey>,
    redirect_uri: impl Into<String>,
    state: impl Into<String>,
    verifier: &CodeVerifier,
) -> AuthorizeUrl {
    let challenge = Some(verifier.challenge());
    AuthorizeUrl { challenge, ..authorize_web(client_key, redirect_uri, state) }
}

impl AuthorizeUrl {
    /// Another consent page than TikTok's, for example a simulator's. One on plain http also allows
    /// plain http redirect addresses.
    pub fn base(mut self, base: impl Into<String>) -> Self {
        self.base = base.into();
        self
    }

    /// Other permissions than [`Scope::UserInfoBasic`].
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = Scope>) -> Self {
        self.scopes = scopes.into_iter().collect();
        self
    }

    /// The finished address.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the base is not an http(s) address,
    /// [`ErrorKind::Validation`] if the redirect address breaks TikTok's rules.
    pub fn build(self) -> Result<String, Error> {
        let unusable = || ErrorKind::Configuration("the authorize address is not a URL".into());
        let mut url = Url::parse(&self.base).map_err(|error| Error::with(unusable(), error))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Error::new(unusable()));
        }
        self.check_redirect(url.scheme() == "http")?;
        {
            let mut query = url.query_pairs_mut();
            query
                .append_pair("client_key", self.client_key.as_str())
                .append_pair("response_type", "code")
                .append_pair("scope", &self.scopes.to_string())
                .append_pair("redirect_uri", &self.redirect_uri)
                .append_pair("state", &self.state)
                .append_pair("disable_auto_auth", "1");
            if let Some(challenge) = &self.challenge {
                query.append_pair("code_challenge", challenge).append_pair("code_challenge_method", "S256");
            }
        }
        Ok(url.into())
    }

    fn check_redirect(&self, plain: bool) -> Result<(), ValidationError> {
        let (field, desktop) = ("redirect_uri", self.challenge.is_some());
        ValidationError::check_count(field, self.redirect_uri.len(), 1, limits::LOGIN_REDIRECT_MAX)?;
        let fits = Url::parse(&self.redirect_uri).is_ok_and(|url| {
            let bare = url.query().is_none() && url.fragment().is_none() && url.has_host();
            let scheme = url.scheme();
            let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
            bare && if desktop {
                matches!(scheme, "http" | "https") && local && names_port(&self.redirect_uri)
            } else {
                scheme == "https" || (plain && scheme == "http")
            }
        });
        let allowed = if desktop {
            "http(s)://localhost or 127.0.0.1 with a port, without query and fragment"
        } else {
            "https without query and fragment"
        };
        if fits { Ok(()) } else { Err(ValidationError::NotAllowed { field, allowed }) }
    }
}

/// Whether the port is written out; `Url` forgets one that is the default.
fn names_port(address: &str) -> bool {
    let authority = address.split_once("://").map_or("", |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit_once(':').is_some_and(|(_, port)| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
}
