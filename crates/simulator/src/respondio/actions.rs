//! What is done to a contact: tags, lifecycle, comments, assignment, opening and closing.

use serde_json::{Map, Value, json};

use super::api::Call;
use super::contact::{Contact, Talk};
use super::refusal::Refusal;
use super::{contacts, hooks, mirror};
use crate::state::State;

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn with_contact<T>(state: &mut State, call: &Call, act: impl FnOnce(&mut Contact) -> T) -> Result<(u64, T), Refusal> {
    let id = contacts::find(state, call)?;
    let contact = call.in_space_mut(state)?.contact_mut(id).ok_or_else(|| Refusal::not_found("Contact"))?;
    Ok((id, act(contact)))
}

/// One to ten names in a JSON array, which is the whole body; also with DELETE.
fn tags(call: &Call) -> Result<Vec<String>, Refusal> {
    let names = call.body.as_array().filter(|names| (1..=10).contains(&names.len()));
    let names = names.ok_or_else(|| Refusal::invalid("the body must be an array of 1 to 10 tags"))?;
    let name = |name: &Value| name.as_str().filter(|name| (1..=255).contains(&units(name))).map(str::to_owned);
    names.iter().map(name).collect::<Option<_>>().ok_or_else(|| Refusal::invalid("a tag has 1 to 255 characters"))
}

pub(super) fn add_tags(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let names = tags(call)?;
    let (id, ()) = with_contact(state, call, |contact| {
        for name in names {
            if !contact.tags.contains(&name) {
                contact.tags.push(name);
            }
        }
    })?;
    hooks::tell(state, call.space, id, "contact.updated", Map::new(), call.now);
    Ok(json!({"contactId": id}))
}

pub(super) fn remove_tags(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let names = tags(call)?;
    let (id, ()) = with_contact(state, call, |contact| contact.tags.retain(|tag| !names.contains(tag)))?;
    hooks::tell(state, call.space, id, "contact.updated", Map::new(), call.now);
    Ok(json!({"contactId": id}))
}

pub(super) fn lifecycle(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let next = match call.object()?.get("name") {
        Some(Value::Null) => None,
        Some(Value::String(name)) if !name.is_empty() => Some(name.clone()),
        _ => return Err(Refusal::invalid("name must be a stage or null")),
    };
    let now = next.clone();
    let (id, old) = with_contact(state, call, |contact| std::mem::replace(&mut contact.lifecycle, next))?;
    let extra = Map::from_iter([("lifecycle".to_owned(), json!(now)), ("oldLifecycle".to_owned(), json!(old))]);
    hooks::tell(state, call.space, id, "contact.lifecycle.updated", extra, call.now);
    Ok(json!({"code": 200, "message": "Lifecycle updated"}))
}

pub(super) fn comment(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let text = call.text("text")?;
    if units(text) > 1000 {
        return Err(Refusal::invalid("text has at most 1000 characters"));
    }
    let id = contacts::find(state, call)?;
    Ok(json!({"contactId": id, "text": text, "created_at": call.now.div_euclid(1000)}))
}

pub(super) fn assign(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let named = call.object()?.get("assignee").ok_or_else(|| Refusal::invalid("assignee is required"))?;
    let user = match named {
        Value::Null => None,
        named => Some(call.in_space(state)?.user(named).cloned().ok_or_else(|| Refusal::not_found("User"))?),
    };
    let (id, ()) = with_contact(state, call, |contact| {
        if let Some(talk) = contact.talk.as_mut().filter(|_| user.is_some()) {
            talk.last_assigned_at = Some(call.now);
        }
        contact.assignee = user;
    })?;
    hooks::tell(state, call.space, id, "contact.assignee.updated", Map::new(), call.now);
    Ok(json!({"contactId": id}))
}

pub(super) fn status(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let body = call.object()?;
    let optional = |name: &str, most: usize| match body.get(name) {
        None | Some(Value::Null) => Ok(Value::Null),
        Some(Value::String(text)) if units(text) <= most => Ok(json!(text)),
        _ => Err(Refusal::invalid(format!("{name} is invalid"))),
    };
    let (category, summary) = (optional("category", 128)?, optional("summary", 512)?);
    match call.text("status")? {
        "open" => {
            let (id, opened) = with_contact(state, call, |contact| {
                let closed = contact.talk.is_none();
                let fresh = || Talk { opened_at: call.now, opened_by: "api", ..Talk::default() };
                contact.talk.get_or_insert_with(fresh);
                closed
            })?;
            if opened {
                let extra = mirror::opened(call.now, "api");
                hooks::tell(state, call.space, id, "conversation.opened", extra, call.now);
            }
            Ok(json!({"contactId": id}))
        }
        "close" => {
            let (id, talk) = with_contact(state, call, |contact| contact.talk.take())?;
            if let Some(talk) = talk {
                let conversation = closed(state, call, id, &talk, &category, &summary);
                let extra = Map::from_iter([("conversation".to_owned(), conversation)]);
                hooks::tell(state, call.space, id, "conversation.closed", extra, call.now);
            }
            Ok(json!({"contactId": id}))
        }
        _ => Err(Refusal::invalid("status must be open or close")),
    }
}

fn closed(state: &State, call: &Call, id: u64, talk: &Talk, category: &Value, summary: &Value) -> Value {
    let seconds = |ms: i64| ms.div_euclid(1000);
    let assignee = call.in_space(state).ok().and_then(|space| space.contact(id)?.assignee.clone());
    json!({
        "category": category,
        "summary": summary,
        "openedTime": seconds(talk.opened_at),
        "openedBySource": talk.opened_by,
        "closedTime": seconds(call.now),
        "closedBy": {},
        "closedBySource": "api",
        "firstResponseTime": talk.first_response_at.map(|at| seconds(at - talk.opened_at)),
        "resolutionTime": seconds(call.now - talk.opened_at),
        "incomingMessageCount": talk.incoming,
        "outgoingMessageCount": talk.outgoing,
        "assigneeTeam": assignee.map_or(Value::Null, |user| user["team"]["name"].clone()),
        "lastAssignmentTime": talk.last_assigned_at.map(seconds),
    })
}
