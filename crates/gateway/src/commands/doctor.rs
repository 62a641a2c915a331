//! `message-gateway doctor`: what keeps messages from coming and going, each with its cause and its fix.

use std::sync::Arc;

use clap::Args;
use domain::{Clock, Id, workspace::Scope};

use super::{CommandError, offline, output};
use crate::{
    config::Config,
    connect,
    doctor::{Doctor, Finding, Level},
    keyring::Keyring,
    providers::{Providers, tokens::Tokens},
    view,
};

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// For scripts
    #[arg(long)]
    json: bool,
    /// First tell TikTok to send webhooks to this gateway
    #[arg(long)]
    fix: bool,
}

/// Works beside a running server, which takes the test event. A problem is exit code 1.
pub(super) async fn run(args: &DoctorArgs, config: Config) -> Result<(), CommandError> {
    let providers = Providers::from_config(&config, &Clock::system())?;
    let config = Arc::new(config);
    let report = offline::with_store(&config, async |store, clock| {
        // Only now is there a data folder for its file.
        let keyring = Arc::new(Keyring::from_config(&config)?);
        // A fresh database has none yet; its calls are in nobody's way.
        let workspace = store.default_workspace().await?.map_or(Id::from_raw(0), |workspace| workspace.id);
        if args.fix {
            let url = &config.server.public_url;
            let (address, changed) = connect::point_webhook_here(providers.official(), workspace, url).await?;
            let done = if changed { "TikTok now sends webhooks to" } else { "TikTok already sends webhooks to" };
            output::note(&format!("{done} {address}"));
        }
        let accounts = store.accounts(&Scope::all(workspace)).await?;
        let tokens = Tokens::new(Arc::clone(&store), Arc::clone(&keyring), clock.clone(), providers.clone());
        let tokens = Arc::new(tokens);
        let doctor = Doctor::new(Arc::clone(&config), clock.clone(), store, keyring, &providers, tokens, workspace);
        let findings = doctor.examine_all(&accounts).await;
        let names: Vec<_> = accounts
            .into_iter()
            .map(|account| (account.id, account.display_name.or(account.username).unwrap_or(account.external_id)))
            .collect();
        Ok((clock.now(), findings, names))
    });
    let (checked_at, findings, names) = report.await?;
    let problems = findings.iter().filter(|finding| finding.level == Level::Problem).count();
    if args.json {
        output::json(&view::Health::new(checked_at, findings))?;
    } else {
        for finding in &findings {
            let name = names.iter().find(|(id, _)| Some(*id) == finding.account).map(|(_, name)| name.as_str());
            output::text(&shown(finding, name))?;
        }
    }
    if problems == 0 { Ok(()) } else { Err(CommandError::Unwell(problems)) }
}

/// A finding as lines for people.
fn shown(finding: &Finding, account: Option<&str>) -> String {
    let level = match finding.level {
        Level::Ok => "ok     ",
        Level::Hint => "hint   ",
        Level::Warning => "WARNING",
        Level::Problem => "PROBLEM",
    };
    let whose = account.map(|name| format!("{name}: ")).unwrap_or_default();
    let mut text = format!("{level}  {whose}{} [{}]\n", finding.title, finding.id);
    for (label, words) in
        [("", Some(&finding.cause)), ("Fix: ", finding.fix.as_ref()), ("Copy: ", finding.copy.as_ref())]
    {
        if let Some(words) = words.filter(|words| !words.is_empty()) {
            text = text + "         " + label + words + "\n";
        }
    }
    text
}
