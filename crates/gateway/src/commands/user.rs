//! `message-gateway user …`: who can sign in, and one-time links for whoever lost their password.

use clap::Subcommand;
use serde_json::json;

use super::{CommandError, offline, output};
use crate::{app::first_owner, auth::make_link, config::Config, view};

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Show who can sign in
    List {
        /// For scripts
        #[arg(long)]
        json: bool,
    },
    /// Make a one-time link that signs in, good for 30 minutes
    LoginLink {
        /// Whom it signs in [default: the owner]
        #[arg(long, value_name = "ADDRESS")]
        email: Option<String>,
        /// For scripts
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(command: UserCommand, config: &Config) -> Result<(), CommandError> {
    match command {
        UserCommand::List { json } => list(config, json).await,
        UserCommand::LoginLink { email, json } => login_link(config, email, json).await,
    }
}

async fn list(config: &Config, json: bool) -> Result<(), CommandError> {
    let members = offline::with_store(config, async |store, _| match store.default_workspace().await? {
        Some(workspace) => Ok(store.members(workspace.id).await?),
        None => Ok(Vec::new()),
    })
    .await?;
    let members: Vec<view::Member> = members.iter().map(view::Member::from).collect();
    if json {
        return output::json(&members);
    }
    let rows: Vec<Vec<String>> = members
        .into_iter()
        .map(|member| {
            vec![
                member.id.to_string(),
                format!("{:?}", member.role).to_lowercase(),
                member.name,
                member.email.unwrap_or_else(|| "(not set up)".into()),
            ]
        })
        .collect();
    output::table(&["ID", "ROLE", "NAME", "E-MAIL"], &rows)
}

async fn login_link(config: &Config, email: Option<String>, json: bool) -> Result<(), CommandError> {
    let link = offline::with_store(config, async |store, clock| {
        let member = match email {
            Some(email) => {
                let found = store.member_by_email_any_workspace(&email.trim().to_lowercase()).await?;
                found.ok_or_else(|| CommandError::NotFound(format!("user with the address {email}")))?
            }
            None => store.ensure_first_owner(first_owner()).await?,
        };
        Ok(make_link(&*store, &clock, &config.server, member.user.id).await?)
    })
    .await?;
    if json {
        output::json(&json!({"link": link.as_str(), "validForSecs": crate::auth::LINK_LIFETIME.as_secs()}))
    } else {
        output::line(link.as_str())
    }
}
