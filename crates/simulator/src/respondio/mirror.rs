//! What enters a TikTok conversation appears in every workspace whose channel is bound to its business.

use serde_json::{Map, json};

use super::contact::{Contact, Line, Message, Step, Talk};
use super::{hooks, wire};
use crate::state::State;
use crate::state::messages::Message as Told;
use crate::wire::lists::avatar;

/// Takes note of a message that was just put into a conversation. Of customers whose words TikTok withholds
/// (Europe), Respond.io learns nothing.
pub(crate) fn mirror(state: &mut State, conversation_id: &str, told: &Told) {
    if state.respondio.spaces.is_empty() {
        return;
    }
    let Some(conversation) = state.conversation(conversation_id) else { return };
    let (business, customer) = state.pair(conversation);
    if customer.is_withheld() {
        return;
    }
    let spaces = state.respondio.spaces.iter();
    let bound: Vec<(u64, u64)> = spaces
        .flat_map(|space| space.about.channels.iter().map(|channel| (space.about.id, channel)))
        .filter(|(_, channel)| channel.business == business.username)
        .map(|(space, channel)| (space, channel.id))
        .collect();
    for (space, channel) in bound {
        enter(state, space, channel, &customer, told);
    }
}

fn enter(state: &mut State, space: u64, channel: u64, customer: &crate::state::customers::Customer, told: &Told) {
    let now = told.timestamp;
    let contact = match known(state, space, channel, &customer.username) {
        Some(contact) => contact,
        None => make(state, space, channel, customer, now),
    };
    let content = wire::content(state, &told.content);
    let Ok(one) = state.respondio.space_mut(space) else { return };
    let (unit, holds) = (one.about.settings.id_unit, one.about.settings.hold_files);
    let Some(found) = one.contact_mut(contact) else { return };
    let ours = |message: &Message| message.channel_message_id.as_deref() == Some(&told.message_id);
    if found.messages.iter().any(ours) {
        // Its own send, on its way to the phone.
        return;
    }
    let opens = !told.from_business && found.talk.is_none();
    if opens {
        found.talk = Some(Talk { opened_at: now, opened_by: "contact", ..Talk::default() });
        hooks::tell(state, space, contact, "conversation.opened", opened(now, "contact"), now);
    }
    let steps = if told.from_business { vec![Step { value: "sent", at: now, message: None }] } else { Vec::new() };
    let waits = holds && !told.from_business && content["type"] == "attachment";
    let (content, copied) = if waits { (wire::pending(&content), Some(content)) } else { (content, None) };
    let message = Message {
        id: 0,
        channel_message_id: Some(told.message_id.clone()),
        channel_id: channel,
        outgoing: told.from_business,
        content,
        steps,
        // Written in TikTok's app, by TikTok itself or through another program: all the same from here.
        sender: json!({"source": if told.from_business { "echo" } else { "contact" }}),
        at: now,
        handover: None,
        copied,
    };
    let found = state.respondio.space_mut(space).ok().and_then(|one| one.contact_mut(contact));
    if let Some(id) = found.map(|found| found.add(message, unit)) {
        hooks::tell_message(state, space, contact, id, now);
    }
}

/// What `conversation.opened` says of the conversation.
pub(super) fn opened(now: i64, by: &str) -> Map<String, serde_json::Value> {
    let conversation = json!({"openedTime": now.div_euclid(1000), "openedBySource": by});
    Map::from_iter([("conversation".to_owned(), conversation)])
}

fn known(state: &State, space: u64, channel: u64, customer: &str) -> Option<u64> {
    let mut contacts = state.respondio.space(space).ok()?.contacts.iter();
    let here = |line: &Line| line.channel_id == channel && line.customer == customer;
    contacts.find(|contact| contact.lines.iter().any(here)).map(|contact| contact.id)
}

/// A new contact: the display name is all that TikTok tells.
fn make(state: &mut State, space: u64, channel: u64, customer: &crate::state::customers::Customer, now: i64) -> u64 {
    let id = state.respondio.number(410_000_100);
    let line = state.respondio.number(88_000);
    let picture = avatar(&state.base_url, &customer.username, now);
    let mut contact = Contact::new(id, now);
    contact.set("firstName", customer.display_name.clone());
    contact.set("profilePic", picture);
    contact.lines.push(Line {
        channel_id: channel,
        id: line,
        customer: customer.username.clone(),
        last_message: None,
        last_incoming: None,
        created_at: now,
    });
    if let Ok(one) = state.respondio.space_mut(space) {
        one.contacts.push(contact);
    }
    hooks::tell(state, space, id, "contact.created", Map::new(), now);
    id
}
