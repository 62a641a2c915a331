//! The tenant, and what a caller may see of it.

use std::collections::BTreeSet;

use crate::{
    account::Account,
    clock::Timestamp,
    id::{Entity, Id},
};

/// A tenant: owns accounts, members and everything below. Every row carries its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Printed `wsp_…`.
    pub id: Id<Self>,
    /// Shown in the dashboard, such as `Ban Suan Agency`.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Entity for Workspace {
    const PREFIX: &'static str = "wsp";
}

/// The accounts that a caller may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permitted {
    /// Every account of the workspace, also later ones.
    All,
    /// These and no others.
    Only(BTreeSet<Id<Account>>),
}

impl Permitted {
    /// Whether `account` is among them.
    pub fn allows(&self, account: Id<Account>) -> bool {
        match self {
            Self::All => true,
            Self::Only(accounts) => accounts.contains(&account),
        }
    }
}

/// On whose behalf a store is asked: one workspace and the permitted accounts in it. A finder without one says so in its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The workspace.
    pub workspace: Id<Workspace>,
    /// The accounts in it.
    pub accounts: Permitted,
}

impl Scope {
    /// The whole workspace.
    pub const fn all(workspace: Id<Workspace>) -> Self {
        Self { workspace, accounts: Permitted::All }
    }

    /// Whether something of `workspace` and `account` is in sight.
    pub fn allows(&self, workspace: Id<Workspace>, account: Id<Account>) -> bool {
        self.workspace == workspace && self.accounts.allows(account)
    }
}
