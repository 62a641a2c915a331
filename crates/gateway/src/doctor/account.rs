//! One account: its authorization, what it was allowed, what kind of account it is, and whether messages really flow.

use std::time::Duration;

use domain::{
    Timestamp,
    account::{Account, AccountState, ProviderKind},
    workspace::Scope,
};
use tiktok::{AccessToken, Error, ErrorCode};

use super::{Action, Doctor, Finding, calls, respondio::NEW_TOKEN, settings};
use crate::{
    connect::ESSENTIAL,
    providers::{
        missing_scopes,
        tokens::{Current, TokenError},
    },
};

/// How long before its end an authorization is worth a word.
const ENDS_SOON: Duration = Duration::from_hours(24 * 30);
/// How much later than its webhook TikTok's own list may be.
const LAG: Duration = Duration::from_mins(10);
/// From this silence on, the owner's setting is worth a look.
const SILENT: Duration = Duration::from_hours(24);
/// The scope that reading needs.
const READ: &str = "message.list.read";
/// The scope that tells what kind of account it is.
const TYPE: &str = "user.account.type";
/// Where an owner lets everybody write.
const EVERYONE: &str = "In the TikTok app of this account: Profile, Menu, Settings and privacy, Privacy, Direct messages, choose Everyone. TikTok reads it when the account is connected, so connect it again afterwards.";

impl Doctor {
    pub(super) async fn examine_account(&self, account: &Account) -> Vec<Finding> {
        let mut findings: Vec<Finding> = state(account).into_iter().collect();
        for side in self.sides(account).await {
            findings.extend(self.examine_side(&side).await);
        }
        findings.extend(self.examine_identity(account).await);
        findings
    }

    /// The account as each of its sides shows it, the sending one first.
    async fn sides(&self, account: &Account) -> Vec<Account> {
        let scope = Scope::all(account.workspace_id);
        let mut shown = vec![account.clone()];
        for side in self.store.sides(&scope, account.id).await.unwrap_or_default() {
            if side.provider != account.provider {
                let other = self.store.account_through(&scope, account.id, side.provider).await;
                shown.extend(other.ok().flatten());
            }
        }
        shown
    }

    /// Whether TikTok's app carries nothing of these accounts, so that it may wait. Identities carry no messages; where no connected
    /// account does, the settings tell.
    pub(super) async fn only_through_respondio(&self, accounts: &[Account]) -> bool {
        let carries = |one: &&Account| one.provider.carries_messages() && one.state != AccountState::Disconnected;
        let mut carrying = accounts.iter().filter(carries).peekable();
        if carrying.peek().is_none() {
            return settings::mean_respondio(&self.config);
        }
        for account in carrying {
            if self.sides(account).await.iter().any(|side| side.provider != ProviderKind::Respondio) {
                return false;
            }
        }
        true
    }

    async fn examine_side(&self, account: &Account) -> Vec<Finding> {
        match account.provider {
            ProviderKind::Thirdparty => self.thirdparty_account(account),
            _ if account.state == AccountState::Disconnected => Vec::new(),
            ProviderKind::Official => {
                let mut findings = self.official_account(account).await;
                findings.extend(self.messages(account).await);
                findings
            }
            ProviderKind::Respondio => self.respondio_account(account).await,
            ProviderKind::Login => Vec::new(),
        }
    }

    fn thirdparty_account(&self, account: &Account) -> Vec<Finding> {
        let mut findings = vec![last_delivery(account, self.clock.now())];
        if self.config.messages.webhook_verify_token.is_none() {
            findings.push(
                Finding::problem("verify-token-missing", "The generic webhook takes nothing")
                    .because("WEBHOOK_VERIFY_TOKEN is not set, so no signature can be checked.")
                    .fix("Set WEBHOOK_VERIFY_TOKEN to the key that the other system signs with, then start the gateway again."),
            );
        }
        findings
    }

    async fn official_account(&self, account: &Account) -> Vec<Finding> {
        let (current, granted) = match self.sign_in(account).await {
            Ok(found) => found,
            Err(finding) => return vec![*finding],
        };
        let mut findings = vec![self.sign_in_lives(account).await];
        findings.push(scopes(&granted));
        let may = |scope: &str| granted.iter().any(|one| one == scope);
        if may(TYPE) {
            findings.extend(self.kind(account, &current.access).await);
        }
        if may(READ) {
            findings.extend(self.flow(account, &current.access).await);
        }
        findings
    }

    /// A token that TikTok accepts, renewed once if need be, as a worker would.
    async fn sign_in(&self, account: &Account) -> Result<(Current, Vec<String>), Box<Finding>> {
        let app = self.official.app().ok_or_else(|| calls::refused(&TokenError::NoApp))?;
        let current = self.tokens.current(account).await.map_err(|error| calls::refused(&error))?;
        match self.official.token_scopes(self.workspace, app, &current.access).await {
            Ok(granted) => return Ok((current, granted)),
            Err(error) if error.token_expired() => {}
            Err(error) => return Err(Box::new(calls::failed("The sign-in", &error))),
        }
        let current = self.tokens.renewed(account, current.version).await.map_err(|error| calls::refused(&error))?;
        let granted = self.official.token_scopes(self.workspace, app, &current.access).await.map_err(|error| {
            if error.token_expired() {
                calls::refused(&TokenError::Reauthorize)
            } else {
                Box::new(calls::failed("The sign-in", &error))
            }
        })?;
        Ok((current, granted))
    }

    async fn sign_in_lives(&self, account: &Account) -> Finding {
        let tokens = self.store.tokens(&Scope::all(account.workspace_id), account.binding).await;
        let Ok(Some(tokens)) = tokens else { return calls::refused(&TokenError::None).as_ref().clone() };
        let end = tokens.refresh_expires_at;
        if end <= self.clock.now().plus(ENDS_SOON) {
            return Finding::warning("sign-in-ends", "The sign-in ends soon")
                .because(format!("TikTok allows it until {end}, and renewing does not start the year anew."))
                .fix("Connect the account again before that day; messages and chats stay.")
                .action(Action::Reconnect);
        }
        Finding::ok("sign-in-lives", "TikTok accepts the sign-in").because(format!("It renews itself until {end}."))
    }

    async fn kind(&self, account: &Account, token: &AccessToken) -> Option<Finding> {
        match self.official.is_business(token, account).await {
            Ok(Some(false)) => Some(
                Finding::problem("account-personal", "This is a personal account")
                    .because("TikTok gives direct messages to business accounts only.")
                    .fix("In the TikTok app of this account: Settings and privacy, Account, Switch to Business Account. Then connect it again.")
                    .action(Action::Reconnect),
            ),
            Ok(Some(true)) => Some(Finding::ok("account-business", "It is a business account")),
            // TikTok does not say.
            Ok(None) => None,
            // The conversations tell the same, and say what to do.
            Err(error) if error.code() == Some(ErrorCode::NoPermission) => None,
            Err(error) => Some(calls::failed("The profile", &error)),
        }
    }

    /// Whether conversations may be read, whether what they hold arrived, and whether pictures may be sent.
    async fn flow(&self, account: &Account, token: &AccessToken) -> Vec<Finding> {
        let newest = match self.official.newest_conversation(token, account).await {
            Ok(newest) => newest,
            Err(error) => return vec![not_allowed("The conversations", &error)],
        };
        let mut findings = vec![Finding::ok("messages-allowed", "TikTok lets this account use messages")];
        let heard = account.last_delivery_at;
        match &newest {
            Some(newest) if heard.is_none_or(|heard| heard.plus(LAG) < newest.moved_at) => findings.push(
                Finding::warning("webhooks-missed", "TikTok has messages that did not arrive here")
                    .because(format!(
                        "A conversation moved at {}; the last webhook came {}.",
                        newest.moved_at,
                        heard.map_or_else(|| "never".to_owned(), |heard| format!("at {heard}"))
                    ))
                    .fix(format!("See that the webhook is registered and reachable (above). If it is, strangers' messages are being held back. {EVERYONE}")),
            ),
            _ => findings.push(last_delivery(account, self.clock.now())),
        }
        if let Some(newest) = newest {
            findings.extend(pictures(self.official.image_send(token, account, &newest.id, newest.request).await));
        }
        findings
    }
}

fn state(account: &Account) -> Option<Finding> {
    let reason = account.state_reason.clone().unwrap_or_default();
    match account.state {
        AccountState::Active | AccountState::Expiring => None,
        AccountState::Paused => Some(
            Finding::hint("account-paused", "The account is paused")
                .because("A person paused it: messages arrive, replies wait.")
                .fix("Resume it on the Accounts page."),
        ),
        AccountState::Reconnect => {
            let finding = Finding::problem("account-reconnect", "The account waits for a new sign-in").because(reason);
            let fix = if account.provider == ProviderKind::Respondio {
                NEW_TOKEN
            } else {
                "Connect the account again and leave every permission switched on."
            };
            Some(again(finding.fix(fix), account))
        }
        AccountState::Disconnected => {
            let finding = Finding::hint("account-disconnected", "The account is disconnected")
                .because(reason)
                .fix("Connect it again to go on; its chats are still here.");
            Some(again(finding, account))
        }
    }
}

/// With the one of the two ways that leads back; to Respond.io none leads by one click.
fn again(finding: Finding, account: &Account) -> Finding {
    match account.provider {
        ProviderKind::Login => finding.action(Action::SignIn),
        ProviderKind::Respondio => finding,
        ProviderKind::Official | ProviderKind::Thirdparty => finding.action(Action::Reconnect),
    }
}

fn scopes(granted: &[String]) -> Finding {
    let missing = missing_scopes(granted);
    if missing.is_empty() {
        return Finding::ok("scopes-granted", "Every permission is granted");
    }
    let title = format!("Not permitted: {}", missing.join(", "));
    let essential = missing.iter().any(|scope| ESSENTIAL.contains(&scope.as_str()));
    let finding =
        if essential { Finding::problem("scopes-missing", title) } else { Finding::warning("scopes-missing", title) };
    finding
            .because("Whoever connected the account switched permissions off, or TikTok has not approved the app for them.")
            .fix("Connect again and leave every permission switched on. If one is not offered there, ask for it in the TikTok API for Business portal, My Apps, your app, Scope of permission.")
            .action(Action::Reconnect)
}

/// 40001 is one code for three causes; the API does not tell the country.
fn not_allowed(what: &str, error: &Error) -> Finding {
    if error.code() != Some(ErrorCode::NoPermission) {
        return calls::failed(what, error);
    }
    Finding::problem("account-not-allowed", "TikTok does not let this account use messages")
        .because(format!("{} The permissions are granted, so it is the account's country (registered in the EEA, Switzerland or the UK it can sign in, and every call fails) or the app, which is not approved for Business Messaging yet.", calls::seen(error)))
        .fix("See in the TikTok API for Business portal, My Apps, your app, whether Business Messaging is approved; for accounts of the USA a further review is needed. An account of an excluded country can't be used: choose one that was registered elsewhere.")
}

fn last_delivery(account: &Account, now: Timestamp) -> Finding {
    match account.last_delivery_at {
        Some(heard) if heard.plus(SILENT) > now => {
            Finding::ok("webhooks-arrive", "Webhooks arrive").because(format!("The last one came at {heard}."))
        }
        heard => {
            let title = if heard.is_some() { "No webhook for a day" } else { "No webhook yet" };
            let seen = heard.map_or_else(
                || "None came since it was connected".to_owned(),
                |heard| format!("The last one came at {heard}"),
            );
            let finding = Finding::hint("dm-permission", title);
            if account.provider == ProviderKind::Official {
                finding.because(format!("{seen}. TikTok holds strangers' messages back unless everyone may write, and its API does not tell that setting.")).fix(EVERYONE)
            } else {
                finding.because(format!("{seen}.")).fix("Send one from the other system and look at its answer.")
            }
        }
    }
}

fn pictures(answer: Result<Option<bool>, Error>) -> Option<Finding> {
    match answer {
        Ok(Some(true)) => Some(Finding::ok("pictures-allowed", "Pictures may be sent in the newest conversation")),
        Ok(Some(false)) => Some(
            Finding::hint("pictures-refused", "No pictures may be sent in the newest conversation")
                .because("TikTok decides it for each conversation, by the country of the account and of the customer.")
                .fix("Send words or a link. The composer asks for each conversation and shows no picture button where it is refused."),
        ),
        // TikTok does not say.
        Ok(None) => None,
        Err(error) => Some(not_allowed("The pictures", &error)),
    }
}
