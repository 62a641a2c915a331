//! Signs that are no messages: that somebody types, and that messages were looked at. TikTok's `SENDER_ACTION`.

use domain::account::Account;
use tiktok::{AccessToken, Error};

use super::{Official, Turn};

impl Official {
    /// Shows the customer for five seconds that somebody types. False: the budget of calls was short, so nothing was called.
    ///
    /// # Errors
    /// TikTok's.
    pub async fn show_typing(&self, token: &AccessToken, account: &Account, conversation: &str) -> Result<bool, Error> {
        let Some(left) = self.pace.spare() else { return Ok(false) };
        let business = account.external_id.as_str();
        let outcome = self.client.send_message(token, business).conversation(conversation).typing().await;
        self.learn(left, &outcome);
        outcome.map(|_| true)
    }

    /// Shows the customer that everything in the conversation was looked at.
    ///
    /// # Errors
    /// TikTok's.
    pub async fn mark_read(&self, token: &AccessToken, account: &Account, conversation: &str) -> Result<(), Error> {
        let business = account.external_id.as_str();
        let sign = self.client.send_message(token, business).conversation(conversation).mark_read();
        self.call(account.workspace_id, Turn::Later, sign).await.map(drop)
    }
}
