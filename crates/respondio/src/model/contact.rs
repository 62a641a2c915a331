//! A contact as the API and webhooks show it, and the fields that can be written.

use serde::Serialize;
use serde_json::Value;

use super::{ContactId, UserId, string_enum::string_enum};
use crate::wire::{FieldError, Fields, text};

string_enum! {
    /// Whether a contact's conversation is open.
    ContactStatus {
        /// Somebody should answer.
        Open = "open",
        /// Done. The API's own sources also write `close`.
        Closed = "closed" | "close",
        /// Done, in the n8n nodes' words.
        Done = "done",
        /// Comes back later.
        Snoozed = "snoozed",
        /// Came back.
        Unsnoozed = "unsnoozed",
    }
}

/// A contact. There is neither a last message nor an unread count on it.
///
/// Source: the vendor's TypeScript SDK and n8n nodes, read 2026-11-20.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// First name; on TikTok the display name. Example `น้ำฝน 🌧️`.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Phone number; none on TikTok as a rule.
    pub phone: Option<String>,
    /// Email address; none on TikTok as a rule.
    pub email: Option<String>,
    /// Language. Example `th`.
    pub language: Option<String>,
    /// Country. Example `TH`.
    pub country_code: Option<String>,
    /// Locale.
    pub locale: Option<String>,
    /// Address of the picture; may expire.
    pub profile_pic: Option<String>,
    /// Whether its conversation is open.
    pub status: Option<ContactStatus>,
    /// Whether it is blocked.
    pub is_blocked: Option<bool>,
    /// Values of custom fields.
    pub custom_fields: Vec<CustomFieldValue>,
    /// Names of tags.
    pub tags: Vec<String>,
    /// Who answers it.
    pub assignee: Option<Assignee>,
    /// Name of the lifecycle stage. Example `New Lead`.
    pub lifecycle: Option<String>,
    /// When it was made, in milliseconds since 1970.
    pub created_at_ms: Option<i64>,
}

/// The value of one custom field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CustomFieldValue {
    /// Name of the field. Example `order_no`.
    pub name: String,
    /// Text, number, true or false, or null.
    pub value: Value,
}

/// The user to whom a contact is assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assignee {
    /// Id.
    pub id: Option<UserId>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Email address.
    pub email: Option<String>,
}

/// Fields of a contact to write. What is left out stays as it is.
#[derive(Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContactFields {
    /// First name. Required to create a contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Phone number, E.164 with `+`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Email address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Language. Example `th`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Country. Example `TH`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// Address of the picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_pic: Option<String>,
    /// Values of custom fields.
    #[serde(rename = "custom_fields", skip_serializing_if = "Vec::is_empty")]
    pub custom_fields: Vec<CustomFieldValue>,
}

impl Contact {
    pub(crate) fn read(value: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(value, "contact")?;
        Ok(Self {
            id: fields.need_id("id")?,
            first_name: fields.filled("firstName"),
            last_name: fields.filled("lastName"),
            phone: fields.filled("phone"),
            email: fields.filled("email"),
            language: fields.filled("language"),
            country_code: fields.filled("countryCode"),
            locale: fields.filled("locale"),
            profile_pic: fields.filled("profilePic"),
            status: fields.filled("status"),
            is_blocked: fields.flag("isBlocked"),
            custom_fields: fields.list("custom_fields").iter().filter_map(CustomFieldValue::read).collect(),
            tags: fields.texts("tags"),
            assignee: fields.object("assignee").and_then(Assignee::read),
            lifecycle: fields.value("lifecycle").and_then(stage),
            created_at_ms: fields.millis("created_at"),
        })
    }
}

impl CustomFieldValue {
    fn read(value: &Value) -> Option<Self> {
        let fields = Fields::of(value, "custom_fields").ok()?;
        Some(Self { name: fields.filled("name")?, value: fields.value("value").cloned().unwrap_or(Value::Null) })
    }
}

impl Assignee {
    /// `{}` is nobody: webhooks write it so.
    pub(crate) fn read(fields: Fields<'_>) -> Option<Self> {
        let assignee = Self {
            id: fields.id("id"),
            first_name: fields.filled("firstName"),
            last_name: fields.filled("lastName"),
            email: fields.filled("email"),
        };
        (assignee.id.is_some() || assignee.email.is_some() || assignee.first_name.is_some()).then_some(assignee)
    }
}

// Names, addresses and numbers are people's: not shown.
impl std::fmt::Debug for ContactFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ContactFields([hidden])")
    }
}

/// Name of a lifecycle stage: a string, or the name or id of an object.
pub(crate) fn stage(value: &Value) -> Option<String> {
    let named = |fields: Fields<'_>| fields.filled("name").or_else(|| fields.filled("id"));
    text(value).or_else(|| Fields::of(value, "lifecycle").ok().and_then(named)).filter(|name| !name.is_empty())
}
