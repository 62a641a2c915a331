//! Reading messages: one, or a contact's list, newest first and without a filter.

use serde_json::Value;

use super::api::Call;
use super::refusal::Refusal;
use super::{contacts, paging, wire};
use crate::state::State;

pub(super) fn list(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let contact = contacts::find(state, call)?;
    let space = call.in_space(state)?;
    let settings = &space.about.settings;
    let found = space.contact(contact).ok_or_else(|| Refusal::not_found("Contact"))?;
    let newest_first = found.messages.iter().rev();
    let entries = newest_first.map(|one| (one.id, wire::message(contact, one, settings.time_unit)));
    paging::page(call, settings.list_end, false, entries)
}

pub(super) fn get(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let contact = contacts::find(state, call)?;
    let id = call.number(1, "Message")?;
    let space = call.in_space(state)?;
    let message = space.contact(contact).and_then(|found| found.message(id));
    let message = message.ok_or_else(|| Refusal::not_found("Message"))?;
    Ok(wire::message(contact, message, space.about.settings.time_unit))
}
