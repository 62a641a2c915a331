//! Lines to spaces for whoever has an account or a space in hand: the token is sealed with the space named as associated data, and
//! opened where it is used. What Respond.io refuses is written down once, for everybody who hangs on the space.

use std::sync::Arc;

use domain::{
    Id,
    account::{Account, AccountState, ProviderKind},
    space::{Space, SpacePatch, SpaceState},
    store::{Store, StoreError},
    workspace::Scope,
};
use respondio::{AccessToken, Error};

use super::{Line, Respondio};
use crate::keyring::{Keyring, OpenError};

/// Why there is no line.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// The account hangs on no space (any more).
    #[error("the account's Respond.io workspace is not connected")]
    None,
    /// Respond.io refuses the token: a person must put another one.
    #[error("Respond.io refuses the access token")]
    Refused,
    /// The token can't be read.
    #[error("the stored token can't be opened")]
    Sealed(#[from] OpenError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl LineError {
    /// Whether trying again may help.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_temporary())
    }
}

/// Why nobody asks a space any more after this answer, as its accounts say it; `None` for what passes.
pub fn refusal(error: &Error) -> Option<&'static str> {
    if error.needs_reauthorization() {
        return Some("Respond.io no longer accepts the access token; put a new one under Accounts");
    }
    error
        .is_forbidden()
        .then_some("Respond.io does not let this workspace use its API: that takes the Growth plan or a higher one")
}

/// Gives lines.
pub struct Lines {
    store: Arc<dyn Store>,
    keyring: Arc<Keyring>,
    respondio: Arc<Respondio>,
}

impl std::fmt::Debug for Lines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lines").finish_non_exhaustive()
    }
}

impl Lines {
    /// Over these parts.
    pub fn new(store: Arc<dyn Store>, keyring: Arc<Keyring>, respondio: Arc<Respondio>) -> Self {
        Self { store, keyring, respondio }
    }

    /// Respond.io.
    pub const fn respondio(&self) -> &Arc<Respondio> {
        &self.respondio
    }

    /// Seals a token for the space it belongs to.
    pub fn seal(&self, space: Id<Space>, token: &AccessToken) -> Vec<u8> {
        self.keyring.seal(token.expose().as_bytes(), &place(space))
    }

    /// The line to a space that can be asked.
    ///
    /// # Errors
    /// `Refused` or `Sealed`.
    pub fn to(&self, space: &Space) -> Result<Line, LineError> {
        if space.state == SpaceState::Refused {
            return Err(LineError::Refused);
        }
        let plain = self.keyring.open(&space.token, &place(space.id))?;
        let token = std::str::from_utf8(&plain).map_err(|_| OpenError::Damaged)?;
        Ok(self.respondio.line(space.id, AccessToken::new(token)))
    }

    /// The space that an account hangs on, and the line to it.
    ///
    /// # Errors
    /// [`LineError`].
    pub async fn of(&self, account: &Account) -> Result<(Space, Line), LineError> {
        let space = self.store.space_of(account.workspace_id, account.id).await?.ok_or(LineError::None)?;
        let line = self.to(&space)?;
        Ok((space, line))
    }

    /// Respond.io refuses the space: nobody asks it any more, and every account that hangs on it says what a person must do.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn refused(&self, space: &Space, reason: &str) -> Result<(), StoreError> {
        let state = Some((SpaceState::Refused, Some(reason.to_owned())));
        self.store.patch_space(space.workspace_id, space.id, SpacePatch { state, ..SpacePatch::default() }).await?;
        tracing::warn!(space = %space.id, reason, "Respond.io refuses the space");
        let scope = Scope::all(space.workspace_id);
        for account in self.store.accounts_of_space(space.workspace_id, space.id).await? {
            let sends = self.store.account(&scope, account.id).await?;
            if sends.is_none_or(|one| one.provider != ProviderKind::Respondio) {
                self.store.set_binding_trouble(&scope, account.binding, reason.to_owned()).await?;
                continue;
            }
            // A pause is a person's and stays; it sends nothing either.
            if matches!(account.state, AccountState::Active | AccountState::Expiring) {
                let reason = Some(reason.to_owned());
                self.store.set_account_state(&scope, account.id, AccountState::Reconnect, reason).await?;
            }
        }
        Ok(())
    }
}

fn place(space: Id<Space>) -> String {
    format!("respondio_space/{space}/token")
}
