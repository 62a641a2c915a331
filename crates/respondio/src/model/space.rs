//! The workspace: users, custom fields, closing notes. Channels are in `channel.rs`.

use serde_json::Value;

use super::{CustomFieldId, TeamId, UserId, string_enum::string_enum};
use crate::wire::{FieldError, Fields};

string_enum! {
    /// What a user may do. The vendor's sources disagree about `manager` and `admin`.
    Role {
        /// Answers contacts.
        Agent = "agent",
        /// Leads agents.
        Manager = "manager",
        /// Leads agents, in the n8n nodes' words.
        Admin = "admin",
        /// Owns the workspace.
        Owner = "owner",
    }
}

string_enum! {
    /// What a custom field holds.
    DataType {
        /// Text.
        Text = "text",
        /// One of a list.
        List = "list",
        /// True or false.
        Checkbox = "checkbox",
        /// An email address.
        Email = "email",
        /// A number.
        Number = "number",
        /// A web address.
        Url = "url",
        /// A date.
        Date = "date",
        /// A time of day.
        Time = "time",
    }
}

/// A user of the workspace.
///
/// Source: the vendor's TypeScript SDK and n8n nodes, read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// Id.
    pub id: UserId,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Email address.
    pub email: Option<String>,
    /// What it may do.
    pub role: Option<Role>,
    /// Its team.
    pub team: Option<Team>,
    /// What it may not do. Example `restrict_contact_deletion`.
    pub restrictions: Vec<String>,
}

/// A team of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Team {
    /// Id.
    pub id: TeamId,
    /// Name. Example `ทีมขาย`.
    pub name: Option<String>,
}

/// A custom field of the workspace.
///
/// Source: the vendor's TypeScript SDK and n8n nodes, read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CustomField {
    /// Id.
    pub id: CustomFieldId,
    /// Name. Example `order_no`.
    pub name: String,
    /// Name in filters.
    pub slug: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What it holds.
    pub data_type: Option<DataType>,
    /// The list's values.
    pub allowed_values: Vec<String>,
}

/// A reason to close a conversation.
///
/// Source: the vendor's TypeScript SDK, read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClosingNote {
    /// The reason. Example `ปิดการขาย`; goes into `category` when a conversation is closed.
    pub category: String,
    /// What it means.
    pub description: Option<String>,
    /// Summary to start from.
    pub content: Option<String>,
}

impl User {
    pub(crate) fn read(value: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(value, "user")?;
        let team = |fields: Fields<'_>| Some(Team { id: fields.id("id")?, name: fields.filled("name") });
        Ok(Self {
            id: fields.need_id("id")?,
            first_name: fields.filled("firstName"),
            last_name: fields.filled("lastName"),
            email: fields.filled("email"),
            role: fields.filled("role"),
            team: fields.object("team").and_then(team),
            restrictions: fields.texts("restrictions"),
        })
    }
}

impl CustomField {
    pub(crate) fn read(value: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(value, "custom field")?;
        // The SDK has a list, the n8n nodes an object around it.
        let values = fields.object("allowedValues").map(|values| values.texts("listValues"));
        Ok(Self {
            id: fields.need_id("id")?,
            name: fields.need("name")?,
            slug: fields.filled("slug"),
            description: fields.filled("description"),
            data_type: fields.filled("dataType"),
            allowed_values: values.unwrap_or_else(|| fields.texts("allowedValues")),
        })
    }
}

impl ClosingNote {
    pub(crate) fn read(value: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(value, "closing note")?;
        Ok(Self {
            category: fields.need("category")?,
            description: fields.filled("description"),
            content: fields.filled("content"),
        })
    }
}
