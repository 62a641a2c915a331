//! `POST /contact/{identifier}/message`: taken with 200 whatever becomes of it; the end stands in the message's history.
//! Refusals of TikTok (window, quota, length, format) are a `failed` state with its words.

use axum::body::Bytes;
use serde_json::{Value, json};

use super::api::{Call, Done};
use super::contact::{Contact, Handover, Message, Step};
use super::refusal::Refusal;
use super::{contacts, hooks};
use crate::control::echo;
use crate::error::ApiError;
use crate::simulator::Simulator;
use crate::state::State;
use crate::state::businesses::pictures_allowed;
use crate::state::ledger;
use crate::state::media::{MAX_IMAGE, check_image};
use crate::state::messages::{Content, Message as Told};

/// Longest text of TikTok, in UTF-16 units.
const TEXT: usize = 6000;

/// The picture a send names, fetched as Respond.io fetches it: without credentials, following no redirect.
pub(super) async fn fetch_picture(sim: &Simulator, body: &Value) -> Option<Result<Bytes, String>> {
    let message = &body["message"];
    let attachment = &message["attachment"];
    if message["type"] != "attachment" || attachment["type"] != "image" {
        return None;
    }
    let address = url::Url::parse(attachment["url"].as_str()?).ok()?;
    Some(fetch(sim, address).await.ok_or_else(|| "The file could not be fetched.".to_owned()))
}

async fn fetch(sim: &Simulator, address: url::Url) -> Option<Bytes> {
    let mut answer = sim.http().get(address).send().await.ok().filter(|answer| answer.status() == 200)?;
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.ok()? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_IMAGE {
            // Enough to see that it is too large.
            break;
        }
    }
    Some(bytes.into())
}

pub(super) fn send(state: &mut State, call: &Call) -> Result<Done, Refusal> {
    let contact = contacts::find(state, call)?;
    let body = call.object()?;
    let message = body.get("message").filter(|message| message.is_object());
    let message = message.ok_or_else(|| Refusal::invalid("message is required"))?;
    let space = call.in_space(state)?;
    let settings = space.about.settings.clone();
    let found = space.contact(contact).ok_or_else(|| Refusal::not_found("Contact"))?;
    let channel = channel(found, body.get("channelId").unwrap_or(&Value::Null))?;
    let message = expanded(found, message.clone());
    let open_id = space.channel(channel).and_then(|channel| state.business(&channel.business).ok());
    let open_id = open_id.map(|business| business.open_id.clone()).ok_or_else(|| Refusal::not_found("Channel"))?;
    let handover = handover(state, call, &open_id, &message)?;
    let pending = Message {
        id: 0,
        channel_message_id: None,
        channel_id: channel,
        outgoing: true,
        content: message,
        steps: vec![Step { value: "pending", at: call.now, message: None }],
        sender: json!({"source": "api"}),
        at: call.now,
        handover: Some(handover),
        copied: None,
    };
    let (id, deliver_first) = put(state, call.space, contact, pending, call.now)?;
    let mut answer = json!({"messageId": id});
    if settings.answer_contact {
        answer["contactId"] = json!(contact);
    }
    Ok(Done { body: answer, deliver_first })
}

/// Writes a pending message down and, unless sends are held, hands it over. Answers its id and echoes to deliver first.
pub(super) fn put(
    state: &mut State,
    space: u64,
    contact: u64,
    pending: Message,
    now: i64,
) -> Result<(u64, Vec<u64>), Refusal> {
    let one = state.respondio.space_mut(space).map_err(|_| Refusal::of(401))?;
    let settings = one.about.settings.clone();
    let found = one.contact_mut(contact).ok_or_else(|| Refusal::not_found("Contact"))?;
    let id = found.add(pending, settings.id_unit);
    if settings.announce_pending {
        hooks::tell_message(state, space, contact, id, now);
    }
    let first = if settings.hold_sends { Vec::new() } else { settle(state, space, contact, id, now) };
    Ok((id, first))
}

/// The channel named, which must be one of the contact's; null or nothing is the one last used.
fn channel(contact: &Contact, named: &Value) -> Result<u64, Refusal> {
    let known = |id: u64| contact.line(id).map(|line| line.channel_id);
    let channel = match named {
        Value::Null => contact.last_channel(),
        Value::Number(id) => id.as_u64().and_then(known),
        _ => return Err(Refusal::invalid("channelId must be a number")),
    };
    channel.ok_or_else(|| Refusal::not_found("Channel"))
}

/// A message with its text's variables replaced, as the server does with `{{$contact.name}}`; unknown ones vanish.
fn expanded(contact: &Contact, mut message: Value) -> Value {
    let Some(text) = message["text"].as_str().map(str::to_owned) else { return message };
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("{{$") {
        let Some((name, tail)) = after.split_once("}}") else { break };
        out.push_str(before);
        let field = |name: &str| contact.fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        out.push_str(&match name.trim() {
            "contact.id" => contact.id.to_string(),
            "contact.name" => format!("{} {}", field("firstName"), field("lastName")).trim().to_owned(),
            "contact.firstname" => field("firstName"),
            "contact.lastname" => field("lastName"),
            "contact.email" => field("email"),
            "contact.phone" => field("phone"),
            _ => String::new(),
        });
        rest = tail;
    }
    out.push_str(rest);
    message["text"] = json!(out);
    message
}

fn words(error: &ApiError) -> String {
    format!("[{}] {}", error.code, error.message)
}

/// What would go to TikTok, or why it never can. A shape Respond.io does not know is refused at once.
fn handover(state: &mut State, call: &Call, open_id: &str, message: &Value) -> Result<Handover, Refusal> {
    let text = |name: &str| message[name].as_str().filter(|text| !text.is_empty());
    let need = |name: &str| text(name).ok_or_else(|| Refusal::invalid(format!("message.{name} is required")));
    match need("type")? {
        "text" => {
            let body = need("text")?.to_owned();
            if body.encode_utf16().count() > TEXT {
                return Ok(Handover::Hopeless(words(&ApiError::param("text.body"))));
            }
            Ok(Handover::Ready(Content::Text { body }))
        }
        "attachment" => attachment(state, call, open_id, &message["attachment"]),
        "quick_reply" => {
            need("title")?;
            let replies = message["replies"].as_array().filter(|replies| (1..=10).contains(&replies.len()));
            replies.ok_or_else(|| Refusal::invalid("message.replies must have 1 to 10 entries"))?;
            Ok(unsupported("quick replies"))
        }
        "custom_payload" if message["payload"].is_object() => Ok(unsupported("custom payloads")),
        "email" if text("text").or_else(|| text("message")).is_some() => Ok(unsupported("emails")),
        "whatsapp_template" | "facebook_template" if message["template"].is_object() => Ok(unsupported("templates")),
        _ => Err(Refusal::invalid("message.type or its content is invalid")),
    }
}

fn unsupported(what: &str) -> Handover {
    Handover::Hopeless(format!("TikTok channels do not support {what}."))
}

fn attachment(state: &mut State, call: &Call, open_id: &str, attachment: &Value) -> Result<Handover, Refusal> {
    let kind = attachment["type"].as_str().filter(|kind| matches!(*kind, "image" | "video" | "audio" | "file"));
    let kind = kind.ok_or_else(|| Refusal::invalid("message.attachment.type is invalid"))?;
    let address = attachment["url"].as_str().and_then(|address| url::Url::parse(address).ok());
    if !address.is_some_and(|address| matches!(address.scheme(), "http" | "https")) {
        return Err(Refusal::invalid("message.attachment.url is invalid"));
    }
    if kind != "image" {
        return Ok(unsupported(&format!("attachments of type {kind}")));
    }
    let bytes = match call.picture.clone() {
        Some(Ok(bytes)) => bytes,
        Some(Err(why)) => return Ok(Handover::Hopeless(why)),
        None => return Ok(Handover::Hopeless("The file could not be fetched.".to_owned())),
    };
    if let Err(error) = check_image(&bytes) {
        return Ok(Handover::Hopeless(words(&error)));
    }
    let media_id = state.media.put(&mut state.ids, bytes, Some(open_id.to_owned()), call.now);
    Ok(Handover::Ready(Content::Image { media_id }))
}

/// Hands a pending message over and tells how it ended. Answers echoes to deliver before the send's answer.
pub(super) fn settle(state: &mut State, space: u64, contact: u64, message: u64, now: i64) -> Vec<u64> {
    let Some((handover, business, customer)) = take(state, space, contact, message) else { return Vec::new() };
    let Ok(conversation_id) = state.open(&business, &customer, now) else { return Vec::new() };
    let refused = match &handover {
        Handover::Hopeless(why) => Some(why.clone()),
        Handover::Ready(content) => refused(state, &conversation_id, content, now).map(|error| words(&error)),
    };
    let told = match handover {
        Handover::Ready(content) if refused.is_none() => Some(Told::new(&mut state.ids, now, true, "API", content)),
        _ => None,
    };
    let found = state.respondio.space_mut(space).ok().and_then(|one| one.contact_mut(contact));
    if let Some(sent) = found.and_then(|found| found.message_mut(message)) {
        let value = if told.is_some() { "sent" } else { "failed" };
        sent.steps.push(Step { value, at: now, message: refused });
        // Before the echo, so that the mirror knows it for our own.
        sent.channel_message_id = told.as_ref().map(|told| told.message_id.clone());
    }
    let first = told.map(|told| echo(state, &conversation_id, &told, now)).unwrap_or_default();
    hooks::tell_message(state, space, contact, message, now);
    first
}

/// Takes the hand-over of a pending message, with both handles.
fn take(state: &mut State, space: u64, contact: u64, message: u64) -> Option<(Handover, String, String)> {
    let one = state.respondio.space_mut(space).ok()?;
    let channel_id = one.contact(contact)?.message(message)?.channel_id;
    let business = one.channel(channel_id)?.business.clone();
    let customer = one.contact(contact)?.line(channel_id)?.customer.clone();
    let handover = one.contact_mut(contact)?.message_mut(message)?.handover.take()?;
    Some((handover, business, customer))
}

/// TikTok's answer to a message that may be said: window and quota, pictures where they exist.
fn refused(state: &State, conversation_id: &str, content: &Content, now: i64) -> Option<ApiError> {
    let conversation = state.conversation(conversation_id)?;
    let (business, customer) = state.pair(conversation);
    let picture = matches!(content, Content::Image { .. });
    if picture && !(pictures_allowed(&business.region) && pictures_allowed(&customer.region)) {
        return Some(ApiError::of(40001));
    }
    (ledger::read(&conversation.messages, now, business.rules).state != "open").then(|| ApiError::of(40064))
}
