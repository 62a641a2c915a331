//! What `doctor` found, as JSON: for the health panel and for `message-gateway doctor --json`.

use domain::{Id, Timestamp, account as da};
use serde::Serialize;
use utoipa::ToSchema;

use crate::doctor;

/// What was looked at, worst first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub checked_at: Timestamp,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Stable, kebab case; `docs/troubleshooting.md` has a row for each.
    #[schema(example = "webhook-elsewhere")]
    pub id: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What is so.
    pub title: String,
    /// Why, or what was seen.
    pub cause: String,
    /// What to do; null where nothing is to be done.
    #[schema(required)]
    pub fix: Option<String>,
    /// A command or an address out of the fix, to be copied byte for byte.
    #[schema(required)]
    pub copy: Option<String>,
    /// What one click can do about it.
    #[schema(required)]
    pub action: Option<Action>,
    /// `acc_…` of the account it concerns; null when it concerns all.
    #[schema(value_type = Option<String>, required)]
    pub account_id: Option<Id<da::Account>>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Something that only a person can look at.
    Hint,
    /// Works, but not for ever or not whole.
    Warning,
    /// Messages don't come or don't go.
    Problem,
}

/// What one click can do about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// `POST /api/v1/webhook`.
    SetWebhook,
    /// A visit to `/auth/connect?kind=business`.
    Reconnect,
    /// A visit to `/auth/connect?kind=login`.
    SignIn,
}

/// Where TikTok delivers webhooks of the app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WebhookAddress {
    /// The address of this gateway that TikTok has now.
    #[schema(example = "https://inbox.example.com/webhook/tiktok")]
    pub url: String,
    /// Whether it had another or none before.
    pub changed: bool,
}

impl Health {
    /// Of what was found at a time.
    pub fn new(checked_at: Timestamp, findings: Vec<doctor::Finding>) -> Self {
        Self { checked_at, findings: findings.into_iter().map(Finding::from).collect() }
    }
}

impl From<doctor::Finding> for Finding {
    fn from(found: doctor::Finding) -> Self {
        Self {
            id: found.id,
            level: found.level.into(),
            title: found.title,
            cause: found.cause,
            fix: found.fix,
            copy: found.copy,
            action: found.action.map(Action::from),
            account_id: found.account,
        }
    }
}

impl From<doctor::Level> for Level {
    fn from(level: doctor::Level) -> Self {
        match level {
            doctor::Level::Ok => Self::Ok,
            doctor::Level::Hint => Self::Hint,
            doctor::Level::Warning => Self::Warning,
            doctor::Level::Problem => Self::Problem,
        }
    }
}

impl From<doctor::Action> for Action {
    fn from(action: doctor::Action) -> Self {
        match action {
            doctor::Action::SetWebhook => Self::SetWebhook,
            doctor::Action::Reconnect => Self::Reconnect,
            doctor::Action::SignIn => Self::SignIn,
        }
    }
}
