//! The client: one connection pool, one method per endpoint. Cheap to clone.
//! Its methods only start a request; the request types in [`crate::request`] do the rest.

mod account;
mod auto_messages;
mod messages;

use std::{sync::Arc, time::Duration};

use serde_json::Value;

use crate::{
    envelope,
    error::Error,
    http::{Http, HttpSettings},
    request::{Answer, Request},
    transport,
    wire::FieldError,
};

/// TikTok's API for Business.
pub const DEFAULT_BASE_URL: &str = "https://business-api.tiktok.com/open_api/v1.3";

/// Client of TikTok's Business Messaging API.
///
/// Holds no credentials: every call names the token it uses, so one client serves any number of
/// accounts. It never repeats a request and never reads the environment.
///
/// Another platform is [`login::Client`](crate::login::Client): its tokens do not fit here.
///
/// ```compile_fail,E0308
/// # fn f(client: tiktok::Client, token: tiktok::login::AccessToken) {
/// client.business(&token, "-000BusinessOpenId"); // a token of Login Kit
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    http: Http,
    media_timeout: Duration,
}

/// Settings of a [`Client`]; made by [`Client::builder`].
#[derive(Debug, Clone)]
#[must_use = "call `build` to get the client"]
pub struct ClientBuilder {
    http: HttpSettings,
    media_timeout: Duration,
}

impl ClientBuilder {
    /// Another API than TikTok's, for example a simulator. Default [`DEFAULT_BASE_URL`]; a slash at
    /// the end makes no difference. Plain http also allows plain http download addresses.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.http.base_url = base_url.into();
        self
    }

    /// How long a connection may take to be made. Default 5 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = timeout;
        self
    }

    /// How long a call may take in all. Default 20 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.http.timeout = timeout;
        self
    }

    /// How long fetching a picture or video may take in all. Default 60 s.
    pub fn media_timeout(mut self, timeout: Duration) -> Self {
        self.media_timeout = timeout;
        self
    }

    /// The `User-Agent` header. Default `tiktok-business-messages/<version>`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.http.user_agent = user_agent.into();
        self
    }

    /// A proxy for all calls. Default none; proxy variables of the environment are not read.
    pub fn proxy(mut self, address: impl Into<String>) -> Self {
        self.http.proxy = Some(address.into());
        self
    }

    /// The finished client.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the base or the proxy is not
    /// an http(s) address, the user agent is not a header value, or TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        let (http, media_timeout) = (self.http.build()?, self.media_timeout);
        Ok(Client { inner: Arc::new(Inner { http, media_timeout }) })
    }
}

impl Client {
    /// Starts with the defaults.
    pub fn builder() -> ClientBuilder {
        ClientBuilder { http: HttpSettings::new(DEFAULT_BASE_URL), media_timeout: Duration::from_mins(1) }
    }

    /// The API address, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.inner.http.base_url
    }

    pub(crate) fn pool(&self) -> &reqwest::Client {
        &self.inner.http.pool
    }

    pub(crate) fn media_timeout(&self) -> Duration {
        self.inner.media_timeout
    }

    pub(crate) async fn call<T>(
        &self,
        request: Request,
        read: fn(&Value) -> Result<T, FieldError>,
    ) -> Result<Answer<T>, Error> {
        transport::call(&self.inner.http, request, |raw| envelope::open(&raw, read)).await
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}
