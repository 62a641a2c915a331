//! The account and the app: profile, authorization, webhook configuration.

use super::Client;
use crate::{
    model::{AppId, BusinessId, WebhookCategory},
    oauth::AppCredentials,
    request::{
        DeleteWebhook, ExchangeCode, GetBusiness, GetTokenInfo, GetWebhook, RefreshTokens, RevokeToken, UpdateWebhook,
    },
    secret::{AccessToken, AuthCode, RefreshToken},
};

impl Client {
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
}
