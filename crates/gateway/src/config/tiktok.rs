//! TikTok's two kinds of app and the addresses they are called at.

use secrecy::SecretString;
use url::Url;

use super::reader::Reader;

/// `TIKTOK_*`.
#[derive(Debug, Clone)]
pub struct Tiktok {
    /// The Business app's id, such as `7411000000000000042`. Messages need it.
    pub app_id: Option<String>,
    /// The Business app's secret: signs webhooks, exchanges codes.
    pub app_secret: Option<SecretString>,
    /// The Login Kit app's key. Identity only.
    pub client_key: Option<String>,
    /// The Login Kit app's secret.
    pub client_secret: Option<SecretString>,
    /// Base of the Business API, ending in `/`. Default `https://business-api.tiktok.com/open_api/v1.3/`.
    pub business_api_url: Url,
    /// Base of the Login Kit API, ending in `/`. Default `https://open.tiktokapis.com/v2/`.
    pub open_api_url: Url,
    /// The consent page, without a slash at the end. Default `https://www.tiktok.com/v2/auth/authorize`.
    pub authorize_url: Url,
}

/// A configured app: id or key, and secret.
#[derive(Debug, Clone)]
pub struct App {
    /// App id or client key.
    pub id: String,
    /// Its secret.
    pub secret: SecretString,
}

impl Tiktok {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let default = |url: &str| Url::parse(url).expect("invariant: the default addresses are valid");
        let mut authorize_url = reader
            .base_url("TIKTOK_AUTHORIZE_URL")
            .unwrap_or_else(|| default("https://www.tiktok.com/v2/auth/authorize"));
        let path = authorize_url.path().trim_end_matches('/').to_owned();
        authorize_url.set_path(&path);
        Self {
            app_id: reader.text("TIKTOK_APP_ID"),
            app_secret: reader.secret("TIKTOK_APP_SECRET", 1),
            client_key: reader.text("TIKTOK_CLIENT_KEY"),
            client_secret: reader.secret("TIKTOK_CLIENT_SECRET", 1),
            business_api_url: reader
                .base_url("TIKTOK_BUSINESS_API_URL")
                .unwrap_or_else(|| default("https://business-api.tiktok.com/open_api/v1.3/")),
            open_api_url: reader
                .base_url("TIKTOK_OPEN_API_URL")
                .unwrap_or_else(|| default("https://open.tiktokapis.com/v2/")),
            authorize_url,
        }
    }

    /// The Business app, when it is configured.
    pub fn business_app(&self) -> Option<App> {
        Some(App { id: self.app_id.clone()?, secret: self.app_secret.clone()? })
    }

    /// The Login Kit app, when it is configured.
    pub fn login_app(&self) -> Option<App> {
        Some(App { id: self.client_key.clone()?, secret: self.client_secret.clone()? })
    }
}
