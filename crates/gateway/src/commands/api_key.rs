//! `message-gateway api-key …`: keys for programs.

use clap::{Subcommand, ValueEnum};
use domain::{
    Id,
    identity::{ApiKey, KeyScope},
    store::Store,
    workspace::Workspace,
};

use super::{CommandError, offline, output};
use crate::{
    app::first_owner,
    auth::{KEY_PREFIX, Secret},
    config::Config,
    http::api_keys::{SHOWN, checked_name},
    view,
};

#[derive(Debug, Subcommand)]
pub(super) enum ApiKeyCommand {
    /// Make a key; its secret is shown this once
    Create {
        /// For people, such as shop-orders
        name: String,
        /// What it may do
        #[arg(long, value_enum, default_value_t = ScopeArg::Read)]
        scope: ScopeArg,
        /// For scripts
        #[arg(long)]
        json: bool,
    },
    /// Show keys, without their secrets
    List {
        /// For scripts
        #[arg(long)]
        json: bool,
    },
    /// Make a key worthless
    Revoke {
        /// The key's id, `key_…`
        id: Id<ApiKey>,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum ScopeArg {
    /// Read messages and conversations
    Read,
    /// And send
    Send,
    /// And manage accounts
    Admin,
}

impl From<ScopeArg> for KeyScope {
    fn from(scope: ScopeArg) -> Self {
        match scope {
            ScopeArg::Read => Self::Read,
            ScopeArg::Send => Self::Send,
            ScopeArg::Admin => Self::Admin,
        }
    }
}

pub(super) async fn run(command: ApiKeyCommand, config: &Config) -> Result<(), CommandError> {
    match command {
        ApiKeyCommand::Create { name, scope, json } => create(config, &name, scope.into(), json).await,
        ApiKeyCommand::List { json } => list(config, json).await,
        ApiKeyCommand::Revoke { id } => revoke(config, id).await,
    }
}

async fn create(config: &Config, name: &str, scope: KeyScope, json: bool) -> Result<(), CommandError> {
    let name = checked_name(name).ok_or_else(|| CommandError::Usage("the name has 1 to 100 characters".into()))?;
    let secret = Secret::generate(KEY_PREFIX);
    let key = offline::with_store(config, async |store, _| {
        let workspace = workspace(&*store).await?;
        Ok(store.create_api_key(workspace, secret.hash(), &secret.expose()[..SHOWN], name, scope, None).await?)
    })
    .await?;
    if json {
        output::json(&view::ApiKeyCreated::new(&key, secret.expose().to_owned()))
    } else {
        output::line(secret.expose())
    }
}

async fn list(config: &Config, json: bool) -> Result<(), CommandError> {
    let keys =
        offline::with_store(config, async |store, _| Ok(store.api_keys(workspace(&*store).await?).await?)).await?;
    let keys: Vec<view::ApiKey> = keys.iter().map(view::ApiKey::from).collect();
    if json {
        return output::json(&keys);
    }
    let rows: Vec<Vec<String>> = keys
        .into_iter()
        .map(|key| {
            let used = key.last_used_at.map_or_else(|| "never".to_owned(), |at| at.to_string());
            vec![
                key.id.to_string(),
                key.name,
                format!("{:?}", key.scope).to_lowercase(),
                format!("{}…", key.prefix),
                used,
            ]
        })
        .collect();
    output::table(&["ID", "NAME", "SCOPE", "KEY", "LAST USED"], &rows)
}

async fn revoke(config: &Config, id: Id<ApiKey>) -> Result<(), CommandError> {
    let revoked =
        offline::with_store(config, async |store, _| Ok(store.revoke_api_key(workspace(&*store).await?, id).await?))
            .await?;
    if revoked { output::line("revoked") } else { Err(CommandError::NotFound(format!("API key {id}"))) }
}

async fn workspace(store: &dyn Store) -> Result<Id<Workspace>, CommandError> {
    Ok(store.ensure_first_owner(first_owner()).await?.workspace.id)
}
