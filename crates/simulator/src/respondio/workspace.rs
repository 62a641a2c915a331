//! `/space/…`: users, channels, custom fields, closing notes, tags.

use serde_json::{Value, json};

use super::api::Call;
use super::refusal::Refusal;
use super::{paging, wire};
use crate::state::State;

/// A list of things that carry their id.
fn list(state: &State, call: &Call, items: &[Value]) -> Result<Value, Refusal> {
    let end = call.in_space(state)?.about.settings.list_end;
    let numbered = items.iter().zip(1..).map(|(item, place)| (item["id"].as_u64().unwrap_or(place), item.clone()));
    paging::page(call, end, true, numbered)
}

fn one(items: &[Value], id: u64, what: &str) -> Result<Value, Refusal> {
    items.iter().find(|item| item["id"] == id).cloned().ok_or_else(|| Refusal::not_found(what))
}

pub(super) fn users(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    list(state, call, &call.in_space(state)?.users)
}

pub(super) fn user(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    one(&call.in_space(state)?.users, call.number(0, "User")?, "User")
}

pub(super) fn channels(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let channels: Vec<Value> = call.in_space(state)?.about.channels.iter().map(wire::channel).collect();
    list(state, call, &channels)
}

/// Templates are a matter of other platforms: none on a channel of TikTok. The vendor's n8n node asks under `mtm`.
pub(super) fn templates(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let id = call.number(0, "Channel")?;
    call.in_space(state)?.channel(id).ok_or_else(|| Refusal::not_found("Channel"))?;
    list(state, call, &[])
}

pub(super) fn fields(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    list(state, call, &call.in_space(state)?.fields)
}

pub(super) fn field(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    one(&call.in_space(state)?.fields, call.number(0, "Custom field")?, "Custom field")
}

pub(super) fn create_field(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let name = call.text("name")?;
    let kind = call.text("dataType")?;
    if !matches!(kind, "text" | "list" | "checkbox" | "email" | "number" | "url" | "date" | "time") {
        return Err(Refusal::invalid("dataType is invalid"));
    }
    let body = call.object()?;
    let slug =
        body.get("slug").and_then(Value::as_str).map_or_else(|| name.to_lowercase().replace(' ', "_"), str::to_owned);
    if call.in_space(state)?.fields.iter().any(|field| field["slug"] == slug.as_str()) {
        return Err(Refusal::new(409, "Custom field already exists"));
    }
    let id = state.respondio.number(3_001);
    let mut field = json!({"id": id, "name": name, "slug": slug, "description": body.get("description"),
        "dataType": kind, "created_at": call.now.div_euclid(1000)});
    if let Some(values) = body.get("allowedValues") {
        field["allowedValues"] = json!({"listValues": values});
    }
    call.in_space_mut(state)?.fields.push(field.clone());
    Ok(field)
}

pub(super) fn closing_notes(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    list(state, call, &call.in_space(state)?.notes)
}

fn place(state: &State, call: &Call, name: &str) -> Result<Option<usize>, Refusal> {
    Ok(call.in_space(state)?.tags.iter().position(|tag| tag["name"] == name))
}

pub(super) fn create_tag(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let name = call.text("name")?;
    if place(state, call, name)?.is_some() {
        return Err(Refusal::new(409, "Tag already exists"));
    }
    call.in_space_mut(state)?.tags.push(call.body.clone());
    Ok(json!({"code": 200, "message": {"name": name}}))
}

pub(super) fn update_tag(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let (old, new) = (call.text("currentName")?, call.text("name")?);
    let at = place(state, call, old)?.ok_or_else(|| Refusal::not_found("Tag"))?;
    let space = call.in_space_mut(state)?;
    space.tags[at] = call.body.clone();
    for tag in space.contacts.iter_mut().flat_map(|contact| &mut contact.tags).filter(|tag| *tag == old) {
        new.clone_into(tag);
    }
    Ok(json!({"code": 200, "message": "Tag updated"}))
}

pub(super) fn delete_tag(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let name = call.text("name")?;
    let at = place(state, call, name)?.ok_or_else(|| Refusal::not_found("Tag"))?;
    let space = call.in_space_mut(state)?;
    space.tags.remove(at);
    space.contacts.iter_mut().for_each(|contact| contact.tags.retain(|tag| tag != name));
    Ok(json!({"code": 200, "message": "Tag deleted"}))
}
