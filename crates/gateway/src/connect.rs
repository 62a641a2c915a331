//! Connecting and disconnecting a TikTok account: a business account here, an identity in `login`.
//! Called by `http::connect` (the browser's round trip) and by the account routes (disconnect).

mod asked;
mod disconnect;
pub mod login;
pub mod sides;
mod webhook;

use std::time::Duration;

use domain::{
    Id, Timestamp,
    account::{Account, AccountState, Connect, ProviderKind},
    history::HistoryState,
    identity::{OauthState, SecretHash},
    job::{NewJob, Task},
    store::{ConversationFilter, Sort, Store, StoreError, StoreResult, View},
    workspace::{Scope, Workspace},
};
use tiktok::{ErrorClass, oauth::Callback};

pub use asked::Asked;
use asked::{kind_of, side_of};
pub use disconnect::disconnect;
use webhook::register;
pub use webhook::{point_webhook_here, webhook_url};

use crate::{
    auth::{Secret, hash_of},
    keyring::Keyring,
    providers::{Granted, Official, Providers, missing_scopes, tokens},
};

/// How long a round trip may take. TikTok's code lives as long.
const ROUND_TRIP: Duration = Duration::from_mins(10);
/// Conversations whose customers are asked about when an account is connected.
const DESCRIBED_AGAIN: u32 = 200;
/// Scopes without which no message comes or goes; the other recommended ones only tell more about the account.
pub(crate) const ESSENTIAL: [&str; 3] = ["message.list.read", "message.list.send", "message.list.manage"];

/// Why an account could not be connected. The slug goes into the dashboard's address.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// `TIKTOK_APP_ID` or `TIKTOK_APP_SECRET` is missing.
    #[error("the Business app is not configured")]
    NoApp,
    /// `TIKTOK_CLIENT_KEY` or `TIKTOK_CLIENT_SECRET` is missing.
    #[error("the Login Kit app is not configured")]
    NoLoginApp,
    /// `PUBLIC_URL` is nothing that TikTok can reach.
    #[error("PUBLIC_URL is not https, so TikTok can't deliver to it")]
    NoAddress,
    /// The round trip is unknown, used up, too old, or was begun by somebody else.
    #[error("the round trip is unknown, used up or too old")]
    State,
    /// The account holder said no.
    #[error("the account holder did not agree")]
    Denied,
    /// TikTok refused a scope: the app is not approved for it.
    #[error("TikTok refused a scope")]
    Scope,
    /// Not a business account: TikTok has no messages for it.
    #[error("the account is a personal one")]
    Personal,
    /// It is connected here as another account.
    #[error("the TikTok account is connected as another account")]
    OtherAccount,
    /// It is not the TikTok account that Login Kit knows this account to be.
    #[error("the TikTok account has another username than the account's identity")]
    OtherUsername,
    /// The account is connected in another workspace.
    #[error("the account belongs to another workspace")]
    Taken,
    /// The code or the app was refused, or TikTok could not be reached.
    #[error("TikTok did not accept the authorization")]
    Tiktok(#[from] tiktok::Error),
    /// The database.
    #[error(transparent)]
    Store(StoreError),
    /// One of these on the way to an identity, which has another app and another portal.
    #[error(transparent)]
    Identity(Box<Self>),
}

impl ConnectError {
    /// Where the dashboard says it in words: `/accounts?error=…`, for an identity with `&kind=login`.
    pub fn address(&self) -> String {
        let kind = if matches!(self, Self::Identity(_)) { "&kind=login" } else { "" };
        format!("/accounts?error={}{kind}", self.slug())
    }

    /// One word for it.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::NoApp | Self::NoLoginApp | Self::NoAddress => "not-configured",
            Self::State => "link-expired",
            Self::Denied => "access-denied",
            Self::Scope => "invalid-scope",
            Self::Personal => "personal-account",
            Self::OtherAccount => "another-account",
            Self::OtherUsername => "another-username",
            Self::Taken => "belongs-to-another-workspace",
            Self::Tiktok(error) if error.needs_reauthorization() => "code-refused",
            Self::Tiktok(error) => match error.class() {
                Some(ErrorClass::Credentials) => "app-refused",
                // Of what is sent with the code only the redirect address can be wrong and the code right.
                Some(ErrorClass::Parameter) => "redirect-mismatch",
                Some(ErrorClass::Permission) => "not-approved",
                _ => "tiktok-unavailable",
            },
            Self::Store(_) => "unavailable",
            Self::Identity(error) => error.slug(),
        }
    }
}

impl From<StoreError> for ConnectError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { .. } => Self::Taken,
            other => Self::Store(other),
        }
    }
}

/// Begins a round trip and gives the address of TikTok's consent page. `redirect_uri` must be registered with the app, byte
/// for byte.
///
/// # Errors
/// `NoApp`, `Store`, or `Tiktok` when the configured address is no address.
pub async fn begin(
    store: &dyn Store,
    official: &Official,
    workspace: Id<Workspace>,
    session: SecretHash,
    redirect_uri: &str,
    asked: Asked,
    now: Timestamp,
) -> Result<String, ConnectError> {
    let app = official.app().ok_or(ConnectError::NoApp)?;
    let secret = Secret::generate("");
    let state =
        OauthState { workspace_id: workspace, session, kind: kind_of(asked.side_of), expires_at: now.plus(ROUND_TRIP) };
    store.create_oauth_state(secret.hash(), state).await.map_err(ConnectError::Store)?;
    Ok(official.consent_page(app, redirect_uri, secret.expose(), asked.posts)?)
}

/// What the end of a round trip needs to know.
#[derive(Debug)]
pub struct Return<'a> {
    /// The raw query that TikTok sent the browser back with.
    pub query: &'a str,
    /// The browser's session; must be the one that began.
    pub session: SecretHash,
    /// The address that the round trip was begun with.
    pub redirect_uri: &'a str,
    /// Where TikTok shall deliver webhooks; `None` where it could not reach us.
    pub webhook_url: Option<&'a str>,
}

/// How a round trip ended.
#[derive(Debug)]
pub enum Finished {
    /// The account is connected.
    Connected(Id<Account>),
    /// The browser must go to this consent page, which asks for less.
    AskAgain(String),
}

/// Ends a round trip: takes the state, exchanges the code, looks who it is, keeps the sealed tokens and the account, tells
/// TikTok where webhooks go. An account that was granted too little is connected and says on itself what is missing.
///
/// # Errors
/// [`ConnectError`].
pub async fn finish(
    store: &dyn Store,
    providers: &Providers,
    keyring: &Keyring,
    back: Return<'_>,
    now: Timestamp,
) -> Result<Finished, ConnectError> {
    let callback = Callback::parse(back.query).map_err(|_| ConnectError::State)?;
    let (Callback::Granted { state, .. } | Callback::Denied { state, .. }) = &callback else {
        return Err(ConnectError::State);
    };
    let hash = hash_of(state.as_deref().ok_or(ConnectError::State)?);
    let state = store.take_oauth_state(&hash, now).await.map_err(ConnectError::Store)?.ok_or(ConnectError::State)?;
    if state.session != back.session {
        return Err(ConnectError::State);
    }
    if let Some(asked) = login::Asked::of(&state.kind) {
        let finished = login::finish(store, providers.login(), keyring, back, (state.workspace_id, asked), now).await;
        return finished.map_err(|error| ConnectError::Identity(Box::new(error)));
    }
    let code = match callback {
        Callback::Granted { code, .. } => code,
        Callback::Denied { error, .. } if error == "invalid_scope" => return Err(ConnectError::Scope),
        _ => return Err(ConnectError::Denied),
    };
    let official = providers.official();
    let app = official.app().ok_or(ConnectError::NoApp)?;
    let granted = official.exchange(state.workspace_id, app, code, back.redirect_uri).await?;
    if granted.is_business == Some(false) {
        if let Err(error) = official.revoke(state.workspace_id, app, &granted.tokens.access).await {
            tracing::warn!(%error, "the token of a personal account could not be revoked");
        }
        return Err(ConnectError::Personal);
    }
    if let Some(id) = side_of(&state.kind) {
        sides::add_tiktok(store, official, app, &Scope::all(state.workspace_id), id, &granted).await?;
    }
    let account = keep(store, keyring, state.workspace_id, granted, now).await?;
    if let Some(url) = back.webhook_url {
        register(official, account.workspace_id, app, url).await;
    }
    describe_unknown(store, &account, now).await.map_err(ConnectError::Store)?;
    file_history(store, &account).await.map_err(ConnectError::Store)?;
    Ok(Finished::Connected(account.id))
}

async fn keep(
    store: &dyn Store,
    keyring: &Keyring,
    workspace: Id<Workspace>,
    granted: Granted,
    now: Timestamp,
) -> Result<Account, ConnectError> {
    // The store raises the version above that of a pair it has.
    let sealed = tokens::seal(keyring, &granted.open_id, &granted.tokens, now, 1);
    let missing = missing_scopes(&granted.scopes);
    let connect = Connect {
        provider: ProviderKind::Official,
        external_id: granted.open_id,
        username: granted.username,
        display_name: granted.display_name,
        avatar_url: granted.avatar_url,
        scopes: granted.scopes,
        tokens: Some(sealed),
    };
    let account = store.connect_account(workspace, connect).await?;
    tracing::info!(account = %account.id, missing = missing.join(","), "account connected");
    let essential: Vec<_> = missing.iter().map(String::as_str).filter(|scope| ESSENTIAL.contains(scope)).collect();
    if essential.is_empty() {
        return Ok(account);
    }
    let reason = format!(
        "Not permitted at TikTok: {}. Connect again and leave every permission switched on",
        essential.join(", ")
    );
    let scope = Scope::all(workspace);
    if account.provider != ProviderKind::Official {
        // The other side sends; what is wrong here is not the account's state.
        let side = store.account_through(&scope, account.id, ProviderKind::Official).await?;
        if let Some(side) = side {
            store.set_binding_trouble(&scope, side.binding, reason).await?;
        }
        return Ok(account);
    }
    Ok(store.set_account_state(&scope, account.id, AccountState::Reconnect, Some(reason)).await?.unwrap_or(account))
}

/// While the account was not connected nobody could be asked who its customers are.
async fn describe_unknown(store: &dyn Store, account: &Account, now: Timestamp) -> StoreResult<()> {
    let filter = ConversationFilter {
        view: View::All,
        status: None,
        account: Some(account.id),
        referral: None,
        sort: Sort::Newest,
        after: None,
        limit: DESCRIBED_AGAIN,
        now,
    };
    let workspace_id = account.workspace_id;
    for record in store.conversations(&Scope::all(workspace_id), &filter).await? {
        if record.contact.display_name.is_none() && record.conversation.provider == ProviderKind::Official {
            let task = Task::DescribeConversation { conversation: record.conversation.id };
            store.enqueue(NewJob { workspace_id, task, due_at: now, later: false }).await?;
        }
    }
    Ok(())
}

/// What was said before is filed once; again only where it failed, as after a permission was missing.
async fn file_history(store: &dyn Store, account: &Account) -> StoreResult<()> {
    if account.history.as_ref().is_none_or(|history| history.state == HistoryState::Failed) {
        store.begin_history(&Scope::all(account.workspace_id), account.id).await?;
    }
    Ok(())
}
