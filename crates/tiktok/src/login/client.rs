//! The client of Login Kit: one connection pool, one method per endpoint. Cheap to clone.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use serde_json::Value;

use super::{
    AccessToken, AuthCode, Credentials, PublishId, RefreshToken, UploadPlan, VideoSource, VideoType, answer,
    request::{ExchangeCode, GetPublishStatus, GetUserInfo, InitInboxUpload, RefreshTokens, RevokeToken, UploadChunk},
};
use crate::{
    error::Error,
    http::{Http, HttpSettings},
    request::{Answer, Request},
    transport,
    wire::FieldError,
};

/// TikTok for Developers.
pub const DEFAULT_BASE_URL: &str = "https://open.tiktokapis.com";

/// Client of Login Kit and Content Posting.
///
/// Holds no credentials; never repeats a request and never reads the environment. Limit: 600
/// requests a minute per endpoint, see [`LOGIN_REQUESTS_PER_MINUTE`](crate::limits).
///
/// Tokens of the API for Business do not fit:
///
/// ```compile_fail,E0308
/// # fn f(client: tiktok::login::Client, token: tiktok::AccessToken) {
/// client.user_info(&token); // a token of a business account
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    http: Arc<Http>,
}

/// Settings of a [`Client`]; made by [`Client::builder`].
#[derive(Debug, Clone)]
#[must_use = "call `build` to get the client"]
pub struct ClientBuilder {
    http: HttpSettings,
}

impl ClientBuilder {
    /// Another API than TikTok's, for example a simulator. Default [`DEFAULT_BASE_URL`]; a slash at
    /// the end makes no difference. Plain http also allows plain http upload addresses.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.http.base_url = base_url.into();
        self
    }

    /// How long a connection may take to be made. Default 5 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = timeout;
        self
    }

    /// How long a call may take in all. Default 20 s; a chunk of a video sets its own.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.http.timeout = timeout;
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
        Ok(Client { http: Arc::new(self.http.build()?) })
    }
}

impl Client {
    /// Starts with the defaults.
    pub fn builder() -> ClientBuilder {
        ClientBuilder { http: HttpSettings::new(DEFAULT_BASE_URL) }
    }

    /// Exchanges the code of the callback for tokens: `POST /v2/oauth/token/`. `redirect_uri` is the
    /// one the authorization was started with; desktop and mobile apps add their verifier.
    pub fn exchange_code(
        &self,
        app: &Credentials,
        code: impl Into<AuthCode>,
        redirect_uri: impl Into<String>,
    ) -> ExchangeCode {
        ExchangeCode::new(self, app, code.into(), redirect_uri.into())
    }

    /// Gets fresh tokens: `POST /v2/oauth/token/`. One at a time per user.
    pub fn refresh_tokens(&self, app: &Credentials, token: &RefreshToken) -> RefreshTokens {
        RefreshTokens::new(self, app, token)
    }

    /// Gives the user's permission back: `POST /v2/oauth/revoke/`.
    pub fn revoke_token(&self, app: &Credentials, token: &AccessToken) -> RevokeToken {
        RevokeToken::new(self, app, token)
    }

    /// Reads who the user is: `GET /v2/user/info/`.
    pub fn user_info(&self, token: &AccessToken) -> GetUserInfo {
        GetUserInfo::new(self, token)
    }

    /// Starts the upload of a draft into the user's inbox: `POST /v2/post/publish/inbox/video/init/`.
    pub fn init_inbox_upload(&self, token: &AccessToken, source: VideoSource) -> InitInboxUpload {
        InitInboxUpload::new(self, token, source)
    }

    /// Uploads one chunk of a video to the address the start answered with. `index` counts from 0.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`](crate::ErrorKind::Validation) if the plan has no such chunk, or the
    /// bytes are not exactly as many as it wants.
    pub fn upload_chunk(
        &self,
        upload_url: impl Into<String>,
        plan: UploadPlan,
        index: u64,
        kind: VideoType,
        bytes: impl Into<Bytes>,
    ) -> Result<UploadChunk, Error> {
        UploadChunk::new(self, upload_url.into(), plan, index, kind, bytes.into())
    }

    /// Asks how far a draft has come: `POST /v2/post/publish/status/fetch/`.
    pub fn publish_status(&self, token: &AccessToken, id: impl Into<PublishId>) -> GetPublishStatus {
        GetPublishStatus::new(self, token, id.into())
    }

    /// The API address, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.http.base_url
    }

    pub(crate) fn pool(&self) -> &reqwest::Client {
        &self.http.pool
    }

    pub(crate) async fn call<T>(
        &self,
        request: Request,
        read: fn(&Value) -> Result<T, FieldError>,
    ) -> Result<Answer<T>, Error> {
        transport::call(&self.http, request, |raw| answer::open(&raw, read)).await
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("login::Client").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}
