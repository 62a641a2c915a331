//! `business/message/auto_message/*` and `business/message/direct_reply/*`.
//! Portal pages 1832184584869890 to 1832184641212433, 1843697551083522, 1843697576682497, read 2026-11.

use serde_json::{Value, json};

use super::ApiCall;
use crate::control::automatic;
use crate::error::ApiError;
use crate::state::State;
use crate::state::auto_messages::{AutoKind, AutoMessage};
use crate::state::businesses::Business;

/// The account and the type a call is about.
fn subject(state: &State, call: &ApiCall) -> Result<(String, AutoKind), ApiError> {
    let business = business(state, call)?.username.clone();
    let kind = AutoKind::find(call.fields.text("auto_message_type")?);
    Ok((business, kind.ok_or_else(|| ApiError::param("auto_message_type"))?))
}

fn business<'a>(state: &'a State, call: &ApiCall) -> Result<&'a Business, ApiError> {
    state.business_by_id(call.fields.text("business_id")?).ok_or_else(|| ApiError::of(40001))
}

/// The caller's message of that type and id, or 40007.
fn find(state: &State, call: &ApiCall, business: &str, kind: AutoKind) -> Result<AutoMessage, ApiError> {
    let id = call.fields.text("auto_message_id")?;
    let mine = state.auto_messages.get(id).filter(|one| one.business == business && one.auto_message_type == kind);
    mine.cloned().ok_or_else(|| ApiError::of(40007))
}

fn words(call: &ApiCall, kind: AutoKind) -> Result<Vec<String>, ApiError> {
    automatic::words(kind, call.fields.get(kind.object().0))
}

/// `ENABLE` or `DISABLE`.
fn operation(call: &ApiCall) -> Result<bool, ApiError> {
    match call.fields.text("operation_status")? {
        "ENABLE" => Ok(true),
        "DISABLE" => Ok(false),
        _ => Err(ApiError::param("operation_status")),
    }
}

fn word(on: bool) -> &'static str {
    if on { "ENABLE" } else { "DISABLE" }
}

pub(super) fn create(state: &mut State, call: &ApiCall) -> Result<Value, ApiError> {
    let (business, kind) = subject(state, call)?;
    let id = automatic::create(state, &business, kind, words(call, kind)?, call.now)?;
    Ok(json!({"auto_message": {"auto_message_id": id}}))
}

pub(super) fn update(state: &mut State, call: &ApiCall) -> Result<Value, ApiError> {
    let (business, kind) = subject(state, call)?;
    let id = find(state, call, &business, kind)?.auto_message_id;
    automatic::update(state, &id, words(call, kind)?, call.now)?;
    Ok(json!({"auto_message": {"auto_message_id": id}}))
}

pub(super) fn status(state: &mut State, call: &ApiCall) -> Result<Value, ApiError> {
    let (business, kind) = subject(state, call)?;
    automatic::switch(state, &business, kind, operation(call)?, call.now);
    Ok(json!({}))
}

pub(super) fn get(state: &State, call: &ApiCall) -> Result<Value, ApiError> {
    let (business, kind) = subject(state, call)?;
    let messages = match call.fields.get("auto_message_id") {
        Some(_) => vec![find(state, call, &business, kind)?],
        None => state.auto_messages.of(&business, kind),
    };
    let shown = messages.iter().map(|one| {
        let (name, object) = one.object();
        let mut shown = json!({
            "auto_message_id": one.auto_message_id, "auto_message_type": kind.name(), "audit_status": one.audit_status,
        });
        shown[name] = object;
        shown
    });
    Ok(json!({
        "business_id": call.fields.text("business_id")?,
        "operation_status": word(state.auto_messages.is_enabled(&business, kind)),
        "auto_messages": shown.collect::<Vec<_>>(),
    }))
}

/// A welcome message can only be switched off.
pub(super) fn delete(state: &mut State, call: &ApiCall) -> Result<Value, ApiError> {
    let (business, kind) = subject(state, call)?;
    if kind == AutoKind::WelcomeMessage {
        return Err(ApiError::param("auto_message_type"));
    }
    let message = find(state, call, &business, kind)?;
    automatic::delete(state, &message, call.now);
    Ok(json!({}))
}

/// Only chat prompts have an order, and all of them must be named.
pub(super) fn sort(state: &mut State, call: &ApiCall) -> Result<Value, ApiError> {
    let (business, kind) = subject(state, call)?;
    if kind != AutoKind::ChatPrompt {
        return Err(ApiError::param("auto_message_type"));
    }
    let wrong = || ApiError::param("auto_message_ids");
    let ids = call.fields.list("auto_message_ids")?.ok_or_else(wrong)?;
    let mut wanted = ids.clone();
    wanted.sort();
    let mut known: Vec<String> =
        state.auto_messages.of(&business, kind).into_iter().map(|one| one.auto_message_id).collect();
    known.sort();
    if wanted != known {
        return Err(wrong());
    }
    state.auto_messages.sort(&ids);
    Ok(json!({}))
}

fn direct_reply_type(call: &ApiCall) -> Result<(), ApiError> {
    match call.fields.text("direct_reply_type")? {
        "COMMENT_TO_MESSAGE" => Ok(()),
        _ => Err(ApiError::param("direct_reply_type")),
    }
}

/// Comment-to-Message can be switched on only where it exists.
pub(super) fn direct_reply_update(state: &mut State, call: &ApiCall) -> Result<Value, ApiError> {
    direct_reply_type(call)?;
    let on = operation(call)?;
    let open_id = business(state, call)?.open_id.clone();
    let business = state.business_by_id_mut(&open_id).ok_or_else(|| ApiError::of(40001))?;
    if on && !business.has_comment_to_message() {
        return Err(ApiError::of(40001));
    }
    business.comment_to_message = on;
    Ok(json!({}))
}

pub(super) fn direct_reply_get(state: &State, call: &ApiCall) -> Result<Value, ApiError> {
    direct_reply_type(call)?;
    let business = business(state, call)?;
    Ok(json!({
        "business_id": business.open_id,
        "direct_reply_type": "COMMENT_TO_MESSAGE",
        "operation_status": word(business.comment_to_message),
    }))
}
