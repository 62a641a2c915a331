//! One finding: what was looked at, how bad it is, why it is so, what to do.

use domain::{Id, account::Account};

/// How bad it is. In order, so that the worst is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Ok,
    /// Works, as far as can be told from here; something that only a person can look at.
    Hint,
    /// Works, but not for ever or not whole.
    Warning,
    /// Messages don't come or don't go.
    Problem,
}

/// What the gateway can do about a finding when a person says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Tell TikTok that webhooks go to this gateway.
    SetWebhook,
    /// Connect the account again.
    Reconnect,
    /// Connect the identity again.
    SignIn,
}

/// A finding. [`Finding::id`] is stable: `docs/troubleshooting.md` has a row for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Kebab case, such as `webhook-elsewhere`.
    pub id: &'static str,
    /// See [`Level`].
    pub level: Level,
    /// What is so, in a few words.
    pub title: String,
    /// Why, or what was seen.
    pub cause: String,
    /// What to do; `None` where nothing is to be done.
    pub fix: Option<String>,
    /// A command or an address out of the fix, to be copied byte for byte.
    pub copy: Option<String>,
    /// What one click can do about it.
    pub action: Option<Action>,
    /// The account it concerns; `None` when it concerns all.
    pub account: Option<Id<Account>>,
}

impl Finding {
    fn new(id: &'static str, level: Level, title: impl Into<String>) -> Self {
        let (cause, title) = (String::new(), title.into());
        Self { id, level, title, cause, fix: None, copy: None, action: None, account: None }
    }

    pub(super) fn ok(id: &'static str, title: impl Into<String>) -> Self {
        Self::new(id, Level::Ok, title)
    }

    pub(super) fn hint(id: &'static str, title: impl Into<String>) -> Self {
        Self::new(id, Level::Hint, title)
    }

    pub(super) fn warning(id: &'static str, title: impl Into<String>) -> Self {
        Self::new(id, Level::Warning, title)
    }

    pub(super) fn problem(id: &'static str, title: impl Into<String>) -> Self {
        Self::new(id, Level::Problem, title)
    }

    pub(super) fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = cause.into();
        self
    }

    pub(super) fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    pub(super) fn copy(mut self, text: impl Into<String>) -> Self {
        self.copy = Some(text.into());
        self
    }

    pub(super) fn action(mut self, action: Action) -> Self {
        self.action = Some(action);
        self
    }

    pub(super) fn of(mut self, account: Id<Account>) -> Self {
        self.account = Some(account);
        self
    }
}
