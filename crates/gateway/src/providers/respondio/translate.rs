//! From Respond.io's words to ours: listed messages and webhooks become `domain` reports. Pure.
//! An unknown type, an unknown event and an unreadable body are named, never dropped and never an error.

use domain::{
    Timestamp,
    contact::Channel,
    content::post_of,
    inbound::{
        Inbound, InboundContent, InboundConversation, InboundCustomer, InboundMessage, InboundUndelivered, PENDING,
        Source,
    },
    message::Direction,
};
use respondio::{
    model::{self, AttachmentKind, ContactId, DeliveryState, MessageContent, SenderSource, StatusEntry, Traffic},
    webhook::{Envelope, Event},
};
use serde_json::{Value, json};

use super::failure;

/// Stands between the braces and the sign of what would be a variable: it is not seen, and Respond.io does not replace the words.
const GUARD: &str = "{{\u{2060}$";
/// Where Respond.io begins to read a variable.
const VARIABLE: &str = "{{$";

/// A message in our words.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Respond.io's id of the message: its time in microseconds.
    pub id: u64,
    /// The channel it went through.
    pub channel: Option<String>,
    /// When it was said.
    pub sent_at: Timestamp,
    /// The message.
    pub message: Inbound,
    /// That it did not get through.
    pub undelivered: Option<Inbound>,
    /// Told again later: a file of it is still being copied, or it is not known yet whether it got through.
    pub pending: bool,
    /// Why it was not understood whole, and what Respond.io said.
    pub riddle: Option<(String, Value)>,
}

/// What a webhook says.
#[derive(Debug, Clone, PartialEq)]
pub struct Pushed {
    /// The channel it concerns; `None` where the body does not say.
    pub channel: Option<String>,
    /// The contact it concerns.
    pub contact: Option<u64>,
    /// Respond.io's event name; empty where unreadable.
    pub event: String,
    /// What it reports.
    pub items: Vec<Inbound>,
    /// Why it was not understood whole.
    pub unsupported: Option<String>,
}

/// Our id of a message: Respond.io's is unique within a contact only.
pub(super) fn message_id(contact: ContactId, message: model::MessageId) -> String {
    format!("{contact}:{message}")
}

/// Words as they are sent: nothing in them is a variable.
pub(super) fn guarded(text: &str) -> String {
    text.replace(VARIABLE, GUARD)
}

fn unguarded(text: &str) -> String {
    text.replace(GUARD, VARIABLE)
}

/// Who a contact is. Respond.io knows a display name and a picture of a TikTok user, and no handle.
pub fn customer(id: u64, contact: Option<&model::Contact>) -> InboundCustomer {
    let names = contact.map(|one| [one.first_name.as_deref(), one.last_name.as_deref()]).unwrap_or_default();
    let name = names.into_iter().flatten().map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    InboundCustomer {
        channel: Channel::Respondio,
        external_id: id.to_string(),
        username: None,
        display_name: Some(name).filter(|name| !name.is_empty()),
        avatar_url: contact.and_then(|one| one.profile_pic.clone()),
        is_follower: None,
    }
}

/// A listed or pushed message of `contact`; `now` is its time where Respond.io tells none. `None` for one that says neither way.
pub fn told(message: &model::Message, contact: u64, customer: &InboundCustomer, now: Timestamp) -> Option<Told> {
    let direction = match message.traffic {
        Traffic::Incoming => Direction::Incoming,
        Traffic::Outgoing => Direction::Outgoing,
        _ => return None,
    };
    let external_id = message_id(ContactId::new(contact), message.message_id);
    let sent_at = message.sent_at_ms().map_or(now, Timestamp::from_millis);
    let (content, riddle) = content_of(&message.content);
    let copying = matches!(&content, InboundContent::Unsupported { type_name } if type_name == PENDING);
    let pending = copying || message.state() == Some(&DeliveryState::Pending);
    let undelivered = message.failure().map(|words| {
        let furthest = message.status.iter().filter_map(|entry: &StatusEntry| entry.timestamp_ms).max();
        let (failure, dm_rule) = failure::undelivered(words, furthest.map_or(sent_at, Timestamp::from_millis));
        Inbound::Undelivered(InboundUndelivered {
            conversation_external_id: contact.to_string(),
            customer: customer.clone(),
            message_external_id: external_id.clone(),
            failure,
            dm_rule,
        })
    });
    let message_of = Inbound::Message(InboundMessage {
        conversation_external_id: contact.to_string(),
        external_id,
        platform_id: message.channel_message_id.as_ref().map(ToString::to_string),
        direction,
        customer: customer.clone(),
        source: source_of(message),
        sent_at,
        content,
        // Respond.io does not tell what a message quotes.
        quoted_external_id: None,
    });
    Some(Told {
        id: message.message_id.get(),
        channel: message.channel_id.map(|id| id.to_string()),
        sent_at,
        message: message_of,
        undelivered,
        pending,
        riddle,
    })
}

fn source_of(message: &model::Message) -> Source {
    match message.sender.as_ref().map(|sender| &sender.source) {
        // Ours, or another program's with a token of the same space.
        Some(SenderSource::Api) => Source::Api,
        Some(SenderSource::Echo) => Source::App,
        Some(SenderSource::Contact) | None => Source::Unknown,
        Some(_) => Source::Inside,
    }
}

fn content_of(content: &MessageContent) -> (InboundContent, Option<(String, Value)>) {
    let known = match content {
        MessageContent::Text { text, .. } => InboundContent::Text(unguarded(text)),
        MessageContent::Attachment(file) => match (&file.kind, &file.url) {
            _ if file.is_pending => InboundContent::Unsupported { type_name: PENDING.to_owned() },
            (AttachmentKind::Image, Some(url)) => InboundContent::ImageAt { url: url.clone() },
            (AttachmentKind::Video, Some(url)) => InboundContent::VideoAt { url: url.clone() },
            (kind, url) => {
                let raw = json!({"type": "attachment", "attachment": {"type": kind.as_str(), "url": url}});
                return riddle(kind.as_str(), raw);
            }
        },
        MessageContent::Post { url: Some(url), .. } => {
            InboundContent::SharedPost { embed_url: url.clone(), post_id: post_of(url).map(str::to_owned) }
        }
        MessageContent::Post { url: None, raw } => return riddle("post", raw.clone()),
        MessageContent::QuickReply { title, .. } => InboundContent::Text(title.clone()),
        MessageContent::Email { text, .. } => InboundContent::Text(text.clone()),
        MessageContent::Unsupported => InboundContent::Unsupported { type_name: "unsupported".to_owned() },
        MessageContent::Other { type_name, raw } => return riddle(type_name, raw.clone()),
        _ => return riddle("unknown", Value::Null),
    };
    (known, None)
}

fn riddle(type_name: &str, raw: Value) -> (InboundContent, Option<(String, Value)>) {
    let type_name = if type_name.is_empty() { "unknown" } else { type_name };
    let why = format!("unknown or unreadable message type `{type_name}`");
    (InboundContent::Unsupported { type_name: type_name.to_owned() }, Some((why, raw)))
}

/// Translates a decoded webhook.
pub(super) fn pushed(envelope: &Envelope, now: Timestamp) -> Pushed {
    let contact = envelope.contact.as_ref().map(|contact| contact.id.get());
    let mut pushed =
        Pushed { channel: None, contact, event: envelope.event_type.clone(), items: Vec::new(), unsupported: None };
    match &envelope.event {
        Event::MessageReceived(report) | Event::MessageSent(report) => {
            let Some(contact) = report.contact_id.map(ContactId::get).or(contact) else {
                return Pushed { unsupported: Some("a message that does not name its contact".to_owned()), ..pushed };
            };
            pushed.contact = Some(contact);
            let told = told(&report.message, contact, &customer(contact, envelope.contact.as_ref()), now);
            let Some(told) = told else {
                return Pushed { unsupported: Some("a message that goes neither way".to_owned()), ..pushed };
            };
            let beside = report.channel.as_ref().map(|channel| channel.id.to_string());
            pushed.channel = told.channel.or(beside);
            pushed.unsupported = told.riddle.map(|(why, _)| why);
            pushed.items = std::iter::once(told.message).chain(told.undelivered).collect();
        }
        Event::ContactCreated | Event::ContactUpdated => {
            let news = envelope.contact.as_ref().map(|contact| {
                let id = contact.id.get();
                let customer = customer(id, Some(contact));
                Inbound::Customer(InboundConversation { conversation_external_id: id.to_string(), customer })
            });
            pushed.items = vec![news.unwrap_or(Inbound::Noted)];
        }
        Event::Unknown { .. } => pushed.unsupported = Some(format!("unknown event `{}`", envelope.event_type)),
        Event::Unreadable { why, .. } => {
            pushed.unsupported = Some(format!("unreadable content of `{}`: {why}", envelope.event_type));
        }
        // Understood, and nothing a conversation shows: kept raw.
        _ => pushed.items = vec![Inbound::Noted],
    }
    pushed
}
