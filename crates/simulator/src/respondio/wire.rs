//! Contacts, messages and channels as Respond.io writes them, in answers and in webhooks.

use serde_json::{Value, json};

use super::contact::{Contact, Line, Message};
use super::space::{Channel, TimeUnit};
use crate::state::State;
use crate::state::messages::Content;

fn seconds(ms: i64) -> i64 {
    ms.div_euclid(1000)
}

/// A contact as answers show it.
pub(super) fn contact(contact: &Contact) -> Value {
    let custom: Vec<Value> = contact.custom.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let mut all = contact.fields.clone();
    all.insert("id".to_owned(), json!(contact.id));
    all.insert("status".to_owned(), json!(if contact.talk.is_some() { "open" } else { "closed" }));
    all.insert("isBlocked".to_owned(), json!(false));
    all.insert("custom_fields".to_owned(), if custom.is_empty() { Value::Null } else { json!(custom) });
    all.insert("tags".to_owned(), json!(contact.tags));
    all.insert("assignee".to_owned(), contact.assignee.as_ref().map_or(Value::Null, person));
    all.insert("lifecycle".to_owned(), json!(contact.lifecycle));
    all.insert("created_at".to_owned(), json!(seconds(contact.created_at)));
    Value::Object(all)
}

/// A contact as webhooks show it: nobody is an empty object.
pub(super) fn told_contact(one: &Contact) -> Value {
    let mut all = contact(one);
    if let Some(map) = all.as_object_mut() {
        map.remove("isBlocked");
        map.remove("locale");
        if one.assignee.is_none() {
            map.insert("assignee".to_owned(), json!({}));
        }
    }
    all
}

fn person(user: &Value) -> Value {
    json!({"id": user["id"], "firstName": user["firstName"], "lastName": user["lastName"], "email": user["email"]})
}

/// A message as answers show it: without a time of its own.
pub(super) fn message(contact_id: u64, message: &Message, unit: TimeUnit) -> Value {
    let mut all = json!({
        "messageId": message.id,
        "channelMessageId": message.channel_message_id,
        "contactId": contact_id,
        "channelId": message.channel_id,
        "traffic": if message.outgoing { "outgoing" } else { "incoming" },
        "message": message.content,
        "sender": message.sender,
    });
    if message.outgoing {
        let steps: Vec<Value> = message.steps.iter().map(|step| step.json(unit)).collect();
        all["status"] = json!(steps);
    }
    all
}

/// A message as webhooks show it: with its time, and without a sender when the contact wrote it.
pub(super) fn told_message(contact_id: u64, one: &Message, unit: TimeUnit) -> Value {
    let mut all = message(contact_id, one, unit);
    all["timestamp"] = json!(unit.of(one.at));
    if !one.outgoing {
        all.as_object_mut().map(|map| map.remove("sender"));
    }
    all
}

/// A channel as the workspace's list shows it.
pub(super) fn channel(channel: &Channel) -> Value {
    json!({"id": channel.id, "name": channel.name, "source": "tiktok", "created_at": seconds(channel.created_at)})
}

/// A channel as a contact's list shows it.
pub(super) fn contact_channel(one: &Channel, line: &Line, unit: TimeUnit) -> Value {
    let mut all = channel(one);
    all["contactChannelId"] = json!(line.id);
    all["meta"] = Value::Null;
    all["lastMessageTime"] = json!(line.last_message.map(|at| unit.of(at)));
    all["lastIncomingMessageTime"] = json!(line.last_incoming.map(|at| unit.of(at)));
    all["created_at"] = json!(seconds(line.created_at));
    all
}

/// A channel as webhooks show it: `meta` is a string that holds JSON, and sent messages have the last times.
pub(super) fn told_channel(one: &Channel, line: Option<&Line>, unit: TimeUnit, sent: bool) -> Value {
    let mut all = channel(one);
    all["meta"] = json!("{}");
    if let Some(line) = line.filter(|_| sent) {
        all["lastMessageTime"] = json!(line.last_message.map(|at| unit.of(at)));
        all["lastIncomingMessageTime"] = json!(line.last_incoming.map(|at| unit.of(at)));
    }
    all
}

/// What becomes of TikTok's content. Files are copied to an address anyone can open.
pub(super) fn content(state: &State, content: &Content) -> Value {
    match content {
        Content::Text { body } => json!({"type": "text", "text": body}),
        Content::Image { media_id } => attachment(state, media_id, "image"),
        Content::Video { media_id } => attachment(state, media_id, "video"),
        Content::SharePost { post_id } => {
            json!({"type": "post", "post": {"url": format!("https://www.tiktok.com/@tiktok/video/{post_id}")}})
        }
        _ => json!({"type": "unsupported"}),
    }
}

/// A file whose copy is not made yet: what it is, and no address.
pub(super) fn pending(content: &Value) -> Value {
    json!({"type": "attachment", "attachment": {"type": content["attachment"]["type"], "isPending": true}})
}

fn attachment(state: &State, media_id: &str, kind: &str) -> Value {
    let Some(file) = state.media.get(media_id) else { return json!({"type": "unsupported"}) };
    let ext = match file.mime {
        "image/jpeg" => "jpg",
        other => other.rsplit('/').next().unwrap_or("bin"),
    };
    json!({"type": "attachment", "attachment": {
        "type": kind, "url": format!("{}/respondio/files/{media_id}.{ext}", state.base_url), "isPending": false,
        "fileName": format!("{media_id}.{ext}"), "ext": ext, "size": file.bytes.len().to_string(), "mime": file.mime,
    }})
}
