//! The filter of the contact list. Fields by which integrators could not filter (any last activity) are refused.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::contact::Contact;
use super::refusal::Refusal;
use super::space::Space;

/// What a condition looks at.
enum Subject {
    Status,
    Assignee,
    CreatedAt,
    Field(String),
    Custom(String),
    Tags,
    Lifecycle,
}

/// What it asks of it.
enum Test {
    Any(Vec<String>),
    All(Vec<String>),
    None(Vec<String>),
    Exists(bool),
    /// Numbers or times (Unix ms), both ends included.
    Within(f64, f64),
}

pub(super) struct Filter {
    all: bool,
    rows: Vec<(Subject, Test)>,
}

impl Filter {
    pub(super) fn read(space: &Space, filter: &Value, timezone: &str) -> Result<Self, Refusal> {
        let (all, rows) = match (filter["$and"].as_array(), filter["$or"].as_array()) {
            (Some(rows), None) => (true, rows),
            (None, Some(rows)) => (false, rows),
            _ => return Err(Refusal::invalid("filter is required and must be {\"$and\":[]} or {\"$or\":[]}")),
        };
        let rows = rows.iter().map(|row| read_row(space, row, timezone)).collect::<Result<_, _>>()?;
        Ok(Self { all, rows })
    }

    pub(super) fn takes(&self, contact: &Contact) -> bool {
        let mut met = self.rows.iter().map(|(subject, test)| met(contact, subject, test));
        if self.all { met.all(|met| met) } else { self.rows.is_empty() || met.any(|met| met) }
    }
}

fn read_row(space: &Space, row: &Value, timezone: &str) -> Result<(Subject, Test), Refusal> {
    let invalid = |what: &str| Refusal::invalid(format!("filter {what} is invalid"));
    let subject = match (row["category"].as_str(), row["field"].as_str()) {
        (Some("contactTag"), None) => Subject::Tags,
        (Some("lifecycle"), None) => Subject::Lifecycle,
        (Some("contactField"), Some("status")) => Subject::Status,
        (Some("contactField"), Some("assigneeUserId")) => Subject::Assignee,
        (Some("contactField"), Some("createdAt")) => Subject::CreatedAt,
        (
            Some("contactField"),
            Some(name @ ("firstName" | "lastName" | "email" | "phone" | "language" | "countryCode")),
        ) => Subject::Field(name.to_owned()),
        (Some("contactField"), Some(name)) => {
            let field = space.fields.iter().find(|field| field["slug"] == name).ok_or_else(|| invalid("field"))?;
            Subject::Custom(field["name"].as_str().unwrap_or_default().to_owned())
        }
        (Some("contactTag" | "lifecycle" | "contactField"), _) => return Err(invalid("field")),
        _ => return Err(invalid("category")),
    };
    let value = &row["value"];
    let point = |value: &Value| match subject {
        Subject::CreatedAt => time(value, timezone),
        _ => value.as_f64().or_else(|| value.as_str()?.parse().ok()),
    };
    let number = |value: &Value| point(value).ok_or_else(|| invalid("value"));
    let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
    let is_time = matches!(subject, Subject::CreatedAt);
    let test = match row["operator"].as_str().ok_or_else(|| invalid("operator"))? {
        "exists" => Test::Exists(true),
        "doesNotExist" => Test::Exists(false),
        "isTimestampAfter" if is_time => Test::Within(number(value)?, high),
        "isTimestampBefore" if is_time => Test::Within(low, number(value)?),
        "isTimestampBetween" if is_time => Test::Within(number(&value["from"])?, number(&value["to"])?),
        _ if is_time => return Err(invalid("operator")),
        "isEqualTo" => Test::Any(texts(value).ok_or_else(|| invalid("value"))?),
        "isNotEqualTo" => Test::None(texts(value).ok_or_else(|| invalid("value"))?),
        "hasAnyOf" if value.is_array() => Test::Any(texts(value).ok_or_else(|| invalid("value"))?),
        "hasAllOf" if value.is_array() => Test::All(texts(value).ok_or_else(|| invalid("value"))?),
        "hasNoneOf" if value.is_array() => Test::None(texts(value).ok_or_else(|| invalid("value"))?),
        "isGreaterThan" => Test::Within(number(value)?, high),
        "isLessThan" => Test::Within(low, number(value)?),
        "isBetween" => Test::Within(number(&value["from"])?, number(&value["to"])?),
        _ => return Err(invalid("operator")),
    };
    Ok((subject, test))
}

fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Number(number) => Some(vec![number.to_string()]),
        Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

/// `YYYY-MM-DD HH:mm` in the call's time zone, as Unix ms.
fn time(value: &Value, timezone: &str) -> Option<f64> {
    let at = DateTime::strptime("%Y-%m-%d %H:%M", value.as_str()?).ok()?;
    let zone = if timezone.eq_ignore_ascii_case("utc") { TimeZone::UTC } else { TimeZone::get(timezone).ok()? };
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of this age are exact in a double")]
    Some(at.to_zoned(zone).ok()?.timestamp().as_millisecond() as f64)
}

fn met(contact: &Contact, subject: &Subject, test: &Test) -> bool {
    let shown = |value: Option<&Value>| match value {
        Some(Value::String(words)) => vec![words.clone()],
        None | Some(Value::Null) => Vec::new(),
        Some(other) => vec![other.to_string()],
    };
    let has: Vec<String> = match subject {
        Subject::Status => vec![if contact.talk.is_some() { "open" } else { "closed" }.to_owned()],
        Subject::Assignee => shown(contact.assignee.as_ref().map(|user| &user["id"])),
        Subject::CreatedAt => vec![contact.created_at.to_string()],
        Subject::Field(name) => shown(contact.fields.get(name)),
        Subject::Custom(name) => shown(contact.custom.iter().find(|(known, _)| known == name).map(|(_, value)| value)),
        Subject::Tags => contact.tags.clone(),
        Subject::Lifecycle => contact.lifecycle.iter().cloned().collect(),
    };
    match test {
        Test::Any(wanted) => has.iter().any(|one| wanted.contains(one)),
        Test::All(wanted) => wanted.iter().all(|one| has.contains(one)),
        Test::None(unwanted) => !has.iter().any(|one| unwanted.contains(one)),
        Test::Exists(exists) => has.is_empty() != *exists,
        Test::Within(low, high) => {
            has.iter().filter_map(|one| one.parse::<f64>().ok()).any(|one| (*low..=*high).contains(&one))
        }
    }
}
