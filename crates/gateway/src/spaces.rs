//! Connecting through Respond.io: the access token of one of its workspaces (a space), and the channels of it that become accounts.
//! Called by `http::api::spaces`; the workers ask the space what is new from then on.

use domain::{
    Id,
    account::{Account, AccountState, Connect, ProviderKind},
    space::{Space, SpaceChannel, SpacePatch, SpaceState},
    store::{Store, StoreError},
    workspace::{Scope, Workspace},
};
use respondio::AccessToken;

use crate::providers::{
    Turn,
    respondio::{LineError, Lines},
};

/// Longest access token that is taken; Respond.io's have a few hundred characters.
const TOKEN_MAX: usize = 4_096;

/// Why it did not work.
#[derive(Debug, thiserror::Error)]
pub enum SpaceError {
    /// The workspace has no such space.
    #[error("there is no such Respond.io workspace")]
    NotFound,
    /// The workspace has no such account.
    #[error("there is no such account")]
    NoAccount,
    /// The space has no such channel (yet).
    #[error("there is no such channel in this Respond.io workspace")]
    NoChannel,
    /// Respond.io does not know the token.
    #[error("Respond.io refuses this access token; copy it again from Settings, Integrations, Developer API")]
    TokenRefused,
    /// The plan does not include the API.
    #[error("this Respond.io workspace may not use the API: that takes the Growth plan or a higher one")]
    NoApi,
    /// It can't be a token.
    #[error("{0}")]
    Unusable(&'static str),
    /// Respond.io did not answer as it should.
    #[error(transparent)]
    Respondio(respondio::Error),
    /// The stored token can't be used.
    #[error(transparent)]
    Line(LineError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<respondio::Error> for SpaceError {
    fn from(error: respondio::Error) -> Self {
        if error.needs_reauthorization() {
            Self::TokenRefused
        } else if error.is_forbidden() {
            Self::NoApi
        } else {
            Self::Respondio(error)
        }
    }
}

impl From<LineError> for SpaceError {
    fn from(error: LineError) -> Self {
        match error {
            LineError::Refused => Self::TokenRefused,
            LineError::Store(error) => Self::Store(error),
            other @ (LineError::None | LineError::Sealed(_)) => Self::Line(other),
        }
    }
}

/// Connects the space of a token, or gives a known space this new one: which it is shows by its channels. Respond.io is asked first.
///
/// # Errors
/// `TokenRefused`, `NoApi`, `Unusable`, `Respondio` or `Store`.
pub async fn add(store: &dyn Store, lines: &Lines, workspace: Id<Workspace>, token: &str) -> Result<Space, SpaceError> {
    let token = usable(token)?;
    let id = store.new_space_id().await?;
    let channels = lines.respondio().channels(&lines.respondio().line(id, token.clone()), Turn::Now).await;
    // Until it is known whether there will be such a space.
    lines.respondio().hang_up(id);
    let channels = channels?;
    let knows = |space: &Space| space.channels.iter().any(|known| channels.iter().any(|one| one.id == known.id));
    if let Some(known) = store.spaces(workspace).await?.into_iter().find(knows) {
        return take_over(store, lines, &known, &token, channels).await;
    }
    let space = store.add_space(workspace, id, lines.seal(id, &token), channels).await?;
    tracing::info!(space = %id, channels = space.channels.len(), "a Respond.io workspace is connected");
    lines.respondio().spaces_changed();
    Ok(space)
}

/// Gives a space another token: after it was refused, or to change it. Its accounts work again.
///
/// # Errors
/// As [`add`], and `NotFound`.
pub async fn replace_token(
    store: &dyn Store,
    lines: &Lines,
    workspace: Id<Workspace>,
    id: Id<Space>,
    token: &str,
) -> Result<Space, SpaceError> {
    let token = usable(token)?;
    let space = find(store, workspace, id).await?;
    let channels = lines.respondio().channels(&lines.respondio().line(id, token.clone()), Turn::Now).await?;
    let accounts = store.accounts_of_space(workspace, id).await?;
    let (mut connected, mut there) = (false, false);
    for account in accounts.iter().filter(|account| account.state != AccountState::Disconnected) {
        connected = true;
        there |= channels.iter().any(|channel| channel.id == account.external_id);
    }
    if connected && !there {
        return Err(SpaceError::Unusable(
            "this access token is of another Respond.io workspace: none of the connected channels is there",
        ));
    }
    take_over(store, lines, &space, &token, channels).await
}

async fn take_over(
    store: &dyn Store,
    lines: &Lines,
    space: &Space,
    token: &AccessToken,
    channels: Vec<SpaceChannel>,
) -> Result<Space, SpaceError> {
    let patch = SpacePatch {
        token: Some(lines.seal(space.id, token)),
        channels: Some(channels),
        state: Some((SpaceState::Active, None)),
        pushed_at: None,
    };
    let patched = store.patch_space(space.workspace_id, space.id, patch).await?.ok_or(SpaceError::NotFound)?;
    let scope = Scope::all(space.workspace_id);
    for account in store.accounts_of_space(space.workspace_id, space.id).await? {
        if account.state == AccountState::Reconnect && sends(store, &scope, account.id).await? {
            store.set_account_state(&scope, account.id, AccountState::Active, None).await?;
        }
    }
    lines.respondio().spaces_changed();
    Ok(patched)
}

/// The space with its channels as Respond.io lists them now, TikTok's first: for whoever waits until one appears there.
///
/// # Errors
/// As [`add`], and `NotFound`.
pub async fn look(
    store: &dyn Store,
    lines: &Lines,
    workspace: Id<Workspace>,
    id: Id<Space>,
) -> Result<Space, SpaceError> {
    let space = find(store, workspace, id).await?;
    let channels = lines.respondio().channels(&lines.to(&space)?, Turn::Now).await;
    let channels = match channels.map_err(SpaceError::from) {
        Err(SpaceError::TokenRefused) => {
            lines.refused(&space, "Respond.io no longer accepts the access token; put a new one").await?;
            return Err(SpaceError::TokenRefused);
        }
        other => other?,
    };
    if channels == space.channels {
        return Ok(space);
    }
    let patch = SpacePatch { channels: Some(channels), ..SpacePatch::default() };
    store.patch_space(workspace, id, patch).await?.ok_or(SpaceError::NotFound)
}

/// Makes a channel of a space an account, or connects the account again; or the second side of an account. What its contacts said
/// before is filed as history.
///
/// # Errors
/// As [`look`]; `NoChannel`; `Store` with `Conflict` when it belongs to another workspace.
pub async fn connect(
    store: &dyn Store,
    lines: &Lines,
    workspace: Id<Workspace>,
    id: Id<Space>,
    channel: &str,
    side_of: Option<Id<Account>>,
) -> Result<Account, SpaceError> {
    let mut space = find(store, workspace, id).await?;
    let named = |space: &Space| space.channels.iter().find(|one| one.id == channel).cloned();
    let mut found = named(&space);
    if found.is_none() {
        space = look(store, lines, workspace, id).await?;
        found = named(&space);
    }
    let found = found.ok_or(SpaceError::NoChannel)?;
    let connect = Connect {
        provider: ProviderKind::Respondio,
        external_id: found.id,
        username: None,
        display_name: found.name,
        avatar_url: None,
        scopes: Vec::new(),
        tokens: None,
    };
    if let Some(account) = side_of {
        let added =
            store.add_side(&Scope::all(workspace), account, ProviderKind::Respondio, &connect.external_id).await?;
        added.ok_or(SpaceError::NoAccount)?;
    }
    let account = store.connect_account(workspace, connect).await?;
    store.hang_account(workspace, id, account.id).await?;
    tracing::info!(account = %account.id, space = %id, "a channel of Respond.io tells of the account");
    lines.respondio().spaces_changed();
    Ok(account)
}

/// Asks for everything that Respond.io keeps of a space's contacts. Whoever asks the space what is new brings it over, in the pauses.
/// Asking again changes nothing.
///
/// # Errors
/// `NotFound` or `Store`.
pub async fn ask_history(
    store: &dyn Store,
    lines: &Lines,
    workspace: Id<Workspace>,
    id: Id<Space>,
) -> Result<Space, SpaceError> {
    let space = store.ask_history(workspace, id).await?.ok_or(SpaceError::NotFound)?;
    lines.respondio().spaces_changed();
    Ok(space)
}

/// Forgets a space: its accounts are disconnected, replies that wait fail visibly, the token and the marks go, messages stay.
///
/// # Errors
/// `NotFound` or `Store`.
pub async fn remove(
    store: &dyn Store,
    lines: &Lines,
    workspace: Id<Workspace>,
    id: Id<Space>,
) -> Result<(), SpaceError> {
    find(store, workspace, id).await?;
    let scope = Scope::all(workspace);
    for account in store.accounts_of_space(workspace, id).await? {
        if !sends(store, &scope, account.id).await? {
            store.remove_side(&scope, account.id, ProviderKind::Respondio).await?;
            continue;
        }
        let reason =
            Some("Its Respond.io workspace was removed here; delete the access token there as well".to_owned());
        store.set_account_state(&scope, account.id, AccountState::Disconnected, reason).await?;
        store.fail_queued(&scope, account.id).await?;
    }
    store.remove_space(workspace, id).await?;
    lines.respondio().spaces_changed();
    lines.respondio().hang_up(id);
    Ok(())
}

/// Whether an account's replies leave through Respond.io: of two sides the other one may send.
async fn sends(store: &dyn Store, scope: &Scope, id: Id<Account>) -> Result<bool, StoreError> {
    Ok(store.account(scope, id).await?.is_some_and(|account| account.provider == ProviderKind::Respondio))
}

/// One space of the workspace.
///
/// # Errors
/// `NotFound` or `Store`.
pub async fn find(store: &dyn Store, workspace: Id<Workspace>, id: Id<Space>) -> Result<Space, SpaceError> {
    store.spaces(workspace).await?.into_iter().find(|space| space.id == id).ok_or(SpaceError::NotFound)
}

fn usable(token: &str) -> Result<AccessToken, SpaceError> {
    let token = token.trim();
    if token.is_empty() || token.len() > TOKEN_MAX {
        return Err(SpaceError::Unusable("an access token has 1 to 4,096 characters"));
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(SpaceError::Unusable("an access token has neither spaces nor line breaks in it"));
    }
    Ok(AccessToken::new(token))
}
