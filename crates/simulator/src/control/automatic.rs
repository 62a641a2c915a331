//! Automatic messages: kept, reviewed on the simulator's clock, told by webhook, and really sent when a customer writes.
//! The API's `auto_message/*` endpoints and the control side share what is here.

use serde::Deserialize;
use serde_json::{Value, json};

use super::business::send;
use super::customer::emit;
use crate::error::{ApiError, ControlError};
use crate::simulator::Simulator;
use crate::state::State;
use crate::state::auto_messages::{AuditStatus, AutoKind, AutoMessage};
use crate::state::businesses::Review;
use crate::state::messages::{Content, Message};
use crate::wire::events;

/// An automatic message set in TikTok's app, with the API's own objects.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAutoMessage {
    /// Handle of the business.
    pub business: String,
    /// Which of the three.
    pub auto_message_type: AutoKind,
    /// For `WELCOME_MESSAGE`: `{"content": …}`.
    #[serde(default)]
    pub welcome_message: Option<Value>,
    /// For `SUGGESTED_QUESTION`: `{"question": …, "answer": …}`.
    #[serde(default)]
    pub suggested_question: Option<Value>,
    /// For `CHAT_PROMPT`: `{"title": …, "content": …}`.
    #[serde(default)]
    pub chat_prompt: Option<Value>,
    /// Approved at once; otherwise it is reviewed like any other.
    #[serde(default)]
    pub approved: bool,
}

fn known(id: &str) -> ControlError {
    ControlError::not_found("automatic message", id)
}

impl Simulator {
    /// The owner writes an automatic message in TikTok's app, which switches its type on. Refused as the API refuses it.
    pub fn set_auto_message(&self, new: &NewAutoMessage) -> Result<AutoMessage, ControlError> {
        let now = self.now_ms();
        let made = self.with(|state| {
            state.business(&new.business)?;
            let kind = new.auto_message_type;
            let object = match kind {
                AutoKind::WelcomeMessage => &new.welcome_message,
                AutoKind::SuggestedQuestion => &new.suggested_question,
                AutoKind::ChatPrompt => &new.chat_prompt,
            };
            let refused = |error: ApiError| ControlError::invalid(error.message);
            let words = words(kind, object.as_ref()).map_err(refused)?;
            let id = create(state, &new.business, kind, words, now).map_err(refused)?;
            if new.approved {
                review(state, &id, true, now);
            }
            switch(state, &new.business, kind, true, now);
            state.auto_messages.get(&id).cloned().ok_or_else(|| known(&id))
        });
        self.tell("state", "");
        made
    }

    /// The owner switches a type of automatic message on or off.
    pub fn switch_auto_messages(&self, business: &str, kind: AutoKind, on: bool) -> Result<(), ControlError> {
        let now = self.now_ms();
        self.with(|state| {
            state.business(business)?;
            switch(state, business, kind, on, now);
            Ok::<_, ControlError>(())
        })?;
        self.tell("state", "");
        Ok(())
    }

    /// Ends the review of an automatic message, whatever it said before.
    pub fn review_auto_message(&self, id: &str, approve: bool) -> Result<AutoMessage, ControlError> {
        let now = self.now_ms();
        let made = self.with(|state| {
            state.auto_messages.get(id).ok_or_else(|| known(id))?;
            review(state, id, approve, now);
            state.auto_messages.get(id).cloned().ok_or_else(|| known(id))
        });
        self.tell("state", "");
        made
    }

    /// Ends the reviews that are due.
    pub(crate) fn review_due(&self) {
        let now = self.now_ms();
        if self.with(|state| run_reviews(state, now)) {
            self.tell("state", "");
        }
    }
}

/// Ends the reviews that are due, each at its own time. True when there were any.
pub(crate) fn run_reviews(state: &mut State, now: i64) -> bool {
    let due = state.auto_messages.reviews_due(now);
    for (at, id) in &due {
        let business = state.auto_messages.get(id).map(|one| one.business.clone()).unwrap_or_default();
        let approve = state.business(&business).is_ok_and(|one| one.review != Review::Reject);
        review(state, id, approve, *at);
    }
    !due.is_empty()
}

/// The words of an object, each within its length; 40002 names the one that is not.
pub(crate) fn words(kind: AutoKind, object: Option<&Value>) -> Result<Vec<String>, ApiError> {
    let (name, fields) = kind.object();
    let object = object.filter(|one| one.is_object()).ok_or_else(|| ApiError::param(name))?;
    let word = |(field, most): &(&str, usize)| {
        let text = object[*field].as_str().filter(|text| !text.is_empty() && text.encode_utf16().count() <= *most);
        text.map(str::to_owned).ok_or_else(|| ApiError::param(&format!("{name}.{field}")))
    };
    fields.iter().map(word).collect()
}

/// Adds one, under review. Answers its id.
pub(crate) fn create(
    state: &mut State,
    business: &str,
    kind: AutoKind,
    words: Vec<String>,
    now: i64,
) -> Result<String, ApiError> {
    let others = state.auto_messages.of(business, kind);
    if others.len() >= kind.most() {
        return Err(ApiError::new(40002, "The number of automatic messages has reached the limit."));
    }
    refuse_duplicate(&others, None, &words)?;
    let message = AutoMessage {
        auto_message_id: state.ids.number("auto message"),
        business: business.to_owned(),
        auto_message_type: kind,
        audit_status: AuditStatus::Reviewing,
        words,
        review_at: review_at(state, business, now),
    };
    let id = message.auto_message_id.clone();
    tell_change(state, &message, "CREATE", now);
    state.auto_messages.add(message);
    Ok(id)
}

fn refuse_duplicate(others: &[AutoMessage], except: Option<&str>, words: &[String]) -> Result<(), ApiError> {
    let same = |one: &&AutoMessage| one.words == words && except != Some(one.auto_message_id.as_str());
    match others.iter().find(same) {
        Some(_) => Err(ApiError::new(40002, "The automatic message already exists.")),
        None => Ok(()),
    }
}

fn review_at(state: &State, business: &str, now: i64) -> Option<i64> {
    let decided = state.business(business).is_ok_and(|one| one.review != Review::Manual);
    decided.then(|| now + state.review_ms)
}

/// Changes the words; the review begins anew. A welcome message is told as deleted and created.
pub(crate) fn update(state: &mut State, id: &str, words: Vec<String>, now: i64) -> Result<(), ApiError> {
    let before = state.auto_messages.get(id).cloned().ok_or_else(|| ApiError::of(40007))?;
    if before.audit_status == AuditStatus::Reviewing {
        return Err(ApiError::new(40002, "The automatic message is under review."));
    }
    let others = state.auto_messages.of(&before.business, before.auto_message_type);
    refuse_duplicate(&others, Some(id), &words)?;
    let review_at = review_at(state, &before.business, now);
    let after = AutoMessage { words, audit_status: AuditStatus::Reviewing, review_at, ..before.clone() };
    if after.auto_message_type == AutoKind::WelcomeMessage {
        tell_change(state, &before, "DELETE", now);
        tell_change(state, &after, "CREATE", now);
    } else {
        tell_change(state, &after, "UPDATE", now);
    }
    if let Some(kept) = state.auto_messages.get_mut(id) {
        *kept = after;
    }
    Ok(())
}

/// Takes one away.
pub(crate) fn delete(state: &mut State, message: &AutoMessage, now: i64) {
    state.auto_messages.remove(&message.auto_message_id);
    tell_change(state, message, "DELETE", now);
}

/// Switches a whole type on or off; told for every message of it, when that changes anything.
pub(crate) fn switch(state: &mut State, business: &str, kind: AutoKind, on: bool, now: i64) {
    if state.auto_messages.is_enabled(business, kind) == on {
        return;
    }
    state.auto_messages.enable(business, kind, on);
    for message in state.auto_messages.of(business, kind) {
        tell_change(state, &message, if on { "ENABLE" } else { "DISABLE" }, now);
    }
}

fn review(state: &mut State, id: &str, approve: bool, now: i64) {
    let Some(message) = state.auto_messages.get_mut(id) else { return };
    message.review_at = None;
    message.audit_status = if approve { AuditStatus::Approved } else { AuditStatus::Rejected };
    let message = message.clone();
    let content = json!({
        "auto_message_id": id,
        "auto_message_type": message.auto_message_type.name(),
        "audit_status": message.audit_status,
        "timestamp": now,
    });
    let label = if approve { "APPROVED" } else { "REJECTED" };
    emit(state, &message.business, "im_auto_message_audit_update", label.to_owned(), &message.business, &content, now);
}

fn tell_change(state: &mut State, message: &AutoMessage, action: &str, now: i64) {
    let content = events::auto_message_config(message, action, now);
    let business = &message.business;
    emit(state, business, "im_auto_message_config_update", action.to_owned(), business, &content, now);
}

/// What TikTok sends by itself after a customer's message: the welcome to a first one, the answer of a tapped question,
/// else the answer of a keyword. All count against the window, like everything a business sends.
pub(super) fn answer(
    state: &mut State,
    conversation_id: &str,
    message: &Message,
    tapped: Option<&AutoMessage>,
    now: i64,
) {
    let Some(conversation) = state.conversation(conversation_id) else { return };
    let business = conversation.business.clone();
    let first = conversation.messages.len() == 1;
    let mut answers: Vec<(&str, String)> = Vec::new();
    if first {
        let welcome = state.auto_messages.served(&business, AutoKind::WelcomeMessage);
        answers.extend(welcome.into_iter().flat_map(|one| one.words).map(|words| ("WELCOME_MESSAGE", words)));
    }
    match (tapped, &message.content) {
        (Some(question), _) if question.auto_message_type == AutoKind::SuggestedQuestion => {
            answers.extend(question.words.get(1).map(|words| ("SUGGESTED_QUESTION", words.clone())));
        }
        (_, Content::Text { body }) => {
            let answer = state.business(&business).ok().and_then(|one| one.keyword_answer(body)).map(str::to_owned);
            answers.extend(answer.map(|words| ("AUTO_REPLY", words)));
        }
        _ => {}
    }
    for (kind, body) in answers {
        let mut sent = Message::new(&mut state.ids, message.timestamp, true, "OTHERS", Content::Text { body });
        sent.auto_message_type = Some(kind.to_owned());
        send(state, conversation_id, &sent, now);
    }
}
