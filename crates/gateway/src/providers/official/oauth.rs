//! The account holder's authorization: consent page, tokens, profile, revocation, and where TikTok sends its webhooks.

use std::time::Duration;

use domain::{Id, workspace::Workspace};
use tiktok::{
    AccessToken, AuthCode, Error, RefreshToken,
    model::{BusinessId, TokenSet, WebhookCategory},
    oauth::{AppCredentials, MESSAGING_SCOPES, Scope, authorize_url},
};

use super::{Official, OfficialSettings, Turn};

/// A fresh token pair.
#[derive(Debug, Clone)]
pub struct NewTokens {
    /// For the calls of the next day.
    pub access: AccessToken,
    /// How long it is good, from now.
    pub access_lives: Duration,
    /// For the next refresh.
    pub refresh: RefreshToken,
    /// How long it is good, from now.
    pub refresh_lives: Duration,
}

/// What the account holder granted, and who they are.
#[derive(Debug, Clone)]
pub struct Granted {
    /// TikTok's `open_id`, which is the `business_id` of every call.
    pub open_id: String,
    /// The tokens.
    pub tokens: NewTokens,
    /// Scopes granted, as TikTok names them.
    pub scopes: Vec<String>,
    /// Handle without `@`.
    pub username: Option<String>,
    /// Name shown to customers.
    pub display_name: Option<String>,
    /// A temporary address at TikTok.
    pub avatar_url: Option<String>,
    /// False for a personal account, which can't use messages; `None` where TikTok does not say.
    pub is_business: Option<bool>,
}

/// The scopes that messages need and `granted` lacks, as TikTok names them.
pub fn missing_scopes(granted: &[String]) -> Vec<String> {
    let lacking = MESSAGING_SCOPES.iter().filter(|scope| !granted.iter().any(|one| one == scope.as_str()));
    lacking.map(ToString::to_string).collect()
}

impl Official {
    /// The configured app; `None` when `TIKTOK_APP_ID` or `TIKTOK_APP_SECRET` is missing.
    pub const fn app(&self) -> Option<&AppCredentials> {
        let OfficialSettings { app, .. } = &self.settings;
        app.as_ref()
    }

    /// The address of the consent page; with `posts` it asks for the account's posts too.
    ///
    /// # Errors
    /// `Configuration` when the authorize address is no address.
    pub fn consent_page(
        &self,
        app: &AppCredentials,
        redirect_uri: &str,
        state: &str,
        posts: bool,
    ) -> Result<String, Error> {
        let scopes = MESSAGING_SCOPES.into_iter().chain(posts.then_some(Scope::VideoList));
        let page = authorize_url(app.app_id.clone(), redirect_uri, state).scopes(scopes);
        page.base(self.settings.authorize_url.as_str()).build()
    }

    /// Exchanges the code of the callback and asks who granted it. A profile that can't be read does not undo the grant.
    ///
    /// # Errors
    /// TikTok's.
    pub async fn exchange(
        &self,
        workspace: Id<Workspace>,
        app: &AppCredentials,
        code: AuthCode,
        redirect_uri: &str,
    ) -> Result<Granted, Error> {
        let exchange = self.client.exchange_code(app, code, redirect_uri);
        let tokens = self.call(workspace, Turn::Now, exchange).await?;
        let ask = self.client.business(&tokens.access_token, tokens.open_id.clone());
        let profile = self.call(workspace, Turn::Now, ask).await;
        if let Err(error) = &profile {
            tracing::warn!(%error, "the profile of a newly connected account could not be read");
        }
        let profile = profile.ok();
        let of_profile = |pick: fn(&tiktok::model::BusinessProfile) -> &Option<String>| {
            profile.as_ref().and_then(|one| pick(one).clone())
        };
        Ok(Granted {
            open_id: tokens.open_id.as_str().to_owned(),
            scopes: tokens.scopes.as_slice().iter().map(ToString::to_string).collect(),
            username: of_profile(|one| &one.username),
            display_name: of_profile(|one| &one.display_name),
            avatar_url: of_profile(|one| &one.profile_image),
            is_business: profile.as_ref().and_then(|one| one.is_business_account),
            tokens: pair(tokens),
        })
    }

    /// Gets a new token pair. The old refresh token may be dead afterwards: store the new one before anything else.
    ///
    /// # Errors
    /// TikTok's.
    pub async fn refresh(
        &self,
        workspace: Id<Workspace>,
        app: &AppCredentials,
        token: &RefreshToken,
    ) -> Result<NewTokens, Error> {
        Ok(pair(self.call(workspace, Turn::Now, self.client.refresh_tokens(app, token)).await?))
    }

    /// Gives the permission back.
    ///
    /// # Errors
    /// TikTok's.
    pub async fn revoke(
        &self,
        workspace: Id<Workspace>,
        app: &AppCredentials,
        token: &AccessToken,
    ) -> Result<(), Error> {
        self.call(workspace, Turn::Now, self.client.revoke_token(app, token)).await
    }

    /// Tells TikTok where direct-message events go, for the whole app, unless it is told already. True when it changed.
    ///
    /// # Errors
    /// TikTok's.
    pub async fn register_webhook(
        &self,
        workspace: Id<Workspace>,
        app: &AppCredentials,
        callback_url: &str,
    ) -> Result<bool, Error> {
        let category = WebhookCategory::DirectMessage;
        let known = self.call(workspace, Turn::Now, self.client.webhook(app, category.clone())).await?;
        if known.callback_url.as_deref() == Some(callback_url) {
            return Ok(false);
        }
        self.call(workspace, Turn::Now, self.client.update_webhook(app, category, callback_url)).await?;
        Ok(true)
    }

    /// The name of an account as TikTok's calls want it.
    pub(super) fn business(external_id: &str) -> BusinessId {
        BusinessId::new(external_id)
    }
}

fn pair(tokens: TokenSet) -> NewTokens {
    NewTokens {
        access: tokens.access_token,
        access_lives: tokens.expires_in,
        refresh: tokens.refresh_token,
        refresh_lives: tokens.refresh_token_expires_in,
    }
}
