//! An identity at Login Kit: whether TikTok still accepts its sign-in, and whether it tells the username.

use domain::account::{Account, AccountState, Binding, ProviderKind};

use super::{Action, Doctor, Finding, calls};
use crate::{
    connect::login::{ask, record},
    providers::{USERNAME_SCOPE, tokens::TokenError},
};

impl Doctor {
    /// Of the account's identity, if it has one.
    pub(super) async fn examine_identity(&self, account: &Account) -> Vec<Finding> {
        let scope = domain::workspace::Scope::all(account.workspace_id);
        let found = match record(&*self.store, &scope, account.id).await {
            Ok(found) => found,
            Err(error) => return vec![refused(&TokenError::Store(error))],
        };
        let bindings = found.into_iter().flat_map(|record| record.bindings);
        let Some(binding) = bindings.into_iter().find(|one| one.provider == ProviderKind::Login) else {
            return Vec::new();
        };
        let mut findings = Vec::new();
        if binding.sends {
            findings.push(
                Finding::hint("identity-only", "Identity only: carries no messages")
                    .because("Login Kit tells who somebody is. TikTok offers no direct messages through it.")
                    .fix("Connect the Business account of the same person, or say on the accounts page which account that came through Respond.io is theirs. Both then become one account, once you confirm it."),
            );
        }
        // The account's state has said it.
        if binding.sends && matches!(account.state, AccountState::Reconnect | AccountState::Disconnected) {
            return findings;
        }
        if let Some(trouble) = &binding.trouble {
            findings.push(over(trouble.clone()));
            return findings;
        }
        findings.push(self.identity_lives(&binding).await);
        if !binding.scopes.iter().any(|scope| scope == USERNAME_SCOPE) {
            findings.push(
                Finding::hint("identity-username", "Login Kit does not tell the username")
                    .because(format!("{USERNAME_SCOPE} was not granted, or the app is not approved for it; so the Business account of the same person can't be found by its name."))
                    .fix(format!("On developers.tiktok.com, Manage apps, your app, Scopes: add {USERNAME_SCOPE}. Then connect it again and leave every permission switched on."))
                    .action(Action::SignIn),
            );
        }
        findings
    }

    async fn identity_lives(&self, binding: &Binding) -> Finding {
        match ask(&self.login, &self.tokens, binding).await {
            Ok(_) => Finding::ok("identity-lives", "Login Kit accepts the sign-in of the identity"),
            Err(error) => refused(&error),
        }
    }
}

fn over(why: String) -> Finding {
    Finding::warning("identity-refused", "Login Kit refuses the sign-in of the identity")
        .because(why)
        .fix("Connect it again through Login Kit. Messages are not affected.")
        .action(Action::SignIn)
}

fn refused(error: &TokenError) -> Finding {
    match error {
        TokenError::Refresh(cause) => calls::failed("The identity", cause),
        other => over(format!("{other}.")),
    }
}
