//! Webhooks: one per event, each with its own key; `X-Webhook-Signature` over the raw body. They share the simulator's
//! queue and log, and its webhook faults, but are tried once: no repetition is documented.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::space::{Plan, Respondio};
use super::wire;
use crate::signing::Ids;
use crate::state::State;
use crate::state::webhooks::{Event, Webhook};

/// Every event with a known name.
pub(super) const EVENTS: [&str; 8] = [
    "message.received",
    "message.sent",
    "contact.created",
    "contact.updated",
    "contact.assignee.updated",
    "contact.lifecycle.updated",
    "conversation.opened",
    "conversation.closed",
];

const PREFIX: &str = "respondio/";

/// Whether an app id of the log is one of these webhooks.
pub(crate) fn is_hook(app_id: &str) -> bool {
    app_id.starts_with(PREFIX)
}

/// The app id under which the log names a webhook.
pub(super) fn app_id(space: u64, event: &str, number: u64) -> String {
    format!("{PREFIX}{space}/{event}/{number}")
}

/// `base64(HMAC-SHA256(key as text, raw body))`.
fn signature(key: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("invariant: HMAC takes a key of any length");
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

impl Respondio {
    /// Headers of a delivery; `None` for a webhook of TikTok.
    pub(crate) fn headers(&self, hook: &Webhook) -> Option<Vec<(String, String)>> {
        if !is_hook(&hook.app_id) {
            return None;
        }
        let known = self.spaces.iter().flat_map(|space| &space.about.webhooks).find(|one| one.app_id == hook.app_id);
        let signature = known.map_or_else(String::new, |one| signature(&one.signing_key, hook.body.as_bytes()));
        Some(vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("user-agent".to_owned(), "respond.io-simulator/1.0".to_owned()),
            ("X-Webhook-Signature".to_owned(), signature),
        ])
    }
}

/// A UUID, version 4 by its looks.
fn event_id(ids: &mut Ids) -> String {
    let digits = |text: String| text[3..].parse::<u64>().unwrap_or_default();
    let (high, low) = (digits(ids.number("event")), digits(ids.number("event")));
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high & 0xffff_ffff,
        (high >> 32) & 0xffff,
        (high >> 44) & 0xfff,
        (low >> 44) & 0xfff,
        low & 0xffff_ffff_ffff
    )
}

/// Tells the workspace's webhooks of `event`, with the contact as it is now and `extra` beside it.
pub(super) fn tell(state: &mut State, space: u64, contact: u64, event: &str, extra: Map<String, Value>, now: i64) {
    let Ok(one) = state.respondio.space(space) else { return };
    let Some(contact) = one.contact(contact) else { return };
    if one.about.plan < Plan::Advanced {
        return;
    }
    let hooks: Vec<_> = one.about.webhooks.iter().filter(|hook| hook.event == event).cloned().collect();
    let (business, key) = (one.about.name.clone(), format!("respondio {}", contact.id));
    let mut body = extra;
    body.insert("contact".to_owned(), wire::told_contact(contact));
    body.insert("event_type".to_owned(), json!(event));
    for hook in hooks {
        body.insert("event_id".to_owned(), json!(event_id(&mut state.ids)));
        let told = Event {
            business: &business,
            category: "RESPONDIO",
            name: event,
            label: "Respond.io".to_owned(),
            key: key.clone(),
            content: String::new(),
            is_api_echo: false,
            item_id: None,
        };
        let effects = state.faults.webhook_effects(event, false);
        let body = Value::Object(body.clone());
        state.webhooks.push(&told, &hook.app_id, Some(hook.url), &body, now, effects);
    }
}

/// Tells of a message, `message.received` or `message.sent` by its direction.
pub(super) fn tell_message(state: &mut State, space: u64, contact: u64, message: u64, now: i64) {
    let Ok(one) = state.respondio.space(space) else { return };
    let unit = one.about.settings.time_unit;
    let Some((found, message)) = one.contact(contact).and_then(|found| Some((found, found.message(message)?))) else {
        return;
    };
    let mut extra = Map::new();
    extra.insert("message".to_owned(), wire::told_message(contact, message, unit));
    if let Some(channel) = one.channel(message.channel_id) {
        let line = found.line(channel.id);
        extra.insert("channel".to_owned(), wire::told_channel(channel, line, unit, message.outgoing));
    }
    let event = if message.outgoing { "message.sent" } else { "message.received" };
    tell(state, space, contact, event, extra, now);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_used_as_text() {
        // A vector made with another program.
        assert_eq!(signature("plain-key", b"{}"), "/g2jyMUbBkTmHIW3QWTu4ga9cx7mZd0bhHQxz3kpRL4=");
    }

    #[test]
    fn event_ids_are_uuids_and_differ() {
        let mut ids = Ids::new(7);
        let (one, other) = (event_id(&mut ids), event_id(&mut ids));
        assert_ne!(one, other);
        let lengths: Vec<_> = one.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{one}");
        assert!(one.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()));
    }
}
