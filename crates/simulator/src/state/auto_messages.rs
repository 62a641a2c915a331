//! Automatic messages a business manages by API: welcome message, suggested questions, chat prompts.
//! Portal pages 1832184584869890 to 1832184641212433, read 2026-11. Keyword replies are settings of the business.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Which of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AutoKind {
    /// Sent when a customer begins a conversation; one per business.
    WelcomeMessage,
    /// A question to tap, answered by TikTok; at most three.
    SuggestedQuestion,
    /// A button that writes for the customer; at most six.
    ChatPrompt,
}

impl AutoKind {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::WelcomeMessage => "WELCOME_MESSAGE",
            Self::SuggestedQuestion => "SUGGESTED_QUESTION",
            Self::ChatPrompt => "CHAT_PROMPT",
        }
    }

    pub(crate) fn find(name: &str) -> Option<Self> {
        [Self::WelcomeMessage, Self::SuggestedQuestion, Self::ChatPrompt].into_iter().find(|one| one.name() == name)
    }

    /// Most per business.
    pub(crate) fn most(self) -> usize {
        match self {
            Self::WelcomeMessage => 1,
            Self::SuggestedQuestion => 3,
            Self::ChatPrompt => 6,
        }
    }

    /// Name of the object that holds the words, and its two fields with their longest length in UTF-16 units.
    pub(crate) fn object(self) -> (&'static str, &'static [(&'static str, usize)]) {
        match self {
            Self::WelcomeMessage => ("welcome_message", &[("content", 250)]),
            Self::SuggestedQuestion => ("suggested_question", &[("question", 80), ("answer", 200)]),
            Self::ChatPrompt => ("chat_prompt", &[("title", 18), ("content", 150)]),
        }
    }
}

/// Where a review stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum AuditStatus {
    /// Not decided yet.
    Reviewing,
    /// May be shown.
    Approved,
    /// May not.
    Rejected,
}

/// One automatic message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_field_names, reason = "TikTok's own names")]
pub struct AutoMessage {
    /// 19 digits.
    pub auto_message_id: String,
    /// Handle of the business.
    pub business: String,
    /// Which of the three.
    pub auto_message_type: AutoKind,
    /// Where its review stands.
    pub audit_status: AuditStatus,
    /// The words, in the order of the object's fields: content; question and answer; title and content.
    pub words: Vec<String>,
    /// When the review ends, Unix ms; absent when it has, or when a person decides.
    pub review_at: Option<i64>,
}

impl AutoMessage {
    /// `(name, object)` as the API and the webhook write it, e.g. `chat_prompt: {title, content}`.
    pub(crate) fn object(&self) -> (&'static str, Value) {
        let (name, fields) = self.auto_message_type.object();
        let object = fields.iter().zip(&self.words).map(|((field, _), word)| ((*field).to_owned(), json!(word)));
        (name, Value::Object(object.collect()))
    }
}

/// All automatic messages, in the order customers see them.
#[derive(Debug, Default)]
pub(crate) struct AutoMessages {
    items: Vec<AutoMessage>,
    enabled: BTreeSet<(String, AutoKind)>,
}

impl AutoMessages {
    pub(crate) fn add(&mut self, message: AutoMessage) {
        self.items.push(message);
    }

    pub(crate) fn of(&self, business: &str, kind: AutoKind) -> Vec<AutoMessage> {
        let mine = |one: &&AutoMessage| one.business == business && one.auto_message_type == kind;
        self.items.iter().filter(mine).cloned().collect()
    }

    pub(crate) fn all_of(&self, business: &str) -> Vec<AutoMessage> {
        self.items.iter().filter(|one| one.business == business).cloned().collect()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&AutoMessage> {
        self.items.iter().find(|one| one.auto_message_id == id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut AutoMessage> {
        self.items.iter_mut().find(|one| one.auto_message_id == id)
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.items.retain(|one| one.auto_message_id != id);
    }

    /// Puts the prompts of a business into this order; `ids` are all of them.
    pub(crate) fn sort(&mut self, ids: &[String]) {
        self.items.sort_by_key(|one| ids.iter().position(|id| *id == one.auto_message_id));
    }

    pub(crate) fn is_enabled(&self, business: &str, kind: AutoKind) -> bool {
        self.enabled.contains(&(business.to_owned(), kind))
    }

    pub(crate) fn enable(&mut self, business: &str, kind: AutoKind, on: bool) {
        let key = (business.to_owned(), kind);
        if on {
            self.enabled.insert(key);
        } else {
            self.enabled.remove(&key);
        }
    }

    /// The types that are switched on.
    pub(crate) fn enabled(&self, business: &str) -> Vec<AutoKind> {
        self.enabled.iter().filter(|(one, _)| one == business).map(|(_, kind)| *kind).collect()
    }

    /// What customers really get: approved, and the type is on.
    pub(crate) fn served(&self, business: &str, kind: AutoKind) -> Vec<AutoMessage> {
        if !self.is_enabled(business, kind) {
            return Vec::new();
        }
        self.of(business, kind).into_iter().filter(|one| one.audit_status == AuditStatus::Approved).collect()
    }

    /// When the next review ends, Unix ms.
    pub(crate) fn next_review(&self) -> Option<i64> {
        self.items.iter().filter_map(|one| one.review_at).min()
    }

    /// Ids whose review has ended, in order of time.
    pub(crate) fn reviews_due(&self, now: i64) -> Vec<(i64, String)> {
        let due = |one: &AutoMessage| one.review_at.filter(|at| *at <= now).map(|at| (at, one.auto_message_id.clone()));
        let mut due: Vec<(i64, String)> = self.items.iter().filter_map(due).collect();
        due.sort();
        due
    }
}
