//! Questions that only `doctor` asks: is the app accepted, what does a token allow, do conversations move, what time is it there.

use std::time::Duration;

use domain::{Id, Timestamp, account::Account, workspace::Workspace};
use tiktok::{
    AccessToken, Error,
    model::{BusinessField, ConversationType, WebhookCategory},
    oauth::AppCredentials,
};

use super::{Official, Turn, translate::TEST_EVENT};

/// How long TikTok's clock may take to answer.
const TIME_TIMEOUT: Duration = Duration::from_secs(10);

/// The conversation that moved last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewestConversation {
    /// TikTok's id.
    pub id: String,
    /// When its last message was said.
    pub moved_at: Timestamp,
    /// The business has not answered yet.
    pub request: bool,
}

impl Official {
    /// Whether the API is a simulator on this machine.
    pub fn is_local(&self) -> bool {
        match self.api_url().host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }

    /// Where TikTok delivers direct-message events of the app; `None` where nothing is registered.
    ///
    /// # Errors
    /// TikTok's; 40101 when id and secret are not a pair.
    pub async fn webhook_address(
        &self,
        workspace: Id<Workspace>,
        app: &AppCredentials,
    ) -> Result<Option<String>, Error> {
        let ask = self.client.webhook(app, WebhookCategory::DirectMessage);
        Ok(self.call(workspace, Turn::Later, ask).await?.callback_url)
    }

    /// What an access token allows, by TikTok's own word and in its names.
    ///
    /// # Errors
    /// TikTok's; `token_expired` for one that it does not accept.
    pub async fn token_scopes(
        &self,
        workspace: Id<Workspace>,
        app: &AppCredentials,
        token: &AccessToken,
    ) -> Result<Vec<String>, Error> {
        let ask = self.client.token_info(app.app_id.clone(), token);
        let info = self.call(workspace, Turn::Later, ask).await?;
        Ok(info.scopes.as_slice().iter().map(ToString::to_string).collect())
    }

    /// Whether it is a business account; `None` where TikTok does not say.
    ///
    /// # Errors
    /// TikTok's.
    pub async fn is_business(&self, token: &AccessToken, account: &Account) -> Result<Option<bool>, Error> {
        let request = self.client.business(token, Self::business(&account.external_id));
        let ask = request.fields([BusinessField::IsBusinessAccount]);
        Ok(self.call(account.workspace_id, Turn::Later, ask).await?.is_business_account)
    }

    /// The conversation that moved last, of both lists; `None` when there are none.
    ///
    /// # Errors
    /// TikTok's; 40001 where the account may not use messages.
    pub async fn newest_conversation(
        &self,
        token: &AccessToken,
        account: &Account,
    ) -> Result<Option<NewestConversation>, Error> {
        let mut newest: Option<NewestConversation> = None;
        for kind in [ConversationType::Single, ConversationType::Stranger] {
            let request = kind == ConversationType::Stranger;
            let ask = self.client.list_conversations(token, Self::business(&account.external_id), kind);
            // TikTok promises no order, so the whole page (at most 100, all there are) is looked at.
            let page = self.call(account.workspace_id, Turn::Later, ask).await?;
            let found = page.conversations.into_iter().map(|one| NewestConversation {
                id: one.conversation_id.as_str().to_owned(),
                moved_at: Timestamp::from_millis(one.update_time_ms),
                request,
            });
            newest = found.chain(newest).max_by_key(|one| one.moved_at);
        }
        Ok(newest)
    }

    /// TikTok's time by the `Date` of an answer, to the second; `None` where it has none. The answer itself does not matter, so
    /// nothing is asked of any app.
    ///
    /// # Errors
    /// The connection's.
    pub async fn server_time(&self) -> Result<Option<Timestamp>, reqwest::Error> {
        let http = reqwest::Client::builder()
            .timeout(TIME_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(reqwest::Error::without_url)?;
        let answer = http.get(self.api_url().clone()).send().await.map_err(reqwest::Error::without_url)?;
        let date = answer.headers().get(reqwest::header::DATE).and_then(|date| date.to_str().ok());
        let parsed = date.and_then(|date| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok());
        Ok(parsed.map(|moment| Timestamp::from_millis(moment.as_millisecond())))
    }

    /// A webhook to ourselves with its signature header: TikTok's envelope around an event that is noted and shown nowhere. Its
    /// bytes are always the same, so that however often it is sent it is kept once. `None` without an app.
    pub fn test_event(&self, now: Timestamp) -> Option<(String, String)> {
        let app = self.app()?;
        let body = serde_json::json!({
            "client_key": app.app_id.as_str(),
            "event": TEST_EVENT,
            "create_time": 0,
            "content": "{}",
        })
        .to_string();
        let signature = tiktok::webhook::sign(&app.secret, now.as_secs(), body.as_bytes());
        Some((body, signature))
    }
}
