//! Conditions of the contact list. Only what has been seen to work has a name of its own.

use serde::Serialize;
use serde_json::{Value, json};

use super::{ContactStatus, UserId, string_enum::string_enum};

string_enum! {
    /// What a condition is about.
    Category {
        /// A field of the contact, custom fields by their slug.
        ContactField = "contactField",
        /// Its tags.
        ContactTag = "contactTag",
        /// Its lifecycle stage.
        Lifecycle = "lifecycle",
    }
}

string_enum! {
    /// How a condition compares.
    Operator {
        /// The same.
        IsEqualTo = "isEqualTo",
        /// Another.
        IsNotEqualTo = "isNotEqualTo",
        /// Later.
        IsTimestampAfter = "isTimestampAfter",
        /// Earlier.
        IsTimestampBefore = "isTimestampBefore",
        /// Between two times, `{from, to}`.
        IsTimestampBetween = "isTimestampBetween",
        /// Is set.
        Exists = "exists",
        /// Is not set.
        DoesNotExist = "doesNotExist",
        /// Larger.
        IsGreaterThan = "isGreaterThan",
        /// Smaller.
        IsLessThan = "isLessThan",
        /// Between two numbers, `{from, to}`.
        IsBetween = "isBetween",
        /// At least one of a list.
        HasAnyOf = "hasAnyOf",
        /// All of a list.
        HasAllOf = "hasAllOf",
        /// None of a list.
        HasNoneOf = "hasNoneOf",
    }
}

/// Which contacts to list. The API knows no filter by last activity.
///
/// Source: the vendor's TypeScript SDK; fields as integrators found them working, read 2026-11-20.
///
/// ```
/// use respondio::model::{ContactStatus, Filter, FilterRow};
/// let filter = Filter::all([FilterRow::status(&ContactStatus::Open), FilterRow::any_tag(["gw-new"])]);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Filter {
    /// Contacts that meet every condition; without one, all contacts.
    #[serde(rename = "$and")]
    All(Vec<FilterRow>),
    /// Contacts that meet at least one condition.
    #[serde(rename = "$or")]
    Any(Vec<FilterRow>),
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FilterRow {
    /// What it is about; a row without it is refused.
    pub category: Category,
    /// Which field; `None` for tags and lifecycle.
    pub field: Option<String>,
    /// How it compares.
    pub operator: Operator,
    /// What it compares with: text, list of texts, `{from, to}` or null.
    pub value: Value,
}

impl Filter {
    /// Every condition must be met.
    pub fn all(rows: impl IntoIterator<Item = FilterRow>) -> Self {
        Self::All(rows.into_iter().collect())
    }

    /// One condition must be met.
    pub fn any(rows: impl IntoIterator<Item = FilterRow>) -> Self {
        Self::Any(rows.into_iter().collect())
    }
}

impl FilterRow {
    /// Open or closed conversations. An incoming message opens one.
    pub fn status(status: &ContactStatus) -> Self {
        Self::field("status", Operator::IsEqualTo, json!(status.as_str()))
    }

    /// Assigned to a user.
    pub fn assignee(user: UserId) -> Self {
        Self::field("assigneeUserId", Operator::IsEqualTo, json!(user.to_string()))
    }

    /// Made between two times, each `YYYY-MM-DD HH:mm` in the time zone of the call.
    pub fn created_between(from: impl Into<String>, to: impl Into<String>) -> Self {
        let value = json!({"from": from.into(), "to": to.into()});
        Self::field("createdAt", Operator::IsTimestampBetween, value)
    }

    /// With at least one of these tags.
    pub fn any_tag<T: Into<String>>(tags: impl IntoIterator<Item = T>) -> Self {
        let tags: Vec<String> = tags.into_iter().map(Into::into).collect();
        Self { category: Category::ContactTag, field: None, operator: Operator::HasAnyOf, value: json!(tags) }
    }

    /// A field of the contact, custom fields by their slug.
    pub fn field(name: impl Into<String>, operator: Operator, value: Value) -> Self {
        Self { category: Category::ContactField, field: Some(name.into()), operator, value }
    }
}
