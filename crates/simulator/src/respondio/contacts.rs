//! Contacts: find, list, make, change, merge, remove, and their channels.

use serde_json::{Map, Value, json};

use super::api::Call;
use super::contact::{Contact, PERSONAL};
use super::filter::Filter;
use super::refusal::Refusal;
use super::space::{ContactOrder, Space};
use super::{hooks, paging, wire};
use crate::state::State;

/// How a path names a contact.
enum Named<'a> {
    Id(u64),
    /// Name and value of a field.
    Field(&'static str, &'a str),
}

fn named(call: &Call) -> Result<Named<'_>, Refusal> {
    let identifier = call.values.first().map(String::as_str).unwrap_or_default();
    match identifier.split_once(':') {
        Some(("id", id)) => id.parse().map(Named::Id).map_err(|_| Refusal::invalid("identifier is invalid")),
        Some(("email", email)) if email.contains('@') => Ok(Named::Field("email", email)),
        Some(("phone", phone)) if phone.starts_with('+') => Ok(Named::Field("phone", phone)),
        _ => Err(Refusal::invalid("identifier must be id:…, email:… or phone:+…")),
    }
}

fn look_up(space: &Space, named: &Named<'_>) -> Option<u64> {
    let fits = |contact: &&Contact| match named {
        Named::Id(id) => contact.id == *id,
        Named::Field(name, value) => contact.fields.get(*name).and_then(Value::as_str) == Some(value),
    };
    space.contacts.iter().find(fits).map(|contact| contact.id)
}

/// Id of the contact the path names, or 404.
pub(super) fn find(state: &State, call: &Call) -> Result<u64, Refusal> {
    look_up(call.in_space(state)?, &named(call)?).ok_or_else(|| Refusal::not_found("Contact"))
}

pub(super) fn get(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let id = find(state, call)?;
    call.in_space(state)?.contact(id).map(wire::contact).ok_or_else(|| Refusal::not_found("Contact"))
}

/// `search`, `timezone` and `filter` must all be there; ids order the list, never activity.
pub(super) fn list(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let body = call.object()?;
    let text = |name: &str| {
        let found = body.get(name).and_then(Value::as_str);
        found.ok_or_else(|| Refusal::invalid(format!("{name} is required")))
    };
    let (search, timezone) = (text("search")?.to_lowercase(), text("timezone")?);
    let space = call.in_space(state)?;
    let filter = Filter::read(space, body.get("filter").unwrap_or(&Value::Null), timezone)?;
    let found_by = |contact: &Contact| {
        let names = ["firstName", "lastName", "phone", "email"];
        let mut texts = names.iter().filter_map(|name| contact.fields.get(*name).and_then(Value::as_str));
        search.is_empty() || texts.any(|text| text.to_lowercase().contains(&search))
    };
    let rising = space.about.settings.contact_order == ContactOrder::Rising;
    let mut shown: Vec<&Contact> =
        space.contacts.iter().filter(|contact| found_by(contact) && filter.takes(contact)).collect();
    shown.sort_by_key(|contact| contact.id);
    if !rising {
        shown.reverse();
    }
    let entries = shown.into_iter().map(|contact| (contact.id, wire::contact(contact)));
    paging::page(call, space.about.settings.list_end, rising, entries)
}

pub(super) fn channels(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let id = find(state, call)?;
    let space = call.in_space(state)?;
    let settings = &space.about.settings;
    let lines = space.contact(id).map(|contact| contact.lines.as_slice()).unwrap_or_default();
    let entries = lines.iter().filter_map(|line| {
        let channel = space.channel(line.channel_id)?;
        Some((line.id, wire::contact_channel(channel, line, settings.time_unit)))
    });
    paging::page(call, settings.list_end, true, entries)
}

/// Only by email or phone, so never a contact of TikTok.
pub(super) fn create(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let Named::Field(name, value) = named(call)? else {
        return Err(Refusal::invalid("a contact is created by email or phone"));
    };
    call.text("firstName")?;
    if look_up(call.in_space(state)?, &Named::Field(name, value)).is_some() {
        return Err(Refusal::new(409, "Contact already exists"));
    }
    make(state, call, name, value)?;
    Ok(json!({"code": 200, "message": "Contact created"}))
}

fn make(state: &mut State, call: &Call, name: &str, value: &str) -> Result<u64, Refusal> {
    let mut contact = Contact::new(state.respondio.number(410_000_100), call.now);
    contact.set(name, value);
    write(&mut contact, call.object()?)?;
    let id = contact.id;
    call.in_space_mut(state)?.contacts.push(contact);
    hooks::tell(state, call.space, id, "contact.created", Map::new(), call.now);
    Ok(id)
}

pub(super) fn upsert(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let named = named(call)?;
    match (look_up(call.in_space(state)?, &named), named) {
        (Some(id), _) => change(state, call, id),
        (None, Named::Field(name, value)) => Ok(json!({"contactId": make(state, call, name, value)?})),
        (None, Named::Id(_)) => Err(Refusal::not_found("Contact")),
    }
}

pub(super) fn update(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let id = find(state, call)?;
    change(state, call, id)
}

fn change(state: &mut State, call: &Call, id: u64) -> Result<Value, Refusal> {
    let fields = call.object()?;
    let contact = call.in_space_mut(state)?.contact_mut(id).ok_or_else(|| Refusal::not_found("Contact"))?;
    write(contact, fields)?;
    hooks::tell(state, call.space, id, "contact.updated", Map::new(), call.now);
    Ok(json!({"contactId": id}))
}

/// Writes the fields given; the others stay.
fn write(contact: &mut Contact, fields: &Map<String, Value>) -> Result<(), Refusal> {
    for name in PERSONAL {
        match fields.get(name) {
            None => {}
            Some(value @ (Value::Null | Value::String(_))) => contact.set(name, value.clone()),
            Some(_) => return Err(Refusal::invalid(format!("{name} must be a string"))),
        }
    }
    for one in fields.get("custom_fields").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default() {
        let name = one["name"].as_str().ok_or_else(|| Refusal::invalid("custom_fields need a name"))?;
        contact.custom.retain(|(known, _)| known != name);
        contact.custom.push((name.to_owned(), one["value"].clone()));
    }
    Ok(())
}

pub(super) fn delete(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let id = find(state, call)?;
    call.in_space_mut(state)?.contacts.retain(|contact| contact.id != id);
    Ok(json!({"contactId": id}))
}

/// The first keeps its id and gets the channels and messages of the second.
pub(super) fn merge(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let ids = call.object()?.get("contactIds").and_then(Value::as_array);
    let ids: Vec<u64> = ids.map(|ids| ids.iter().filter_map(Value::as_u64).collect()).unwrap_or_default();
    let [keep, other] = ids[..] else { return Err(Refusal::invalid("contactIds must be two ids")) };
    let space = call.in_space_mut(state)?;
    let unit = space.about.settings.id_unit;
    let at = space.contacts.iter().position(|contact| contact.id == other).filter(|_| keep != other);
    let at = at.filter(|_| space.contact(keep).is_some()).ok_or_else(|| Refusal::not_found("Contact"))?;
    let gone = space.contacts.remove(at);
    let contact = space.contact_mut(keep).ok_or_else(|| Refusal::not_found("Contact"))?;
    contact.lines.extend(gone.lines);
    for message in gone.messages {
        contact.add(message, unit);
    }
    for tag in gone.tags {
        if !contact.tags.contains(&tag) {
            contact.tags.push(tag);
        }
    }
    write(contact, call.object()?)?;
    hooks::tell(state, call.space, keep, "contact.updated", Map::new(), call.now);
    Ok(json!({"contactId": keep}))
}
