//! Where TikTok delivers webhooks to: told to it whenever an account is connected, and when an admin asks for it.

use domain::{Id, workspace::Workspace};
use tiktok::oauth::AppCredentials;
use url::Url;

use super::ConnectError;
use crate::providers::Official;

/// The account is connected either way; without webhooks nothing arrives, so this is loud.
pub(super) async fn register(official: &Official, workspace: Id<Workspace>, app: &AppCredentials, url: &str) {
    match official.register_webhook(workspace, app, url).await {
        Ok(true) => tracing::info!("TikTok was told where direct-message webhooks go"),
        Ok(false) => {}
        Err(error) => {
            tracing::error!(%error, "TikTok could not be told where webhooks go: no message will arrive until it is");
        }
    }
}

/// Where TikTok can deliver webhooks to: our public address if it is https, or if TikTok is a simulator on this machine.
pub fn webhook_url(public_url: &Url, official: &Official) -> Option<String> {
    let reachable = public_url.scheme() == "https" || official.is_local();
    reachable.then(|| public_url.join("webhook/tiktok").ok().map(String::from)).flatten()
}

/// Tells TikTok that webhooks come here, as connecting an account does. Gives the address, and whether TikTok had another or none.
///
/// # Errors
/// `NoApp`, `NoAddress`, or `Tiktok`.
pub async fn point_webhook_here(
    official: &Official,
    workspace: Id<Workspace>,
    public_url: &Url,
) -> Result<(String, bool), ConnectError> {
    let app = official.app().ok_or(ConnectError::NoApp)?;
    let address = webhook_url(public_url, official).ok_or(ConnectError::NoAddress)?;
    let changed = official.register_webhook(workspace, app, &address).await?;
    tracing::info!(changed, "TikTok was told where direct-message webhooks go");
    Ok((address, changed))
}
