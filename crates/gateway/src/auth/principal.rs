//! A caller, what they may do, and what they may see.

use domain::{
    Id,
    identity::{ApiKey, KeyScope, Role, SecretHash, User},
    message::Author,
    workspace::{Scope, Workspace},
};

use super::AuthError;

/// A caller that has shown who they are.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The workspace and the permitted accounts: what the store is asked with.
    pub scope: Scope,
    /// The workspace; the same as in `scope`.
    pub workspace: Id<Workspace>,
    /// Who it is.
    pub actor: Actor,
}

/// Who a principal is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person with a session.
    Member {
        /// Printed `usr_…`.
        user: Id<User>,
        /// Shown to colleagues.
        name: String,
        /// What they may do.
        role: Role,
        /// Hash of their cookie.
        session: SecretHash,
    },
    /// A program with an API key.
    Key {
        /// Printed `key_…`.
        id: Id<ApiKey>,
        /// As it was named.
        name: String,
        /// What it may do.
        scope: KeyScope,
    },
    /// A program with the `API_SECRET` of the configuration.
    ApiSecret,
}

impl Principal {
    /// Whether they may read messages: everyone who got in.
    #[expect(
        clippy::unused_self,
        reason = "stands beside can_send and can_admin, so that a narrower scope has one place to go"
    )]
    pub const fn can_read(&self) -> bool {
        true
    }

    /// Whether they may answer.
    pub fn can_send(&self) -> bool {
        match &self.actor {
            Actor::Member { role, .. } => *role >= Role::Agent,
            Actor::Key { scope, .. } => *scope >= KeyScope::Send,
            Actor::ApiSecret => true,
        }
    }

    /// Whether they may connect and disconnect accounts.
    pub fn can_admin(&self) -> bool {
        match &self.actor {
            Actor::Member { role, .. } => *role >= Role::Admin,
            Actor::Key { scope, .. } => *scope >= KeyScope::Admin,
            Actor::ApiSecret => true,
        }
    }

    /// Whether it is a person. Users and keys are managed by people only.
    pub const fn is_member(&self) -> bool {
        matches!(self.actor, Actor::Member { .. })
    }

    /// Whether they may manage users and API keys.
    pub fn can_manage_people(&self) -> bool {
        self.is_member() && self.can_admin()
    }

    /// Passes who may answer.
    ///
    /// # Errors
    /// [`AuthError::Forbidden`].
    pub fn require_send(&self) -> Result<(), AuthError> {
        if self.can_send() { Ok(()) } else { Err(AuthError::Forbidden("this needs the right to send")) }
    }

    /// Passes who may manage accounts.
    ///
    /// # Errors
    /// [`AuthError::Forbidden`].
    pub fn require_admin(&self) -> Result<(), AuthError> {
        if self.can_admin() { Ok(()) } else { Err(AuthError::Forbidden("this needs an admin")) }
    }

    /// Passes people who may manage users and keys.
    ///
    /// # Errors
    /// [`AuthError::Forbidden`].
    pub fn require_people_admin(&self) -> Result<(), AuthError> {
        if self.can_manage_people() {
            Ok(())
        } else {
            Err(AuthError::Forbidden("this needs an admin who is signed in"))
        }
    }

    /// The user, if it is a person.
    pub const fn user(&self) -> Option<Id<User>> {
        match self.actor {
            Actor::Member { user, .. } => Some(user),
            Actor::Key { .. } | Actor::ApiSecret => None,
        }
    }

    /// The session, if it is a person.
    pub const fn session(&self) -> Option<SecretHash> {
        match self.actor {
            Actor::Member { session, .. } => Some(session),
            Actor::Key { .. } | Actor::ApiSecret => None,
        }
    }

    /// The name shown beside what they do.
    pub fn name(&self) -> &str {
        match &self.actor {
            Actor::Member { name, .. } | Actor::Key { name, .. } => name,
            Actor::ApiSecret => "API",
        }
    }

    /// The author of what they send.
    pub const fn author(&self) -> Author {
        match self.actor {
            Actor::Member { user, .. } => Author::Agent { id: user },
            Actor::Key { id, .. } => Author::ApiKey { id: Some(id) },
            Actor::ApiSecret => Author::ApiKey { id: None },
        }
    }
}
