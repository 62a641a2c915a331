//! The app at TikTok: whether its id and secret are accepted, and where its webhooks go. One cheap call tells both.

use tiktok::ErrorCode;

use super::{Action, Doctor, Finding, calls};
use crate::connect;

impl Doctor {
    pub(super) async fn app(&self) -> Vec<Finding> {
        // That there is none, the settings have said.
        let Some(app) = self.official.app() else { return Vec::new() };
        match self.official.webhook_address(self.workspace, app).await {
            Ok(registered) => {
                let accepted = Finding::ok("app-accepted", "TikTok accepts the app's id and secret")
                    .because(format!("App {} may read where its webhooks go.", app.app_id.as_str()));
                let ours = connect::webhook_url(&self.config.server.public_url, &self.official);
                let webhook = ours.map(|ours| registration(registered.as_deref(), &ours));
                [accepted].into_iter().chain(webhook).collect()
            }
            Err(error) if error.code() == Some(ErrorCode::InvalidPartner) => vec![
                Finding::problem("app-refused", "TikTok refuses the app's id and secret")
                    .because(calls::seen(&error))
                    .fix("TIKTOK_APP_ID and TIKTOK_APP_SECRET must be App ID and Secret of one app: copy both again from the TikTok API for Business portal, My Apps, your app, App Detail. After the secret was reset there, the old one is dead. Then start the gateway again."),
            ],
            Err(error) => vec![calls::failed("The app", &error)],
        }
    }
}

/// Whether TikTok delivers here. The address is one per app: two gateways can't share it.
fn registration(registered: Option<&str>, ours: &str) -> Finding {
    let fix = "Point it here with the button, with “message-gateway doctor --fix”, or by connecting an account again.";
    match registered {
        Some(address) if address == ours => Finding::ok("webhook-registered", "TikTok sends webhooks to this gateway")
            .because(format!("DIRECT_MESSAGE goes to {ours}.")),
        None => Finding::problem("webhook-missing", "TikTok does not know where to send messages")
            .because("The app has no address for DIRECT_MESSAGE, so nothing arrives.")
            .fix(fix)
            .copy("message-gateway doctor --fix")
            .action(Action::SetWebhook),
        Some(address) => {
            let nearly = address.trim_end_matches('/') == ours.trim_end_matches('/');
            let why = if nearly { " It differs by the slash at its end, which is another address." } else { "" };
            Finding::problem("webhook-elsewhere", "TikTok sends messages to another address")
                .because(format!("DIRECT_MESSAGE goes to {address}, and this gateway is {ours}.{why}"))
                .fix(format!("{fix} The other address gets nothing from then on: an app has one. If the other one is right, set PUBLIC_URL to it."))
                .copy("message-gateway doctor --fix")
                .action(Action::SetWebhook)
        }
    }
}
