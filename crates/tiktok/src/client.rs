//! The client: one connection pool, one method per endpoint. Cheap to clone.
//! Its methods only start a request; the request types in [`crate::request`] do the rest.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use url::Url;

use crate::{
    error::{Error, ErrorKind},
    model::{AppId, BusinessId, ConversationId, ConversationType, MediaId, MediaType, MessageId, WebhookCategory},
    oauth::AppCredentials,
    request::{
        DeleteWebhook, DownloadMedia, ExchangeCode, FetchMedia, GetBusiness, GetCapabilities, GetTokenInfo, GetWebhook,
        ListConversations, ListMessages, MessageDraft, RefreshTokens, RevokeToken, UpdateWebhook, UploadImage,
    },
    secret::{AccessToken, AuthCode, RefreshToken},
};

/// TikTok's API for Business.
pub const DEFAULT_BASE_URL: &str = "https://business-api.tiktok.com/open_api/v1.3";

const DEFAULT_USER_AGENT: &str = concat!("tiktok-business-messages/", env!("CARGO_PKG_VERSION"));

/// Client of TikTok's Business Messaging API.
///
/// Holds no credentials: every call names the token it uses, so one client serves any number of
/// accounts. It never repeats a request and never reads the environment.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    http: reqwest::Client,
    base_url: String,
    media_timeout: Duration,
}

/// Settings of a [`Client`]; made by [`Client::builder`].
#[derive(Debug, Clone)]
#[must_use = "call `build` to get the client"]
pub struct ClientBuilder {
    base_url: String,
    connect_timeout: Duration,
    timeout: Duration,
    media_timeout: Duration,
    user_agent: String,
    proxy: Option<String>,
}

impl ClientBuilder {
    /// Another API than TikTok's, for example a simulator. Default [`DEFAULT_BASE_URL`]; a slash at
    /// the end makes no difference. Plain http also allows plain http download addresses.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// How long a connection may take to be made. Default 5 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long a call may take in all. Default 20 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long fetching a picture or video may take in all. Default 60 s.
    pub fn media_timeout(mut self, timeout: Duration) -> Self {
        self.media_timeout = timeout;
        self
    }

    /// The `User-Agent` header. Default `tiktok-business-messages/<version>`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// A proxy for all calls. Default none; proxy variables of the environment are not read.
    pub fn proxy(mut self, address: impl Into<String>) -> Self {
        self.proxy = Some(address.into());
        self
    }

    /// The finished client.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the base or the proxy is not an http(s) address, the user
    /// agent is not a header value, or TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        let configuration = |what: &str| ErrorKind::Configuration(what.to_owned());
        let base = Url::parse(&self.base_url)
            .map_err(|error| Error::with(configuration("the base address is not a URL"), error))?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(Error::new(configuration("the base address is not http or https")));
        }
        let mut http = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .timeout(self.timeout)
            .user_agent(self.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            // A server that closes an idle connection just as a send takes it makes the send
            // uncertain; short idling makes that rare.
            .pool_idle_timeout(Duration::from_secs(15))
            .referer(false)
            .no_proxy();
        if let Some(address) = self.proxy {
            let proxy = reqwest::Proxy::all(address)
                .map_err(|error| Error::with(configuration("the proxy is not a URL"), error))?;
            http = http.proxy(proxy);
        }
        let http =
            http.build().map_err(|error| Error::with(configuration("the HTTP client cannot be set up"), error))?;
        Ok(Client {
            inner: Arc::new(Inner {
                http,
                base_url: base.as_str().trim_end_matches('/').to_owned(),
                media_timeout: self.media_timeout,
            }),
        })
    }
}

impl Client {
    /// Starts with the defaults.
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            base_url: DEFAULT_BASE_URL.to_owned(),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(20),
            media_timeout: Duration::from_mins(1),
            user_agent: DEFAULT_USER_AGENT.to_owned(),
            proxy: None,
        }
    }

    /// Sends a message, a typing sign or a read mark: `POST /business/message/send/`.
    pub fn send_message(&self, token: &AccessToken, business: impl Into<BusinessId>) -> MessageDraft {
        MessageDraft::new(self, token, business.into())
    }

    /// Lists conversations: `GET /business/message/conversation/list/`.
    pub fn list_conversations(
        &self,
        token: &AccessToken,
        business: impl Into<BusinessId>,
        kind: ConversationType,
    ) -> ListConversations {
        ListConversations::new(self, token, business.into(), kind)
    }

    /// Lists the 20 newest messages of a conversation and its participants:
    /// `GET /business/message/content/list/`.
    pub fn list_messages(
        &self,
        token: &AccessToken,
        business: impl Into<BusinessId>,
        conversation: impl Into<ConversationId>,
    ) -> ListMessages {
        ListMessages::new(self, token, business.into(), conversation.into())
    }

    /// Uploads a picture to be sent: `POST /business/message/media/upload/`.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`] if the bytes are neither JPG nor PNG, or more than 3 MB.
    pub fn upload_image(
        &self,
        token: &AccessToken,
        business: impl Into<BusinessId>,
        file_name: impl Into<String>,
        bytes: impl Into<Bytes>,
    ) -> Result<UploadImage, Error> {
        UploadImage::new(self, token, business.into(), file_name.into(), bytes.into())
    }

    /// Asks for the download address of a received picture or video:
    /// `POST /business/message/media/download/`.
    pub fn download_media(
        &self,
        token: &AccessToken,
        business: impl Into<BusinessId>,
        conversation: impl Into<ConversationId>,
        message: impl Into<MessageId>,
        media: impl Into<MediaId>,
        kind: MediaType,
    ) -> DownloadMedia {
        DownloadMedia {
            client: self.clone(),
            token: token.clone(),
            business_id: business.into(),
            conversation_id: conversation.into(),
            message_id: message.into(),
            media_id: media.into(),
            media_type: kind,
        }
    }

    /// Fetches the file behind a download address, bounded in size and safe against redirects.
    pub fn fetch_media(&self, token: &AccessToken, download_url: impl Into<String>) -> FetchMedia {
        FetchMedia::new(self, token, download_url.into())
    }

    /// Asks whether pictures may be sent in a conversation:
    /// `GET /business/message/capabilities/get/`.
    pub fn capabilities(
        &self,
        token: &AccessToken,
        business: impl Into<BusinessId>,
        conversation: impl Into<ConversationId>,
        kind: ConversationType,
    ) -> GetCapabilities {
        GetCapabilities::new(self, token, business.into(), conversation.into(), kind)
    }

    /// Reads the account's profile: `GET /business/get/`.
    pub fn business(&self, token: &AccessToken, business: impl Into<BusinessId>) -> GetBusiness {
        GetBusiness::new(self, token, business.into())
    }

    /// Sets where events of a category go, for the whole app:
    /// `POST /business/webhook/update/`.
    pub fn update_webhook(
        &self,
        app: &AppCredentials,
        category: WebhookCategory,
        callback_url: impl Into<String>,
    ) -> UpdateWebhook {
        UpdateWebhook::new(self, app, category, callback_url.into())
    }

    /// Reads where events of a category go: `GET /business/webhook/list/`.
    pub fn webhook(&self, app: &AppCredentials, category: WebhookCategory) -> GetWebhook {
        GetWebhook::new(self, app, category)
    }

    /// Ends the subscription of a category: `POST /business/webhook/delete/`.
    pub fn delete_webhook(&self, app: &AppCredentials, category: WebhookCategory) -> DeleteWebhook {
        DeleteWebhook::new(self, app, category)
    }

    /// Exchanges the code of the callback for tokens: `POST /tt_user/oauth2/token/`.
    /// `redirect_uri` is the one the authorization was started with.
    pub fn exchange_code(
        &self,
        app: &AppCredentials,
        code: impl Into<AuthCode>,
        redirect_uri: impl Into<String>,
    ) -> ExchangeCode {
        ExchangeCode::new(self, app, code.into(), redirect_uri.into())
    }

    /// Gets fresh tokens: `POST /tt_user/oauth2/refresh_token/`. One at a time per account.
    pub fn refresh_tokens(&self, app: &AppCredentials, token: &RefreshToken) -> RefreshTokens {
        RefreshTokens::new(self, app, token)
    }

    /// Gives the account holder's permission back: `POST /tt_user/oauth2/revoke/`.
    pub fn revoke_token(&self, app: &AppCredentials, token: &AccessToken) -> RevokeToken {
        RevokeToken::new(self, app, token)
    }

    /// Asks whose token it is and what it allows: `POST /tt_user/token_info/get/`.
    pub fn token_info(&self, app: impl Into<AppId>, token: &AccessToken) -> GetTokenInfo {
        GetTokenInfo::new(self, app.into(), token)
    }

    /// The API address, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.inner.base_url
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.inner.http
    }

    pub(crate) fn media_timeout(&self) -> Duration {
        self.inner.media_timeout
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base_url", &self.inner.base_url).finish_non_exhaustive()
    }
}
