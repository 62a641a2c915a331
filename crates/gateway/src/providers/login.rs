//! TikTok's Login Kit: who somebody is, and no messages. Another platform than [`Official`](super::Official), with an app, tokens
//! and ids of its own. `connect` and `tokens` call it.

use std::time::Duration;

use domain::inbound::Inbound;
use tiktok::{
    Error,
    login::{
        AccessToken, AuthCode, Client, Credentials, LoginErrorCode, RefreshToken, Scope, Scopes, TokenSet, UserField,
        UserInfo, authorize_web, decode_webhook,
    },
    webhook::Event,
};
use url::Url;

use super::{SetupError, Translated, official::disconnect_reason};

/// Longest one call may take.
const CALL_TIMEOUT: Duration = Duration::from_secs(12);
/// The scope that tells the username; an app may be without it.
pub const USERNAME_SCOPE: &str = "user.info.profile";

/// What Login Kit needs to know.
#[derive(Debug, Clone)]
pub struct LoginSettings {
    /// The app (`TIKTOK_CLIENT_KEY`, `TIKTOK_CLIENT_SECRET`).
    pub app: Option<Credentials>,
    /// `TIKTOK_OPEN_API_URL`, or TikTok's; ends in `/v2/`.
    pub api_url: Url,
    /// `TIKTOK_AUTHORIZE_URL`, or TikTok's.
    pub authorize_url: Url,
}

/// Login Kit.
#[derive(Debug)]
pub struct Login {
    client: Client,
    settings: LoginSettings,
}

/// Who signed in, and what they granted.
#[derive(Debug)]
pub struct Identity {
    /// Their id at this app; another one than at the API for Business.
    pub open_id: String,
    /// The tokens.
    pub tokens: TokenSet,
    /// Scopes granted, as TikTok names them.
    pub scopes: Vec<String>,
    /// What TikTok tells of them; `None` when it could not be asked.
    pub user: Option<UserInfo>,
}

impl Login {
    /// The client for these settings.
    ///
    /// # Errors
    /// [`SetupError`] when the address is no address.
    pub(super) fn new(settings: LoginSettings) -> Result<Self, SetupError> {
        // The client's own paths begin with the version.
        let base = settings.api_url.as_str().trim_end_matches('/').trim_end_matches("/v2");
        let client = Client::builder()
            .base_url(base)
            .timeout(CALL_TIMEOUT)
            .build()
            .map_err(|source| SetupError { what: "TIKTOK_OPEN_API_URL", source: Box::new(source) })?;
        Ok(Self { client, settings })
    }

    /// The configured app; `None` when `TIKTOK_CLIENT_KEY` or `TIKTOK_CLIENT_SECRET` is missing.
    pub const fn app(&self) -> Option<&Credentials> {
        self.settings.app.as_ref()
    }

    /// The address of the consent page of a web app: without PKCE, which TikTok refuses there.
    ///
    /// # Errors
    /// `Configuration` or `Validation` when an address does not fit.
    pub fn consent_page(
        &self,
        app: &Credentials,
        redirect_uri: &str,
        state: &str,
        with_username: bool,
    ) -> Result<String, Error> {
        let wanted = [Scope::UserInfoBasic, Scope::UserInfoProfile];
        let scopes = wanted.into_iter().take(if with_username { 2 } else { 1 });
        let page = authorize_web(app.client_key.clone(), redirect_uri, state).scopes(scopes);
        page.base(format!("{}/", self.settings.authorize_url.as_str().trim_end_matches('/'))).build()
    }

    /// Exchanges the code of the callback and asks who it is. A profile that can't be read does not undo the grant.
    ///
    /// # Errors
    /// TikTok's.
    pub async fn exchange(&self, app: &Credentials, code: AuthCode, redirect_uri: &str) -> Result<Identity, Error> {
        let tokens = self.client.exchange_code(app, code, redirect_uri).await?;
        let user = self.user(&tokens.access_token, &tokens.scopes).await;
        if let Err(error) = &user {
            tracing::warn!(%error, "the profile of a newly connected identity could not be read");
        }
        Ok(Identity {
            open_id: tokens.open_id.as_str().to_owned(),
            scopes: tokens.scopes.as_slice().iter().map(ToString::to_string).collect(),
            user: user.ok(),
            tokens,
        })
    }

    /// What TikTok tells of the user. An app that is not approved for a scope that was granted is asked for less.
    ///
    /// # Errors
    /// TikTok's.
    pub async fn user(&self, token: &AccessToken, granted: &Scopes) -> Result<UserInfo, Error> {
        match self.client.user_info(token).granted(granted).await {
            Err(error) if error.login_code() == Some(&LoginErrorCode::ScopePermissionMissed) => {
                self.client.user_info(token).fields(UserField::BASIC).await
            }
            other => other,
        }
    }

    /// Gets a new token pair. The old refresh token is dead afterwards: store the new one before anything else.
    ///
    /// # Errors
    /// TikTok's.
    pub async fn refresh(&self, app: &Credentials, token: &RefreshToken) -> Result<TokenSet, Error> {
        self.client.refresh_tokens(app, token).await
    }

    /// Gives the permission back.
    ///
    /// # Errors
    /// TikTok's.
    pub async fn revoke(&self, app: &Credentials, token: &AccessToken) -> Result<(), Error> {
        self.client.revoke_token(app, token).await
    }

    /// What a verified webhook of this app says. Everything but a removed authorization is about posts: kept raw.
    pub fn translate(body: &[u8]) -> Translated {
        let envelope = match decode_webhook(body) {
            Ok(envelope) => envelope,
            Err(error) => {
                return Translated {
                    account: None,
                    event: String::new(),
                    items: Vec::new(),
                    unsupported: Some(error.to_string()),
                };
            }
        };
        let (items, unsupported) = match envelope.content {
            Event::AuthorizationRemoved(removed) => {
                (vec![Inbound::IdentityRemoved { reason: disconnect_reason(removed.reason) }], None)
            }
            Event::Unknown { event, .. } => (Vec::new(), Some(format!("unknown event `{event}`"))),
            Event::Unreadable { event, why, .. } => {
                (Vec::new(), Some(format!("unreadable content of `{event}`: {why}")))
            }
            _ => (Vec::new(), None),
        };
        let account = envelope.user_openid.map(tiktok::login::OpenId::into_string);
        Translated { account, event: envelope.event, items, unsupported }
    }
}

/// The scopes that an identity is asked for and that `granted` lacks.
pub fn missing_scopes(granted: &[String]) -> Vec<String> {
    let wanted = ["user.info.basic", USERNAME_SCOPE];
    wanted.into_iter().filter(|scope| !granted.iter().any(|one| one == scope)).map(str::to_owned).collect()
}
