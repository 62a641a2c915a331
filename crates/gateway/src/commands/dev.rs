//! `message-gateway dev`: gateway, simulated TikTok and demo data on this machine, in one process, without any credentials.

use std::path::PathBuf;

use clap::Args;
use domain::Clock;
use serde_json::json;
use url::Url;

use super::{
    CommandError, output,
    serve::{self, Stop},
    simulator as simulator_command,
};
use crate::{
    app::{App, Gateway, first_owner},
    auth::{Secret, make_link},
    config::{Config, Settings},
    connect,
};

/// Of the simulated Login Kit app; another one than the Business app's, as at TikTok.
const LOGIN_SECRET: &str = "login-secret-not-for-production";

#[derive(Debug, Args)]
pub(super) struct DevArgs {
    /// Port of the simulated TikTok and its phone console
    #[arg(long, default_value_t = simulator_command::PORT)]
    simulator_port: u16,
    /// Start without demo people and conversations
    #[arg(long)]
    empty: bool,
    /// Keep what the last trial left behind; the simulator itself always starts anew
    #[arg(long)]
    keep: bool,
    /// Print one line of JSON when ready, for whoever started it
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &DevArgs, settings: Settings) -> Result<(), CommandError> {
    let stop = Stop::listen()?;
    let phone = serve::listen("127.0.0.1", args.simulator_port).await?;
    let phone_url = Url::parse(&format!("http://localhost:{}/", phone.local_addr()?.port()))
        .expect("invariant: a port number makes a valid address");
    let config = local_config(settings, &phone_url)?;
    let listener = serve::listen(&config.server.host.to_string(), config.server.port).await?;
    if !args.keep {
        forget_last_trial(&config)?;
    }
    let gateway = Gateway::start(config, listener, Clock::system()).await?;
    let app = gateway.app();

    let simulator = simulator_command::build(&phone, Vec::new())?;
    // What a person enters in TikTok's Developer Portal: its one webhook address has no API.
    simulator.register_app(simulator::NewApp {
        app_id: simulator::DEFAULT_WEB_KEY.to_owned(),
        secret: LOGIN_SECRET.to_owned(),
        platform: simulator::Platform::LoginWeb,
        webhook_url: connect::webhook_url(&app.config.server.public_url, app.providers.official()),
        ..simulator::NewApp::default()
    });
    let (served, ended, closing) = (simulator.clone(), app.lifecycle.clone(), app.lifecycle.token());
    app.lifecycle.spawn_critical("simulator", async move {
        if let Err(error) = served.serve(phone, closing.cancelled_owned()).await {
            ended.fail("simulator", error.to_string());
        }
    });
    if !args.empty {
        simulator.seed_demo();
        connect_demo(app, &simulator).await?;
        simulator.tell_demo();
    }

    let owner = app.store.ensure_first_owner(first_owner()).await?;
    let link = make_link(&*app.store, &app.clock, &app.config.server, owner.user.id).await?;
    let inbox = &app.config.server.public_url;
    if args.json {
        output::json_line(&json!({ "url": inbox, "link": link, "simulator": phone_url }))?;
    } else {
        output::line(&format!(
            "\n  Inbox   {link}\n          signs you in once; afterwards just {inbox}\n  Phone   {phone_url}\n          write as a customer, \
             answer in TikTok's app, break things\n\n  Ctrl+C ends it. Nothing here is TikTok, and nothing leaves this machine.\n"
        ))?;
    }
    serve::serve(gateway, stop).await
}

/// A trial begins with an empty database: the simulator forgets too, and the two must agree.
fn forget_last_trial(config: &Config) -> Result<(), CommandError> {
    match std::fs::remove_dir_all(&config.storage.data_dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Connects the demo businesses by the true round trip; only the click on the consent page is made for the owner.
async fn connect_demo(app: &App, simulator: &simulator::Simulator) -> Result<(), CommandError> {
    let trial =
        |what: &dyn std::fmt::Display| CommandError::Usage(format!("the demo accounts could not be connected: {what}"));
    let owner = app.store.ensure_first_owner(first_owner()).await?;
    let official = app.providers.official();
    let redirect_uri = String::from(app.config.server.redirect_address());
    let webhook_url = connect::webhook_url(&app.config.server.public_url, official);
    let session = Secret::generate("").hash();
    for business in simulator::DEMO_CONNECTED {
        let (workspace, asked) = (owner.workspace.id, connect::Asked { posts: true, side_of: None });
        let consent =
            connect::begin(&*app.store, official, workspace, session, &redirect_uri, asked, app.clock.now()).await;
        let consent = Url::parse(&consent.map_err(|error| trial(&error))?).map_err(|error| trial(&error))?;
        let state = consent.query_pairs().find_map(|(name, value)| (name == "state").then(|| value.into_owned()));
        let code =
            simulator.consent(business, simulator::DEFAULT_APP_ID, &redirect_uri).map_err(|error| trial(&error))?;
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("code", &code)
            .append_pair("state", state.as_deref().unwrap_or_default())
            .finish();
        let back = connect::Return {
            query: &query,
            session,
            redirect_uri: &redirect_uri,
            webhook_url: webhook_url.as_deref(),
        };
        connect::finish(&*app.store, &app.providers, &app.keyring, back, app.clock.now())
            .await
            .map_err(|error| trial(&error))?;
    }
    Ok(())
}

/// The settings of a trial: everything of TikTok's points at the simulator, and what is kept lies beside the real data, never in it.
fn local_config(settings: Settings, phone: &Url) -> Result<Config, CommandError> {
    let data_dir: PathBuf = Config::from_settings(&settings)?.storage.data_dir.join("dev");
    let below = |path: &str| phone.join(path).expect("invariant: our own paths join").to_string();
    let settings = settings.with_override([
        ("DATA_DIR", data_dir.display().to_string()),
        ("DATABASE_URL", format!("sqlite:{}", data_dir.join("gateway.db").display())),
        ("BLOB_URL", format!("file:{}", data_dir.join("blobs").display())),
        ("PROVIDER", "official".to_owned()),
        ("TIKTOK_APP_ID", simulator::DEFAULT_APP_ID.to_owned()),
        ("TIKTOK_APP_SECRET", simulator::DEFAULT_APP_SECRET.to_owned()),
        ("TIKTOK_CLIENT_KEY", simulator::DEFAULT_WEB_KEY.to_owned()),
        ("TIKTOK_CLIENT_SECRET", LOGIN_SECRET.to_owned()),
        ("TIKTOK_BUSINESS_API_URL", below("open_api/v1.3/")),
        ("TIKTOK_OPEN_API_URL", below("v2/")),
        ("TIKTOK_AUTHORIZE_URL", below("v2/auth/authorize")),
        ("RESPONDIO_API_URL", below("respondio/v2/")),
    ]);
    let mut config = Config::from_settings(&settings)?;
    if !config.server.host.is_loopback() {
        return Err(CommandError::Usage(
            "dev takes unsigned webhooks, so it listens on this machine only; leave HOST at 127.0.0.1".into(),
        ));
    }
    config.dev = true;
    config.simulator_url = Some(phone.clone());
    Ok(config)
}
