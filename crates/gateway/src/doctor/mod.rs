//! Finds out what keeps messages from coming and going, and says of each finding why it is so and what to do about it.
//! Run by the `doctor` command and by the health panel of an account; one file per group of checks.
//!
//! It changes nothing of its own accord: it calls TikTok and Respond.io (after whatever a reply waits for), sends itself one signed test
//! event, and renews a token or writes down that one is refused exactly as a worker would.

mod account;
mod app;
mod calls;
mod clock;
mod finding;
mod identity;
mod machine;
mod messages;
mod reach;
mod respondio;
mod settings;

use std::{future::Future, sync::Arc, time::Duration};

use domain::{
    Clock, Id,
    account::Account,
    store::{DatabaseWarning, Store},
    workspace::Workspace,
};

pub use finding::{Action, Finding, Level};

use crate::{
    config::Config,
    keyring::Keyring,
    providers::{Login, Official, Providers, respondio::Lines, tokens::Tokens},
};

/// How long one group of checks may take: all run side by side, and an answer over HTTP has 30 seconds.
const PATIENCE: Duration = Duration::from_secs(24);

/// What the checks need. Made by the command and by the handler from the parts that they have.
pub struct Doctor {
    config: Arc<Config>,
    clock: Clock,
    store: Arc<dyn Store>,
    keyring: Arc<Keyring>,
    official: Arc<Official>,
    login: Arc<Login>,
    tokens: Arc<Tokens>,
    lines: Lines,
    workspace: Id<Workspace>,
}

impl std::fmt::Debug for Doctor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Doctor").finish_non_exhaustive()
    }
}

impl Doctor {
    /// Over these parts. What concerns the whole app is asked in the turn of `workspace`.
    pub fn new(
        config: Arc<Config>,
        clock: Clock,
        store: Arc<dyn Store>,
        keyring: Arc<Keyring>,
        providers: &Providers,
        tokens: Arc<Tokens>,
        workspace: Id<Workspace>,
    ) -> Self {
        let (official, login) = (Arc::clone(providers.official()), Arc::clone(providers.login()));
        // The budget of each space is with the provider, so these calls are counted with all others.
        let lines = Lines::new(Arc::clone(&store), Arc::clone(&keyring), Arc::clone(providers.respondio()));
        Self { config, clock, store, keyring, official, login, tokens, lines, workspace }
    }

    /// What concerns one account: the settings, the app at TikTok, the way here, the clock, the account itself. Worst first.
    pub async fn examine(&self, account: &Account) -> Vec<Finding> {
        let accounts = std::slice::from_ref(account);
        let (everyone, own) = tokio::join!(self.everyone(accounts), self.account(account));
        worst_first(everyone.into_iter().chain(own).collect())
    }

    /// Everything: what concerns every account, each account, and this machine. Worst first.
    pub async fn examine_all(&self, accounts: &[Account]) -> Vec<Finding> {
        let (mut findings, machine) = tokio::join!(self.everyone(accounts), self.machine());
        findings.extend(machine);
        for account in accounts {
            findings.extend(self.account(account).await);
        }
        worst_first(findings)
    }

    async fn everyone(&self, accounts: &[Account]) -> Vec<Finding> {
        let through_respondio = self.only_through_respondio(accounts).await;
        let mut findings = settings::check(&self.config, self.official.is_local(), through_respondio);
        let app = async { if through_respondio { Vec::new() } else { self.app().await } };
        let (app, reach, clock) = tokio::join!(
            in_time("The app at TikTok", app),
            in_time("The public address", self.reach()),
            in_time("The clock", self.time()),
        );
        let reach = reach.into_iter().map(|one| if through_respondio { reach::beside_respondio(one) } else { one });
        findings.extend(app.into_iter().chain(reach).chain(clock));
        findings
    }

    async fn account(&self, account: &Account) -> Vec<Finding> {
        let findings = in_time("The account", self.examine_account(account)).await;
        findings.into_iter().map(|finding| finding.of(account.id)).collect()
    }

    async fn machine(&self) -> Vec<Finding> {
        in_time("This machine", self.examine_machine()).await
    }

    /// What the database says of itself.
    fn database_warnings(&self) -> Vec<DatabaseWarning> {
        self.store.warnings()
    }
}

async fn in_time(what: &str, checks: impl Future<Output = Vec<Finding>>) -> Vec<Finding> {
    tokio::time::timeout(PATIENCE, checks).await.unwrap_or_else(|_| {
        let title = format!("{what} could not be examined in time");
        let finding = Finding::warning("too-slow", title)
            .because("What was asked did not answer within 24 seconds, or replies took the whole budget of calls.")
            .fix("Run it again in a minute. If it stays so, look at the connection to business-api.tiktok.com, and to api.respond.io where accounts go through it.");
        vec![finding]
    })
}

fn worst_first(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_never_answers_is_named() {
        let findings = in_time("The app at TikTok", std::future::pending()).await;
        assert_eq!((findings[0].id, findings[0].level), ("too-slow", Level::Warning));
        assert!(
            findings[0].title.starts_with("The app at TikTok")
                && findings[0].fix.as_ref().unwrap().contains("Run it again")
        );
    }

    #[test]
    fn the_worst_comes_first_and_the_order_stays_otherwise() {
        let findings = vec![
            Finding::ok("a", ""),
            Finding::problem("b", ""),
            Finding::hint("c", ""),
            Finding::problem("d", ""),
            Finding::warning("e", ""),
        ];
        let ids: Vec<_> = worst_first(findings).into_iter().map(|finding| finding.id).collect();
        assert_eq!(ids, ["b", "d", "e", "c", "a"]);
    }

    /// The ids of all findings that ask for something, as the checks and the database spell them.
    fn ids() -> std::collections::BTreeSet<&'static str> {
        let sources = [
            include_str!("account.rs"),
            include_str!("app.rs"),
            include_str!("calls.rs"),
            include_str!("clock.rs"),
            include_str!("identity.rs"),
            include_str!("machine.rs"),
            include_str!("messages.rs"),
            include_str!("mod.rs"),
            include_str!("reach.rs"),
            include_str!("respondio.rs"),
            include_str!("settings.rs"),
            include_str!("../../../store-postgres/src/connect.rs"),
        ];
        let said = sources.map(|source| source.split("#[cfg(test)]").next().unwrap_or_default());
        let marks = ["Finding::problem(", "Finding::warning(", "Finding::hint(", "redirected(", "level(", "id: "];
        let after = |source: &'static str, mark: &'static str| source.split(mark).skip(1);
        let all = said.into_iter().flat_map(|source| marks.into_iter().flat_map(move |mark| after(source, mark)));
        all.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next()).collect()
    }

    #[test]
    fn every_finding_is_caused_by_a_test_and_explained_in_the_manual() {
        let manual = include_str!("../../../../docs/troubleshooting.md");
        let tests = [
            include_str!("../../tests/it/doctor.rs"),
            include_str!("../../tests/it/doctor_command.rs"),
            include_str!("../../tests/it/doctor_reach.rs"),
            include_str!("../../tests/it/doctor_respondio.rs"),
            include_str!("../../tests/it/history.rs"),
            include_str!("../../tests/it/withheld.rs"),
            include_str!("../../tests/it/identities.rs"),
            include_str!("../../../store-postgres/tests/isolation.rs"),
            include_str!("settings.rs"),
            include_str!("reach.rs"),
            include_str!("mod.rs"),
        ]
        .map(|source| source.split_once("#[cfg(test)]").map_or(source, |(_, tests)| tests));
        let ids = ids();
        assert!(ids.len() > 50, "{ids:?}");
        for id in ids {
            assert!(manual.contains(&format!("| `{id}` |")), "{id} has no row in docs/troubleshooting.md");
            assert!(tests.iter().any(|test| test.contains(&format!("\"{id}\""))), "no test causes {id}");
        }
    }
}
